"""Which call an answer belongs to: changed objects and cached answers prove nothing."""

import email.utils
import time
from typing import Any

import httpx
import pytest

from conekta_mcp.app import App
from tests.conftest import ADDRESS, LINES
from tests.writes.wire import PERSON, Scene, ask, error, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
PLAN = {"plan_id": "gold", "name": "Plan de oro", "amount": 50000, "interval": "month", "frequency": 1}
LINK = {"name": "Plan anual", "line_items": LINES, "expires_at": int(time.time()) + 4 * 86_400}


async def subscriber(app: App) -> str:
    """A customer with a card, and a plan to subscribe to."""
    customer: str = (await ask(app, "create_customer", PERSON))["id"]
    card = {"customer_id": customer, "token_id": "tok_test_visa_4242"}
    assert "id" in await ask(app, "add_card_source", card)
    assert "id" in await ask(app, "create_plan", PLAN)
    return customer


@pytest.mark.parametrize("start", ["create_customer_subscription", "create_subscription"])
@pytest.mark.parametrize("change", [{}, {"plan_id": "gold"}], ids=["paused", "updated"])
async def test_a_lost_subscription_that_was_changed_meanwhile_is_not_made_again(
    start: str, change: dict[str, Any]
) -> None:
    async with scene("memory") as one:
        app = one.server()
        customer = await subscriber(app)
        call = {"customer_id": customer, "plan_id": "gold", "idempotency_key": "k"}
        one.wire.faults.append(("POST", "after"))
        one.wire.blind = 4
        assert error(await ask(app, start, call))[1] == "unknown"
        one.wire.faults.clear()
        changing = "update_customer_subscription" if change else "pause_customer_subscription"
        changed = await ask(app, changing, {"customer_id": customer, **change})
        one.clock.now += 130
        await ask(app, start, call)
        one.clock.now += 70
        again = await ask(app, start, call)
        assert (again["id"], "settled" in again) == (changed["id"], True)
        assert sum(path.endswith(("/subscription", "/subscriptions")) for path in one.wire.posts()) == (
            2 if change else 1
        )


def answer_as_before(one: Scene) -> None:
    """Let each write come to Conekta, and be answered as the first one of its route was."""
    pass_on, kept = one.wire.handle_async_request, dict[str, bytes]()

    async def answer(request: httpx.Request) -> httpx.Response:
        told = await pass_on(request)
        if request.method == "GET" or told.status_code >= 300:
            return told
        content = kept.setdefault(request.url.path, await told.aread())
        headers = {"content-type": "application/json", "date": told.headers["date"]}
        return httpx.Response(told.status_code, headers=headers, content=content)

    one.wire.handle_async_request = answer  # type: ignore[method-assign]  # as long as the test lasts


@pytest.mark.parametrize(
    ("tool", "arguments", "outcome"),
    [
        ("create_customer", PERSON, "applied"),
        ("create_order", {**PERSON, "line_items": LINES}, "applied"),
        ("create_payment_link", LINK, "unknown"),
        ("add_spei_recurrent_source", {}, "applied"),
        ("add_shipping_contact", {"address": ADDRESS}, "applied"),
    ],
)
async def test_the_answer_to_an_earlier_call_is_not_taken_for_that_of_a_new_one(
    tool: str, arguments: dict[str, Any], outcome: str
) -> None:
    async with scene("memory") as one:
        app = one.server()
        if tool.startswith("add"):
            arguments = {**arguments, "customer_id": (await ask(app, "create_customer", PERSON))["id"]}
        answer_as_before(one)
        first = await ask(app, tool, {**arguments, "idempotency_key": "k-1"})
        second = await ask(app, tool, {**arguments, "idempotency_key": "k-2"})
        assert "id" in first, first
        if outcome == "unknown":
            assert error(second) == ("unreadable_answer", "unknown")
        else:
            assert ("settled" in second, second["id"] != first["id"]) == (True, True)


async def test_a_mark_of_another_call_in_an_answer_shows_that_it_is_not_ours() -> None:
    """Also where the store has forgotten what that call made."""
    async with scene("memory") as one:
        answer_as_before(one)
        first = await ask(one.server(), "create_customer", PERSON)
        second = await ask(one.server(), "create_customer", {**PERSON, "idempotency_key": "k"})
        assert ("settled" in second, second["id"] != first["id"]) == (True, True)


async def test_an_answer_that_names_nothing_new_is_no_earlier_one() -> None:
    """A trial event is answered with its webhook, which another call made."""
    async with scene("memory") as one:
        app = one.server(toolsets=("webhooks",))
        made = await ask(app, "create_webhook", {"url": "https://shop.example.com/hook"}, listed=True)
        tried = await ask(app, "test_webhook", {"webhook_id": made["id"]}, listed=True)
        assert (tried["id"], "settled" in tried) == (made["id"], False)


async def test_a_reading_that_was_kept_on_the_way_does_not_show_that_nothing_was_made() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        pass_on, kept = one.wire.handle_async_request, dict[str, bytes]()
        shown = time.time() - 300

        async def answer(request: httpx.Request) -> httpx.Response:
            told = await pass_on(request)
            if request.method != "GET":
                return told
            content = kept.setdefault(str(request.url), await told.aread())
            headers = {"content-type": "application/json", "date": email.utils.formatdate(shown, usegmt=True)}
            return httpx.Response(told.status_code, headers=headers, content=content)

        one.wire.handle_async_request = answer  # type: ignore[method-assign]  # until the end
        one.wire.faults.append(("POST", "after"))
        await ask(app, "refund_order", call)
        for waited in (130, 70, 0):
            one.clock.now += waited
            assert error(await ask(app, "refund_order", call))[1] == "unknown"
        one.wire.handle_async_request = pass_on  # type: ignore[method-assign]  # as it was
        assert "settled" in await ask(app, "refund_order", call)
        assert await refunded(app, order_id) == 50000
