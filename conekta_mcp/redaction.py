"""Redacts API keys, card numbers, and passwords in URLs from texts that are shown or logged."""

import hashlib
import re
import unicodedata
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

KEY = re.compile(r"\bkey_[\w-]+|key(?:_|%5f)(?=[\w-]*\d)[\w-]{12,}", re.ASCII | re.IGNORECASE)
"""A key that begins a word, and one that something touches if it is long enough to be no other word."""
DIGIT = r"[\d²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒]"
"""A digit of any script, also raised, lowered and encircled ones."""
GROUP = re.compile(f"{DIGIT}+")
GAP = re.compile(r"\s{1,16}|[^\w]{1,6}|_")
"""Separators between the digits of one card number; `BLANKS` are spaces; a letter ends it."""
TOKEN = re.compile(r"[\w-]+")
ID = re.compile(
    r"(?:[a-z]{1,8}_)?[0-9a-f]{24}(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{40})?"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[a-z]+_(?=\w*[A-Za-z])[A-Za-z0-9]{17}",
    re.IGNORECASE,
)
"""Conekta's ids, UUIDs, and names and digests of 24, 32, 40 and 64 hexadecimal digits, ours among them.

Their digits are no card number: one UUID in 4,000 would be refused as one.
"""
MIN_DIGITS, MAX_DIGITS = 13, 19
ENOUGH_DIGITS = re.compile(f"(?:{DIGIT}(?:{GAP.pattern})?){{{MIN_DIGITS}}}")
"""A fast first test for card numbers: base64 files have millions of groups of digits."""
CARD_NUMBER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]|2[2-7])\d{14}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}(?:\d{3})?"  # Discover
    r"|62\d{14}(?:\d{1,3})?"  # UnionPay
    r"|35(?:2[89]|[3-8]\d)\d{12}(?:\d{3})?"  # JCB
    r"|(?:30[0-5]|3095|36|38|39)\d{10,16}"  # Diners
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15}"  # Maestro
    r"|(?:50[6-9]\d|286900|502275|627[56]\d\d|636[35]\d\d|6393\d\d|639[45]\d\d)\d{10,12}"  # Carnet
)
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Control, format, private and surrogate characters of Unicode, and others without a visible shape."""

BLANKS = re.compile(
    rf"{INVISIBLE.pattern}+|%(?:20|09|0A|0D|2D|2E|2F|C2%A0|E2%80%(?:8.|AF))|&(?:nbsp|ensp|emsp|thinsp|#\w{{2,6}});"
    "|</?[a-z]{1,6} ?/?>",
    re.IGNORECASE,
)
"""Invisible separators: characters without a shape, and spaces of addresses and HTML."""
MARKUP = re.compile(rb"(?i)%[0-9a-f]{2}(?:%[0-9a-f]{2}){0,2}|&#?\w{2,6};|</?[a-z]{1,6} ?/?>")
MARKUP_STARTS = (b"%", b"&", b"<")
MARKUP_AFTER_DIGIT = re.compile(rb"[0-9][%&<]")
CREDENTIALS = re.compile(r"(?<=://)[^/?#\s\"']+@")  # user and password of a URL
CREDENTIALS_IN_JSON = re.compile(rb"://[^/?#\s\"]+@")
NUMBER_IN_JSON = re.compile(rb'"([0-9]{%d,})"' % MIN_DIGITS)
"""A text of digits only, without escaped quotes."""
DIGIT_MASK = bytes.maketrans(b"123456789", b"000000000")
KEY_IN_JSON = re.compile(rb"(?i)key(?:_|%5f)")
ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|.)")
SEPARATORS = bytes(set(range(128)) - set(b'"[]{},0123456789') - set(range(65, 91)) - set(range(97, 123)))
"""Separators inside one text of JSON: all but letters, digits and the end of a value."""
ASCII = bytes(range(128))
WIDE_SEPARATORS = SEPARATORS + b"[]{}," + bytes(range(128, 256))
"""Separators inside a text and between numbers."""
LONG_DIGIT_RUN = b"0" * MIN_DIGITS
MAX_TEXT_LENGTH = 500
CARD_NUMBER_LIMIT = 10**MAX_DIGITS


def redact(text: str) -> str:
    """Replace keys, card numbers, and the user and password of addresses."""
    return _redact_card_numbers(KEY.sub("key_[redacted]", mask_credentials(text)))


def mask_credentials(text: str) -> str:
    return CREDENTIALS.sub("***@", text)


def has_possible_secrets(text: bytes) -> bool:
    """Tell, quickly, whether JSON text may contain a key or a card number, in any digits."""
    # Each search by a pattern has a plain one before it, which is faster and finds nothing in most answers.
    if (b"key" in text.lower() and KEY_IN_JSON.search(text)) or CREDENTIALS_IN_JSON.search(text):
        return True
    inner = ESCAPE.sub(b" ", text) if b"\\" in text else text
    readable = inner
    if any(mark in inner for mark in MARKUP_STARTS) and MARKUP_AFTER_DIGIT.search(inner):
        inner = MARKUP.sub(b" ", inner)
    # A text of digits alone tells by itself whether it is a card number. Most are CLABEs and references:
    # for them the whole answer would be looked through.
    inner = NUMBER_IN_JSON.sub(_drop_harmless_number, inner)
    if LONG_DIGIT_RUN in inner.translate(DIGIT_MASK, SEPARATORS):
        return True
    # The rest is slower, and few answers need it: digits with what else may stand between them, such as the
    # commas that also part the numbers of a list, and digits of other scripts.
    is_likely = LONG_DIGIT_RUN in inner.translate(DIGIT_MASK, WIDE_SEPARATORS) or _has_foreign_digit(text)
    return is_likely and has_card_number(readable.decode())


def _drop_harmless_number(found: re.Match[bytes]) -> bytes:
    return found[0] if is_card_number(found[1].decode()) else b'""'


def _has_foreign_digit(text: bytes) -> bool:
    return not text.isascii() and GROUP.search(text.translate(None, ASCII).decode()) is not None


def redact_value(value: Any) -> Any:
    """Replace keys and card numbers in all text and numbers of `value`, and invalid UTF-8."""
    if isinstance(value, str):
        return redact(value).encode(errors="replace").decode()
    if isinstance(value, dict):
        return {redact_value(key): redact_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_value(item) for item in value]
    # A card number may also come as a JSON number, even as a float.
    return redact(f"{value:.0f}") if has_card_number(value) else value


def redact_object(value: dict[str, Any]) -> dict[str, Any]:
    """Redact a JSON object as `redact_value` does; most have nothing to redact, and are returned as is."""
    try:
        has_any = has_possible_secrets(to_json(value))
    except PydanticSerializationError:  # half of a surrogate pair
        has_any = True
    shown: dict[str, Any] = redact_value(value) if has_any else value
    return shown


def to_error_text(text: object) -> str | None:
    """Return upstream text for an error: at most 500 visible characters, without secrets; None if empty."""
    if not isinstance(text, str) or not text.strip():
        return None
    clean = redact(INVISIBLE.sub("", text)).strip()
    return clean if len(clean) <= MAX_TEXT_LENGTH else clean[: MAX_TEXT_LENGTH - 1] + "…"


def name_in_error(text: object) -> str:
    """Return a name that somebody gave, as it may stand in an error."""
    return to_error_text(text) or "(no name)"


def has_card_number(value: Any) -> bool:
    if isinstance(value, str):
        return bool(find_card_numbers(value))
    if isinstance(value, dict):
        return any(has_card_number(item) for pair in value.items() for item in pair)
    if isinstance(value, int | float):
        return abs(value) < CARD_NUMBER_LIMIT and is_card_number(f"{value:.0f}")
    return isinstance(value, list) and any(has_card_number(item) for item in value)


def find_card_numbers(text: str) -> list[tuple[int, int]]:
    """Return where card numbers stand: start and end, in order, none within another.

    Digits are read whatever stands between their groups, up to three characters that are no letters. Only
    whole groups count: a longer number that holds a card number is another number.
    """
    text = BLANKS.sub(_blank, text)
    if not ENOUGH_DIGITS.search(text):
        return []
    groups = [found.span() for found in GROUP.finditer(text)]
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(groups):
        last = _find_last_group(text, groups, first)
        if last is None:
            first += 1
            continue
        found.append((groups[first][0], groups[last][1]))
        first = last + 1
    return found


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def is_card_number(text: str) -> bool:
    """Tell whether the digits have the prefix, the length and the check digit (Luhn) of a card number."""
    plain = text.isascii() and text.isdigit()
    number = text if plain else "".join(str(unicodedata.digit(one)) for one in text if one.isdigit())
    if not CARD_NUMBER.fullmatch(number):
        return False
    digits = [int(digit) for digit in number]
    if is_clabe(number):
        return False
    doubled = [
        digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits[::-1])
    ]
    return sum(doubled) % 10 == 0


def _find_last_group(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """Return the last group of the longest card number that begins with group `first`."""
    best, count = None, 0
    for last in range(first, len(groups)):
        start, end = groups[last]
        if last > first and not GAP.fullmatch(text, groups[last - 1][1], start):
            break
        count += end - start
        if count > MAX_DIGITS:
            break
        if count >= MIN_DIGITS and is_card_number(text[groups[first][0] : end]):
            best = last
    if best is not None and _is_inside_id(text, groups[first][0]):
        return None
    return best


def _is_inside_id(text: str, start: int) -> bool:
    """Tell whether the digits at `start` are part of an id, or the decimals of a number."""
    is_decimals = start >= 2 and text[start - 1] == "." and text[start - 2].isdigit()
    while start and TOKEN.fullmatch(text, start - 1, start):
        start -= 1
    token = TOKEN.match(text, start)
    return is_decimals or (token is not None and ID.fullmatch(token.group()) is not None)


def is_clabe(number: str) -> bool:
    """Tell whether digits are 18 that end with the control digit of a CLABE (conekta-api.md 5, 7)."""
    digits = [int(digit) for digit in number]
    weighed = sum(digit * weight % 10 for digit, weight in zip(digits[:17], (3, 7, 1) * 6, strict=False))
    return len(digits) == 18 and digits[17] == -weighed % 10


def _redact_card_numbers(text: str) -> str:
    for start, end in reversed(find_card_numbers(text)):
        text = f"{text[:start]}[redacted card number]{text[end:]}"
    return text


def fingerprint_key(key: str) -> str:
    """Return a digest of the key: 16 hex digits of its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def fingerprint_account(key: str, child_company_id: str | None = None) -> str:
    """Return a digest of the key and the child company."""
    return fingerprint_key(f"{key} {child_company_id}" if child_company_id else key)
