"""Redacts card data and keys in the request history and the logs."""

import re

CARD_FIELDS = frozenset({"number", "cvc", "cvv", "exp_month", "exp_year"})
SECRET_FIELDS = CARD_FIELDS | {"authentication_token", "file_data"}
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""The id of a payment link. Its first groups may look like a card number: it is found whole, and stays."""
DIGITS = re.compile(rf"(?<!\w)(?:{UUID}|(?P<number>\d(?:[ -]?\d){{12,15}}))(?!\w)")
"""Not inside the words of an id."""
# Visa, Mastercard, American Express, Diners Club, Discover.
CARD_NUMBER = re.compile(
    r"4\d{12}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[068]\d{12}|6(?:011|5\d\d)\d{12}"
)
KEY = re.compile(r"\bkey_\w+")
REDACTED = "[redacted]"
MASK = "*" * 8


def redact(value: object) -> object:
    """Return the same JSON without card fields, keys, and anything that looks like a card number."""
    if isinstance(value, dict):
        return {
            str(redact(name)): REDACTED if name in SECRET_FIELDS else redact(entry)
            for name, entry in value.items()
        }
    if isinstance(value, list):
        return [redact(entry) for entry in value]
    if isinstance(value, int) and CARD_NUMBER.fullmatch(str(value)):
        return REDACTED
    return _redact_text(value) if isinstance(value, str) else value


def mask_headers(headers: dict[str, str]) -> dict[str, str]:
    """Replace what identifies the caller by asterisks, as Conekta's logs do."""
    return {
        name.title(): MASK if name.lower() in SECRET_HEADERS else _redact_text(text)
        for name, text in headers.items()
    }


def _redact_text(text: str) -> str:
    return KEY.sub(REDACTED, DIGITS.sub(_redact_card_number, text))


def _redact_card_number(found: re.Match[str]) -> str:
    digits = "".join(letter for letter in found["number"] or "" if letter.isdigit())
    return REDACTED if CARD_NUMBER.fullmatch(digits) else found.group()
