"""Redacts API keys, card numbers and passwords in URLs from what is shown and logged."""

import hashlib
import re
from typing import Any

KEY = re.compile(r"\bkey_[\w-]+", re.ASCII)
DIGITS = re.compile(r"\d(?<![\w.]\d)(?:[ -]?\d){12,15}(?!\w)")  # begins with a digit: the search is faster
CARD_NUMBER = re.compile(r"4\d{12}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Control, format, private and surrogate characters of Unicode, and others without a visible shape."""

CREDENTIALS = re.compile(r"(?<=://)[^/?#\s\"']+@")  # user and password of a URL
CREDENTIALS_IN_JSON = re.compile(rb"://[^/?#\s\"]+@")
DIGIT_MASK = bytes.maketrans(b"123456789", b"000000000")
LONG_DIGIT_RUN = b"0" * 13
MAX_TEXT_LENGTH = 500
CARD_NUMBER_LIMIT = 10**16  # card numbers are below it, and floats exact up to it


def redact(text: str) -> str:
    """Replace keys, card numbers, and user and password in URLs."""
    return DIGITS.sub(_redact_card_match, KEY.sub("key_[redacted]", mask_credentials(text)))


def mask_credentials(text: str) -> str:
    return CREDENTIALS.sub("***@", text)


def has_possible_secrets(text: bytes) -> bool:
    """Check quickly whether JSON text may hold a key or a card number, with digits of any script."""
    # All digits become 0, so that one search finds any run long enough for a card number. Values are walked
    # only if this finds something.
    if (
        b"key_" in text
        or CREDENTIALS_IN_JSON.search(text)
        or LONG_DIGIT_RUN in text.translate(DIGIT_MASK, b" -")
    ):
        return True
    # The byte mask knows ASCII digits only; `\d` in DIGITS matches those of other scripts as well.
    return not text.isascii() and has_card_number(text.decode())


def redact_value(value: Any) -> Any:
    """Replace keys and card numbers in all text and numbers inside `value`, and what is not valid UTF-8."""
    if isinstance(value, str):
        return redact(value).encode(errors="replace").decode()
    if isinstance(value, dict):
        return {redact_value(key): redact_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_value(item) for item in value]
    # A card number may also come as a JSON number, even as a float.
    return redact(f"{value:.0f}") if has_card_number(value) else value


def to_error_text(text: object) -> str | None:
    """Return upstream text for an error: at most 500 visible characters, without secrets; None if empty."""
    if not isinstance(text, str) or not text.strip():
        return None
    clean = redact(INVISIBLE.sub("", text)).strip()
    return clean if len(clean) <= MAX_TEXT_LENGTH else clean[: MAX_TEXT_LENGTH - 1] + "…"


def has_card_number(value: Any) -> bool:
    if isinstance(value, str):
        return any(is_card_number(found.group()) for found in DIGITS.finditer(value))
    if isinstance(value, dict):
        return any(has_card_number(item) for pair in value.items() for item in pair)
    if isinstance(value, int | float):
        return abs(value) < CARD_NUMBER_LIMIT and is_card_number(f"{value:.0f}")
    return isinstance(value, list) and any(has_card_number(item) for item in value)


def is_card_number(text: str) -> bool:
    """Check prefix, length and check digit (Luhn) of the digits in `text`."""
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
    """Return a name that does not reveal the key: 16 hex digits of its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
