"""Calls without a key that equal one of the last minutes."""

import time
from typing import Any
from unicodedata import normalize

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.domains.customers.tools import update_customer
from conekta_mcp.domains.orders.card_tools import create_card_order
from conekta_mcp.domains.orders.change_tools import update_order
from conekta_mcp.domains.orders.tools import create_order, create_order_reusing_clabe
from conekta_mcp.writes.equal_calls import fingerprint_call
from tests.writes.wire import (
    LINES,
    ORDER,
    PERSON,
    Scene,
    ask,
    error,
    paid_order,
    refund,
    refunded,
    scene,
)

pytestmark = pytest.mark.anyio


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


CARD = {**ORDER, "token_id": "tok_test_visa_4242"}
LINE = ORDER["line_items"][0]
SAME_CARD_CALLS: tuple[dict[str, Any], ...] = (
    {"currency": "MXN"},
    {"metadata": {}},
    {"pre_authorize": False},
    {"name": " ana  RUIZ "},
    {"email": "Ana@Example.COM"},
    {"phone": "55 5555 5555"},
    {"phone": "+52 1 (55) 5555-5555"},
    {"tax_lines": []},
    {"line_items": [dict(reversed(LINE.items()))]},
    {"line_items": [{**LINE, "name": f"{LINE['name']} "}]},
)
OTHER_CARD_CALLS: tuple[dict[str, Any], ...] = (
    {"currency": "USD"},
    {"pre_authorize": True},
    {"name": "Ana Ruis"},
    {"email": "ana.ruiz@example.com"},
    {"phone": "+525555555556"},
    {"phone": "+4555555555"},
    {"line_items": [{**LINE, "unit_price": LINE["unit_price"] + 1}]},
    {"line_items": [{**LINE, "name": LINE["name"].upper()}]},
    {"line_items": [LINE, LINE]},
    {"metadata": {"pedido": "A-1"}},
)


async def test_the_same_call_in_another_spelling_is_the_same_call() -> None:
    async with scene("memory") as one:
        app = one.server()
        assert "error" not in await ask(app, "create_card_order", CARD)
        for more in SAME_CARD_CALLS:
            again = await ask(app, "create_card_order", {**CARD, **more})
            assert error(again) == ("possible_duplicate", "not_applied"), more
        assert one.wire.posts() == ["/orders"]


def test_what_conekta_would_take_for_another_call_is_another_one() -> None:
    names = [name_card_call(CARD), *(name_card_call({**CARD, **more}) for more in OTHER_CARD_CALLS)]
    assert len(set(names)) == 1 + len(OTHER_CARD_CALLS)


def test_metadata_are_compared_as_they_are_written_in_any_order() -> None:
    def name(**metadata: Any) -> str:
        return name_card_call({**CARD, "metadata": metadata})

    assert name(a=5, b="x") == name(b="x", a=5.0)
    others = [
        name(a=5),
        name(a="5"),
        name(a=True),
        name(a=1),
        name(a="x"),
        name(a="X"),
        name(a="x "),
        name(a=""),
    ]
    assert len(set(others)) == len(others)


def test_letters_that_are_composed_otherwise_are_the_same_letters() -> None:
    composed, apart = ({**CARD, "name": normalize(form, "José Núñez")} for form in ("NFC", "NFD"))
    assert composed["name"] != apart["name"]
    assert name_card_call(composed) == name_card_call(apart)


def test_the_order_of_lines_is_no_difference() -> None:
    lines = [LINE, {**LINE, "name": "Funda"}]
    one, other = ({**CARD, "line_items": given} for given in (lines, lines[::-1]))
    assert name_card_call(one) == name_card_call(other)


def test_a_change_is_compared_as_it_is_written() -> None:
    def name(tool: Any, **given: Any) -> str:
        return fingerprint_call(tool, tool.input.model_validate(given))

    order = {"order_id": "ord_1", "metadata": {"a": "1"}}
    assert name(update_order, **order) != name(update_order, **order, tax_lines=[])
    spelled = [name(update_customer, customer_id="cus_1", name=one) for one in ("Ana", "ANA")]
    assert len(set(spelled)) == 2


async def test_two_tools_that_do_the_same_make_one_call() -> None:
    async with scene("memory") as one:
        app = one.server()
        wish = await ready_subscriber(app)
        made = await ask(app, "create_subscription", wish)
        again = await ask(app, "create_customer_subscription", wish)
        assert error(again) == ("possible_duplicate", "not_applied")
        assert again["error"]["earlier"]["id"] == made["id"]


async def test_a_lost_call_holds_back_the_other_tool_that_does_the_same_and_is_named() -> None:
    async with scene("memory") as one:
        app = one.server()
        wish = await ready_subscriber(app)
        one.wire.blind = 9
        one.wire.faults.append(("POST", "after"))
        assert (await ask(app, "create_subscription", wish))["error"]["outcome"] == "unknown"
        one.wire.faults.clear()
        sent = len(one.wire.posts())
        held = await ask(app, "create_customer_subscription", wish)
        assert error(held) == ("in_progress", "not_applied")
        assert "create_subscription, as it was, with this idempotency_key" in held["error"]["hint"]
        assert len(one.wire.posts()) == sent


