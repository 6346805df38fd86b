"""Answers with status 200 that leave out the sum, the plan or the address that they are for are no proof."""

from typing import Any

import httpx
import pytest

from conekta_mcp.effects.answer_check import find_difference
from tests.effects.scenes import SCENES
from tests.effects.world import World
from tests.writes.wire import ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("tool", "field"),
    [
        ("create_charge", "amount"),
        ("create_charge", "currency"),
        ("create_subscription", "plan_id"),
        ("create_customer_subscription", "plan_id"),
        ("create_webhook", "url"),
    ],
)
async def test_what_conekta_always_shows_has_to_be_there(tool: str, field: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    expected = (await world.read_effect(tool, given)).expected
    answer = await world.act(tool, given)
    assert find_difference(answer, expected) is None
    left = {name: value for name, value in answer.items() if name != field}
    assert str(find_difference(left, expected)).startswith(f"{field}: missing")


def take_off_refunds(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    charges = [{**one, "refunds": None} for one in order["charges"]["data"]]
    return {**order, "charges": {**order["charges"], "data": charges}, **more}


@pytest.mark.parametrize(
    ("back", "difference"),
    [
        (500, None),
        (500.0, None),
        (501, "amount_refunded: another, not 500"),
        (20_000, "amount_refunded: another, not 500"),
    ],
)
async def test_a_refund_without_its_row_shows_exactly_its_sum(
    world: World, back: float, difference: str | None
) -> None:
    given = SCENES["refund_order"](world.shop)
    assert given["amount"] == 500
    expected = (await world.read_effect("refund_order", given)).expected
    answer = await world.act("refund_order", given)
    assert find_difference(take_off_refunds(answer, amount_refunded=back), expected) == difference


async def test_a_refund_that_shows_only_the_rows_of_before_is_not_shown(world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    first = await world.act("refund_order", given)
    expected = (await world.read_effect("refund_order", given)).expected
    stale = {**first, "amount_refunded": 1000}
    assert find_difference(stale, expected) == "charges.refunds: no new row"
    assert find_difference(await world.act("refund_order", given), expected) is None


async def test_a_refund_whose_answer_has_no_row_and_another_sum_is_looked_for() -> None:
    """Somebody else's larger refund would else pass for ours, which was not made."""
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        answer, struck = one.wire.handle_async_request, []

        async def refund_by_another(request: httpx.Request) -> httpx.Response:
            if request.method != "POST" or struck:
                return await answer(request)
            struck.append(request)
            other = httpx.Request(
                "POST",
                request.url,
                headers={
                    "Authorization": request.headers["Authorization"],
                    "Accept": request.headers["Accept"],
                },
                json={"amount": 90_000, "reason": "other"},
            )
            told = await answer(other)
            return httpx.Response(
                200, json=take_off_refunds(httpx.Response(200, content=await told.aread()).json())
            )

        one.wire.handle_async_request = refund_by_another  # type: ignore[method-assign]  # for this test
        told = await ask(app, "refund_order", refund(order_id, 20_000))
        assert (told["error"]["type"], told["error"]["outcome"]) == ("unreadable_answer", "unknown")
        assert await refunded(app, order_id) == 90_000
