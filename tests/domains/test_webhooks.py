"""Tools of events, webhooks, webhook keys and logs."""

from typing import Any

import pytest

from conekta_mcp.domains.webhooks.event_names import EVENT_NAMES
from conekta_mcp.sandbox.webhooks.event_names import SUBSCRIBABLE_EVENTS
from tests.domains import bodies
from tests.domains.bodies import NOW
from tests.domains.row import Row, each, told
from tests.tables import as_objects, without_mode

pytestmark = pytest.mark.anyio
EVENT_ID, HOOK_ID, KEY_ID, LOG_ID = (f"6a{number:022}" for number in range(1, 5))
WEBHOOK_LOG = {
    "id": "webhl_2svd2sh6GbqzyWBNZ",
    "url": "https://user:pass@shop.example.com/hook",
    "failed_attempts": 2,
    "last_http_response_status": 500,
    "object": "webhook_log",
    "last_attempted_at": NOW,
    "response_data": {"ok": False},
}
DELIVERY = {
    "id": "webhl_2svd2sh6GbqzyWBNZ",
    "url": "https://shop.example.com/***",
    "failed_attempts": 2,
    "last_http_response_status": 500,
    "last_attempted_at": NOW,
    "last_attempted_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
}
EVENT: dict[str, Any] = {
    "data": {
        "object": bodies.order(bodies.SPEI),
        "previous_attributes": {"payment_status": "pending_payment", "card": {"cvc": "123"}},
    },
    "livemode": False,
    "webhook_status": "failing",
    "webhook_logs": [WEBHOOK_LOG],
    "id": EVENT_ID,
    "object": "event",
    "type": "order.paid",
    "created_at": NOW,
}
EVENT_ROW: dict[str, Any] = {
    "id": EVENT_ID,
    "type": "order.paid",
    "created_at": NOW,
    "webhook_status": "failing",
    "subject": {
        "object": "order",
        "id": "ord_1",
        "payment_status": "pending_payment",
        "amount": 50000,
        "currency": "MXN",
        "amount_text": "MXN 500.00",
    },
    "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
}
PING = {
    "id": EVENT_ID,
    "object": "event",
    "type": "webhook_ping",
    "created_at": NOW,
    "livemode": False,
    "data": {"action": "ping", "livemode": False},
    "webhook_status": "pending",
    "webhook_logs": [],
}
WEBHOOK = {
    "id": HOOK_ID,
    "object": "webhook",
    "url": "https://user:p@ss@shop.example.com/hook?a=b@c",
    "status": "listening",
    "active": True,
    "livemode": False,
    "description": "Tienda",
    "subscribed_events": ["order.paid", "charge.refunded"],
}
WEBHOOK_FACTS = {
    "id": HOOK_ID,
    "url": "https://***@shop.example.com/hook?a=b@c",
    "status": "listening",
    "active": True,
    "description": "Tienda",
}
WEBHOOK_ANSWER = {
    **WEBHOOK_FACTS,
    "subscribed_events": ["order.paid", "charge.refunded"],
    "livemode": False,
}
# Who deletes or tries a webhook is not asked to see a secret.
SHORT_ANSWER = {**WEBHOOK_ANSWER, "url": "https://shop.example.com/***"}
KEY = {
    "id": KEY_ID,
    "object": "webhook_key",
    "active": True,
    "created_at": NOW,
    "deactivated_at": None,
    "public_key": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    "livemode": False,
}
KEY_ANSWER = {
    "id": KEY_ID,
    "active": True,
    "created_at": NOW,
    "public_key": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    "livemode": False,
}
KEY_OFF = {**KEY, "active": False, "deactivated_at": NOW, "public_key": None}
KEY_OFF_ANSWER = {
    "id": KEY_ID,
    "active": False,
    "created_at": NOW,
    "deactivated_at": NOW,
    "deactivated_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
    "livemode": False,
}
LOG = {
    "id": LOG_ID,
    "created_at": NOW,
    "updated_at": "2026-01-16T12:02:42.000+00:00",
    "livemode": False,
    "method": "POST",
    "url": "/orders",
    "query_string": {"client": "web"},
    "status": "402",
    "version": "2.2.0",
    "ip_address": "192.0.2.7",
    "request_headers": {"Authorization": "****************"},
    "request_body": {
        "card": {"number": "4242424242424242", "cvc": "123"},
        "note": ["key_a1 4242424242424242"],
    },
    "response_headers": {},
    "response_body": {"object": "error", "type": "processing_error"},
    "loggable_type": "order",
    "loggable_id": "ord_1",
    "searchable_tags": ["ord_1"],
    "oauth_token_id": None,
}
LOG_ROW = {
    "id": LOG_ID,
    "method": "POST",
    "url": "/orders",
    "status": "402",
    "version": "2.2.0",
    "created_at": NOW,
    "loggable_type": "order",
    "loggable_id": "ord_1",
    "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
}
LOG_ANSWER = {
    **LOG_ROW,
    "query_string": {"client": "web"},
    "request_body": {
        "card": {"number": "[redacted]", "cvc": "[redacted]"},
        "note": ["key_[redacted] [redacted card number]"],
    },
    "response_body": {"object": "error", "type": "processing_error"},
    "livemode": False,
}
LONG = {"text": "a" * 2500}
PAGE = {"has_more": False, "livemode": False}
URL = "https://shop.example.com/hook"
TOOLSETS = ("all", "webhooks")

