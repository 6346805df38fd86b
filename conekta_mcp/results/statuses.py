"""Normalizes statuses: Conekta writes "canceled" for orders and "cancelled" for links."""

CANCELED = "canceled"
CANCELED_STATUSES = (CANCELED, "cancelled")
"""Both spellings, in the order in which they are told."""

DECLINED_STATUSES = ("declined", "failed", "rejected", "error")
"""Of what was tried and took no money."""
FAILED_STATUSES = (*DECLINED_STATUSES, "expired", "voided", *CANCELED_STATUSES)
"""Of what takes or gives no money, or no longer."""


def normalize_status(status: object) -> str | None:
    """Return a status in lower case and one spelling; None if there is none (conekta-api.md 5.4)."""
    if not isinstance(status, str) or not status.strip():
        return None
    word = status.strip().lower()
    return CANCELED if word in CANCELED_STATUSES else word
