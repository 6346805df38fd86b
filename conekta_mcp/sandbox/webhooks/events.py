"""/events: lists events and sends them again (conekta-api.md 4.10)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Array, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import events
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.webhooks import deliveries
from conekta_mcp.sandbox.webhooks.emit import EVENT

RESEND = Shape(required={"webhooks_ids": Array(Text(), 1)}, closed=True)


def list_events(call: Call) -> Json:
    """List newest first; `search` looks at ids and names, and there is no filter by type (1.7)."""
    search = call.query.get("search", "")
    return _render_page(call, call.account.list_records(EVENT), search)


def list_subject_events(call: Call, thing_id: str) -> Json:
    about = [event for event in call.account.list_records(EVENT) if _get_subject(event).get("id") == thing_id]
    return _render_page(call, about, "")


def get_event(call: Call) -> Json:
    return deliveries.render_event(call.account, _load_event(call.account, call.path["id"]))


def resend_event(call: Call) -> Json:
    """Queue the event at once for each webhook; return the log of the first."""
    event = _load_event(call.account, call.path["event_id"])
    check(RESEND, call.body)
    logs = [_resend_to_webhook(call.account, event, webhook_id) for webhook_id in call.body["webhooks_ids"]]
    return logs[0]


def _resend_to_webhook(account: Account, event: Json, webhook_id: str) -> Json:
    webhook = load_record(account, deliveries.WEBHOOK, webhook_id, "Webhook")
    log = deliveries.queue_delivery(account, event, webhook) if webhook["active"] else None
    if log is None:
        raise Invalid(events.unreachable_webhook(webhook_id))
    return log


def _load_event(account: Account, event_id: str) -> Json:
    return load_record(account, EVENT, event_id, "Event")


def _render_page(call: Call, oldest_first: list[Json], search: str) -> Json:
    listed = paginate(call, oldest_first[::-1], lambda event: has_match(search, _list_texts(event)))
    return {**listed, "data": [deliveries.render_event(call.account, event) for event in listed["data"]]}


def _list_texts(event: Json) -> list[str]:
    return [event["id"], event["type"], str(_get_subject(event).get("id", ""))]


def _get_subject(event: Json) -> Json:
    subject: Json = event["data"].get("object", {})
    return subject


ENDPOINTS = (
    Endpoint("GET", "/events", list_events),
    Endpoint("GET", "/events/{id}", get_event),
    Endpoint("POST", "/events/{event_id}/resend", resend_event),
)
