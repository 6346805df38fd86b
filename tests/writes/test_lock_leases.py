"""A lock that was lost while its call was held up: what was read under it may have changed, so nothing is sent."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.writes.wire import PERSON, Scene, ask, scene

pytestmark = pytest.mark.anyio
PLAN = {"plan_id": "oro", "name": "Oro", "amount": 5000, "interval": "month", "frequency": 1}


async def subscribing(app: Any) -> dict[str, str]:
    """A customer with a card, who subscribes to the plan `oro`."""
    who: str = (await ask(app, "create_customer", PERSON))["id"]
    card = await ask(app, "add_card_source", {"customer_id": who, "token_id": "tok_test_visa_4242"})
    await ask(app, "create_plan", PLAN)
    return {"customer_id": who, "plan_id": "oro", "card_id": card["id"]}


def freeze_after_reading(one: Scene, path: str, act: Callable[[], Any]) -> None:
    """Stop the process that read `path` for the first time, as long as `act` takes; then let it have its answer."""
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
