"""Converts usual spellings to the one that Conekta accepts (conekta-api.md 1.4, 7)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import fields
from conekta_mcp.catalog.fields import Spelling, require_shape
from conekta_mcp.domains.folding import fold_text
from conekta_mcp.redaction import INVISIBLE, is_clabe

CURRENCIES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "mxn",
            "mn",
            "m.n.",
            "mx$",
            "mxn$",
            "moneda nacional",
            "peso",
            "pesos",
            "peso mexicano",
            "pesos mexicanos",
            "mexican peso",
            "mexican pesos",
        ),
        "MXN",
    ),
    **dict.fromkeys(
        (
            "usd",
            "us$",
            "usd$",
            "us dollar",
            "us dollars",
            "u.s. dollars",
            "dolar americano",
            "dolares americanos",
            "dolar estadounidense",
            "dolares estadounidenses",
        ),
        "USD",
    ),
}
"""Spellings without case and accents; "dollars" and "$" alone are ambiguous."""

COUNTRIES: Mapping[str, str] = {
    **dict.fromkeys(("mexico", "mex", "estados unidos mexicanos", "republica mexicana"), "MX"),
    **dict.fromkeys(
        ("united states", "united states of america", "usa", "u.s.a.", "u.s.", "estados unidos", "eua"), "US"
    ),
    **dict.fromkeys(("canada", "can"), "CA"),
    **dict.fromkeys(("spain", "espana", "esp"), "ES"),
    **dict.fromkeys(("colombia", "col"), "CO"),
    **dict.fromkeys(("guatemala", "gtm"), "GT"),
    **dict.fromkeys(("argentina", "arg"), "AR"),
    **dict.fromkeys(("brazil", "brasil", "bra"), "BR"),
    **dict.fromkeys(("chile", "chl"), "CL"),
    **dict.fromkeys(("peru", "per"), "PE"),
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
"""The length of 521, the longest prefix of a Mexican phone (1.4)."""

DASH = re.compile("[\u2010-\u2015]")

MIDNIGHT = re.compile(r"[T ]00:00(:00([.]0+)?)?(Z|[+-]\d\d:?\d\d)?\Z", re.IGNORECASE)
"""The time that programs append to a date; any other time could mean the day before."""


def search_phone(text: str) -> str:
    """Return the last ten digits of a phone, by which it is found however it was stored; other text as it is.

    Conekta finds parts of texts, and a phone is stored as it was sent: +52, +521 or neither (1.4, 4.1).
    """
    clean = DASH.sub("-", " ".join(INVISIBLE.sub("", text).split()))
    digits = re.sub("[^0-9]", "", clean)
    national = digits.removeprefix("00")  # as +, before the country
    is_phone = PHONE.fullmatch(clean) and 0 <= len(national) - NATIONAL_DIGITS <= LONGEST_PREFIX
    return digits[-NATIONAL_DIGITS:] if is_phone else text


def _spell(spellings: Mapping[str, str]) -> Spelling:
    """Convert a known spelling; the validator that follows checks anything else."""
    return Spelling(lambda text: spellings.get(" ".join(fold_text(text).split()), text.strip()))


def _drop_separators(text: str) -> str:
    return re.sub(r"[\s\u2010-\u2015-]", "", text)


def _spell_date(text: str) -> str:
    """Convert 1990-02-28, 28-02-1990 and 1/2/1990 to DD/MM/YYYY; the date itself is checked later."""
    plain = MIDNIGHT.sub("", text.strip())
    parts = re.split("[-/.]", plain)
    if [len(one) for one in parts] == [4, 2, 2]:
        parts.reverse()
    is_date = [len(one) for one in parts] in ([2, 2, 4], [1, 2, 4], [2, 1, 4], [1, 1, 4])
    return "/".join(one.zfill(2) for one in parts) if is_date else text.strip()


def _refuse_impossible_date(value: str) -> str:
    day, month, year = map(int, value.split("/"))
    try:
        date(year, month, day)
    except ValueError:
        raise PydanticCustomError("date_impossible", "there is no such day; expected DD/MM/YYYY") from None
    return value


def _check_control_digit(number: str) -> str:
    """Refuse a CLABE whose control digit does not fit, which detects any single wrong digit."""
    if not is_clabe(number):
        raise PydanticCustomError("clabe_digit", "a digit is wrong: the control digit does not fit")
    return number


Currency = Annotated[Literal["MXN", "USD"], _spell(CURRENCIES)]
Country = Annotated[fields.Country, AfterValidator(str.upper), _spell(COUNTRIES)]
Clabe = Annotated[
    str,
    Field(max_length=18, description="Bank account for settlements, 18 digits"),
    AfterValidator(require_shape("clabe", "[0-9]{18}", "the 18 digits of a CLABE")),
    AfterValidator(_check_control_digit),
    Spelling(_drop_separators),
]
"""Checked, since settlements go there; only CLABEs that Conekta mints in test mode may not fit (0.5)."""
DateOfBirth = Annotated[
    str,
    StringConstraints(max_length=10),
    AfterValidator(require_shape("date", "[0-9]{2}/[0-9]{2}/[0-9]{4}", "DD/MM/YYYY")),
    AfterValidator(_refuse_impossible_date),
    Spelling(_spell_date),
]
