"""Emits events; no other module does (conekta-api.md 4.10, 6)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.webhooks import deliveries

EVENT = "event"


def emit_event(account: Account, name: str, thing: Json, previous: Json | None = None) -> None:
    """Store the event `name`, such as "order.paid", with a snapshot of `thing` and what changed of it.

    It is queued for every active webhook that is subscribed to the name; nothing is sent here.
    """
    event = store_event(account, name, {"object": thing, "previous_attributes": previous or {}})
    for webhook in account.list_records(deliveries.WEBHOOK):
        if webhook["active"] and name in webhook["subscribed_events"]:
            deliveries.queue_delivery(account, event, webhook)


def store_event(account: Account, name: str, contents: Json) -> Json:
    event = {
        "data": contents,
        "livemode": False,
        "id": account.make_object_id(),
        "object": "event",
        "type": name,
        "created_at": account.now(),
    }
    account.add(EVENT, event)
    return event
