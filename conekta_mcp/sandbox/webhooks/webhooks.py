"""/webhooks: where events are delivered (conekta-api.md 4.10, 6).

Conekta refuses addresses on localhost; this sandbox takes any http(s) address and delivers to loopback ones
only: an event that no webhook in reach is subscribed to is `not_applicable`.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import (
    Array,
    Choice,
    Rule,
    Shape,
    Text,
    check,
    validate_boolean,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import events, reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid
from conekta_mcp.sandbox.refusals.policies import MAX_WEBHOOKS
from conekta_mcp.sandbox.webhooks import deliveries, emit
from conekta_mcp.sandbox.webhooks.event_names import PING_EVENT, SUBSCRIBABLE_EVENTS

KIND = deliveries.WEBHOOK
WEB_ADDRESS = Text(at_most=2048, pattern=r"^https?://[\x21-\x7e]+\Z")


def _validate_address(value: object, param: str) -> Iterator[Detail]:
    refused = list(WEB_ADDRESS(value, param))
    yield from refused or ([] if _has_host(str(value)) else [reasons.invalid_param(param)])


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


EVENTS = Array(Choice(SUBSCRIBABLE_EVENTS), 1)
# Of API 2.0 and 2.1, whose SDKs always send the first: taken, without effect (4.10).
FORMER_FIELDS: Mapping[str, Rule] = dict.fromkeys(
    ("synchronous", "production_enabled", "development_enabled"), validate_boolean
)
NEW_WEBHOOK = Shape(
    required={"url": _validate_address}, optional={"subscribed_events": EVENTS, **FORMER_FIELDS}, closed=True
)
WEBHOOK_CHANGE = Shape(
    optional={
        "url": _validate_address, "subscribed_events": EVENTS, "active": validate_boolean, **FORMER_FIELDS,
    },
    closed=True,
)  # fmt: skip


def create_webhook(call: Call) -> Json:
    """Create a webhook, subscribed to every event by default; its own creation is not sent to it."""
    check(NEW_WEBHOOK, call.body)
    if len(call.account.list_records(KIND)) >= MAX_WEBHOOKS:
        raise Invalid(events.too_many_webhooks())
    webhook = {
        "id": call.account.make_object_id(),
        "livemode": False,
        "active": True,
        "object": KIND,
        "status": "listening",
        "subscribed_events": list(dict.fromkeys(call.body.get("subscribed_events", SUBSCRIBABLE_EVENTS))),
        "url": call.body["url"],
    }
    # Emitted before it is stored, so that it does not receive its own creation.
    emit.emit_event(call.account, "webhook.created", webhook)
    call.account.add(KIND, webhook)
    return webhook


def list_webhooks(call: Call) -> Json:
    """List newest first; `url` is an exact address, `search` a part of one."""
    query = call.query

    def is_match(webhook: Json) -> bool:
        found = has_match(query.get("search", ""), [webhook["id"], webhook["url"]])
        return found and query.get("url") in (None, webhook["url"])

    return paginate(call, call.account.list_records(KIND)[::-1], is_match)


def get_webhook(call: Call) -> Json:
    return _load_webhook(call)


def update_webhook(call: Call) -> Json:
    """Change a webhook; what is still queued goes to the new address."""
    webhook = _load_webhook(call)
    check(WEBHOOK_CHANGE, call.body)
    changes = {name: value for name, value in call.body.items() if name not in FORMER_FIELDS}
    if "subscribed_events" in changes:
        changes["subscribed_events"] = list(dict.fromkeys(changes["subscribed_events"]))
    previous = {name: webhook[name] for name in changes if webhook[name] != changes[name]}
    webhook.update(changes)
    call.account.save(KIND, webhook)
    emit.emit_event(call.account, "webhook.updated", webhook, previous)
    return webhook


def delete_webhook(call: Call) -> Json:
    """Delete a webhook; what is still queued for it is given up."""
    webhook = {**_load_webhook(call), "active": False}
    call.account.remove(KIND, webhook["id"])
    emit.emit_event(call.account, "webhook.deleted", webhook)
    return {**webhook, "deleted": True}


def test_webhook(call: Call) -> Json:
    """Send a webhook_ping to this webhook, subscribed to it or not."""
    check(Shape(closed=True), call.body)
    webhook = _load_webhook(call)
    _send_ping(call.account, webhook)
    return webhook


def _send_ping(account: Account, webhook: Json) -> None:
    event = emit.store_event(account, PING_EVENT, {"action": "ping", "livemode": False})
    deliveries.queue_delivery(account, event, webhook)


def _load_webhook(call: Call) -> Json:
    return load_record(call.account, KIND, call.path["id"], "Webhook")


ENDPOINTS = (
    Endpoint("GET", "/webhooks", list_webhooks),
    Endpoint("POST", "/webhooks", create_webhook),
    Endpoint("GET", "/webhooks/{id}", get_webhook),
    Endpoint("PUT", "/webhooks/{id}", update_webhook),
    Endpoint("DELETE", "/webhooks/{id}", delete_webhook),
    Endpoint("POST", "/webhooks/{id}/test", test_webhook),
)
