"""Tools for events: what happened, and sending it to webhooks again (conekta-api.md 4.10, 6)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from conekta_mcp.catalog import (
    GET,
    POST,
    DetailInput,
    Input,
    ListInput,
    Operation,
    Quotation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId, SpanishText, Text
from conekta_mcp.domains.webhooks.event_results import Delivery, Event, EventRow
from conekta_mcp.results.page import Page

SHOWN_AT = {
    "cash_refund": "/orders/{id}",
    "cashout": "/payout_orders",
    "charge": "/charges",
    "customer": "/customers/{id}",
    "customer.payment_source": "/customers/{id}/payment_sources",
    "order": "/orders/{id}",
    "payee": "/payout_orders",
    "payout": "/payout_orders/{id}",
    "plan": "/plans/{id}",
    "receipt": "/orders/{id}",
    "subscription": "/customers/{id}/subscriptions/{id}",
    "webhook": "/webhooks/{id}",
    "webhook_ping": "/webhooks/{id}",
}
"""The path of an event's object, by the start of the event's type."""


def find_shown_path(event: Mapping[str, Any]) -> str:
    """Return the path of the object that `event` shows; "" if its type is not known."""
    words = str(event.get("type") or "").split(".")
    beginnings = (".".join(words[:count]) for count in range(len(words), 0, -1))
    return next((SHOWN_AT[one] for one in beginnings if one in SHOWN_AT), "")


HAPPENED = Quotation(find_shown_path, ("data",))


class ListEventsInput(ListInput):
    search: Annotated[
        Maybe[Text],
        Field(description="Such as an order id"),
        SpanishText("por ejemplo el id de una orden"),
    ] = None


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
    card="table",
    quotes=HAPPENED,
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
    quotes=HAPPENED,
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
