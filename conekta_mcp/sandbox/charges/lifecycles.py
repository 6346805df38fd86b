"""What may become of orders and their charges (conekta-api.md 5.1, 5.2)."""

from conekta_mcp.sandbox.charges.consequences import follow
from conekta_mcp.sandbox.charges.refunding import (
    TOOK_MONEY,
    given_back,
    pending_refunds,
    remaining,
    settle_charge,
)
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Precondition
from conekta_mcp.sandbox.refusals.policies import CANCELED_PRE_AUTHORIZATION

KIND = "order"
TERMS = "sandbox_order_terms"
KEPT_TERMS = (
    "pre_authorize", "three_ds_mode", "return_url", "reuse_customer_clabe", "reuse_customer_cash_reference",
)  # fmt: skip
OPEN = (None, "declined", "expired")
"""payment_status of an order that can be changed and charged; expired is inferred (5.2)."""


def store(account: Account, order: Json) -> None:
    """Add a new order and say so; pending ones are due when their first charge expires."""
    account.add(KIND, order, due_at=due_at(order))
    follow(account, None, order)


def save(account: Account, order: Json, moment: int) -> None:
    """Save an order changed at `moment` (unix seconds), its status following its charges, and say so."""
    before = account.find(KIND, order["id"])
    settle(order)
    order["updated_at"] = moment
    account.save(KIND, order, due_at=due_at(order))
    follow(account, before, order)


def settle(order: Json) -> None:
    """Let payment_status and what is refunded follow the charges; no status before there is one (5.1)."""
    charges = charges_of(order)
    for charge in charges:
        settle_charge(charge)
    status = status_of(charges)
    if status is not None:
        order["payment_status"] = status
    order["amount_refunded"] = sum(map(given_back, charges))
    order["is_refundable"] = any(map(remaining, charges)) and not pending_charges(order)
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
    current = last_attempt(charges)
    statuses = {charge["status"] for charge in current}
    if not statuses or "declined" in statuses:
        return None
    if "charged_back" in statuses:
        return "charged_back"
    if any(map(given_back, current)):
        return "partially_refunded" if any(map(remaining, current)) else "refunded"
    if len(statuses) > 1:
        # What a partial capture left over was released, the order is paid (13, ours).
        statuses -= {CANCELED_PRE_AUTHORIZATION}
    if len(statuses) == 1:
        return str(*statuses)
    return next((last for last in ("expired", "canceled") if last in statuses), "pending_payment")


def last_attempt(charges: list[Json]) -> list[Json]:
    """The charges made since the last decline or expiry: what came before was given up."""
    start = 0
    for place, charge in enumerate(charges):
        if any(_ended(earlier, charge["created_at"]) for earlier in charges[start:place]):
            start = place
    return charges[start:]


def _ended(charge: Json, moment: int) -> bool:
    if charge["status"] == "expired":
        return bool(charge["payment_method"]["expires_at"] <= moment)
    return bool(charge["status"] == "declined")


def due_at(order: Json) -> int | None:
    """Unix seconds of the order's next expiry, None when it waits for nobody."""
    moments = [charge["payment_method"].get("expires_at") for charge in pending_charges(order)]
    moments += [refund["expires_at"] for refund in pending_refunds(charges_of(order))]
    return min((moment for moment in moments if moment is not None), default=None)


def mark_paid(charge: Json, moment: int) -> None:
    """The payer paid at `moment` (unix seconds)."""
    charge["status"] = "paid"
    charge["paid_at"] = moment


def keep_terms(account: Account, order: Json, body: Json) -> None:
    """Remember how the order is to be charged, for a charge or a payer that comes later."""
    terms = terms_of(account, order)
    said = {name: body[name] for name in KEPT_TERMS if name in body}
    if not terms:
        account.add(TERMS, {"id": order["id"], **said}, parent=order["id"])
    elif said:
        account.save(TERMS, {**terms, **said})


def terms_of(account: Account, order: Json) -> Json:
    """What `keep_terms` remembers, with the order's id; empty for an order that it does not know."""
    return account.find(TERMS, order["id"], parent=order["id"]) or {}


def authenticate(account: Account, order: Json, charge: Json, moment: int) -> None:
    """The payer passed 3DS at `moment` (unix seconds)."""
    if terms_of(account, order).get("pre_authorize"):
        charge["status"] = "pre_authorized"
    else:
        mark_paid(charge, moment)


def refuse_unless_open(order: Json) -> None:
    """Refuse to change or charge an order that has a live charge or an end (5.2)."""
    if any(charge["status"] in TOOK_MONEY for charge in charges_of(order)):
        raise Precondition(reasons.has_paid_charge())
    if order.get("payment_status") not in OPEN:
        raise Precondition(reasons.has_charge())


def expire(account: Account, order: Json, moment: int) -> None:
    """End the charges, and the refunds nobody collected, that have expired by `moment` (unix seconds).

    The order is dated to the expiry itself: Conekta's job follows it within seconds (5.1).
    """
    for charge in pending_charges(order):
        if charge["payment_method"].get("expires_at", moment + 1) <= moment:
            charge["status"] = "expired"
    for refund in pending_refunds(charges_of(order)):
        if refund["expires_at"] <= moment:
            refund["status"] = "expired"
    save(account, order, moment)


def cancel(account: Account, order: Json) -> None:
    """Cancel what is unpaid; a paid order must be refunded instead (5.2)."""
    if any(charge["status"] in TOOK_MONEY for charge in charges_of(order)):
        raise Precondition(reasons.has_paid_charge())
    if order.get("payment_status") not in (None, "pending_payment", "pre_authorized"):
        raise Precondition(reasons.has_charge())
    for charge in charges_of(order):
        release(charge)
    order["payment_status"] = "canceled"
    save(account, order, account.now())


def release(charge: Json) -> None:
    """End a charge that took nothing."""
    if charge["status"] == "pending_payment":
        charge["status"] = "canceled"
    elif charge["status"] == "pre_authorized":
        charge["status"] = CANCELED_PRE_AUTHORIZATION
