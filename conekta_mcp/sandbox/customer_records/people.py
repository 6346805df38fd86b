"""Rules for names and phones of people (conekta-api.md 1.4, 14)."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from conekta_mcp.sandbox.http.body_rules import Text
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail
from conekta_mcp.sandbox.refusals.policies import PHONE_DIGITS

REFUSED_CATEGORIES = ("Cc", "Cf", "Cn", "Co", "Cs", "Me", "So", "Zl", "Zp")
"""Line feeds and other controls, invisible characters, emoji and their parts (14, inferred)."""

ANY_TEXT = Text()
BIRTH_FORMAT = "%d/%m/%Y"
MEXICO_CITY = timezone(timedelta(hours=-6))
"""Without summer time since 2022."""
BIRTH_DATE = Text(pattern=r"^[0-9]{2}/[0-9]{2}/[0-9]{4}\Z")
PHONE = re.compile(r"\+?[0-9 ().-]+")


def validate_name(value: object, param: str) -> Iterator[Detail]:
    """Refuse a name with a backtick, a letter that is not Latin, an emoji or a control (14)."""
    details = list(ANY_TEXT(value, param))
    yield from details
    if not details and isinstance(value, str) and not all(map(_is_name_character, set(value))):
        yield reasons.invalid_param(param)


def validate_phone(value: object, param: str) -> Iterator[Detail]:
    """Require digits, with a + before and spaces, dots, hyphens and brackets between (1.4, inferred)."""
    details = list(ANY_TEXT(value, param))
    yield from details
    if not details and isinstance(value, str) and not _is_phone(value):
        yield reasons.invalid_param(param)


def validate_birth_date(value: object, param: str) -> Iterator[Detail]:
    """Require a day of the calendar, as DD/MM/YYYY (1.4, inferred)."""
    details = list(BIRTH_DATE(value, param))
    yield from details
    if not details and isinstance(value, str) and not _is_day(value):
        yield reasons.invalid_param(param)


def is_after(born: str, moment: int) -> bool:
    """Return whether a checked date of birth is after the day of a moment, unix seconds, in Mexico City."""
    return datetime.strptime(born, BIRTH_FORMAT).date() > datetime.fromtimestamp(moment, MEXICO_CITY).date()


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, BIRTH_FORMAT)
    except ValueError:
        return False
    return True


def _is_phone(text: str) -> bool:
    fewest, most = PHONE_DIGITS
    return bool(PHONE.fullmatch(text)) and fewest <= sum(map(str.isdigit, text)) <= most


def _is_name_character(character: str) -> bool:
    if character == "`" or unicodedata.category(character) in REFUSED_CATEGORIES:
        return False
    # NFKD, so that the ª and º of Spanish abbreviations count as the letters they are.
    plain = unicodedata.normalize("NFKD", character)
    return not plain.isalpha() or unicodedata.name(plain[0], "").startswith("LATIN ")
