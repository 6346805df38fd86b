"""The events and transactions that follow from a change of an order (conekta-api.md 5.1, 6)."""

from collections.abc import Mapping

from conekta_mcp.sandbox.balance.money import book_transaction
from conekta_mcp.sandbox.charges.refunding import PAID_STATUSES, PENDING, REFUNDED, list_refunds
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.webhooks.emit import emit_event

CHARGE_EVENTS: Mapping[str, str] = {
    "paid": "charge.paid",
    "pre_authorized": "charge.preauthorized",
    "declined": "charge.declined",
    "expired": "charge.expired",
    "canceled": "charge.canceled",
    "voided": "charge.reversed",
    "partially_refunded": "charge.refunded",
    "refunded": "charge.refunded",
}
ORDER_EVENTS = (
    "pending_payment", "paid", "pre_authorized", "declined", "expired", "canceled", "voided",
    "partially_refunded", "refunded",
)  # fmt: skip
# With these the order's event precedes those of its charges; with all others it follows them.
ORDER_EVENT_FIRST = ("pre_authorized", "voided")
REFUND_EVENTS = {"canceled": "canceled", "expired": "expired", REFUNDED: "refunded"}
EVER_PAID_STATUSES = (*PAID_STATUSES, "charged_back")


def record_order_change(account: Account, before: Json | None, order: Json) -> None:
    """Emit the events and book the money since `before`, which is None for a new order."""
    earlier = {charge["id"]: charge for charge in _list_charges(before or {})}
    if before is None:
        emit_event(account, "order.created", order)
    if order.get("payment_status") in ORDER_EVENT_FIRST:
        _emit_order_event(account, before or {}, order)
    for charge in _list_charges(order):
        _record_charge_change(account, earlier.get(charge["id"]), charge)
    if order.get("payment_status") not in ORDER_EVENT_FIRST:
        _emit_order_event(account, before or {}, order)


def _record_charge_change(account: Account, before: Json | None, charge: Json) -> None:
    if before is None:
        emit_event(account, "charge.created", charge)
    was = (before or {}).get("status")
    # Booked once: a refund that ends uncollected, or a won chargeback, makes a charge paid again.
    if charge["status"] == "paid" and was not in EVER_PAID_STATUSES:
        terms = {"charge_id": charge["id"], "currency": charge["currency"]}
        book_transaction(account, "capture", charge["amount"], fee=charge["fee"], **terms)
    _record_refund_changes(account, before or {}, charge)
    name = CHARGE_EVENTS.get(charge["status"])
    changed = charge["status"] != was or len(list_refunds(charge)) > len(list_refunds(before or {}))
    if name and changed and not _has_fallen_back(was, charge["status"]):
        emit_event(account, name, charge, _build_previous("status", was, charge["status"]))


def _record_refund_changes(account: Account, before: Json, charge: Json) -> None:
    earlier = {refund["id"]: refund["status"] for refund in list_refunds(before)}
    for refund in list_refunds(charge):
        was, status = earlier.get(refund["id"]), refund["status"]
        if status == was:
            continue
        snapshot = {**refund, "order_id": charge["order_id"], "charge_id": charge["id"]}
        if status == PENDING:
            emit_event(account, "cash_refund.created", snapshot)
        elif was == PENDING:
            emit_event(account, f"cash_refund.{REFUND_EVENTS[status]}", snapshot, {"status": was})
        if status == REFUNDED:
            terms = {"charge_id": charge["id"], "currency": charge["currency"]}
            book_transaction(account, "refund", refund["amount"], **terms)


def _emit_order_event(account: Account, before: Json, order: Json) -> None:
    was, status = before.get("payment_status"), order.get("payment_status")
    if _has_new_decline(before, order) and order.get("processing_mode") != "recurrent":
        # A subscription's order has a declined charge for each attempt, and is declined after the last (4.9).
        emit_event(account, "order.declined", order)
    elif status in ORDER_EVENTS and _has_progressed(before, order) and not _has_fallen_back(was, status):
        emit_event(account, f"order.{status}", order, _build_previous("payment_status", was, status))


def _has_new_decline(before: Json, order: Json) -> bool:
    known = {charge["id"] for charge in _list_charges(before) if charge["status"] == "declined"}
    return any(
        charge["status"] == "declined" and charge["id"] not in known for charge in _list_charges(order)
    )


def _has_progressed(before: Json, order: Json) -> bool:
    """Return whether the status changed, or more was refunded within the same one."""
    if order.get("payment_status") != before.get("payment_status"):
        return True
    return bool(order["amount_refunded"] > before.get("amount_refunded", 0))


def _has_fallen_back(was: str | None, status: str | None) -> bool:
    """Return whether a refund ended uncollected, or a chargeback was won: nothing was paid anew."""
    ranks = {"paid": 1, "partially_refunded": 2, "refunded": 3, "charged_back": 4}
    return ranks.get(was or "", 0) > ranks.get(status or "", 5)


def _build_previous(name: str, was: str | None, status: str | None) -> Json:
    return {name: was} if was and was != status else {}


def _list_charges(order: Json) -> list[Json]:
    rows: list[Json] = order.get("charges", {}).get("data", [])
    return rows
