"""/orders/{id}/refunds: whole and partial refunds (conekta-api.md 4.7, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.refunding import PENDING, REFUNDED, get_refundable_amount, list_refunds
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import (
    TIMESTAMP,
    Choice,
    Integer,
    Shape,
    Text,
    check,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import wrap_list
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.refusals import orders, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, NotFound, NotRefundable
from conekta_mcp.sandbox.refusals.policies import CASH_REFUND_LIFETIME, CASH_REFUND_METHODS

REASONS = (
    "requested_by_client", "cannot_be_fulfilled", "duplicated_transaction", "suspected_fraud", "other",
)  # fmt: skip
"""What a refund can be for (conekta-api.md 14)."""
OLD_FIELDS = {"currency": Text(), "order_id": Text()}
"""Sent by clients of API 2.0 (14): accepted, without effect; another currency is refused (inferred)."""
REFUND = Shape(
    required={"amount": Integer(1), "reason": Choice(REASONS)},
    optional={"expires_at": TIMESTAMP, **OLD_FIELDS},
    closed=True,
)


def refund_order(call: Call) -> Json:
    """Refund and return the order; the oldest charge gives first, since none can be named.

    `expires_at` matters to refunds that are collected in cash only.
    """
    account, order = call.account, load_order(call.account, call.path["id"])
    check(REFUND, call.body)
    if str(call.body.get("currency", order["currency"])).upper() != order["currency"]:
        raise Invalid(reasons.invalid_param("currency"))
    if not order["is_refundable"]:
        raise NotRefundable(orders.unrefundable_order())
    if call.body.get("expires_at", account.now() + 1) <= account.now():
        raise Invalid(reasons.invalid_param("expires_at"))
    wanted, left = call.body["amount"], sum(map(get_refundable_amount, lifecycles.list_charges(order)))
    if wanted > left:
        raise Invalid(orders.excessive_refund(left))
    for charge in lifecycles.list_charges(order):
        part = min(wanted, get_refundable_amount(charge))
        wanted -= part
        if part:
            charge["refunds"] = wrap_list(
                [*list_refunds(charge), _build_refund(account, charge, part, call.body)]
            )
    lifecycles.save_order(account, order, account.now())
    return order


def cancel_refund(call: Call) -> Json:
    """Return the order; the refund stays listed, canceled, and counts no more (inferred)."""
    order = load_order(call.account, call.path["id"])
    return _end_refund(call.account, order, call.path["refund_id"], "canceled")


def collect_refund(call: Call) -> Json:
    """Collect a cash refund for the buyer (ours); returns the order."""
    check(Shape(closed=True), call.body)
    for order in call.account.list_records(lifecycles.KIND):
        if _find_refund(order, call.path["id"]):
            return _end_refund(call.account, order, call.path["id"], REFUNDED)
    raise NotFound(reasons.entity_not_found("Refund", call.path["id"]))


def _end_refund(account: Account, order: Json, refund_id: str, status: str) -> Json:
    refund = _find_refund(order, refund_id)
    if refund is None:
        raise NotFound(reasons.entity_not_found("Refund", refund_id))
    if refund["status"] != PENDING:
        raise NotRefundable(orders.closed_refund(refund["status"]))
    refund["status"] = status
    lifecycles.save_order(account, order, account.now())
    return order


def _find_refund(order: Json, refund_id: str) -> Json | None:
    rows = (refund for charge in lifecycles.list_charges(order) for refund in list_refunds(charge))
    return next((refund for refund in rows if refund["id"] == refund_id), None)


def _build_refund(account: Account, charge: Json, amount: int, body: Json) -> Json:
    row = {
        "object": "refund",
        "id": account.make_object_id(),
        # Conekta shows refunds as negative (1.4).
        "amount": -amount,
        "created_at": account.now(),
        "reason": body["reason"],
    }
    if charge["payment_method"]["object"] in CASH_REFUND_METHODS:
        expires_at = body.get("expires_at", account.now() + CASH_REFUND_LIFETIME)
        return {**row, "status": PENDING, "expires_at": expires_at}
    return {**row, "auth_code": charge["payment_method"].get("auth_code"), "status": REFUNDED}


ENDPOINTS = (
    Endpoint("POST", "/orders/{id}/refunds", refund_order),
    Endpoint("DELETE", "/orders/{id}/refunds/{refund_id}", cancel_refund),
)
CONTROLS = (Endpoint("POST", "/_sandbox/refunds/{id}/collect", collect_refund),)
