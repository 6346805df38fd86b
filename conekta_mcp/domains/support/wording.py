"""Texts in the language of a call."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_moment, say

METHODS = {
    "card": ("tarjeta", "card"),
    "cash": ("efectivo", "cash"),
    "spei": ("SPEI", "SPEI"),
    "bnpl": ("pago a plazos", "pay later"),
    "pay_by_bank": ("banca en línea", "online banking"),
}


def say_method(method: str | None) -> str:
    return say(*METHODS[method]) if method in METHODS else (method or say("pago", "payment"))


def say_amount(one: Mapping[str, Any], name: str = "amount") -> str:
    """Return the amount of an object as text, without its sign."""
    amount = one.get(name)
    return format_pesos(abs(amount), one.get("currency")) or "" if isinstance(amount, int) else ""


def say_moment(seconds: object) -> str:
    return format_moment(seconds) or "" if isinstance(seconds, int) else ""
