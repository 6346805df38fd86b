"""Usual spellings of what Conekta spells in one way; what goes out is Conekta's (conekta-api.md 1.4, 7)."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import fields
from conekta_mcp.catalog.fields import require_shape

CURRENCIES: Mapping[str, str] = {
    **dict.fromkeys(("mxn", "mn", "m.n.", "peso", "pesos", "peso mexicano", "pesos mexicanos"), "MXN"),
    **dict.fromkeys(("usd", "us dollar", "us dollars", "dolar americano", "dolares americanos"), "USD"),
}
"""Spellings without case and accents. "Dollars" and "$" alone may be another country's."""

COUNTRIES: Mapping[str, str] = {
    **dict.fromkeys(("mexico", "mex", "estados unidos mexicanos"), "MX"),
    **dict.fromkeys(
        ("united states", "united states of america", "usa", "u.s.a.", "u.s.", "estados unidos", "eua"), "US"
    ),
    **dict.fromkeys(("canada", "can"), "CA"),
    **dict.fromkeys(("spain", "espana", "esp"), "ES"),
    **dict.fromkeys(("colombia", "col"), "CO"),
    **dict.fromkeys(("guatemala", "gtm"), "GT"),
}

PHONE = re.compile(
    r"""
      \+[0-9 ().-]+                     # +52 (55) 1234-5678
    | \([0-9]{2,3}\)[0-9 .-]+           # (55) 1234-5678
    | [0-9 .]+                          # 55 1234 5678
    | [0-9]{2,3}-[0-9]{3,4}-[0-9]{4}    # 55-1234-5678; other hyphens are of dates and references
    """,
    re.VERBOSE,
)
NATIONAL_DIGITS = 10
LONGEST_PREFIX = 3
"""Digits of 521, the longest prefix that a Mexican phone comes with (1.4)."""

CLABE_WEIGHTS = (3, 7, 1)


def search_phone(text: str) -> str:
    """Return the last ten digits of a phone, by which it is found however it was stored; other text as it is.

    Conekta finds parts of texts, and a phone is stored as it was sent: +52, +521 or neither (1.4, 4.1).
    """
    clean = text.strip()
    digits = re.sub("[^0-9]", "", clean)
    is_phone = PHONE.fullmatch(clean) and 0 <= len(digits) - NATIONAL_DIGITS <= LONGEST_PREFIX
    return digits[-NATIONAL_DIGITS:] if is_phone else text


def _spell(spellings: Mapping[str, str]) -> BeforeValidator:
    """Read a known spelling as Conekta's; anything else is left to the check that follows."""

    def read(value: Any) -> Any:
        return spellings.get(_simplify(value), value) if isinstance(value, str) else value

    return BeforeValidator(read)


def _simplify(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).casefold().split())


def _drop_separators(value: Any) -> Any:
    return re.sub("[ -]", "", value) if isinstance(value, str) else value


def _check_control_digit(number: str) -> str:
    """Compute the 18th digit from the others (7); a slip of one digit is always found."""
    total = sum(int(digit) * CLABE_WEIGHTS[place % 3] % 10 for place, digit in enumerate(number[:17]))
    if -total % 10 != int(number[17]):
        raise PydanticCustomError("clabe_digit", "a digit is wrong: the control digit does not fit")
    return number


Currency = Annotated[Literal["MXN", "USD"], _spell(CURRENCIES)]
Country = Annotated[fields.Country, AfterValidator(str.upper), _spell(COUNTRIES)]
Clabe = Annotated[
    str,
    Field(max_length=18, description="Bank account for settlements, 18 digits"),
    AfterValidator(require_shape("clabe", "[0-9]{18}", "the 18 digits of a CLABE")),
    AfterValidator(_check_control_digit),
    BeforeValidator(_drop_separators),
]
"""Checked, since settlements go there; only CLABEs that Conekta mints in test mode may not fit (0.5)."""
