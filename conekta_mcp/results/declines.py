"""Tells whether what Conekta shows is a charge that was declined."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.results.base import get_rows
from conekta_mcp.results.statuses import DECLINED_STATUSES, TAKEN_STATUSES, normalize_status

DECLINED_ORDER_STATUSES = (None, "pending_payment", *DECLINED_STATUSES)
"""Statuses of an order after a decline (conekta-api.md 5.2)."""
HELD = "pre_authorized"


def is_declined(answer: Mapping[str, Any]) -> bool:
    """Tell whether a charge, or each charge of a list or an order, was declined."""
    charges = get_rows(answer)
    if charges is None:
        charges = get_rows(answer.get("charges"))
    if normalize_status(answer.get("payment_status")) in (HELD, *TAKEN_STATUSES):
        return False  # by a charge that is not shown yet, where those that are shown were declined
    if charges:
        return all(normalize_status(one.get("status")) in DECLINED_STATUSES for one in charges)
    shown = map(normalize_status, (answer.get("payment_status"), answer.get("status")))
    return any(status in DECLINED_STATUSES for status in shown)


def shows_decline(data: object) -> bool:
    """Tell whether what a refusal says it left behind took no money: its charges, and its own status."""
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), str):
        return False
    return is_declined(data) and normalize_status(data.get("payment_status")) in DECLINED_ORDER_STATUSES
