"""What a change of an order sets in motion: its events and its money (conekta-api.md 5.1, 6).

Both are read off the order before and after, so that whoever saves an order need not say them. Chargebacks
say theirs themselves.
"""

from collections.abc import Mapping

from conekta_mcp.sandbox.balance.money import moved
from conekta_mcp.sandbox.charges.refunding import GIVEN, PENDING, TOOK_MONEY, refunds_of
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.webhooks.emit import happened

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
ORDER_GOES_FIRST = ("pre_authorized", "voided")
REFUND_EVENTS = {"canceled": "canceled", "expired": "expired", GIVEN: "refunded"}
HAD_MONEY = (*TOOK_MONEY, "charged_back")


def follow(account: Account, before: Json | None, order: Json) -> None:
    """Say what became of the order since `before`, None if it is new, and book what moved."""
    earlier = {charge["id"]: charge for charge in _charges(before or {})}
    if before is None:
        happened(account, "order.created", order)
    if order.get("payment_status") in ORDER_GOES_FIRST:
        _tell_order(account, before or {}, order)
    for charge in _charges(order):
        _follow_charge(account, earlier.get(charge["id"]), charge)
    if order.get("payment_status") not in ORDER_GOES_FIRST:
        _tell_order(account, before or {}, order)


def _follow_charge(account: Account, before: Json | None, charge: Json) -> None:
    if before is None:
        happened(account, "charge.created", charge)
    was = (before or {}).get("status")
    if charge["status"] == "paid" and was not in HAD_MONEY:
        terms = {"charge_id": charge["id"], "currency": charge["currency"]}
        moved(account, "capture", charge["amount"], fee=charge["fee"], **terms)
    _follow_refunds(account, before or {}, charge)
    name = CHARGE_EVENTS.get(charge["status"])
    changed = charge["status"] != was or len(refunds_of(charge)) > len(refunds_of(before or {}))
    if name and changed and not _fell_back(was, charge["status"]):
        happened(account, name, charge, _previous("status", was, charge["status"]))


def _follow_refunds(account: Account, before: Json, charge: Json) -> None:
    earlier = {refund["id"]: refund["status"] for refund in refunds_of(before)}
    for refund in refunds_of(charge):
        was, status = earlier.get(refund["id"]), refund["status"]
        if status == was:
            continue
        snapshot = {**refund, "order_id": charge["order_id"], "charge_id": charge["id"]}
        if status == PENDING:
            happened(account, "cash_refund.created", snapshot)
        elif was == PENDING:
            happened(account, f"cash_refund.{REFUND_EVENTS[status]}", snapshot, {"status": was})
        if status == GIVEN:
            terms = {"charge_id": charge["id"], "currency": charge["currency"]}
            moved(account, "refund", refund["amount"], **terms)


def _tell_order(account: Account, before: Json, order: Json) -> None:
    was, status = before.get("payment_status"), order.get("payment_status")
    if _newly_declined(before, order) and order.get("processing_mode") != "recurrent":
        # The attempts at a subscription's order are declined one by one, the order itself at the last (4.9).
        happened(account, "order.declined", order)
    elif status in ORDER_EVENTS and _moved_on(before, order) and not _fell_back(was, status):
        happened(account, f"order.{status}", order, _previous("payment_status", was, status))


def _newly_declined(before: Json, order: Json) -> bool:
    known = {charge["id"] for charge in _charges(before) if charge["status"] == "declined"}
    return any(charge["status"] == "declined" and charge["id"] not in known for charge in _charges(order))


def _moved_on(before: Json, order: Json) -> bool:
    """Whether the status changed, or more was refunded within the same one."""
    if order.get("payment_status") != before.get("payment_status"):
        return True
    return bool(order["amount_refunded"] > before.get("amount_refunded", 0))


def _fell_back(was: str | None, status: str | None) -> bool:
    """Whether a refund ended without being collected, or a chargeback was won: nothing was paid anew."""
    ranks = {"paid": 1, "partially_refunded": 2, "refunded": 3, "charged_back": 4}
    return ranks.get(was or "", 0) > ranks.get(status or "", 5)


def _previous(name: str, was: str | None, status: str | None) -> Json:
    return {name: was} if was and was != status else {}


def _charges(order: Json) -> list[Json]:
    rows: list[Json] = order.get("charges", {}).get("data", [])
    return rows
