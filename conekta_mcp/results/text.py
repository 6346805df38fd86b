"""Formats centavos and unix seconds for people."""

from collections.abc import Iterable
from datetime import UTC, datetime


def format_pesos(amount: int | None, currency: str | None = "MXN") -> str | None:
    """Format centavos as "MXN 1,250.00"; None without an amount."""
    if amount is None:
        return None
    whole, cents = divmod(abs(amount), 100)
    return f"{currency or 'MXN'} {'-' if amount < 0 else ''}{whole:,}.{cents:02d}"


def format_moment(seconds: int | None) -> str | None:
    """Format unix seconds as "2026-04-16T11:00:33Z"; None for 0 and for what no calendar holds."""
    try:
        return None if not seconds else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, ValueError, OSError):
        return None


def join_parts(parts: Iterable[object]) -> str | None:
    return ", ".join(str(part) for part in parts if part) or None
