"""Normalizes statuses: Conekta writes "canceled" for orders and "cancelled" for links."""

CANCELED = "canceled"
CANCELED_STATUSES = (CANCELED, "cancelled")
"""Both spellings."""

DECLINED_STATUSES = ("declined", "failed", "rejected", "error")
"""Statuses of an attempt that took no money."""
TAKEN_STATUSES = ("paid", "partially_refunded", "refunded", "charged_back")
"""Statuses of an order whose money was taken, and may have gone back since."""
FAILED_STATUSES = (*DECLINED_STATUSES, "expired", "voided", *CANCELED_STATUSES)
"""Statuses in which no money is taken or given any more."""


def normalize_status(status: object) -> str | None:
    """Return a status in lower case and one spelling; None if there is none (conekta-api.md 5.4)."""
    if not isinstance(status, str) or not status.strip():
        return None
    word = status.strip().lower()
    return CANCELED if word in CANCELED_STATUSES else word
