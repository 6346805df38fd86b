"""Where dates show that Conekta's time is not known, a row outside of it may be the lost call's own."""

import email.utils

import httpx
import pytest

from tests.effects.scenes import SCENES, START
from tests.effects.world import World, outcome, witness_of
from tests.writes.wire import Scene, ask, error, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
DAY = 86_400
AHEAD = {"since": START + DAY, "until": START + DAY + 60, "read_at": START + DAY + 300}
BEHIND = {"since": START - DAY, "until": START - DAY + 60, "read_at": START - DAY + 300}
LOCAL = {"local_window": (START - 30, START + 60)}
UNMARKED = (
    "refund_order",
    "add_shipping_contact",
    "add_spei_recurrent_source",
    "create_plan",
    "add_line_item",
)


@pytest.mark.parametrize("tool", UNMARKED)
@pytest.mark.parametrize("window", [{**AHEAD, **LOCAL}, BEHIND], ids=["ahead", "behind"])
async def test_a_row_outside_of_a_time_that_is_contradicted_is_not_explained(
    tool: str, window: dict[str, float], world: World
) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    assert (await outcome(world, tool, given, witness, **window))[0] == "not_applied"
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness, **window))[0] != "not_applied"


@pytest.mark.parametrize("tool", ["refund_order", "add_spei_recurrent_source"])
async def test_what_was_made_later_by_somebody_else_is_not_ours_as_before(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    later = {"since": START - 20 * DAY, "until": START - 20 * DAY + 60, "read_at": START + 60}
    assert (await outcome(world, tool, given, witness, **later))[0] == "not_applied"


def shift_dates(one: Scene, seconds: float) -> None:
    """Let every answer say that it is `seconds` later than it is, as a gateway with a wrong clock does."""
    pass_on = one.wire.handle_async_request

    async def answer(request: httpx.Request) -> httpx.Response:
        told = await pass_on(request)
        shown = email.utils.parsedate_to_datetime(told.headers["date"]).timestamp() + seconds
        headers = {"content-type": "application/json", "date": email.utils.formatdate(shown, usegmt=True)}
        return httpx.Response(told.status_code, headers=headers, content=await told.aread())

    one.wire.handle_async_request = answer  # type: ignore[method-assign]  # as long as the test lasts


@pytest.mark.parametrize("seconds", [DAY, -DAY])
async def test_a_gateway_with_a_wrong_clock_makes_no_second_refund(seconds: float) -> None:
    async with scene("memory") as one:
        app = one.server()
        shift_dates(one, seconds)
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "after"))
        call = refund(order_id, idempotency_key="k")
        await ask(app, "refund_order", call)
        for waited in (130, 70):
            one.clock.now += waited
            again = await ask(app, "refund_order", call)
            assert "settled" in again or error(again)[1] == "unknown"
        assert await refunded(app, order_id) == 50000
