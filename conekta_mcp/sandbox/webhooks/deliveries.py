"""The queue between events and webhooks: what is sent when, and the result (conekta-api.md 6).

A delivery is stored under its event; `due_at` is the sandbox time of its next attempt, None when no more is
tried, and `shown` is the webhook log that Conekta serves.
"""

import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals.policies import (
    FIRST_RETRY_DELAY,
    MAX_DELIVERY_ATTEMPTS,
    MAX_KEPT_ATTEMPTS,
    MAX_RETRY_DELAY,
)
from conekta_mcp.sandbox.webhooks import webhook_keys

WEBHOOK = "webhook"
DELIVERY = "webhook_log"
ATTEMPT = "sandbox_delivery"
EVENT = "event"
NO_RESPONSE_STATUS = -1


@dataclass(frozen=True)
class WebhookRequest:
    """One attempt to send: these exact bytes, with these headers, to this address."""

    delivery: Json
    event_type: str
    url: str
    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class WebhookReply:
    """A webhook's answer; the status is -1 when there was none."""

    status: int
    contents: Json

    @property
    def is_accepted(self) -> bool:
        return 200 <= self.status < 300


def is_reachable(url: str) -> bool:
    """Return whether the sandbox delivers there: to loopback only, so that it cannot be used for spam."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def queue_delivery(account: Account, event: Json, webhook: Json) -> Json | None:
    """Queue the event for a webhook and return the webhook log; None if the webhook is out of reach."""
    if not is_reachable(webhook["url"]):
        return None
    delivery = _find_delivery(account, event["id"], webhook["id"])
    if delivery is None:
        delivery = _build_delivery(account, event["id"], webhook)
        account.add(DELIVERY, delivery, parent=event["id"], due_at=delivery["due_at"])
    else:
        # Resent: the same delivery becomes due again and keeps its failed attempts.
        _reschedule(account, delivery, account.now())
    return _get_log(delivery)


def list_webhook_logs(account: Account, event_id: str) -> list[Json]:
    return [_get_log(delivery) for delivery in account.list_records(DELIVERY, parent=event_id)]


def compute_webhook_status(logs: list[Json]) -> str:
    """Return an event's webhook_status from its logs; pending and failing are inferred (4.10)."""
    if not logs:
        return "not_applicable"
    open_logs = [log for log in logs if not 200 <= log["last_http_response_status"] < 300]
    if not open_logs:
        return "successful"
    return "failing" if any(log["failed_attempts"] for log in open_logs) else "pending"


def render_event(account: Account, event: Json) -> Json:
    logs = list_webhook_logs(account, event["id"])
    told = {
        "data": event["data"],
        "livemode": False,
        "webhook_status": compute_webhook_status(logs),
        "webhook_logs": logs,
    }
    # `told` comes first for the field order only; the event's own values win.
    return {**told, **event}


def has_due_delivery(account: Account) -> bool:
    rows = account.ledger.execute(
        "SELECT 1 FROM records WHERE account = ? AND kind = ? AND due_at <= ? LIMIT 1",
        (account.fingerprint, DELIVERY, account.now()),
    )
    return bool(rows)


def take_next_request(account: Account) -> WebhookRequest | None:
    """Return the next due attempt; deliveries to webhooks that are gone or switched off are given up."""
    for delivery in account.list_due(DELIVERY, account.now()):
        event = account.find(EVENT, delivery["event_id"])
        webhook = account.find(WEBHOOK, delivery["webhook_id"])
        if event and webhook and webhook["active"] and is_reachable(webhook["url"]):
            return _build_request(account, delivery, event, webhook)
        _reschedule(account, delivery, None)
    return None


def _build_request(account: Account, delivery: Json, event: Json, webhook: Json) -> WebhookRequest:
    content = json.dumps(render_event(account, event), ensure_ascii=False, separators=(",", ":")).encode()
    # The signature covers these bytes, so exactly these are sent.
    signature = webhook_keys.sign_content(account, content)
    digest = {"Digest": signature} if signature else {}
    headers = {"Content-Type": "application/json", "User-Agent": "Conekta-Sandbox", **digest}
    return WebhookRequest(delivery, event["type"], webhook["url"], content, headers)


