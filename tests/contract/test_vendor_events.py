"""The vendor's own SDK creates webhooks and keys, reads events and logs, and parses every answer.

Its models refuse addresses with localhost or 127.0.0.1, as Conekta does, so the webhook in reach is created
through its low-level `ApiClient`; its models of answers take such addresses. Its model of a log drops the
headers: its `from_dict` has no line for maps of texts.
"""

import json
from collections.abc import Iterator
from typing import Any

import conekta
import pytest
from conekta.exceptions import NotFoundException

from conekta_mcp.sandbox.running import serve_sandbox
from tests.sandbox.webhooks.receiver import Receiver, receiving


@pytest.fixture
def client() -> Iterator[conekta.ApiClient]:
    with serve_sandbox() as running:
        configuration = conekta.Configuration(host=running.url, access_token="key_vendor")
        with conekta.ApiClient(configuration) as opened:
            yield opened
            opened.rest_client.pool_manager.clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


def post(client: conekta.ApiClient, path: str, body: Any) -> Any:
    """The JSON of a request sent below the SDK's models."""
    headers = {"Accept": "application/vnd.conekta-v2.3.0+json", "Content-Type": "application/json"}
    request = client.param_serialize(
        "POST", path, header_params=headers, body=body, auth_settings=["bearerAuth"]
    )
    answer = client.call_api(*request)
    answer.read()
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def test_a_webhook_is_created_listed_changed_and_deleted(client: conekta.ApiClient) -> None:
    webhooks = conekta.WebhooksApi(client)
    request = conekta.WebhookRequest(url="https://shop.example.com/hook", subscribed_events=["order.paid"])
    made = webhooks.create_webhook(request)
    assert (made.status, made.active, made.subscribed_events) == ("listening", True, ["order.paid"])
    assert webhooks.get_webhooks(url=made.url).data == [made]
    assert webhooks.get_webhook(made.id) == made
    assert webhooks.test_webhook(made.id) == made
    change = conekta.UpdateWebhook(url="https://shop.example.com/2", active=False)
    changed = webhooks.update_webhook(made.id, change)
    assert (changed.url, changed.active) == ("https://shop.example.com/2", False)
    assert webhooks.delete_webhook(made.id) == changed
    with pytest.raises(NotFoundException):
        webhooks.get_webhook(made.id)


def test_the_sdks_webhook_refuses_localhost_before_conekta_can() -> None:
    with pytest.raises(ValueError, match="localhost"):
        conekta.WebhookRequest(url="http://localhost:1/hook")


def test_an_event_is_delivered_signed_read_and_sent_again(
    client: conekta.ApiClient, receiver: Receiver
) -> None:
    keys, events = conekta.WebhookKeysApi(client), conekta.EventsApi(client)
    key = keys.create_webhook_key(webhook_key_request=conekta.WebhookKeyRequest(active=True))
    made = conekta.WebhookResponse.from_dict(
        post(client, "/webhooks", {"url": receiver.url, "subscribed_events": ["webhook_ping"]})
    )
    assert conekta.WebhooksApi(client).test_webhook(made.id) == made
    received = receiver.next()
    assert received.signed_by(key.public_key)
    told = conekta.EventResponse.from_json(received.content.decode())
    assert (told.type, told.data, told.webhook_logs[0].failed_attempts) == (
        "webhook_ping",
        {"action": "ping", "livemode": False},
        0,
    )
    post(client, "/_sandbox/webhooks/deliver", {})
    event = events.get_event(told.id)
    assert (event.webhook_status, event.webhook_logs[0].last_http_response_status) == ("successful", 200)
    assert events.get_events(limit=2, search="webhook_ping").data == [event]
    log = events.resend_event(told.id, conekta.ResendEventRequest(webhooks_ids=[made.id]))
    assert (log.id, log.url) == (event.webhook_logs[0].id, receiver.url)
    assert receiver.next().event["id"] == told.id


def test_keys_are_read_switched_and_deleted(client: conekta.ApiClient) -> None:
    keys = conekta.WebhookKeysApi(client)
    made = keys.create_webhook_key()
    read = keys.get_webhook_key(made.id)
    assert (read.public_key, read.active, read.deactivated_at) == (made.public_key, True, None)
    assert keys.get_webhook_keys().data == [read]
    off = keys.update_webhook_key(
        made.id, webhook_key_update_request=conekta.WebhookKeyUpdateRequest(active=False)
    )
    assert (off.active, off.deactivated_at is not None) == (False, True)
    gone = keys.delete_webhook_key(made.id)
    assert (gone.id, gone.deleted, gone.active) == (made.id, True, False)


def test_logs_are_understood(client: conekta.ApiClient) -> None:
    logs = conekta.LogsApi(client)
    with pytest.raises(NotFoundException) as refused:
        conekta.EventsApi(client).get_event("none")
    log_id = conekta.Error.from_json(refused.value.body).log_id
    log = logs.get_log_by_id(log_id)
    assert (log.method, log.url, log.status, log.version) == ("GET", "/events/none", "404", "2.3.0")
    assert (log.request_headers, log.livemode) == (None, False)
    assert log.response_body["details"][0]["code"] == "conekta.errors.resource_not_found.entity"
    assert [row.id for row in logs.get_logs(search="/events/none").data] == [log_id]
