"""Tools for webhook keys, the pairs that sign what webhooks receive (conekta-api.md 4.10, 6)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId
from conekta_mcp.domains.webhooks.results import WebhookKey, WebhookKeyRow
from conekta_mcp.results.page import Page

SETTLED_BY = "list_webhook_keys"

# Reads show the public half, which is no secret. What creates or switches a key decides which messages the
# merchant's system believes, hence SECRET.
list_webhook_keys = Operation(
    name="list_webhook_keys",
    title="List webhook keys",
    title_es="Listar llaves de webhooks",
    endpoint=GET("/webhook_keys"),
    risk=Risk.READ,
    toolset=Toolset.WEBHOOKS,
    description=(
        "List the keys that sign webhook bodies (header Digest): which exist, and which are active. The "
        "public key is in get_webhook_key."
    ),
    input=ListInput,
    example={},
    output=Page[WebhookKeyRow],
    card="table",
)


class WebhookKeyInput(Input):
    webhook_key_id: ObjectId


get_webhook_key = Operation(
    name="get_webhook_key",
    title="Read a webhook key",
    title_es="Ver una llave de webhooks",
    endpoint=GET("/webhook_keys/{webhook_key_id}"),
    risk=Risk.READ,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Read one webhook key with its public key, to verify the Digest header by RSA-SHA256 over the raw "
        "body. It may be shown at creation only: then create_webhook_key makes another."
    ),
    input=WebhookKeyInput,
    example={"webhook_key_id": "6a0000000000000000000001"},
    output=WebhookKey,
)


class CreateWebhookKeyInput(Input):
    active: Annotated[Maybe[bool], Field(description="true unless told otherwise")] = None


create_webhook_key = Operation(
    name="create_webhook_key",
    title="Create a webhook key",
    title_es="Crear una llave de webhooks",
    endpoint=POST("/webhook_keys"),
    risk=Risk.SECRET,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Create a key pair that signs webhooks. Store the public_key of the answer in the merchant's "
        "system: Conekta may not show it again. Look with list_webhook_keys first."
    ),
    input=CreateWebhookKeyInput,
    example={},
    output=WebhookKey,
    settled_by=SETTLED_BY,
)


class UpdateWebhookKeyInput(Input):
    """`active` is required here: Conekta takes a missing one for false."""

    webhook_key_id: ObjectId
    active: Annotated[bool, Field(description="false: signs no more")]


update_webhook_key = Operation(
    name="update_webhook_key",
    title="Switch a webhook key",
    title_es="Activar o desactivar una llave de webhooks",
    endpoint=PUT("/webhook_keys/{webhook_key_id}"),
    risk=Risk.SECRET,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Switch a webhook key on or off. Off, signatures made with it end: the merchant's system must know "
        "another active key first (create_webhook_key)."
    ),
    input=UpdateWebhookKeyInput,
    example={"webhook_key_id": "6a0000000000000000000001", "active": False},
    output=WebhookKey,
    settled_by=SETTLED_BY,
    idempotent=True,
)

delete_webhook_key = Operation(
    name="delete_webhook_key",
    title="Delete a webhook key",
    title_es="Eliminar una llave de webhooks",
    endpoint=DELETE("/webhook_keys/{webhook_key_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.WEBHOOKS,
    description=(
        "Delete a webhook key for good: who still verifies with it will refuse webhooks. To switch it off "
        "only, use update_webhook_key."
    ),
    input=WebhookKeyInput,
    example={"webhook_key_id": "6a0000000000000000000001"},
    output=WebhookKey,
    settled_by=SETTLED_BY,
    idempotent=True,
)

TOOLS = (list_webhook_keys, get_webhook_key, create_webhook_key, update_webhook_key, delete_webhook_key)
