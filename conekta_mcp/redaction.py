"""Keeps keys, card numbers and whole pages out of what is shown and logged."""

import hashlib
import re
from typing import Any

KEY = re.compile(r"\bkey_[\w-]+", re.ASCII)
DIGITS = re.compile(r"\d(?<![\w.]\d)(?:[ -]?\d){12,15}(?!\w)")  # a digit first: the search is quick then
CARD_NUMBER = re.compile(r"4\d{12}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Control, format, private and surrogate characters of Unicode, and what else has no shape of its own."""

CREDENTIALS = re.compile(r"(?<=://)[^/?#\s\"']+@")  # the user and password of an address
CREDENTIALS_IN_JSON = re.compile(rb"://[^/?#\s\"]+@")
DIGIT_MASK = bytes.maketrans(b"123456789", b"000000000")
LONG_DIGIT_RUN = b"0" * 13
MAX_TEXT_LENGTH = 500
CARD_NUMBER_LIMIT = 10**16  # card numbers are below it, and floats exact up to it


def redact(text: str) -> str:
    """Replace keys, card numbers and what stands before the host of an address."""
    return DIGITS.sub(_redact_card_match, KEY.sub("key_[redacted]", mask_credentials(text)))


def mask_credentials(text: str) -> str:
    """Mask user and password in every address."""
    return CREDENTIALS.sub("***@", text)


def has_possible_secrets(text: bytes) -> bool:
    """Tell, quickly, whether JSON text may hold a key or a card number, in whatever digits."""
    if (
        b"key_" in text
        or CREDENTIALS_IN_JSON.search(text)
        or LONG_DIGIT_RUN in text.translate(DIGIT_MASK, b" -")
    ):
        return True
    return not text.isascii() and has_card_number(text.decode())


def redact_value(value: Any) -> Any:
    """Replace keys and card numbers in every text and number inside `value`, and what is not UTF-8."""
    if isinstance(value, str):
        return redact(value).encode(errors="replace").decode()
    if isinstance(value, dict):
        return {redact_value(key): redact_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_value(item) for item in value]
    return redact(f"{value:.0f}") if has_card_number(value) else value


def to_error_text(text: object) -> str | None:
    """Make an upstream text fit for an error: one of at most 500 visible characters, without secrets."""
    if not isinstance(text, str) or not text.strip():
        return None
    clean = redact(INVISIBLE.sub("", text)).strip()
    return clean if len(clean) <= MAX_TEXT_LENGTH else clean[: MAX_TEXT_LENGTH - 1] + "…"


def has_card_number(value: Any) -> bool:
    """Tell whether a card number stands in any text or number inside `value`."""
    if isinstance(value, str):
        return any(is_card_number(found.group()) for found in DIGITS.finditer(value))
    if isinstance(value, dict):
        return any(has_card_number(item) for pair in value.items() for item in pair)
    if isinstance(value, int | float):
        return abs(value) < CARD_NUMBER_LIMIT and is_card_number(f"{value:.0f}")
    return isinstance(value, list) and any(has_card_number(item) for item in value)


def is_card_number(text: str) -> bool:
    """Tell whether the digits have the start, the length and the check digit (Luhn) of a card number."""
    digits = [int(character) for character in text if character.isdigit()]
    if not CARD_NUMBER.fullmatch("".join(map(str, digits))):
        return False
    doubled = [
        digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits[::-1])
    ]
    return sum(doubled) % 10 == 0


def _redact_card_match(found: re.Match[str]) -> str:
    return "[redacted card number]" if is_card_number(found.group()) else found.group()


def fingerprint_key(key: str) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
