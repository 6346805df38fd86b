"""/webhooks: where events go (conekta-api.md 4.10, 6).

Conekta refuses addresses on localhost; this sandbox takes any http(s) address and delivers to loopback ones
only: an event that no webhook in reach is subscribed to is `not_applicable`.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import (
    Choice,
    Many,
    Shape,
    Text,
    boolean,
    check,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import page
from conekta_mcp.sandbox.http.searches import mentions
from conekta_mcp.sandbox.refusals import events, reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid, NotFound
from conekta_mcp.sandbox.refusals.policies import MOST_WEBHOOKS
from conekta_mcp.sandbox.webhooks import deliveries, emit
from conekta_mcp.sandbox.webhooks.event_names import NAMES, PING

KIND = deliveries.WEBHOOK
PLAIN_ADDRESS = Text(at_most=2048, pattern=r"^https?://[\x21-\x7e]+\Z")


def _address(value: object, param: str) -> Iterator[Detail]:
    refused = list(PLAIN_ADDRESS(value, param))
    yield from refused or ([] if _has_a_host(str(value)) else [reasons.invalid(param)])


def _has_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


EVENTS = Many(Choice(NAMES), 1)
NEW = Shape(required={"url": _address}, optional={"subscribed_events": EVENTS}, closed=True)
CHANGE = Shape(optional={"url": _address, "subscribed_events": EVENTS, "active": boolean}, closed=True)


def create_webhook(call: Call) -> Json:
    """POST /webhooks: subscribed to every event unless told otherwise; it does not hear of itself."""
    check(NEW, call.body)
    if len(call.account.oldest_first(KIND)) >= MOST_WEBHOOKS:
        raise Invalid(events.too_many_webhooks())
    webhook = {
        "id": call.account.new_object_id(),
        "livemode": False,
        "active": True,
        "object": KIND,
        "status": "listening",
        "subscribed_events": list(dict.fromkeys(call.body.get("subscribed_events", NAMES))),
        "url": call.body["url"],
    }
    emit.happened(call.account, "webhook.created", webhook)
    call.account.add(KIND, webhook)
    return webhook


def list_webhooks(call: Call) -> Json:
    """GET /webhooks: newest first; `url` is an exact address, `search` a part of one."""
    query = call.query

    def fits(webhook: Json) -> bool:
        found = mentions(query.get("search", ""), [webhook["id"], webhook["url"]])
        return found and query.get("url") in (None, webhook["url"])

    return page(call, call.account.oldest_first(KIND)[::-1], fits)


def get_webhook(call: Call) -> Json:
    """GET /webhooks/{id}."""
    return _webhook_of(call)


def update_webhook(call: Call) -> Json:
    """PUT /webhooks/{id}: what is still queued follows the new address."""
    webhook = _webhook_of(call)
    check(CHANGE, call.body)
    changes = dict(call.body)
    if "subscribed_events" in changes:
        changes["subscribed_events"] = list(dict.fromkeys(changes["subscribed_events"]))
    previous = {name: webhook[name] for name in changes if webhook[name] != changes[name]}
    webhook.update(changes)
    call.account.save(KIND, webhook)
    emit.happened(call.account, "webhook.updated", webhook, previous)
    return webhook


def delete_webhook(call: Call) -> Json:
    """DELETE /webhooks/{id}: what is still queued for it is given up."""
    webhook = {**_webhook_of(call), "active": False}
    call.account.remove(KIND, webhook["id"])
    emit.happened(call.account, "webhook.deleted", webhook)
    return {**webhook, "deleted": True}


def test_webhook(call: Call) -> Json:
    """POST /webhooks/{id}/test: a webhook_ping for this webhook, subscribed to it or not."""
    check(Shape(closed=True), call.body)
    webhook = _webhook_of(call)
    _ping(call.account, webhook)
    return webhook


def _ping(account: Account, webhook: Json) -> None:
    event = emit.note(account, PING, {"action": "ping", "livemode": False})
    deliveries.queue(account, event, webhook)


def _webhook_of(call: Call) -> Json:
    webhook = call.account.find(KIND, call.path["id"])
    if webhook is None:
        raise NotFound(reasons.entity_not_found("Webhook", call.path["id"]))
    return webhook


ENDPOINTS = (
    Endpoint("GET", "/webhooks", list_webhooks),
    Endpoint("POST", "/webhooks", create_webhook),
    Endpoint("GET", "/webhooks/{id}", get_webhook),
    Endpoint("PUT", "/webhooks/{id}", update_webhook),
    Endpoint("DELETE", "/webhooks/{id}", delete_webhook),
    Endpoint("POST", "/webhooks/{id}/test", test_webhook),
)