async def test_a_lost_call_in_another_spelling_is_settled_by_its_own_only() -> None:
    async with scene("memory") as one:
        app = one.server()
        one.wire.blind = 9
        one.wire.faults += [("POST", "after")] * 9
        lost = await ask(app, "create_card_order", CARD)
        one.wire.faults.clear()
        other = {**CARD, "email": "Ana@Example.com"}
        held = await ask(app, "create_card_order", other)
        key = lost["error"]["idempotency_key"]
        assert (error(held), held["error"]["idempotency_key"]) == (("in_progress", "not_applied"), key)
        clash = await ask(app, "create_card_order", {**other, "idempotency_key": key})
        assert error(clash) == ("idempotency_conflict", "not_applied")
        made = await ask(app, "create_card_order", {**CARD, "idempotency_key": key})
        assert made["payment_status"] == "paid"
        told = await ask(app, "create_card_order", {**other, "idempotency_key": key})
        assert (told["id"], told["repeated"]) == (made["id"], True)
        assert len((await ask(app, "list_orders", {}))["rows"]) == 1


def test_a_bill_on_the_customers_clabe_is_one_call_by_either_tool() -> None:
    payer = {"customer_id": "cus_1", "line_items": ORDER["line_items"]}
    own = create_order_reusing_clabe.input.model_validate(payer)
    general = create_order.input.model_validate({**payer, "reuse_customer_clabe": True})
    assert fingerprint_call(create_order_reusing_clabe, own) == fingerprint_call(create_order, general)


def name_card_call(given: dict[str, Any]) -> str:
    return fingerprint_call(create_card_order, create_card_order.input.model_validate(given))


async def ready_subscriber(app: Any) -> dict[str, Any]:
    """A customer with a card and a plan: the arguments that subscribe them."""
    customer = await ask(app, "create_customer", PERSON)
    card = {"customer_id": customer["id"], "token_id": "tok_test_visa_4242"}
    assert "error" not in await ask(app, "add_card_source", card)
    plan = await ask(app, "create_plan", {"name": "Mensual", "amount": 9900, "interval": "month"})
    return {"customer_id": customer["id"], "plan_id": plan["id"]}


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
        for email in ("ana@example.com", "ANA@example.com"):
            again = await ask(app, "email_payment_link", {**mail, "email": email})
            assert error(again) == ("possible_duplicate", "not_applied")


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
    with anyio.fail_after(60):
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


LINK = {"name": "Curso", "line_items": LINES, "expires_at": 1_900_000_000}
MESSAGES: list[tuple[str, dict[str, Any], bytes, bytes]] = [
    ("email_payment_link", {"email": "ana@example.com"}, b'"name":"Curso"', b'"name":"Curso corto"'),
    ("sms_payment_link", {"phone": "+525555555555"}, b'"expires_at":1900000000', b'"expires_at":1900000001'),
    ("test_webhook", {}, b"https://shop.example.com/hook", b"https://shop.example.com/other"),
]


@pytest.mark.parametrize(("tool", "more", "old", "new"), MESSAGES)
async def test_a_message_of_what_changed_since_is_another_one(
    tool: str, more: dict[str, Any], old: bytes, new: bytes
) -> None:
    async with scene("memory") as one:
        app = one.server(tools=("create_webhook", "create_payment_link", "call_write_operation"))
        if tool == "test_webhook":
            hook = {"url": "https://shop.example.com/hook", "subscribed_events": ["order.paid"]}
            given = {"webhook_id": (await ask(app, "create_webhook", hook))["id"]}
        else:
            made = await ask(
                app, "create_payment_link", {**LINK, "expires_at": round(time.time()) + 5 * 86_400}
            )
            old = old.replace(b"1900000000", str(made["expires_at"]).encode())
            given = {"checkout_id": made["id"], **more}
        assert "error" not in await ask(app, tool, given)
        assert error(await ask(app, tool, given)) == ("possible_duplicate", "not_applied")
        answer = one.wire.handle_async_request

        async def change(request: httpx.Request) -> httpx.Response:
            told = await answer(request)
            content = (await told.aread()).replace(old, new)
            headers = {"content-type": "application/json", "date": told.headers["date"]}
            return httpx.Response(told.status_code, headers=headers, content=content)

        one.wire.handle_async_request = change  # type: ignore[method-assign]  # as long as the test lasts
        sent = len(one.wire.posts())
        again = await ask(app, tool, given)
        assert "error" not in again, again
        assert len(one.wire.posts()) == sent + 1
        assert error(await ask(app, tool, given)) == ("possible_duplicate", "not_applied")
