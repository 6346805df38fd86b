"""The types of arguments: each has its format, unit and bounds (conekta-api.md 1.4, 1.5, 4)."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from conekta_mcp.redaction import INVISIBLE

T = TypeVar("T")

INT32_MAX = 2_147_483_647
MOST_FLOAT = sys.float_info.max
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can spell it, UTF-8 cannot
UNIX_TIME_MAX = 4_102_444_800  # 2100-01-01; milliseconds are far above it

PHONE_SEPARATOR = re.compile(r"[\s().\u2010-\u2015-]")  # hyphens and dashes of any width

INTENT_MARK = re.compile("mcp_[0-9a-f]{24}")
"""The pattern of an intent's mark (effects/intent_mark.py)."""


Maybe: TypeAlias = T | None
"""An optional argument; null and empty text mean "left out" (server/tools/client_habits.py)."""


@dataclass(frozen=True)
class Source:
    """Who documents an argument that is not in Conekta's OpenAPI file."""

    text: str


@dataclass(frozen=True)
class SpanishText:
    """The description of an argument in Spanish, for answers; schemas are in English."""

    text: str


@dataclass(frozen=True)
class SpanishName:
    """The Spanish name of an argument in the question about a change."""

    text: str


def require_shape(name: str, pattern: str, expected: str) -> Callable[[str], str]:
    """Return a validator for the format of a text; the error says what was `expected`, not what came."""

    def check_shape(value: str) -> str:
        # Compiled (and cached by re) at the first check, to keep the start fast.
        if not re.fullmatch(pattern, value):
            raise PydanticCustomError(f"{name}_shape", "expected {expected}", {"expected": expected})
        return value

    return check_shape


class Spelling(BeforeValidator):
    """Converts usual spellings to Conekta's; the answer mentions it (server/tools/client_habits.py)."""

    read: Callable[[str], str]

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__(lambda value: read(value) if isinstance(value, str) else value)
        object.__setattr__(self, "read", read)


def _spell_phone(text: str) -> str:
    """Remove separators and invisible characters: a phone is searched as it was stored."""
    plain = INVISIBLE.sub("", text)
    digits = PHONE_SEPARATOR.sub("", plain)
    return digits if re.fullmatch(r"\+?[0-9]{8,}", digits) else text


def _refuse_time_text(value: Any) -> Any:
    """Refuse a date as text: its hour and time zone would have to be guessed."""
    if isinstance(value, str):
        raise PydanticCustomError("unix_time", "expected a whole number of unix seconds, such as 1798696800")
    return value


def _refuse_milliseconds(value: int) -> int:
    if value > UNIX_TIME_MAX:
        raise PydanticCustomError("unix_seconds", "expected unix seconds, not milliseconds")
    return value


class IdShape(AfterValidator):
    """The format of an id; an argument of this type is an id at Conekta, which a write locks."""


def _require_id(prefixes: str, expected: str) -> IdShape:
    """Check the whole id: prefix, then ASCII letters and digits, so that it is never another route."""
    return IdShape(require_shape("id_start", rf"(?:{prefixes})_[a-zA-Z0-9_]{{1,60}}", expected))


def _describe_id(start: str, described: str) -> Any:
    """Return the description of an id for models: its prefix."""
    return Field(description=f"{described} id", json_schema_extra={"pattern": f"^{start}"})


CustomerId = Annotated[str, _describe_id("cus_", "cus_"), _require_id("cus", "cus_")]
OrderId = Annotated[str, _describe_id("ord_", "ord_"), _require_id("ord", "ord_")]
SourceId = Annotated[
    str, _describe_id("(src|off_ref)_", "src_ or off_ref_"), _require_id("src|off_ref", "src_/off_ref_")
]
CardSourceId = Annotated[str, _describe_id("src_", "src_"), _require_id("src", "src_")]
ShippingContactId = Annotated[
    str, _describe_id("ship_cont_", "ship_cont_"), _require_id("ship_cont", "ship_cont_")
]
FiscalEntityId = Annotated[str, _describe_id("fis_ent_", "fis_ent_"), _require_id("fis_ent", "fis_ent_")]
TokenId = Annotated[str, _describe_id("tok_", "tok_"), _require_id("tok", "tok_")]

SubscriptionId = Annotated[str, _describe_id("sub_", "sub_"), _require_id("sub", "sub_")]
LineItemId = Annotated[str, _describe_id("line_item_", "line_item_"), _require_id("line_item", "line_item_")]
TaxLineId = Annotated[str, _describe_id("tax_lin_", "tax_lin_"), _require_id("tax_lin", "tax_lin_")]
DiscountLineId = Annotated[str, _describe_id("dis_lin_", "dis_lin_"), _require_id("dis_lin", "dis_lin_")]
ShippingLineId = Annotated[str, _describe_id("ship_lin_", "ship_lin_"), _require_id("ship_lin", "ship_lin_")]

