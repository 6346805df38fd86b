"""/orders/{id}/refunds: giving money back (conekta-api.md 4.7, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.refunding import GIVEN, PENDING, refunds_of, remaining
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import (
    MOMENT,
    Shape,
    Text,
    Whole,
    check,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import nested
from conekta_mcp.sandbox.orders.orders import order_of
from conekta_mcp.sandbox.refusals import orders, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, NotFound, Unrefundable
from conekta_mcp.sandbox.refusals.policies import CASH_REFUND_LIFETIME, COLLECTED_REFUNDS

REFUND = Shape(required={"amount": Whole(1), "reason": Text()}, optional={"expires_at": MOMENT}, closed=True)


def refund_order(call: Call) -> Json:
    """POST: returns the order; the oldest charge gives first, since none can be named.

    `expires_at` matters to refunds that are collected in cash only.
    """
    account, order = call.account, order_of(call.account, call.path["id"])
    check(REFUND, call.body)
    if not order["is_refundable"]:
        raise Unrefundable(orders.not_refundable())
    if call.body.get("expires_at", account.now() + 1) <= account.now():
        raise Invalid(reasons.invalid("expires_at"))
    wanted, left = call.body["amount"], sum(map(remaining, lifecycles.charges_of(order)))
    if wanted > left:
        raise Invalid(orders.more_than_remains(left))
    for charge in lifecycles.charges_of(order):
        part = min(wanted, remaining(charge))
        wanted -= part
        if part:
            charge["refunds"] = nested([*refunds_of(charge), _refund(account, charge, part, call.body)])
    lifecycles.save(account, order, account.now())
    return order


def cancel_refund(call: Call) -> Json:
    """DELETE: returns the order; the refund stays listed, canceled, and counts no more (inferred)."""
    order = order_of(call.account, call.path["id"])
    return _end(call.account, order, call.path["refund_id"], "canceled")


def collect_refund(call: Call) -> Json:
    """POST /_sandbox/refunds/{id}/collect (ours): the buyer takes the cash; returns the order."""
    check(Shape(closed=True), call.body)
    for order in call.account.oldest_first(lifecycles.KIND):
        if _found(order, call.path["id"]):
            return _end(call.account, order, call.path["id"], GIVEN)
    raise NotFound(reasons.entity_not_found("Refund", call.path["id"]))


def _end(account: Account, order: Json, refund_id: str, status: str) -> Json:
    refund = _found(order, refund_id)
    if refund is None:
        raise NotFound(reasons.entity_not_found("Refund", refund_id))
    if refund["status"] != PENDING:
        raise Unrefundable(orders.refund_not_pending(refund["status"]))
    refund["status"] = status
    lifecycles.save(account, order, account.now())
    return order


def _found(order: Json, refund_id: str) -> Json | None:
    rows = (refund for charge in lifecycles.charges_of(order) for refund in refunds_of(charge))
    return next((refund for refund in rows if refund["id"] == refund_id), None)


def _refund(account: Account, charge: Json, amount: int, body: Json) -> Json:
    row = {
        "object": "refund",
        "id": account.new_object_id(),
        "amount": -amount,
        "created_at": account.now(),
        "reason": body["reason"],
    }
    if charge["payment_method"]["object"] in COLLECTED_REFUNDS:
        expires_at = body.get("expires_at", account.now() + CASH_REFUND_LIFETIME)
        return {**row, "status": PENDING, "expires_at": expires_at}
    return {**row, "auth_code": charge["payment_method"]["auth_code"], "status": GIVEN}


ENDPOINTS = (
    Endpoint("POST", "/orders/{id}/refunds", refund_order),
    Endpoint("DELETE", "/orders/{id}/refunds/{refund_id}", cancel_refund),
)
CONTROLS = (Endpoint("POST", "/_sandbox/refunds/{id}/collect", collect_refund),)
