"""A clock that is set begins no new day: what was spent counts by the store's clock too."""

from typing import Any

import pytest

from tests.writes.wire import Scene, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
DAY = 86_400


def hold_store_time(one: Scene, *apps: Any) -> list[float]:
    """Let the stores' clock show what the list holds, whatever the machine's clock says."""
    shown = [one.clock.now]

    async def read_time() -> float:
        return shown[0]

    for app in apps:
        app.store.read_time = read_time
    return shown


@pytest.mark.parametrize("step", [-DAY, DAY])
@pytest.mark.parametrize(
    ("limit", "most", "name"),
    [("max_daily_refunds", 50000, "max_daily_refunds"), ("max_daily_calls", 2, "max_daily_calls")],
)
async def test_a_clock_that_is_set_to_another_day_gives_no_new_limit(
    step: int, limit: str, most: int, name: str
) -> None:
    async with scene("memory") as one:
        app = one.server(**{limit: most})
        order_id = await paid_order(app)
        hold_store_time(one, app)
        assert "id" in await ask(app, "refund_order", refund(order_id))
        one.clock.now += step
        told = await ask(app, "refund_order", refund(order_id, 1))
        assert told["error"]["code"] == f"conekta_mcp.errors.limit_exceeded.{name}"
        assert await refunded(app, order_id) == 50000


async def test_a_replica_whose_clock_is_a_day_ahead_has_no_limit_of_its_own(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(max_daily_refunds=50000), one.server(max_daily_refunds=50000)
        order_id = await paid_order(first)
        hold_store_time(one, first, second)
        assert "id" in await ask(first, "refund_order", refund(order_id, 30000))
        one.clock.now += DAY
        assert "error" in await ask(second, "refund_order", refund(order_id, 20001))
        assert "id" in await ask(second, "refund_order", refund(order_id, 20000))
        one.clock.now -= DAY
        assert "error" in await ask(first, "refund_order", refund(order_id, 1))


async def test_when_both_clocks_reach_the_next_day_its_limit_is_whole() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50000)
        order_id = await paid_order(app)
        shown = hold_store_time(one, app)
        assert "id" in await ask(app, "refund_order", refund(order_id))
        one.clock.now += DAY
        shown[0] += DAY
        assert "id" in await ask(app, "refund_order", refund(order_id, 50000, reason="other"))


async def test_what_was_refused_gives_back_what_it_took_of_both_days() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50000)
        order_id = await paid_order(app)
        shown = hold_store_time(one, app)
        one.clock.now += DAY
        one.wire.faults += [("POST", "refused")] * 4
        assert (await ask(app, "refund_order", refund(order_id)))["error"]["outcome"] == "not_applied"
        shown[0] += DAY
        assert "id" in await ask(app, "refund_order", refund(order_id))
