"""Keeps card data out of the request history."""

import re

CARD_FIELDS = frozenset({"number", "cvc", "cvv", "exp_month", "exp_year"})
CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,15}(?!\d)")
REDACTED = "[redacted]"


def redacted(value: object) -> object:
    """The same JSON without card fields and without anything that looks like a card number."""
    if isinstance(value, dict):
        return {
            str(redacted(name)): REDACTED if name in CARD_FIELDS else redacted(entry)
            for name, entry in value.items()
        }
    if isinstance(value, list):
        return [redacted(entry) for entry in value]
    if isinstance(value, int) and CARD_NUMBER.fullmatch(str(value)):
        return REDACTED
    return CARD_NUMBER.sub(REDACTED, value) if isinstance(value, str) else value
