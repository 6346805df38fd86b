"""The statuses of orders and charges, and the steps between them (conekta-api.md 5.1, 5.2)."""

from conekta_mcp.sandbox.charges.consequences import record_order_change
from conekta_mcp.sandbox.charges.refunding import (
    PAID_STATUSES,
    get_refundable_amount,
    get_refunded_amount,
    list_pending_refunds,
    refresh_charge_status,
)
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import PreconditionRequired
from conekta_mcp.sandbox.refusals.policies import CANCELED_PRE_AUTHORIZATION

KIND = "order"
TERMS = "sandbox_order_terms"
TERM_FIELDS = (
    "pre_authorize", "three_ds_mode", "return_url", "reuse_customer_clabe", "reuse_customer_cash_reference",
)  # fmt: skip
OPEN_STATUSES = (None, "declined", "expired")
"""payment_status of an order that can be changed and charged; expired is inferred (5.2)."""


def store_order(account: Account, order: Json) -> None:
    """Store a new order and emit its events; a pending one is due when its first charge expires."""
    account.add(KIND, order, due_at=compute_due_at(order))
    record_order_change(account, None, order)


def save_order(account: Account, order: Json, moment: int) -> None:
    """Save an order changed at `moment` (unix seconds), its status derived anew, and emit its events."""
    # The stored record is the order before this change; `order` is a copy.
    before = account.find(KIND, order["id"])
    refresh_order_status(order)
    order["updated_at"] = moment
    account.save(KIND, order, due_at=compute_due_at(order))
    record_order_change(account, before, order)


def refresh_order_status(order: Json) -> None:
    """Derive payment_status and the refunded amount from the charges; no status before a charge (5.1)."""
    charges = list_charges(order)
    for charge in charges:
        refresh_charge_status(charge)
    status = compute_order_status(charges)
    if status is not None:
        order["payment_status"] = status
    order["amount_refunded"] = sum(map(get_refunded_amount, charges))
    order["is_refundable"] = any(map(get_refundable_amount, charges)) and not list_pending_charges(order)
    # next_action, the 3DS page, is there only while a payment is pending.
    if status != "pending_payment":
        order.pop("next_action", None)


def list_charges(order: Json) -> list[Json]:
    charges: list[Json] = order.get("charges", {}).get("data", [])
    return charges


def list_pending_charges(order: Json) -> list[Json]:
    return [charge for charge in list_charges(order) if charge["status"] == "pending_payment"]


def compute_order_status(charges: list[Json]) -> str | None:
    """Return payment_status; None before any charge and while a declined card may be retried."""
    current = select_last_attempt(charges)
    statuses = {charge["status"] for charge in current}
    if not statuses or "declined" in statuses:
        return None
    if "charged_back" in statuses:
        return "charged_back"
    if any(map(get_refunded_amount, current)):
        return "partially_refunded" if any(map(get_refundable_amount, current)) else "refunded"
    if len(statuses) > 1:
        # A partial capture released the rest of the hold: the order is paid (13, ours).
        statuses -= {CANCELED_PRE_AUTHORIZATION}
    if len(statuses) == 1:
        return str(*statuses)
    # Of several statuses an end decides; without one something is still waited for.
    return next((last for last in ("expired", "canceled") if last in statuses), "pending_payment")


def select_last_attempt(charges: list[Json]) -> list[Json]:
    """Return the charges made since the last decline or expiry; earlier ones were given up."""
    start = 0
    for place, charge in enumerate(charges):
        if any(_has_ended(earlier, charge["created_at"]) for earlier in charges[start:place]):
            start = place
    return charges[start:]


def _has_ended(charge: Json, moment: int) -> bool:
    if charge["status"] == "expired":
        return bool(charge["payment_method"]["expires_at"] <= moment)
    return bool(charge["status"] == "declined")


def compute_due_at(order: Json) -> int | None:
    """Return the unix seconds of the order's next expiry, None when it waits for nobody."""
    moments = [charge["payment_method"].get("expires_at") for charge in list_pending_charges(order)]
    moments += [refund["expires_at"] for refund in list_pending_refunds(list_charges(order))]
    return min((moment for moment in moments if moment is not None), default=None)


def mark_paid(charge: Json, moment: int) -> None:
    charge["status"] = "paid"
    charge["paid_at"] = moment


def store_terms(account: Account, order: Json, body: Json) -> None:
    terms = find_terms(account, order)
    given = {name: body[name] for name in TERM_FIELDS if name in body}
    if not terms:
        account.add(TERMS, {"id": order["id"], **given}, parent=order["id"])
    elif given:
        account.save(TERMS, {**terms, **given})


def find_terms(account: Account, order: Json) -> Json:
    """Return what `store_terms` stored, with the order's id; {} for an order without terms."""
    return account.find(TERMS, order["id"], parent=order["id"]) or {}


def complete_3ds(account: Account, order: Json, charge: Json, moment: int) -> None:
    if find_terms(account, order).get("pre_authorize"):
        charge["status"] = "pre_authorized"
    else:
        mark_paid(charge, moment)


def refuse_closed_order(order: Json) -> None:
    """Refuse to change or charge an order that has a live charge or has ended (5.2)."""
    if any(charge["status"] in PAID_STATUSES for charge in list_charges(order)):
        raise PreconditionRequired(reasons.paid_order())
    if order.get("payment_status") not in OPEN_STATUSES:
        raise PreconditionRequired(reasons.charged_order())


def expire_order(account: Account, order: Json, moment: int) -> None:
    """End the charges, and the refunds nobody collected, that have expired by `moment` (unix seconds).

    The order is dated to the expiry itself: Conekta's job follows it within seconds (5.1).
    """
    for charge in list_pending_charges(order):
        if charge["payment_method"].get("expires_at", moment + 1) <= moment:
            charge["status"] = "expired"
    for refund in list_pending_refunds(list_charges(order)):
        if refund["expires_at"] <= moment:
            refund["status"] = "expired"
    save_order(account, order, moment)


def cancel_order(account: Account, order: Json) -> None:
    """Cancel what is unpaid; a paid order must be refunded instead (5.2)."""
    if any(charge["status"] in PAID_STATUSES for charge in list_charges(order)):
        raise PreconditionRequired(reasons.paid_order())
    if order.get("payment_status") not in (None, "pending_payment", "pre_authorized"):
        raise PreconditionRequired(reasons.charged_order())
    for charge in list_charges(order):
        release_charge(charge)
    # For an order without charges: save_order derives the status of every other one.
    order["payment_status"] = "canceled"
    save_order(account, order, account.now())


def release_charge(charge: Json) -> None:
    if charge["status"] == "pending_payment":
        charge["status"] = "canceled"
    elif charge["status"] == "pre_authorized":
        charge["status"] = CANCELED_PRE_AUTHORIZATION
