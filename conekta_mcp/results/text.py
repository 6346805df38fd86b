"""Centavos and unix seconds as a person reads them."""

from collections.abc import Iterable
from datetime import UTC, datetime


def format_pesos(amount: int | None, currency: str | None = "MXN") -> str | None:
    """Write `amount`, an integer of centavos, as "MXN 1,250.00"."""
    if amount is None:
        return None
    whole, cents = divmod(abs(amount), 100)
    return f"{currency or 'MXN'} {'-' if amount < 0 else ''}{whole:,}.{cents:02d}"


def format_moment(seconds: int | None) -> str | None:
    """Write unix `seconds` as "2026-04-16T11:00:33Z"; None for what no calendar holds."""
    try:
        return None if not seconds else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, ValueError, OSError):
        return None


def join_parts(parts: Iterable[object]) -> str | None:
    """Join what is there of an address with commas."""
    return ", ".join(str(part) for part in parts if part) or None
