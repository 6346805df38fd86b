"""Writes on one order follow each other on the wire, whatever else they name; on two orders they do not."""

from typing import Any

import anyio
import httpx
import pytest

from tests.writes.wire import LINES, ORDER, PERSON, Scene, ask, scene

pytestmark = pytest.mark.anyio
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}


class Line:
    """The way to the sandbox on which every write takes its time, and how many were on it at once.

    A write waits `patience` seconds for a second one: long where a second one has to come.
    """

    def __init__(self, one: Scene, patience: float = 0.5) -> None:
        self._patience = patience
        self._answer = one.wire.handle_async_request
        self.writing, self.most, self.two = 0, 0, anyio.Event()
        one.wire.handle_async_request = self.handle_slowly  # type: ignore[method-assign]  # for one test

    async def handle_slowly(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self._answer(request)
        self.writing += 1
        self.most = max(self.most, self.writing)
        if self.writing == 2:
            self.two.set()
        with anyio.move_on_after(self._patience):
            await self.two.wait()
        try:
            return await self._answer(request)
        finally:
            self.writing -= 1


async def uncharged(app: Any) -> str:
    """The id of an order that can still be changed and charged."""
    order_id: str = (await ask(app, "create_order", {**ORDER, "payment_method": "none"}))["id"]
    return order_id


async def at_once(*calls: tuple[Any, str, dict[str, Any]]) -> None:
    with anyio.fail_after(30):
        async with anyio.create_task_group() as running:
            for call in calls:
                running.start_soon(ask, *call)


@pytest.mark.parametrize("other", ["customer", "address", "charge"])
async def test_writes_on_one_order_are_never_on_the_wire_at_once(shared: str, other: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        order_id = await uncharged(first)
        customer = (await ask(first, "create_customer", PERSON))["id"]
        tool, more = {
            "customer": ("update_order", {"customer_id": customer}),
            "address": ("update_order", {"shipping_contact": {"address": ADDRESS}}),
            "charge": ("create_charge", {"payment_method": "spei"}),
        }[other]
        before, line = len(one.wire.posts()), Line(one)
        await at_once(
            (first, "update_order", {"order_id": order_id, "metadata": {"a": 1}}),
            (second, tool, {"order_id": order_id, **more}),
        )
        assert (line.most, len(one.wire.posts()) - before) == (1, 2)


async def test_a_lost_charge_that_is_sent_again_waits_for_its_turn(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        order_id = await uncharged(first)
        charge = {"order_id": order_id, "payment_method": "spei", "idempotency_key": "k"}
        one.wire.faults = [("POST", "before")] * 4
        assert (await ask(first, "create_charge", charge))["error"]["outcome"] == "unknown"
        one.wire.faults.clear()
        before, line = len(one.wire.posts()), Line(one)
        await at_once(
            (second, "update_order", {"order_id": order_id, "metadata": {"a": 1}}),
            (first, "create_charge", charge),
        )
        assert (line.most, len(one.wire.posts()) - before) == (1, 2)


async def test_a_subscription_and_a_change_of_its_plan_are_never_on_the_wire_at_once(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        who = (await ask(first, "create_customer", PERSON))["id"]
        await ask(first, "add_card_source", {"customer_id": who, "token_id": "tok_test_visa_4242"})
        plan = {"plan_id": "oro", "name": "Oro", "amount": 5000, "interval": "month", "frequency": 1}
        await ask(first, "create_plan", plan)
        before, line = len(one.wire.posts()), Line(one)
        await at_once(
            (first, "create_subscription", {"customer_id": who, "plan_id": "oro"}),
            (second, "update_plan", {"plan_id": "oro", "amount": 9_000_000}),
        )
        assert (line.most, len(one.wire.posts()) - before) == (1, 2)


async def test_writes_on_two_orders_are_on_the_wire_at_once(shared: str) -> None:
    async with scene(shared) as one:
        first, second = one.server(), one.server()
        orders = [await uncharged(first) for _ in range(2)]
        line = Line(one, patience=25)
        changes = [{"order_id": order_id, "line_items": LINES} for order_id in orders]
        await at_once(
            *((app, "update_order", change) for app, change in zip((first, second), changes, strict=True))
        )
        assert line.most == 2


async def test_an_order_that_is_found_by_reading_is_locked_before_it_is_charged(shared: str) -> None:
    async with scene(shared) as one:
        app, looking = one.server(), one.server()
        await ask(
            looking, "create_plan", {"name": "Oro", "amount": 9900, "interval": "month", "plan_id": "gold"}
        )
        broke = [{"type": "card", "token_id": "tok_test_insufficient_funds"}]
        customer = (await ask(looking, "create_customer", {**PERSON, "payment_sources": broke}))["id"]
        made = await ask(looking, "create_subscription", {"customer_id": customer, "plan_id": "gold"})
        named = {"customer_id": customer, "subscription_id": made["id"]}
        taken, lock = [], app.store.lock

        async def lock_and_note(name: str, *given: Any) -> bool:
            taken.append(name.partition(":")[2])
            return await lock(name, *given)

        app.store.lock = lock_and_note  # type: ignore[method-assign]  # for one test
        await ask(app, "retry_subscription", named)
        bill = made["last_billing_cycle_order_id"]
        ids = {*named.values(), bill, "gold", made["card_id"]}
        assert taken == [*sorted(named.values()), *sorted(ids)]
