"""Amounts and expiries that come as text, which Conekta reads as numbers (conekta-api.md 14)."""

from typing import Any

NUMBERS = frozenset({"amount", "unit_price", "expires_at"})
"""Fields that Conekta takes as "[String, Integer]" (14); other numbers as text are refused."""

OWN_DATA = frozenset({"metadata", "antifraud_info"})
"""What is stored as it was sent, whatever its keys are called."""

MAX_DIGITS = 18
MAX_DEPTH = 10
"""Levels below the body that are read; the deepest amount of any body is six down."""


def read_numbers(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return the body with its amounts and expiries as integers; a text of other than digits stays."""
    if depth and isinstance(value, list):
        return [read_numbers(element, depth - 1) for element in value]
    if depth and isinstance(value, dict):
        return {name: _read_field(name, entry, depth - 1) for name, entry in value.items()}
    return value


def _read_field(name: str, value: Any, depth: int) -> Any:
    if name in OWN_DATA:
        return value
    if name in NUMBERS and isinstance(value, str) and _is_number(value):
        return int(value)
    return read_numbers(value, depth)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
