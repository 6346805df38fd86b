"""Tools for events: what happened, and sending it to webhooks again (conekta-api.md 4.10, 6)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    GET,
    POST,
    DetailInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId, Text
from conekta_mcp.domains.webhooks.event_results import Delivery, Event, EventRow
from conekta_mcp.results.page import Page


class ListEventsInput(ListInput):
    search: Annotated[Maybe[Text], Field(description="Such as an order id")] = None


list_events = Operation(
    name="list_events",
    title="List events",
    title_es="Listar eventos",
    endpoint=GET("/events"),
    risk=Risk.READ,
    toolset=Toolset.EVENTS,
    description=(
        "List what happened, newest first, and whether webhooks took it. No filter by type or date. "
        "How an order stands now is in get_order."
    ),
    input=ListEventsInput,
    example={},
    output=Page[EventRow],
)


class GetEventInput(DetailInput):
    event_id: ObjectId


get_event = Operation(
    name="get_event",
    title="Read an event",
    title_es="Ver un evento",
    endpoint=GET("/events/{event_id}"),
    risk=Risk.READ,
    toolset=Toolset.EVENTS,
    description=(
        "Read one event: what it was about at that moment, what changed, and each webhook's last answer. "
        "Without the id use list_events."
    ),
    input=GetEventInput,
    example={"event_id": "6a0000000000000000000001"},
    output=Event,
)


class ResendEventInput(Input):
    event_id: ObjectId
    webhooks_ids: Annotated[list[ObjectId], Field(min_length=1, max_length=10, description="Webhook ids")]


resend_event = Operation(
    name="resend_event",
    title="Send an event again",
    title_es="Reenviar un evento",
    endpoint=POST("/events/{event_id}/resend"),
    risk=Risk.WRITE,
    toolset=Toolset.EVENTS,
    description=(
        "Send an event again to the given webhooks (list_webhooks). The merchant's system may act twice on "
        "it. For a mere trial use test_webhook."
    ),
    input=ResendEventInput,
    example={"event_id": "6a0000000000000000000001", "webhooks_ids": ["6a0000000000000000000001"]},
    output=Delivery,
    settled_by="get_event: its webhook_logs",
)

TOOLS = (list_events, get_event, resend_event)
