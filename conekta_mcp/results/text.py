"""Formats centavos and parts of an address for people."""

from collections.abc import Iterable


def format_pesos(amount: int | None, currency: str | None = "MXN") -> str | None:
    """Format centavos as "MXN 1,250.00", or "? 1,250.00" without a currency; None without an amount."""
    if amount is None:
        return None
    whole, cents = divmod(abs(amount), 100)
    return f"{currency or '?'} {'-' if amount < 0 else ''}{whole:,}.{cents:02d}"


def join_parts(parts: Iterable[object]) -> str | None:
    return ", ".join(str(part) for part in parts if part) or None
