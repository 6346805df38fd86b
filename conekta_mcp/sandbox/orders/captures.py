"""Taking or releasing what a card holds (conekta-api.md 5.1, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.refunding import TOOK_MONEY
from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.http.body_rules import Shape, Whole, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.instruments.fees import card_fee
from conekta_mcp.sandbox.orders.orders import order_of
from conekta_mcp.sandbox.refusals import orders, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, Precondition

CAPTURE = Shape(optional={"amount": Whole(1)}, closed=True)


def capture_order(call: Call) -> Json:
    """POST /orders/{id}/capture: all that is held, or less, in centavos.

    A smaller capture releases the rest for good; the charge then shows what was taken, while the order keeps
    the amount of its lines (13, ours). Of several holds the oldest is taken first.
    """
    order = order_of(call.account, call.path["id"])
    check(CAPTURE, call.body)
    held = _held(order)
    authorized = sum(charge["amount"] for charge in held)
    wanted = call.body.get("amount", authorized)
    if wanted > authorized:
        raise Invalid(orders.more_than_authorized(authorized))
    now = call.account.now()
    for charge in held:
        taken = min(wanted, charge["amount"])
        wanted -= taken
        _take(charge, taken, now) if taken else lifecycles.release(charge)
    lifecycles.save(call.account, order, now)
    return order


def void_order(call: Call) -> Json:
    """POST /orders/{id}/void: known of old SDKs only (3.2)."""
    order = order_of(call.account, call.path["id"])
    check(Shape(closed=True), call.body)
    for charge in _held(order):
        lifecycles.release(charge)
    lifecycles.save(call.account, order, call.account.now())
    return order


def _held(order: Json) -> list[Json]:
    if order.get("payment_status") == "pre_authorized":
        return [charge for charge in lifecycles.charges_of(order) if charge["status"] == "pre_authorized"]
    if any(charge["status"] in TOOK_MONEY for charge in lifecycles.charges_of(order)):
        raise Precondition(reasons.has_paid_charge())
    raise Precondition(orders.not_pre_authorized())


def _take(charge: Json, amount: int, moment: int) -> None:
    charge.update(amount=amount, fee=card_fee(amount))
    lifecycles.mark_paid(charge, moment)


ENDPOINTS = (
    Endpoint("POST", "/orders/{id}/capture", capture_order),
    Endpoint("POST", "/orders/{id}/void", void_order),
)