HEXADECIMAL = IdShape(require_shape("hexadecimal", "[0-9a-f]{24}", "an id of 24 hexadecimal digits"))
UUID = IdShape(require_shape("uuid", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "an id that is a UUID"))
ChargeId = Annotated[str, Field(max_length=24, description="Charge id, 24 hex digits"), HEXADECIMAL]
RefundId = Annotated[str, Field(max_length=24, description="Refund id, 24 hex digits"), HEXADECIMAL]
ObjectId = Annotated[str, Field(max_length=24, description="24 hex digits"), HEXADECIMAL]
CheckoutId = Annotated[str, Field(max_length=36, description="Link id, a UUID"), UUID]
PayoutOrderId = Annotated[str, Field(max_length=36, description="Payout order id, a UUID"), UUID]
PlanId = Annotated[
    str,
    StringConstraints(max_length=64),
    Field(description="Plan id"),
    IdShape(
        require_shape("plan_id", "[0-9A-Za-z][0-9A-Za-z_-]{0,63}", "a plan's id: letters, digits, - and _")
    ),
]


def publish_as_text(description: str) -> WithJsonSchema:
    """Publish an object of free keys as JSON text, which strict modes can write; an object is taken too."""
    return WithJsonSchema({"type": "string", "description": description})


Cents = Annotated[int, Field(ge=0, le=INT32_MAX)]
"""An amount in centavos."""

UnixTime = Annotated[
    int, Field(ge=1), AfterValidator(_refuse_milliseconds), BeforeValidator(_refuse_time_text)
]
"""A moment in unix seconds."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=249)]
ShortText = Annotated[str, StringConstraints(min_length=3, max_length=249)]
PersonName = Annotated[
    str,
    StringConstraints(max_length=249),
    AfterValidator(require_shape("name", r"(?s).*\S.*", "a name, not blanks")),
]
# Text that a question cannot show as it is sent is refused: invisible characters, quotes, brackets.
MAILBOX_CHARACTER = rf"(?!{INVISIBLE.pattern})[^@\s«»‹›<>\"()\[\],;:\\]"
MAILBOX = rf"(?:{MAILBOX_CHARACTER})+@(?:{MAILBOX_CHARACTER})+\.(?:(?!\.){MAILBOX_CHARACTER})+"
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(require_shape("email", MAILBOX, "an e-mail such as ana@example.com")),
    Spelling(str.strip),
]
Phone = Annotated[
    str,
    StringConstraints(max_length=20),
    AfterValidator(require_shape("phone", r"\+?[0-9 ()-]{8,20}", "a phone such as +525555555555")),
    Spelling(_spell_phone),
]
Country = Annotated[
    str,
    StringConstraints(max_length=2),
    AfterValidator(require_shape("country", "[A-Za-z]{2}", "two letters such as MX")),
]
Cursor = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(require_shape("cursor", "[0-9A-Za-z_-]{1,64}", "a cursor from an earlier answer")),
]


def _require_scalar(value: Any) -> Any:
    if isinstance(value, str):
        fits = len(value) <= 249 and not LONE_SURROGATE.search(value)
    else:
        # A whole number beyond the largest float is written in hundreds of digits, and few readers take it.
        fits = isinstance(value, int | float) and -MOST_FLOAT <= value <= MOST_FLOAT
    if not fits:
        raise PydanticCustomError("scalar", "expected a text up to 249 characters, a number, true or false")
    return refuse_intent_mark(value)


def refuse_intent_mark(value: T) -> T:
    """Refuse the mark of another intent: a verification would mistake the new object for that one's."""
    if isinstance(value, str) and INTENT_MARK.fullmatch(value):
        raise PydanticCustomError("intent_mark", "expected a value of yours, not a mark of this server")
    return value


Reference = Annotated[Text, AfterValidator(refuse_intent_mark)]
Scalar = Annotated[Any, AfterValidator(_require_scalar)]
Metadata = Annotated[
    dict[Annotated[str, StringConstraints(min_length=1, max_length=249)], Scalar],
    Field(max_length=100),
    publish_as_text("Your own keys, as JSON text"),
]
"""Up to 100 scalar values, strings of at most 249 characters."""

RuleId = Annotated[
    str,
    StringConstraints(max_length=24),
    Field(description="Rule id"),
    IdShape(require_shape("rule_id", "[0-9A-Za-z]{17,24}", "an id of 17 or 24 letters and digits")),
]
"""24 hexadecimal digits in lists, 17 of base58 where a rule is created (conekta-api.md 1.5)."""

ChargebackId = Annotated[str, _describe_id("chbk_", "chbk_"), _require_id("chbk", "chbk_")]
ChargebackFileId = Annotated[str, _describe_id("chbkf_", "chbkf_"), _require_id("chbkf", "chbkf_")]
