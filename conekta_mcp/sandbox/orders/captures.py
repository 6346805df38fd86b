"""Captures or releases what a card holds (conekta-api.md 5.1, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.refunding import PAID_STATUSES
from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.http.body_rules import Integer, Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.instruments.fees import compute_card_fee
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.refusals import orders, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, PreconditionRequired

CAPTURE = Shape(optional={"amount": Integer(1)}, closed=True)


def capture_order(call: Call) -> Json:
    """Capture all that is held, or less, in centavos.

    A smaller capture releases the rest for good; the charge then shows what was taken, while the order keeps
    the amount of its lines (13, ours). Of several holds the oldest is taken first.
    """
    order = load_order(call.account, call.path["id"])
    check(CAPTURE, call.body)
    held = _list_held_charges(order)
    authorized = sum(charge["amount"] for charge in held)
    wanted = call.body.get("amount", authorized)
    if wanted > authorized:
        raise Invalid(orders.excessive_capture(authorized))
    now = call.account.now()
    for charge in held:
        taken = min(wanted, charge["amount"])
        wanted -= taken
        # A hold from which nothing is captured is released.
        _capture_charge(charge, taken, now) if taken else lifecycles.release_charge(charge)
    lifecycles.save_order(call.account, order, now)
    return order


def void_order(call: Call) -> Json:
    """Release the holds; the route is known from old SDKs only (3.2)."""
    order = load_order(call.account, call.path["id"])
    check(Shape(closed=True), call.body)
    for charge in _list_held_charges(order):
        lifecycles.release_charge(charge)
    lifecycles.save_order(call.account, order, call.account.now())
    return order


def _list_held_charges(order: Json) -> list[Json]:
    if order.get("payment_status") == "pre_authorized":
        return [charge for charge in lifecycles.list_charges(order) if charge["status"] == "pre_authorized"]
    if any(charge["status"] in PAID_STATUSES for charge in lifecycles.list_charges(order)):
        raise PreconditionRequired(reasons.paid_order())
    raise PreconditionRequired(orders.no_authorized_charge())


def _capture_charge(charge: Json, amount: int, moment: int) -> None:
    charge.update(amount=amount, fee=compute_card_fee(amount))
    lifecycles.mark_paid(charge, moment)


ENDPOINTS = (
    Endpoint("POST", "/orders/{id}/capture", capture_order),
    Endpoint("POST", "/orders/{id}/void", void_order),
)