ROWS = [
    Row(
        tool="list_events",
        given={},
        request="GET /events?limit=20",
        conekta=bodies.listed(EVENT, PING),
        answer={
            "data": [
                EVENT_ROW,
                {
                    "id": EVENT_ID,
                    "type": "webhook_ping",
                    "created_at": NOW,
                    "webhook_status": "pending",
                    "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
                },
            ],
            **PAGE,
        },
    ),
    Row(
        tool="list_events",
        about="of one order",
        given={"search": "ord_1", "limit": 5},
        request="GET /events?limit=5&search=ord_1",
        conekta=bodies.listed(),
        answer={"data": [], "has_more": False},
    ),
    Row(
        tool="get_event",
        given={"event_id": EVENT_ID},
        request=f"GET /events/{EVENT_ID}",
        conekta=EVENT,
        answer={
            **EVENT_ROW,
            "previous_attributes": {"payment_status": "pending_payment", "card": {"cvc": "[redacted]"}},
            "webhook_logs": [DELIVERY],
            "livemode": False,
        },
    ),
    Row(
        tool="get_event",
        about="whole, still without the password and the card",
        given={"event_id": EVENT_ID, "detail": "full"},
        request=f"GET /events/{EVENT_ID}",
        conekta=EVENT,
        answer={
            "conekta": {
                **EVENT,
                "data": {
                    **EVENT["data"],
                    "previous_attributes": {
                        "payment_status": "pending_payment",
                        "card": {"cvc": "[redacted]"},
                    },
                },
                "webhook_logs": [{**WEBHOOK_LOG, "url": DELIVERY["url"]}],
            }
        },
    ),
    Row(
        tool="get_event",
        about="of an odd shape",
        given={"event_id": EVENT_ID},
        request=f"GET /events/{EVENT_ID}",
        conekta={"id": EVENT_ID, "object": "event", "data": "x", "webhook_logs": 7},
        answer={"id": EVENT_ID},
    ),
    Row(
        tool="resend_event",
        given={"event_id": EVENT_ID, "webhooks_ids": [HOOK_ID]},
        request=f"POST /events/{EVENT_ID}/resend",
        body={"webhooks_ids": [HOOK_ID]},
        conekta=WEBHOOK_LOG,
        answer=DELIVERY,
    ),
    Row(
        tool="resend_event",
        about="not tried yet",
        given={"event_id": EVENT_ID, "webhooks_ids": [HOOK_ID]},
        request=f"POST /events/{EVENT_ID}/resend",
        body={"webhooks_ids": [HOOK_ID]},
        conekta={**WEBHOOK_LOG, "last_http_response_status": -1, "last_attempted_at": 0},
        answer={
            "id": "webhl_2svd2sh6GbqzyWBNZ",
            "url": "https://shop.example.com/***",
            "failed_attempts": 2,
            "last_http_response_status": -1,
        },
    ),
    Row(
        tool="list_webhooks",
        given={},
        request="GET /webhooks?limit=20",
        conekta=bodies.listed(WEBHOOK, {**WEBHOOK, "subscribed_events": None, "url": None}),
        answer={
            "data": [
                {**WEBHOOK_FACTS, "events_count": 2},
                {"id": HOOK_ID, "status": "listening", "active": True, "description": "Tienda"},
            ],
            **PAGE,
        },
    ),
    Row(
        tool="list_webhooks",
        about="of one address",
        given={"search": "shop", "url": URL},
        request="GET /webhooks?limit=20&search=shop&url=https%3A%2F%2Fshop.example.com%2Fhook",
        conekta=bodies.listed(),
        answer={"data": [], "has_more": False},
    ),
    Row(
        tool="get_webhook",
        given={"webhook_id": HOOK_ID},
        request=f"GET /webhooks/{HOOK_ID}",
        conekta=WEBHOOK,
        answer=WEBHOOK_ANSWER,
    ),
    Row(
        tool="create_webhook",
        given={"url": URL, "subscribed_events": ["order.paid", "webhook_ping"]},
        request="POST /webhooks",
        body={"url": URL, "subscribed_events": ["order.paid", "webhook_ping"]},
        conekta=WEBHOOK,
        answer=WEBHOOK_ANSWER,
    ),
    Row(
        tool="create_webhook",
        about="for every event, with a password",
        given={"url": "https://eva:secreto@shop.example.com"},
        request="POST /webhooks",
        body={"url": "https://eva:secreto@shop.example.com"},
        conekta=WEBHOOK,
        answer=WEBHOOK_ANSWER,
    ),
    Row(
        tool="update_webhook",
        given={"webhook_id": HOOK_ID, "url": URL, "subscribed_events": ["plan.created"], "active": False},
        request=f"PUT /webhooks/{HOOK_ID}",
        body={"url": URL, "subscribed_events": ["plan.created"], "active": False},
        conekta={**WEBHOOK, "active": False},
        answer={**WEBHOOK_ANSWER, "active": False},
    ),
    Row(
        tool="delete_webhook",
        given={"webhook_id": HOOK_ID},
        request=f"DELETE /webhooks/{HOOK_ID}",
        conekta={**WEBHOOK, "deleted": True},
        answer={**SHORT_ANSWER, "deleted": True},
    ),
    Row(
        tool="test_webhook",
        given={"webhook_id": HOOK_ID},
        request=f"POST /webhooks/{HOOK_ID}/test",
        conekta=WEBHOOK,
        answer=SHORT_ANSWER,
    ),
    Row(
        tool="list_webhook_keys",
        given={"limit": 1, "next": KEY_ID},
        request=f"GET /webhook_keys?limit=1&next={KEY_ID}",
        conekta=bodies.listed(KEY),
        answer={"data": [{"id": KEY_ID, "active": True, "created_at": NOW}], **PAGE},
    ),
    Row(
        tool="get_webhook_key",
        given={"webhook_key_id": KEY_ID},
        request=f"GET /webhook_keys/{KEY_ID}",
        conekta=KEY,
        answer=KEY_ANSWER,
    ),
    Row(
        tool="create_webhook_key",
        given={},
        request="POST /webhook_keys",
        conekta=KEY,
        answer=KEY_ANSWER,
    ),
    Row(
        tool="create_webhook_key",
        about="asleep",
        given={"active": False},
        request="POST /webhook_keys",
        body={"active": False},
        conekta=KEY_OFF,
        answer=KEY_OFF_ANSWER,
    ),
    Row(
        tool="update_webhook_key",
        given={"webhook_key_id": KEY_ID, "active": False},
        request=f"PUT /webhook_keys/{KEY_ID}",
        body={"active": False},
        conekta=KEY_OFF,
        answer=KEY_OFF_ANSWER,
    ),
    Row(
        tool="delete_webhook_key",
        given={"webhook_key_id": KEY_ID},
        request=f"DELETE /webhook_keys/{KEY_ID}",
        conekta={"id": KEY_ID, "active": False, "created_at": NOW, "deleted": True, "livemode": False},
        answer={"id": KEY_ID, "active": False, "created_at": NOW, "deleted": True, "livemode": False},
    ),
    Row(
        tool="list_logs",
        given={"search": "ord_1"},
        request="GET /logs?limit=20&search=ord_1",
        conekta=bodies.listed(LOG),
        answer={"data": [LOG_ROW], **PAGE},
    ),
    Row(
        tool="get_log",
        given={"log_id": LOG_ID},
        request=f"GET /logs/{LOG_ID}",
        conekta=LOG,
        answer=LOG_ANSWER,
    ),
    Row(
        tool="get_log",
        about="with long and odd bodies",
        given={"log_id": LOG_ID},
        request=f"GET /logs/{LOG_ID}",
        conekta={
            "id": LOG_ID,
            "url": "/orders",
            "status": 200,
            "request_body": LONG,
            "response_body": ["a"],
            "created_at": "x",
        },
        answer={
            "id": LOG_ID,
            "url": "/orders",
            "status": "200",
            "request_body": '{"text":"' + "a" * 1990 + "…",
            "response_body": ["a"],
        },
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_its_answer_is_curated(row: Row, client_for: Any) -> None:
    async with client_for(row.router.async_handler, toolsets=TOOLSETS) as (client, sent):
        result = await client.call_tool(row.tool, row.given)
    assert as_objects(without_mode(result.structured_content)) == row.answer
    assert [told(request) for request in sent] == [(row.request, row.body)]


async def test_no_password_of_an_address_is_shown_in_text_either(client_for: Any) -> None:
    for row in ROWS:
        async with client_for(row.router.async_handler, toolsets=TOOLSETS) as (client, _):
            block, *_ = (await client.call_tool(row.tool, row.given)).content
        assert "user:" not in block.text


async def test_what_is_secret_must_be_asked_for_by_name(client_for: Any) -> None:
    async with client_for(AssertionError("sent"), toolsets=("all",)) as (client, sent):
        result = await client.call_tool("list_webhooks", {})
    assert (result.structured_content["error"]["code"], sent) == ("conekta_mcp.errors.not_switched_on", [])


CODE = "conekta_mcp.errors.parameter_validation."
HOOK = {"webhook_id": HOOK_ID}
NO_ARGUMENT = "no es un argumento de esta herramienta."
ONE_AT_LEAST = "se esperaba al menos 1."
RESEND = {"event_id": EVENT_ID}
BAD_URLS = (
    "shop.example.com",
    "ftp://shop.example.com",
    "https://",
    "https:///a",
    "https://a b",
    "https://***@shop.example.com/hook",
)
WRONG = [
    (
        "get_event",
        {"event_id": "evt_1"},
        "event_id.invalid",
        "event_id: se esperaba un id de 24 dígitos hexadecimales.",
    ),
    (
        "resend_event",
        {**RESEND, "webhooks_ids": []},
        "webhooks_ids.too_short",
        f"webhooks_ids: {ONE_AT_LEAST}",
    ),
    (
        "resend_event",
        {**RESEND, "webhooks_ids": ["x"]},
        "webhooks_ids.invalid",
        "webhooks_ids.0: se esperaba un id de 24 dígitos hexadecimales.",
    ),
    ("list_events", {"type": "order.paid"}, "type.unknown_argument", f"type: {NO_ARGUMENT}"),
    (
        "get_log",
        {"log_id": LOG_ID, "detail": "full"},
        "detail.unknown_argument",
        f"detail: {NO_ARGUMENT}",
    ),
    (
        "create_webhook",
        {"url": URL, "subscribed_events": ["order.payed"]},
        "subscribed_events.invalid",
        "subscribed_events.0: se esperaba el nombre de un evento como order.paid.",
    ),
    (
        "update_webhook",
        {**HOOK, "active": 7},
        "active.invalid_datatype",
        "active: se esperaba true o false.",
    ),
    ("update_webhook_key", {"webhook_key_id": KEY_ID}, "active.missing", "active: es obligatorio."),
    *(
        (
            "update_webhook",
            {**HOOK, "url": url},
            "url.invalid",
            "url: se esperaba una dirección http(s) completa y sin máscara.",
        )
        for url in BAD_URLS
    ),
]


@pytest.mark.parametrize(("tool", "given", "code", "message"), WRONG)
async def test_wrong_arguments_are_told_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, message: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent"), toolsets=TOOLSETS) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    assert (error["code"], error["message"], sent) == (CODE + code, message, [])


def test_server_and_sandbox_know_the_same_event_names() -> None:
    assert frozenset(SUBSCRIBABLE_EVENTS) == EVENT_NAMES, (
        "conekta_mcp/domains/webhooks/event_names.py and conekta_mcp/sandbox/webhooks/event_names.py differ: "
        f"{sorted(frozenset(SUBSCRIBABLE_EVENTS) ^ EVENT_NAMES)}"
    )
    assert len(SUBSCRIBABLE_EVENTS) == 67, "tests/domains/test_webhooks.py: the number of events"
