"""Calls without a key that equal one of the last minutes."""

import time
from typing import Any

import anyio
import pytest
from mcp import Client

from tests.writes.wire import ORDER, PERSON, Scene, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio


def error(answer: dict[str, Any]) -> tuple[str, str | None]:
    return answer["error"]["type"], answer["error"].get("outcome")


async def test_money_that_moved_just_now_does_not_move_again_without_a_new_key() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        made = await ask(app, "refund_order", refund(order_id))
        one.clock.now += 599
        again = await ask(app, "refund_order", refund(order_id))
        assert error(again) == ("possible_duplicate", "not_applied")
        assert again["error"]["message"] == "An equal call was made 599 seconds ago; this one was not sent."
        assert again["error"]["earlier"]["id"] == made["id"]
        assert await refunded(app, order_id) == 50000
        one.clock.now += 1
        assert (await ask(app, "refund_order", refund(order_id)))["amount_refunded"] == 100000


async def test_the_same_call_in_another_spelling_is_the_same_call() -> None:
    async with scene("memory") as one:
        app = one.server()
        card = {**ORDER, "token_id": "tok_test_visa_4242"}
        assert "error" not in await ask(app, "create_card_order", card)
        for more in ({"currency": "MXN"}, {"metadata": {}}, {"name": "Ana Ruiz "}):
            again = await ask(app, "create_card_order", {**card, **more})
            assert error(again) == ("possible_duplicate", "not_applied"), more
        assert one.wire.posts() == ["/orders"]


async def test_other_arguments_another_account_and_a_key_are_other_intents() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        for call in (
            refund(order_id, 100),
            refund(order_id, 101),
            refund(order_id, 100, idempotency_key="k"),
        ):
            assert "error" not in await ask(app, "refund_order", call)
        assert await refunded(app, order_id) == 301


async def test_a_bill_is_made_again_and_says_that_there_was_an_equal_one() -> None:
    async with scene("memory") as one:
        app = one.server()
        first = await ask(app, "create_order", ORDER)
        one.clock.now += 42
        second = await ask(app, "create_order", ORDER)
        assert "equal_call" not in first
        assert second["equal_call"] == {"id": first["id"], "seconds_ago": 42}
        assert second["id"] != first["id"]


async def test_a_message_is_not_sent_twice_by_accident() -> None:
    async with scene("memory") as one:
        app = one.server()
        soon = int(time.time()) + 86_400 * 3
        wish = {"name": "Plan", "line_items": ORDER["line_items"], "expires_at": soon}
        link = await ask(app, "create_payment_link", wish, listed=True)
        mail = {"checkout_id": link["id"], "email": "ana@example.com"}
        assert "error" not in await ask(app, "email_payment_link", mail)
        assert error(await ask(app, "email_payment_link", mail)) == ("possible_duplicate", "not_applied")


async def test_the_window_can_be_switched_off() -> None:
    async with scene("memory") as one:
        app = one.server(duplicate_window=0)
        order_id = await paid_order(app)
        for _ in range(2):
            assert "error" not in await ask(app, "refund_order", refund(order_id))
        assert await refunded(app, order_id) == 100000


async def cancel_while_it_is_made(one: Scene, app: Any, tool: str, arguments: dict[str, Any]) -> None:
    """Cancel a call once its request has left; the request is answered afterwards."""
    one.wire.faults.append(("POST", "hold"))
    async with Client(app.server) as client, anyio.create_task_group() as running:
        await client.list_tools()
        running.start_soon(client.call_tool, tool, arguments)
        await one.wire.arrived.wait()
        running.cancel_scope.cancel()
        one.wire.go.set()


@pytest.mark.parametrize("tool", ["create_order", "create_customer"])
async def test_a_call_that_was_cancelled_and_comes_again_gets_the_first_answer(tool: str) -> None:
    async with scene("memory") as one:
        app = one.server()
        wish = ORDER if tool == "create_order" else PERSON
        await cancel_while_it_is_made(one, app, tool, wish)
        again = await ask(app, tool, wish)
        assert again["repeated"] is True
        assert len(one.wire.posts()) == 1
        # From now on it has been told, and the same wish is one more.
        more = await ask(app, tool, wish)
        assert (more["equal_call"]["id"], "repeated" in more) == (again["id"], False)


async def test_a_refund_that_was_cancelled_and_comes_again_is_made_once() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        named = {"name": "refund_order", "arguments": refund(order_id)}
        await cancel_while_it_is_made(one, app, "call_write_operation", named)
        again = await ask(app, "refund_order", refund(order_id))
        assert (again["repeated"], again["amount_refunded"]) == (True, 50000)
        assert await refunded(app, order_id) == 50000


async def test_what_reading_did_not_find_may_still_arrive_so_a_person_is_asked_in_live_mode() -> None:
    async with scene("memory") as one:
        free = one.server()
        order_id = await paid_order(free)
        call = refund(order_id, idempotency_key="k")
        one.wire.faults.append(("POST", "before"))
        assert (await ask(free, "refund_order", call))["error"]["outcome"] == "unknown"
        one.clock.now += 120
        assert (await ask(free, "refund_order", call))["error"]["outcome"] == "unknown"
        one.clock.now += 60
        live = one.server(confirm="destructive")
        live.store = free.store
        held = await ask(live, "refund_order", call)
        assert (error(held), await refunded(free, order_id)) == (("consent_unavailable", "not_applied"), 0)
        assert (await ask(free, "refund_order", call))["amount_refunded"] == 50000
