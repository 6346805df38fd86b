"""What may become of orders and their charges (conekta-api.md 5.1, 5.2)."""

from conekta_mcp.sandbox import reasons
from conekta_mcp.sandbox.account import Account, Json
from conekta_mcp.sandbox.policies import CANCELED_PRE_AUTHORIZATION
from conekta_mcp.sandbox.refusals import Precondition

KIND = "order"
PRE_AUTHORIZATION = "sandbox_pre_authorization"


def store(account: Account, order: Json) -> None:
    """Add a new order; pending ones are due when their first charge expires."""
    account.add(KIND, order, due_at=due_at(order))


def save(account: Account, order: Json, moment: int) -> None:
    """Save an order changed at `moment` (unix seconds), its status following its charges."""
    settle(order)
    order["updated_at"] = moment
    account.save(KIND, order, due_at=due_at(order))


def settle(order: Json) -> None:
    """Let payment_status and is_refundable follow the charges; no status before there is one (5.1)."""
    status = status_of(charges_of(order))
    if status is not None:
        order["payment_status"] = status
    paid = any(charge["status"] == "paid" for charge in charges_of(order))
    order["is_refundable"] = paid and not pending_charges(order)
    if status != "pending_payment":
        order.pop("next_action", None)


def charges_of(order: Json) -> list[Json]:
    """The charges of an order; none if it has not been charged yet."""
    charges: list[Json] = order.get("charges", {}).get("data", [])
    return charges


def pending_charges(order: Json) -> list[Json]:
    """The charges that still wait for the payer."""
    return [charge for charge in charges_of(order) if charge["status"] == "pending_payment"]


def status_of(charges: list[Json]) -> str | None:
    """payment_status of an order: None before any charge and while a declined card may be retried."""
    statuses = {charge["status"] for charge in charges}
    if not statuses or "declined" in statuses:
        return None
    if len(statuses) == 1:
        return str(*statuses)
    return next((last for last in ("expired", "canceled") if last in statuses), "pending_payment")


def due_at(order: Json) -> int | None:
    """Unix seconds of the order's next expiry, None when it waits for nobody."""
    moments = [charge["payment_method"].get("expires_at") for charge in pending_charges(order)]
    return min((moment for moment in moments if moment is not None), default=None)


def mark_paid(charge: Json, moment: int) -> None:
    """The payer paid at `moment` (unix seconds)."""
    charge["status"] = "paid"
    charge["paid_at"] = moment


def hold_for_pre_authorization(account: Account, order: Json) -> None:
    """Remember that a card waiting for 3DS is to be pre-authorized, not charged."""
    account.add(PRE_AUTHORIZATION, {"id": order["id"]}, parent=order["id"])


def authenticate(account: Account, order: Json, charge: Json, moment: int) -> None:
    """The payer passed 3DS at `moment` (unix seconds)."""
    if account.find(PRE_AUTHORIZATION, order["id"], parent=order["id"]):
        charge["status"] = "pre_authorized"
    else:
        mark_paid(charge, moment)


def expire(account: Account, order: Json, moment: int) -> None:
    """End the charges that have expired by `moment` (unix seconds).

    The order is dated to the expiry itself: Conekta's job follows it within seconds (5.1).
    """
    for charge in pending_charges(order):
        if charge["payment_method"].get("expires_at", moment + 1) <= moment:
            charge["status"] = "expired"
    save(account, order, moment)


def cancel(account: Account, order: Json) -> None:
    """Cancel what is unpaid; a paid order must be refunded instead (5.2)."""
    if any(charge["status"] == "paid" for charge in charges_of(order)):
        raise Precondition(reasons.has_paid_charge())
    if order.get("payment_status") not in (None, "pending_payment", "pre_authorized"):
        raise Precondition(reasons.has_charge())
    for charge in charges_of(order):
        _release(charge)
    order["payment_status"] = "canceled"
    save(account, order, account.now())


def _release(charge: Json) -> None:
    if charge["status"] == "pending_payment":
        charge["status"] = "canceled"
    elif charge["status"] == "pre_authorized":
        charge["status"] = CANCELED_PRE_AUTHORIZATION
