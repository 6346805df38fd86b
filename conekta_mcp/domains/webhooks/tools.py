"""Tools for webhooks, the URLs that Conekta sends events to (conekta-api.md 4.10, 6)."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    ChangeInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId, SpanishText, Text, require_shape
from conekta_mcp.domains.webhooks.event_names import EventNames
from conekta_mcp.domains.webhooks.results import Webhook, WebhookRow
from conekta_mcp.results.page import Page

SETTLED_BY = "list_webhooks"
# The URL may hold a user and a password: reads are classed as SECRET for it, and every answer masks them. A
# masked URL is refused, or reading it and writing it back would destroy the password. A backslash and a # are
# refused too: programs do not agree on which host stands in https://one.example\@two.example.
WebhookUrl = Annotated[
    str,
    StringConstraints(max_length=2048),
    AfterValidator(
        require_shape(
            "webhook_url",
            r"https?://(?!\*\*\*@)(?![/?])[\x21\x22\x24-\x5b\x5d-\x7e]+",
            "a whole http(s) address, unmasked",
        )
    ),
]


class ListWebhooksInput(ListInput):
    finds_people = False

    search: Annotated[
        Maybe[Text], Field(description="Part of the address"), SpanishText("parte de la dirección")
    ] = None
    url: Annotated[Maybe[WebhookUrl], Field(description="Exact address")] = None


list_webhooks = Operation(
    name="list_webhooks",
    title="List webhooks",
    title_es="Listar webhooks",
    endpoint=GET("/webhooks"),
    risk=Risk.SECRET,
    toolset=Toolset.WEBHOOKS,
    description=(
        "List where Conekta sends events and whether it gets through. Changes nothing; passwords in "
        "addresses are masked. The events of one are in get_webhook."
    ),
    input=ListWebhooksInput,
    example={},
    output=Page[WebhookRow],
    card="table",
    settled_by=SETTLED_BY,
    idempotent=True,
)


class WebhookInput(Input):
    webhook_id: ObjectId


get_webhook = Operation(
    name="get_webhook",
    title="Read a webhook",
    title_es="Ver un webhook",
    endpoint=GET("/webhooks/{webhook_id}"),
    risk=Risk.SECRET,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Read one webhook with the events it is subscribed to; a password in its address is masked. "
        "Without the id use list_webhooks."
    ),
    input=WebhookInput,
    example={"webhook_id": "6a0000000000000000000001"},
    output=Webhook,
    settled_by=SETTLED_BY,
    idempotent=True,
)


class CreateWebhookInput(Input):
    url: Annotated[WebhookUrl, Field(description="Public https address")]
    subscribed_events: Maybe[EventNames] = None


create_webhook = Operation(
    name="create_webhook",
    title="Create a webhook",
    title_es="Crear un webhook",
    endpoint=POST("/webhooks"),
    risk=Risk.SECRET,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Have Conekta send events, with buyers' data, to an address: only to the merchant's own. Without "
        "subscribed_events all of them. At most 10 exist; to change one use update_webhook."
    ),
    input=CreateWebhookInput,
    example={"url": "https://shop.example.com/hook"},
    output=Webhook,
    settled_by=SETTLED_BY,
)


class UpdateWebhookInput(ChangeInput):
    webhook_id: ObjectId
    url: Annotated[Maybe[WebhookUrl], Field(description="New address, whole")] = None
    subscribed_events: Maybe[EventNames] = None
    active: Annotated[Maybe[bool], Field(description="false: silent")] = None


update_webhook = Operation(
    name="update_webhook",
    title="Change a webhook",
    title_es="Cambiar un webhook",
    endpoint=PUT("/webhooks/{webhook_id}"),
    risk=Risk.SECRET,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Change a webhook's address, replace its list of events, or switch it off and on. A new address "
        "gets buyers' data from then on: only the merchant's own. Another one besides: create_webhook."
    ),
    input=UpdateWebhookInput,
    example={"webhook_id": "6a0000000000000000000001", "active": False},
    output=Webhook,
    settled_by=SETTLED_BY,
    idempotent=True,
)

delete_webhook = Operation(
    name="delete_webhook",
    title="Delete a webhook",
    title_es="Eliminar un webhook",
    endpoint=DELETE("/webhooks/{webhook_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Delete a webhook for good: the merchant's system hears of nothing more, payments included. To "
        "pause it set active to false with update_webhook."
    ),
    input=WebhookInput,
    example={"webhook_id": "6a0000000000000000000001"},
    output=Webhook,
    settled_by=SETTLED_BY,
    idempotent=True,
)

test_webhook = Operation(
    name="test_webhook",
    title="Try a webhook",
    title_es="Probar un webhook",
    endpoint=POST("/webhooks/{webhook_id}/test"),
    risk=Risk.WRITE,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Send a webhook_ping to a webhook. It is not waited for: how it went is in list_events. For a real "
        "event use resend_event."
    ),
    input=WebhookInput,
    example={"webhook_id": "6a0000000000000000000001"},
    output=Webhook,
    settled_by="list_events: a webhook_ping",
)

TOOLS = (list_webhooks, get_webhook, create_webhook, update_webhook, delete_webhook, test_webhook)
