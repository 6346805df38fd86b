"""Arguments of the reports."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import Input
from conekta_mcp.catalog.fields import (
    Cents,
    Cursor,
    CustomerId,
    Email,
    Maybe,
    Phone,
    Spelling,
    SubscriptionId,
    Text,
    require_shape,
)
from conekta_mcp.domains.support.reading.spans import read_moment
from conekta_mcp.results.times import LocalTimes

NOON_OF_A_LEAP_DAY = 1_709_229_600
"""An arbitrary time, used only to check whether a text is a day."""


def _write_seconds(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _require_day(value: str) -> str:
    if read_moment(value, LocalTimes(), NOON_OF_A_LEAP_DAY) is None:
        raise PydanticCustomError(
            "day_shape",
            "expected a day such as 2026-11-27 or ayer, days such as la semana pasada, or unix seconds",
        )
    return value


Day = Annotated[
    str, StringConstraints(max_length=40), BeforeValidator(_write_seconds), AfterValidator(_require_day)
]
"""A day in people's words, in the merchant's time zone, or unix seconds."""
Message = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""What somebody wrote, as it came."""
GAPS = re.compile(r"[\s.\u2010-\u2015-]+")


def _join_digits(text: str) -> str:
    """Leave out the gaps and the stars that stand between or before digits, where nothing else does."""
    digits = GAPS.sub("", text).lstrip("*xX•")
    return digits if digits.isdecimal() else text


def _take_id(text: str) -> str:
    """Take an id out of the address of a link's page, and leave out what is put before one."""
    plain = text.strip().lstrip("#").strip()
    page = re.search(rf"/({LINK})/?(?:[?#].*)?$", plain)
    return page[1] if page else plain


Digits = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{4}$"),
    BeforeValidator(_write_seconds),
    Spelling(_join_digits),
]
Reference = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{8,30}$"),
    BeforeValidator(_write_seconds),
    Spelling(_join_digits),
]
Clabe = Annotated[
    str,
    StringConstraints(max_length=18),
    AfterValidator(require_shape("clabe", r"\d{18}", "18 digits")),
    Spelling(_join_digits),
]
Grouping = Literal["day", "week", "method", "status"]
LINK = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
ORDER, CUSTOMER, CHARGE = "ord_[0-9A-Za-z]{1,60}", "cus_[0-9A-Za-z]{1,60}", "[0-9a-fA-F]{24}"


def _describe_id(name: str, kinds: str, pattern: str) -> AfterValidator:
    return AfterValidator(require_shape(name, pattern, kinds))


AnyId = Annotated[
    str,
    StringConstraints(max_length=64),
    _describe_id("any_id", "ord_, cus_, charge or link", f"{ORDER}|{CUSTOMER}|{CHARGE}|{LINK}"),
    Spelling(_take_id),
]
PaymentId = Annotated[
    str,
    StringConstraints(max_length=64),
    _describe_id("payment_id", "ord_, charge or link", f"{ORDER}|{CHARGE}|{LINK}"),
    Spelling(_take_id),
]
PayableId = Annotated[
    str,
    StringConstraints(max_length=64),
    _describe_id("payable_id", "ord_ or link", f"{ORDER}|{LINK}"),
    Spelling(_take_id),
]


class FindPaymentInput(Input):
    rare = frozenset(
        {
            "from_day", "to_day", "next", "clabe", "reference", "id", "email", "phone", "name", "last4",
            "description",
        }
    )  # fmt: skip

    text: Annotated[Maybe[Message], Field(description="What the payer says, days too")] = None
    amount: Annotated[Maybe[Cents], Field(description="Centavos, exact")] = None
    from_day: Annotated[Maybe[Day], Field(description="First day: 2026-11-27, ayer; whole: enero")] = None
    to_day: Annotated[Maybe[Day], Field(description="Last day, included")] = None
    next: Annotated[Maybe[Cursor], Field(description="From an incomplete answer: look further")] = None
    clabe: Annotated[Maybe[Clabe], Field(description="18 digits that were paid to")] = None
    reference: Annotated[Maybe[Reference], Field(description="Cash reference")] = None
    id: Annotated[Maybe[AnyId], Field(description="Of the order, charge, link or customer")] = None
    email: Annotated[Maybe[Email], Field(description="The payer's")] = None
    phone: Annotated[Maybe[Phone], Field(description="The payer's; the last ten digits count")] = None
    name: Annotated[Maybe[Text], Field(description="Of the payer, or a part of it")] = None
    last4: Annotated[Maybe[Digits], Field(description="Last four digits of the card")] = None
    description: Annotated[Maybe[Text], Field(description="Words of what was bought, or your reference")] = (
        None
    )

    @model_validator(mode="after")
    def _require_clue(self) -> Self:
        if not self.model_fields_set - {"next"}:
            raise PydanticCustomError("clue_missing", "say at least one thing about the payment")
        return self


class ExplainPaymentInput(Input):
    id: Annotated[PaymentId, Field(description="Order ord_, charge or payment link")]


class ProfileInput(Input):
    customer_id: Maybe[CustomerId] = None
    email: Annotated[Maybe[Email], Field(description="Instead of the id")] = None
    phone: Annotated[Maybe[Phone], Field(description="Instead of the id")] = None

    @model_validator(mode="after")
    def _require_one(self) -> Self:
        given = [one for one in (self.customer_id, self.email, self.phone) if one]
        if len(given) != 1:
            raise PydanticCustomError("one_customer", "give customer_id, email or phone: one of them")
        return self


class SummarizeSalesInput(Input):
    from_day: Annotated[Day, Field(description="First day: 2026-11-01, ayer; whole: la semana pasada, enero")]
    to_day: Annotated[Maybe[Day], Field(description="Last day, included; else until now")] = None
    by: Annotated[Grouping, Field(description="What the sums are grouped by")] = "day"


class WaitForPaymentInput(Input):
    id: Annotated[PayableId, Field(description="Order ord_ or payment link")]
    minutes: Annotated[int, Field(ge=1, le=10, description="How long to wait")] = 1


class CheckSubscriptionInput(Input):
    subscription_id: Maybe[SubscriptionId] = None
    customer_id: Annotated[Maybe[CustomerId], Field(description="Quicker with it; alone: all of theirs")] = (
        None
    )

    @model_validator(mode="after")
    def _require_one(self) -> Self:
        if not (self.customer_id or self.subscription_id):
            raise PydanticCustomError("subscription_missing", "customer_id or subscription_id is needed")
        return self


def is_link_id(value: str) -> bool:
    return re.fullmatch(LINK, value) is not None
