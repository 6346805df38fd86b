"""The amount that was shown is the amount that is sent, even if the order changes meanwhile."""

import json
from typing import Any

import pytest

from tests.writes.wire import LINES, PERSON, Scene, ask, scene

pytestmark = pytest.mark.anyio
CASH = {"payment_method": "cash"}


async def uncharged(one: Scene) -> tuple[Any, str]:
    app = one.server()
    made = await ask(app, "create_order", {**PERSON, "line_items": LINES, "payment_method": "none"})
    return app, made["id"]


def last_body(one: Scene) -> Any:
    return json.loads([request for request in one.wire.sent if request.method == "POST"][-1].content)


@pytest.mark.parametrize("tool", ["create_charge", "create_charges"])
async def test_a_charge_without_an_amount_is_sent_with_the_orders(tool: str) -> None:
    async with scene("memory") as one:
        app, order = await uncharged(one)
        await ask(app, tool, {"order_id": order, **CASH})
        assert last_body(one)["amount"] == 125000


async def test_a_capture_without_an_amount_is_sent_with_what_is_held() -> None:
    async with scene("memory") as one:
        app = one.server()
        card = {**PERSON, "line_items": LINES, "token_id": "tok_test_visa_4242", "pre_authorize": True}
        made = await ask(app, "create_card_order", card)
        await ask(app, "capture_order", {"order_id": made["id"]})
        assert last_body(one) == {"amount": 125000}


async def test_an_order_that_is_raised_behind_the_servers_back_is_not_charged() -> None:
    async with scene("memory") as one:
        app, order = await uncharged(one)
        read = one.wire.handle_async_request
        raised = {"line_items": [{**LINES[0], "unit_price": 5_000_000}]}

        async def raise_before_charging(request: Any) -> Any:
            if request.method == "POST":
                change = {"method": "PUT", "url": str(request.url).removesuffix("/charges"), "json": raised}
                await read(type(request)(**change, headers=keep(request)))
            return await read(request)

        def keep(request: Any) -> dict[str, str]:
            kept = ("authorization", "accept", "content-type")
            return {name: request.headers[name] for name in kept}

        one.wire.handle_async_request = raise_before_charging  # type: ignore[method-assign]  # for one test
        answer = await ask(app, "create_charge", {"order_id": order, **CASH})
        assert answer["error"]["outcome"] == "not_applied"


async def test_a_lost_charge_is_sent_again_with_the_sum_that_was_read() -> None:
    async with scene("memory") as one:
        app, order = await uncharged(one)
        one.wire.faults = [("POST", "before")] * 9
        call = {"order_id": order, **CASH, "idempotency_key": "k-1"}
        assert (await ask(app, "create_charge", call))["error"]["outcome"] == "unknown"
        lost, one.wire.faults = len(one.wire.posts()), []
        one.clock.now += 200
        await ask(app, "create_charge", call)
        assert len(one.wire.posts()) > lost
        bodies = [
            json.loads(request.content)
            for request in one.wire.sent
            if request.method == "POST" and request.url.path.endswith("/charges")
        ]
        assert {body.get("amount") for body in bodies} == {125000}


async def test_a_subscription_without_a_card_is_sent_with_the_customers_default_one() -> None:
    async with scene("memory") as one:
        app = one.server(toolsets=("all",))
        who = (await ask(app, "create_customer", PERSON))["id"]
        card = await ask(app, "add_card_source", {"customer_id": who, "token_id": "tok_test_visa_4242"})
        plan = {"plan_id": "oro", "name": "Oro", "amount": 5000, "interval": "month", "frequency": 1}
        await ask(app, "create_plan", plan)
        await ask(app, "create_subscription", {"customer_id": who, "plan_id": "oro"})
        assert last_body(one) == {"plan_id": "oro", "card_id": card["id"]}