def record_reply(account: Account, letter: WebhookRequest, reply: WebhookReply) -> None:
    """Record an attempt, plan the next one, and update the webhook's status.

    The attempt counts as made when it was due, so a clock moved far ahead meets every retry on its way.
    """
    # Read again: while the webhook took its time the account may have been reset.
    delivery = account.find(DELIVERY, letter.delivery["id"], parent=letter.delivery["event_id"])
    if delivery is None:
        return
    shown, moment = delivery["shown"], delivery["due_at"]
    shown["failed_attempts"] += not reply.is_accepted
    shown |= {
        "url": letter.url,
        "last_http_response_status": reply.status,
        "last_attempted_at": moment,
        "response_data": reply.contents,
    }
    tries_left = not reply.is_accepted and shown["failed_attempts"] < MAX_DELIVERY_ATTEMPTS
    _reschedule(
        account, delivery, moment + _compute_retry_delay(shown["failed_attempts"]) if tries_left else None
    )
    _update_webhook_status(account, delivery["webhook_id"], reply)
    _record_attempt(account, letter, reply, moment)


def report_attempts(call: Call) -> Json:
    attempts = call.account.list_records(ATTEMPT)
    for attempt in attempts:
        call.account.remove(ATTEMPT, attempt["id"])
    waiting = call.account.ledger.execute(
        "SELECT COUNT(*) FROM records WHERE account = ? AND kind = ? AND due_at IS NOT NULL",
        (call.account.fingerprint, DELIVERY),
    )
    return {"object": "list", "waiting": int(waiting[0][0]), "total": len(attempts), "data": attempts}


def _compute_retry_delay(failed_attempts: int) -> int:
    """Return the seconds until the next try: doubling, up to a limit."""
    return int(min(FIRST_RETRY_DELAY * 2 ** (failed_attempts - 1), MAX_RETRY_DELAY))


def _build_delivery(account: Account, event_id: str, webhook: Json) -> Json:
    delivery_id = account.make_id("webhl_")
    shown: dict[str, Any] = {
        "id": delivery_id,
        "url": webhook["url"],
        "failed_attempts": 0,
        "last_http_response_status": NO_RESPONSE_STATUS,
        "object": "webhook_log",
        "last_attempted_at": 0,
        "response_data": {},
    }
    due = {"event_id": event_id, "webhook_id": webhook["id"], "due_at": account.now()}
    return {"id": delivery_id, **due, "shown": shown}


def _find_delivery(account: Account, event_id: str, webhook_id: str) -> Json | None:
    deliveries = account.list_records(DELIVERY, parent=event_id)
    return next((one for one in deliveries if one["webhook_id"] == webhook_id), None)


def _reschedule(account: Account, delivery: Json, moment: int | None) -> None:
    delivery["due_at"] = moment
    account.save(DELIVERY, delivery, due_at=moment)


def _update_webhook_status(account: Account, webhook_id: str, reply: WebhookReply) -> None:
    webhook = account.find(WEBHOOK, webhook_id)
    if webhook is not None:
        account.save(
            WEBHOOK, {**webhook, "status": "listening" if reply.is_accepted else "intermittent_errors"}
        )


def _record_attempt(account: Account, letter: WebhookRequest, reply: WebhookReply, moment: int) -> None:
    attempt = {
        "object": ATTEMPT,
        "id": account.make_object_id(),
        "event_id": letter.delivery["event_id"],
        "type": letter.event_type,
        "webhook_id": letter.delivery["webhook_id"],
        "status": "delivered" if reply.is_accepted else "failed",
        "http_status": reply.status,
        "at": moment,
    }
    account.add(ATTEMPT, attempt)
    account.keep_last(ATTEMPT, MAX_KEPT_ATTEMPTS)


def _get_log(delivery: Json) -> Json:
    shown: Json = delivery["shown"]
    return shown


ENDPOINTS = (Endpoint("POST", "/_sandbox/webhooks/deliver", report_attempts),)
