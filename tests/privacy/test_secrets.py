"""Card data and keys are hidden by the names of their fields, wherever Conekta sends them."""

import json
from typing import Any

import pytest
from pydantic_core import to_json

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.privacy.secret_fields import has_secret_fields, hide_address, hide_secrets
from conekta_mcp.privacy.typed_fields import TYPED_NOTICE
from conekta_mcp.server.rendering.results import render_success

TOOLS = {tool.name: tool for tool in ALL_TOOLS}
HIDDEN = "[redacted]"
CARD = {"number": "1", "cvc": "123", "cvv": "123", "exp_month": "12", "exp_year": "29", "name": "Ana"}
HIDDEN_CARD = {**dict.fromkeys(CARD, HIDDEN), "name": "Ana"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"request_body": {"card": CARD}}, {"request_body": {"card": HIDDEN_CARD}}),
        ([{"previous_attributes": [CARD]}], [{"previous_attributes": [HIDDEN_CARD]}]),
        ({"exp_month": "12", "last4": "4242"}, {"exp_month": "12", "last4": "4242"}),
        (
            {"metadata": {"number": "A-1", "cvc": "123", "CVV": 123}},
            {"metadata": {"number": "A-1", "cvc": HIDDEN, "CVV": HIDDEN}},
        ),
        (
            {"request_headers": {"Authorization": "Basic a2V5"}},
            {"request_headers": {"Authorization": HIDDEN}},
        ),
        ({"authorization": "A-1"}, {"authorization": "A-1"}),
        ({"authentication_token": "key_1"}, {"authentication_token": HIDDEN}),
    ],
)
def test_secrets_are_hidden_by_name_and_an_expiry_or_a_number_only_in_bodies(value: Any, shown: Any) -> None:
    assert hide_secrets(value) == shown
    assert has_secret_fields(to_json(value)) == ("cv" in str(value).lower() or "_token" in str(value))


def test_the_whole_object_and_chosen_columns_hide_what_the_lean_answer_hides() -> None:
    log = {"id": "6a0000000000000000000001", "request_body": {"card": CARD}}
    whole = render_success(TOOLS["get_log"], log, whole=True, livemode=None).structured_content
    listed = render_success(TOOLS["list_logs"], {"data": [log]}, fields=["id", "request_body"], livemode=None)
    assert whole == {
        "conekta": {**log, "request_body": {"card": HIDDEN_CARD}},
        "typed_text": TYPED_NOTICE.format("request_body"),
    }
    assert (listed.structured_content or {})["rows"] == [[log["id"], {"card": HIDDEN_CARD}]]


def test_what_a_shop_put_into_metadata_is_hidden_too() -> None:
    customer = {"id": "cus_1", "metadata": {"cvc": "123", "nota": "x"}}
    seen = render_success(TOOLS["get_customer"], customer, livemode=None).structured_content
    assert seen == {
        "id": "cus_1",
        "metadata": {"cvc": HIDDEN, "nota": "x"},
        "typed_text": TYPED_NOTICE.format("metadata"),
    }


PORTAL = "https://pay.example.com/subscription/management/gWTLrutkEccaKn8hY7x8"
HOOK = "https://ana:clave@hooks.example.com:8443/services/T01/B02?token=HOOKTOKEN123"
SECRETS = ("gWTLrutkEccaKn8hY7x8", "HOOKTOKEN123", "B02", "clave", "tok-auth")
LOGGED = {
    "portal": {"portal_url": PORTAL, "slug": "gWTLrutkEccaKn8hY7x8"},
    "webhook": {"url": HOOK},
    "API key": {"authentication_token": "tok-auth"},
    "onboarding": {"onboarding_url": "https://onboarding.example.com/resume/B02"},
}
each_secret = pytest.mark.parametrize("secret", list(LOGGED.values()), ids=list(LOGGED))


def is_told(shown: Any) -> bool:
    return any(one in str(shown) for one in SECRETS)


@each_secret
def test_a_secret_is_hidden_in_every_spelling_of_a_body(secret: dict[str, str]) -> None:
    text = json.dumps(secret)
    spelled = [
        secret,
        {"data": [secret]},
        text,
        json.dumps({"inner": text}),
        f'{{"cut": 1, {text[1:-1]}',
        f'{{"inner": {json.dumps(text)}'[:-2],
        "&".join(f"{name}={value.partition('?')[0]}" for name, value in secret.items()),
    ]
    bodies = ("request_body", "response_body", "query_string", "previous_attributes")
    shown = [hide_secrets({body: one}) for body in bodies for one in spelled]
    assert [one for one in shown if is_told(one)] == []


@pytest.mark.parametrize("tool", ["get_log", "get_event", "list_events", "get_company", "resend_event"])
def test_no_other_tool_shows_what_a_person_is_asked_about(tool: str) -> None:
    raw = {
        "id": "6a0000000000000000000001",
        "portal_url": PORTAL,
        "message": f"open {PORTAL}",
        "webhooks": [{"url": HOOK}],
        "webhook_logs": [{"id": "webhl_1", "url": HOOK, "failed_attempts": 1}],
        "data": {"object": {"object": "webhook", "url": HOOK}},
    }
    for whole in (True, False):
        for shape in (raw, {"data": [raw]}):
            shown = render_success(TOOLS[tool], shape, whole=whole, livemode=None)
            assert not is_told(shown.structured_content)
            assert not is_told(shown.content)


def test_the_tool_that_a_person_was_asked_about_shows_its_own() -> None:
    portal = {"portal_url": PORTAL, "id": "scp_1", "slug": "gWTLrutkEccaKn8hY7x8"}
    shown = render_success(TOOLS["get_customer_portal"], portal, livemode=None).structured_content or {}
    hook = {"url": HOOK.partition("?")[0]}
    hook = render_success(TOOLS["get_webhook"], hook, livemode=None).structured_content or {}
    assert shown["portal_url"] == PORTAL
    assert hook["url"] == "https://***@hooks.example.com:8443/services/T01/B02"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("https://shop.example.com/", "https://shop.example.com"),
        ("http://u:p@shop.example.com:80/a", "http://shop.example.com:80/***"),
        ("https://shop.example.com?a=b", "https://shop.example.com/***"),
        ("https://[::1", HIDDEN),
        ("https://shop.example.com:x/a", HIDDEN),
        ("nonsense", HIDDEN),
    ],
)
def test_of_a_webhooks_address_the_host_is_shown(address: str, shown: str) -> None:
    assert hide_address(address) == shown
