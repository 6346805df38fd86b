"""An event and its deliveries to webhooks (conekta-api.md 4.10)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.webhooks.results import Address
from conekta_mcp.privacy.bounded import Bounded
from conekta_mcp.results.base import Child, Result, Rows, Seconds
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_moment


class Subject(Child):
    """What an event is about, in short, as it was then."""

    object: str | None = None
    id: str | None = None
    payment_status: str | None = None
    status: str | None = None
    amount: int | None = None
    currency: str | None = None
    order_id: str | None = None
    customer_id: str | None = None
    plan_id: str | None = None
    name: str | None = None
    email: str | None = None
    url: Address = None

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)


class Delivery(Child):
    """The attempts to deliver an event to one webhook."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("webhook_log",), fields=("id",))

    id: str | None = None
    url: Address = None
    failed_attempts: int | None = None
    last_http_response_status: int | None = Field(None, description="-1: no answer yet")
    last_attempted_at: Seconds = None

    @computed_field
    def last_attempted_at_text(self) -> str | None:
        """When it was tried last."""
        return format_moment(self.last_attempted_at)


class EventRow(Result):
    KIND: ClassVar[ObjectKind] = ObjectKind(("event",), ("event_id",))

    id: str | None = None
    type: str | None = None
    created_at: Seconds = None
    webhook_status: str | None = Field(None, description="not_applicable: no webhook wants it")
    subject: Subject | None = None

    @computed_field
    def created_at_text(self) -> str | None:
        """When it happened."""
        return format_moment(self.created_at)

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, raw: Any) -> Any:
        happened = raw.get("data")
        if not isinstance(happened, Mapping):
            return raw
        return {
            **raw,
            "subject": happened.get("object"),
            "previous_attributes": happened.get("previous_attributes"),
        }


class Event(EventRow):
    previous_attributes: Bounded = Field(None, description="What changed, as it was before")
    webhook_logs: Annotated[list[Delivery] | None, Rows] = None
    livemode: bool | None = None
