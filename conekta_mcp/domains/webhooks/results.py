"""A webhook and a webhook key (conekta-api.md 4.10)."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.redaction import mask_credentials
from conekta_mcp.results.base import Child, Seconds
from conekta_mcp.results.times import format_moment


def _mask_url(url: str | None) -> str | None:
    return None if url is None else mask_credentials(url)


Address = Annotated[str | None, AfterValidator(_mask_url)]
"""A URL with user and password masked."""


class WebhookFacts(Child):
    """The fields that a row and a full webhook share."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("webhook", "event"), ("webhook_id",))

    id: str | None = None
    url: Address = Field(None, description="User and password masked as ***")
    status: str | None = Field(None, description="listening, or failing")
    active: bool | None = None
    description: str | None = None


class WebhookRow(WebhookFacts):
    subscribed_events: Annotated[list[str] | None, Field(exclude=True)] = None

    @computed_field
    def events_count(self) -> int | None:
        """How many kinds of events it gets."""
        return None if self.subscribed_events is None else len(self.subscribed_events)


class Webhook(WebhookFacts):
    subscribed_events: list[str] | None = None
    deleted: bool | None = Field(None, description="True when it is gone")
    livemode: bool | None = None


class WebhookKeyRow(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(("webhook_key",), ("webhook_key_id",), fields=("id",))
    """A deleted key is shown without its `object`."""

    id: str | None = None
    active: bool | None = None
    created_at: Seconds = None
    deactivated_at: Seconds = None

    @computed_field
    def deactivated_at_text(self) -> str | None:
        """Since when it is off."""
        return format_moment(self.deactivated_at)


class WebhookKey(WebhookKeyRow):
    """The public half of a webhook key."""

    public_key: str | None = Field(None, description="PEM; store it")
    deleted: bool | None = Field(None, description="True when it is gone")
    livemode: bool | None = None
