"""/payout_orders: payouts in cash, created and listed (conekta-api.md 4.11).

Every refusal about an order's state or the balance is the one 402 of 2.4 (inferred).
"""

import uuid

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.balance.money import PAYOUT_ORDER
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
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


def list_payout_orders(call: Call) -> Json:
    search = call.query.get("search", "")
    return paginate(
        call, call.account.list_records(PAYOUT_ORDER)[::-1], lambda row: has_match(search, _list_texts(row))
    )


def create_payout_order(call: Call) -> Json:
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
    """Return the order; one that nobody made is a 404 here, as Conekta's OpenAPI file declares."""
    return load_record(call.account, PAYOUT_ORDER, call.path["id"], "PayoutOrder")


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


def load_payout_order(call: Call) -> Json:
    """Return the order that the path names; raise PayoutFailed, a 402, without one (2.4)."""
    order = call.account.find(PAYOUT_ORDER, call.path["id"])
    if order is None:
        raise PayoutFailed(reasons_money.payout_failure())
    return order


def _list_texts(order: Json) -> list[str]:
    person = order["customer_info"]
    return [order["id"], order["reason"], person["id"], person["name"], person["email"]]


ENDPOINTS = (
    Endpoint("GET", "/payout_orders", list_payout_orders),
    Endpoint("POST", "/payout_orders", create_payout_order),
    Endpoint("GET", "/payout_orders/{id}", get_payout_order),
)
