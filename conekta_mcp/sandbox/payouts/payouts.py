"""/payout_orders: cash for a person, and the control that plays their visit to the counter (4.11).

open -> paid_out, canceled or, by the clock, expired. While it is open its amount is held back; only paying
books a transaction. Every refusal about an order's state or the balance is the one 402 of 2.4 (inferred).
"""

import uuid

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.balance.money import PAYOUT_ORDER
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import (
    INT32,
    TIMESTAMP,
    Array,
    Choice,
    Integer,
    Shape,
    Text,
    check,
    validate_metadata,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import money as reasons_money
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, PayoutFailed
from conekta_mcp.sandbox.webhooks.emit import emit_event

CASHOUT = Choice(("cashout",))
ORDER = Shape(
    required={
        "allowed_payout_methods": Array(CASHOUT, at_least=1),
        "amount": Integer(1, INT32),
        "currency": Choice(("MXN",)),
        "customer_info": Shape(required={"customer_id": Text()}),
        "expires_at": TIMESTAMP,
        "payout": Shape(required={"payout_method": Shape(required={"type": CASHOUT})}),
        "reason": Text(at_most=249),
    },
    optional={"metadata": validate_metadata},
    closed=True,
)
EVENTS = {"paid_out": "payout.paid_out", "canceled": "cashout.canceled", "expired": "payout.failed"}
"""What is said when an order ends; an expiry has no name of its own in 6 (inferred)."""


def list_payout_orders(call: Call) -> Json:
    """GET /payout_orders: newest first."""
    search = call.query.get("search", "")
    return paginate(
        call, call.account.list_records(PAYOUT_ORDER)[::-1], lambda row: has_match(search, _list_texts(row))
    )


def create_payout_order(call: Call) -> Json:
    """POST /payout_orders: only out of what is available."""
    check(ORDER, call.body)
    account, body = call.account, call.body
    customer = owned.load_customer(account, body["customer_info"]["customer_id"])
    if body["expires_at"] <= account.now():
        raise Invalid(reasons.invalid_param("expires_at"))
    if body["amount"] > money.sum_available(account):
        raise PayoutFailed(reasons_money.payout_failure())
    order = _build_order(account, body, customer)
    account.add(PAYOUT_ORDER, order, due_at=order["expires_at"])
    emit_event(account, "payout.created", order["payouts"][0])
    return order


def get_payout_order(call: Call) -> Json:
    """GET /payout_orders/{id}."""
    return _load_order(call)


def cancel_payout_order(call: Call) -> Json:
    """PUT /payout_orders/{id}/cancel: while it is open; the money is available again."""
    check(Shape(closed=True), call.body)
    return _end_order(call.account, _load_open_order(call), "canceled", call.account.now())


def pay_payout_order(call: Call) -> Json:
    """POST /_sandbox/payouts/{id}/pay: the person took the cash."""
    check(Shape(closed=True), call.body)
    order = _end_order(call.account, _load_open_order(call), "paid_out", call.account.now())
    money.book_transaction(call.account, "payout", -order["amount"], currency=order["currency"])
    return order


def expire_due_orders(account: Account, now: int) -> None:
    """End the open orders that expired by `now` (unix seconds)."""
    for order in account.list_due(PAYOUT_ORDER, now):
        _end_order(account, order, "expired", order["expires_at"])


def _build_order(account: Account, body: Json, customer: Json) -> Json:
    chance = account.ledger.random
    order_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    shared = {
        "amount": body["amount"],
        "currency": body["currency"],
        "expires_at": body["expires_at"],
        "livemode": False,
        "status": "open",
    }
    payout = {**shared, "id": account.make_id("payout_"), "object": "payout", "payout_order_id": order_id}
    return {
        **shared,
        "allowed_payout_methods": body["allowed_payout_methods"],
        "created_at": account.now(),
        "customer_info": _build_customer_info(customer),
        "id": order_id,
        "metadata": body.get("metadata", {}),
        "object": PAYOUT_ORDER,
        "payouts": [payout],
        "reason": body["reason"],
        "updated_at": account.now(),
    }


def _build_customer_info(customer: Json) -> Json:
    known = {name: customer[name] for name in ("id", "name", "email", "phone", "corporate")}
    reference = customer.get("custom_reference") or None
    return {**known, "customer_custom_reference": reference, "object": "customer_info"}


def _end_order(account: Account, order: Json, status: str, moment: int) -> Json:
    for part in (order, *order["payouts"]):
        part["status"] = status
    order["updated_at"] = moment
    account.save(PAYOUT_ORDER, order)
    emit_event(account, EVENTS[status], order["payouts"][0], {"status": "open"})
    return order


def _load_open_order(call: Call) -> Json:
    order = _load_order(call)
    if order["status"] != "open":
        raise PayoutFailed(reasons_money.payout_failure())
    return order


def _load_order(call: Call) -> Json:
    order = call.account.find(PAYOUT_ORDER, call.path["id"])
    if order is None:
        # A 402, not a 404 (conekta-api.md 2.4).
        raise PayoutFailed(reasons_money.payout_failure())
    return order


def _list_texts(order: Json) -> list[str]:
    person = order["customer_info"]
    return [order["id"], order["reason"], person["id"], person["name"], person["email"]]


ENDPOINTS = (
    Endpoint("GET", "/payout_orders", list_payout_orders),
    Endpoint("POST", "/payout_orders", create_payout_order),
    Endpoint("GET", "/payout_orders/{id}", get_payout_order),
    Endpoint("PUT", "/payout_orders/{id}/cancel", cancel_payout_order),
)
CONTROLS = (Endpoint("POST", "/_sandbox/payouts/{id}/pay", pay_payout_order),)
