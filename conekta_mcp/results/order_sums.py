"""Sums of an order's charges in centavos: what was paid, what was refunded, and what is due."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.results.base import get_rows
from conekta_mcp.results.statuses import (
    CANCELED,
    DECLINED_STATUSES,
    TAKEN_STATUSES,
    normalize_status,
)

Raw = Mapping[str, Any]
UNPAID_STATUSES = ("pending_payment", "pre_authorized", *DECLINED_STATUSES, "expired", CANCELED, "voided")
"""Statuses of a charge that took no money, or none yet."""
CHARGED_BACK = "charged_back"
KEPT_REFUNDS = (CANCELED, "expired")
"""Statuses of a refund that returned no money."""


def list_charges(order: Raw) -> Sequence[Raw]:
    return get_rows(order.get("charges")) or []


def list_paid_charges(order: Raw) -> list[Raw]:
    """Return the charges that took money, including refunded ones."""
    return [one for one in list_charges(order) if has_taken_money(one)]


def has_taken_money(charge: Raw) -> bool | None:
    """Tell whether a charge took money; None where it shows neither a known status nor when it was paid."""
    status = normalize_status(charge.get("status"))
    if status in TAKEN_STATUSES:
        return True
    return False if status in UNPAID_STATUSES else True if read_amount(charge, "paid_at") else None


def sum_refundable_charges(order: Raw) -> int | None:
    """Return what the charges took, without those of which the bank took the money back in a dispute.

    None where a charge does not show whether it took money, or how much. A dispute that was won is over.
    """
    charges = list_charges(order)
    if not charges:
        status = normalize_status(order.get("payment_status"))
        is_told = status in (None, *UNPAID_STATUSES, *TAKEN_STATUSES)
        return 0 if status == CHARGED_BACK else sum_taken(order) if is_told else None
    taken = [has_taken_money(one) for one in charges]
    sums = [read_amount(one) for one in charges if has_taken_money(one) and not is_disputed(one)]
    known = [one for one in sums if one is not None]
    return sum(known) if None not in taken and len(known) == len(sums) else None


def sum_disputed_charges(order: Raw) -> int:
    """Return what the charges took that `sum_refundable_charges` leaves out."""
    taken = [one for one in list_paid_charges(order) if is_disputed(one)]
    return sum(read_amount(one) or 0 for one in taken)


def is_disputed(charge: Raw) -> bool:
    """Tell whether the cardholder got the money back from the bank, or may get it (conekta-api.md 4.11)."""
    chargeback = charge.get("chargeback")
    is_open = isinstance(chargeback, Mapping) and normalize_status(chargeback.get("status")) != "won"
    return is_open or normalize_status(charge.get("status")) == CHARGED_BACK


def sum_taken(order: Raw) -> int | None:
    """Return the sum of the charges: less than the lines after a partial capture or payment."""
    if list_charges(order):
        return sum(read_amount(one) or 0 for one in list_paid_charges(order))
    is_unpaid = bool(order) and normalize_status(order.get("payment_status")) in (None, *UNPAID_STATUSES)
    return 0 if is_unpaid else read_amount(order)


def sum_due(order: Raw) -> int | None:
    """Return what is still due of an order that waits for payment; None without a readable amount."""
    amount = read_amount(order)
    return None if amount is None else max(amount - (sum_taken(order) or 0), 0)


def sum_given_back(order: Raw) -> int:
    """Return the refunded sum; a cash refund that nobody collected yet does not count."""
    refunds = [row for charge in list_charges(order) for row in get_rows(charge.get("refunds")) or []]
    if not refunds:
        return abs(read_amount(order, "amount_refunded") or 0)
    kept = (*KEPT_REFUNDS, "pending")
    return sum(
        abs(read_amount(row) or 0) for row in refunds if normalize_status(row.get("status")) not in kept
    )


def read_amount(one: Raw, name: str = "amount") -> int | None:
    """Return an integer of centavos, also if it is written as 70000.0."""
    found = one.get(name)
    if isinstance(found, float) and found.is_integer():
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None
