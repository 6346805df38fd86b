"""The types that inputs are made of: each carries its shape, unit and bounds (conekta-api.md 1.4, 1.5, 4).

Bounds that a model needs in order to fill a field in are in the published schema; shapes that it knows
anyway (a phone, an e-mail, seconds) are checked here with a message of their own and cost no tokens.
"""

import re
from collections.abc import Callable
from math import isfinite
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

T = TypeVar("T")

INT32_MAX = 2_147_483_647
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")  # JSON can spell it, UTF-8 cannot
UNIX_TIME_MAX = 4_102_444_800  # 2100-01-01; milliseconds are far above it


def _refuse_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null_value", "null is not a value here; leave the argument out")
    return value


Maybe = Annotated[T | None, BeforeValidator(_refuse_null)]
"""An argument that may be left out. An explicit null is refused: dropping it would do less than was asked."""


def shaped(name: str, pattern: str, expected: str) -> Callable[[str], str]:
    """Give a check that a text has a shape; the error says what was `expected` and not what came."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(f"{name}_shape", "expected {expected}", {"expected": expected})
        return value

    return check


def _in_seconds(value: int) -> int:
    if value > UNIX_TIME_MAX:
        raise PydanticCustomError("unix_seconds", "expected unix seconds, not milliseconds")
    return value


def _id(prefixes: str, expected: str) -> AfterValidator:
    """Check the whole of an id: prefix, then ASCII letters and digits, so that it is never another route."""
    return AfterValidator(shaped("id", rf"(?:{prefixes})_[a-zA-Z0-9_]{{1,60}}", expected))


def _published(start: str, described: str) -> Any:
    """Say of an id what a model needs: how it starts."""
    return Field(description=f"{described} id", json_schema_extra={"pattern": f"^{start}"})


CustomerId = Annotated[str, _published("cus_", "cus_"), _id("cus", "cus_")]
OrderId = Annotated[str, _published("ord_", "ord_"), _id("ord", "ord_")]
SourceId = Annotated[
    str, _published("(src|off_ref)_", "src_ or off_ref_"), _id("src|off_ref", "src_ or off_ref_")
]
CardSourceId = Annotated[str, _published("src_", "src_"), _id("src", "src_")]
ShippingContactId = Annotated[str, _published("ship_cont_", "ship_cont_"), _id("ship_cont", "ship_cont_")]
FiscalEntityId = Annotated[str, _published("fis_ent_", "fis_ent_"), _id("fis_ent", "fis_ent_")]
TokenId = Annotated[str, _published("tok_", "tok_"), _id("tok", "tok_")]

SubscriptionId = Annotated[str, _published("sub_", "sub_"), _id("sub", "sub_")]
LineItemId = Annotated[str, _published("line_item_", "line_item_"), _id("line_item", "line_item_")]
TaxLineId = Annotated[str, _published("tax_lin_", "tax_lin_"), _id("tax_lin", "tax_lin_")]
DiscountLineId = Annotated[str, _published("dis_lin_", "dis_lin_"), _id("dis_lin", "dis_lin_")]
ShippingLineId = Annotated[str, _published("ship_lin_", "ship_lin_"), _id("ship_lin", "ship_lin_")]

HEXADECIMAL = AfterValidator(shaped("id", "[0-9a-f]{24}", "24-hex"))
UUID = AfterValidator(shaped("id", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"))
ChargeId = Annotated[str, Field(max_length=24, description="Charge id, 24 hex digits"), HEXADECIMAL]
RefundId = Annotated[str, Field(max_length=24, description="Refund id, 24 hex digits"), HEXADECIMAL]
ObjectId = Annotated[str, Field(max_length=24, description="24 hex digits"), HEXADECIMAL]
CheckoutId = Annotated[str, Field(max_length=36, description="Link id, a UUID"), UUID]
PayoutOrderId = Annotated[str, Field(max_length=36, description="Payout order id, a UUID"), UUID]
PlanId = Annotated[
    str,
    StringConstraints(max_length=64),
    Field(description="Plan id"),
    AfterValidator(shaped("id", "[0-9A-Za-z][0-9A-Za-z_-]{0,63}", "plan")),
]


def listed(shape: str) -> WithJsonSchema:
    """Publish a list of objects by the shape of one, in words."""
    return WithJsonSchema({"type": "array", "items": {"type": "object"}, "description": shape})


def outlined(shape: str) -> WithJsonSchema:
    """Publish an object by its shape in words, required parts with a star; the guard checks it wholly."""
    return WithJsonSchema({"type": "object", "description": shape})


Cents = Annotated[int, Field(ge=0, le=INT32_MAX)]
"""An amount in centavos."""

UnixTime = Annotated[int, Field(ge=1), AfterValidator(_in_seconds)]
"""A moment in unix seconds."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=249)]
ShortText = Annotated[str, StringConstraints(min_length=3, max_length=249)]
PersonName = Annotated[
    str,
    StringConstraints(max_length=249),
    AfterValidator(shaped("name", r"(?s).*\S.*", "a name, not blanks")),
]
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(shaped("email", r"[^@\s]+@[^@\s]+\.[^@\s.]+", "an e-mail such as ana@example.com")),
]
Phone = Annotated[
    str,
    StringConstraints(max_length=20),
    AfterValidator(shaped("phone", r"\+?[0-9 ()-]{8,20}", "a phone such as +525555555555")),
]
DateOfBirth = Annotated[
    str,
    StringConstraints(max_length=10),
    AfterValidator(shaped("date", "[0-9]{2}/[0-9]{2}/[0-9]{4}", "DD/MM/YYYY")),
]
Country = Annotated[
    str,
    StringConstraints(max_length=2),
    AfterValidator(shaped("country", "[A-Za-z]{2}", "two letters such as MX")),
]
Cursor = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(shaped("cursor", "[0-9A-Za-z_-]{1,64}", "a cursor from an earlier answer")),
]


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        fits = len(value) <= 249 and not HALF_A_CHARACTER.search(value)
    else:
        fits = isinstance(value, int | float) and isfinite(value)
    if not fits:
        raise PydanticCustomError("scalar", "expected a text up to 249 characters, a number, true or false")
    return value


Scalar = Annotated[Any, AfterValidator(_scalar)]
Metadata = Annotated[
    dict[Annotated[str, StringConstraints(min_length=1, max_length=249)], Scalar],
    Field(max_length=100),
    WithJsonSchema({"type": "object", "description": "Your own keys"}),
]
"""Up to 100 scalar values, strings of at most 249 characters."""

RuleId = Annotated[
    str,
    StringConstraints(max_length=24),
    Field(description="Rule id"),
    AfterValidator(shaped("id", "[0-9A-Za-z]{17,24}", "17 or 24 character")),
]
"""24 hexadecimal digits in lists, 17 of base58 where a rule is created (conekta-api.md 1.5)."""

ChargebackId = Annotated[str, _published("chbk_", "chbk_"), _id("chbk", "chbk_")]
ChargebackFileId = Annotated[str, _published("chbkf_", "chbkf_"), _id("chbkf", "chbkf_")]
