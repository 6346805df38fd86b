"""A lock that was lost while its call was held up: what was read may have changed, so nothing is sent."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.writes.wire import PERSON, Scene, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
PLAN = {"plan_id": "oro", "name": "Oro", "amount": 5000, "interval": "month", "frequency": 1}


async def subscribing(app: Any) -> dict[str, str]:
    """A customer with a card, who subscribes to the plan `oro`."""
    who: str = (await ask(app, "create_customer", PERSON))["id"]
    card = await ask(app, "add_card_source", {"customer_id": who, "token_id": "tok_test_visa_4242"})
    await ask(app, "create_plan", PLAN)
    return {"customer_id": who, "plan_id": "oro", "card_id": card["id"]}


def freeze_after_reading(one: Scene, path: str, act: Callable[[], Any]) -> None:
    """Stop the process that reads `path` first for as long as `act` takes; then let it have its answer."""
    answer, frozen = one.wire.handle_async_request, []

    async def handle(request: httpx.Request) -> httpx.Response:
        told = await answer(request)
        if request.method == "GET" and request.url.path == path and not frozen:
            frozen.append(path)
            await told.aread()
            await act()
        return told

    one.wire.handle_async_request = handle  # type: ignore[method-assign]  # as long as the test lasts


async def test_nobody_is_subscribed_at_a_price_that_was_raised_while_the_call_was_frozen(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        subscription = await subscribing(first)

        async def raise_price() -> None:
            one.clock.now += 216
            assert "error" not in await ask(second, "update_plan", {"plan_id": "oro", "amount": 5_000_000})

        freeze_after_reading(one, "/plans/oro", raise_price)
        before = len(one.wire.posts())
        told = await ask(first, "create_subscription", subscription)
        assert (told["error"]["code"], told["error"]["outcome"]) == (
            "conekta_mcp.errors.waited_too_long",
            "not_applied",
        )
        assert one.wire.posts()[before:] == ["/plans/oro"]


async def test_a_refund_is_not_judged_by_what_another_one_left_out_of_date(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)

        async def refund_most() -> None:
            one.clock.now += 216
            made = await ask(second, "refund_order", refund(order_id, 100000))
            assert made["amount_refunded"] == 100000

        freeze_after_reading(one, f"/orders/{order_id}", refund_most)
        told = await ask(first, "refund_order", refund(order_id, 50000))
        assert (told["error"]["outcome"], await refunded(first, order_id)) == ("not_applied", 100000)
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 1


async def test_a_slow_call_keeps_its_locks_and_whoever_comes_waits(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        answer, seen = one.wire.handle_async_request, []

        async def take_long(request: httpx.Request) -> httpx.Response:
            told = await answer(request)
            if request.method == "POST":
                one.clock.now += 100
                seen.append(await is_locked(order_id))
            elif request.url.path == f"/orders/{order_id}" and not seen:
                one.clock.now += 100
            return told

        async def is_locked(subject: str) -> bool:
            (claim,) = [one for one in await second.store.list_unsettled() if one.subject == subject]
            now = one.clock.now
            return not await second.store.lock(f"{claim.account}:{subject}", "looker", now, now + 1)

        one.wire.handle_async_request = take_long  # type: ignore[method-assign]  # as long as the test lasts
        made = await ask(first, "refund_order", refund(order_id))
        assert (made["amount_refunded"], seen) == (50000, [True])
