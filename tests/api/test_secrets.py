"""No failure shows a key, a card number or a page, whatever Conekta or something before it says."""

import json
from typing import Any

import httpx
import pytest

from conekta_mcp.operations import TOOLS

pytestmark = pytest.mark.anyio
PLANTED = "llave key_test, key_live_A1-b2, tarjeta 4242 4242 4242 4242 y\n378282246310005"
SECRETS = ("key_test", "key_live", "A1-b2", "4242", "3782")
PAGE = "<html>" + "page " * 40_000 + "</html>"
DETAIL = dict.fromkeys(("code", "message", "debug_message", "param"), f"{PLANTED} {'text ' * 4000}")
BODY = {"details": [DETAIL] * 3, "type": PLANTED, "log_id": PLANTED, "data": {"id": PLANTED}}
EXPLAINED = [
    httpx.Response(422, json=BODY),
    httpx.Response(402, json=BODY),
    httpx.Response(500, json={"message": PLANTED, "type": "text " * 4000, "code": PLANTED}),
]
PAGES = [httpx.Response(status, html=f"{PLANTED}{PAGE}") for status in (200, 302, 404, 503)]
BROKEN = [httpx.ConnectError(PLANTED), httpx.ReadTimeout(PLANTED), httpx.ReadError(PLANTED)]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
async def test_no_failure_shows_a_key_a_card_number_or_a_page(
    tool: Any, client_for: Any, arguments: Any
) -> None:
    answers = [*EXPLAINED, *PAGES, *BROKEN]
    left = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        given = next(left)
        if isinstance(given, Exception):
            raise given
        return given

    async with client_for(answer) as (client, sent):
        results = [await client.call_tool(tool.name, arguments[tool.name]) for _ in answers]
    told = [json.dumps(result.structured_content) + result.content[0].text for result in results]
    assert [result.is_error for result in results] == [True] * len(sent) == [True] * len(answers)
    assert [secret for secret in (*SECRETS, "page") if secret in "".join(told)] == []
    assert max(map(len, told)) < 25_000


@pytest.mark.parametrize("detail", ["lean", "full"])
async def test_no_success_shows_a_key_or_a_card_number(detail: str, client_for: Any) -> None:
    conekta = {
        "id": "cus_1",
        "name": PLANTED,
        "metadata": {"line": "a\nkey_live_A1-b2", "tab": "\t4242424242424242", "4242424242424242": 1},
        "corporate": True,
        "created_at": 1768564962,
        "phone": 4242424242424242,
        "national_id": "\ud800",
    }
    shown = "llave key_[redacted], key_[redacted], tarjeta [redacted card number] y\n[redacted card number]"
    lean = {
        "id": "cus_1",
        "name": shown,
        "metadata": {
            "line": "a\nkey_[redacted]",
            "tab": "\t[redacted card number]",
            "[redacted card number]": 1,
        },
        "corporate": True,
        "created_at": 1768564962,
        "phone": "[redacted card number]",
        "national_id": "?",
    }
    body = json.dumps(conekta).encode()
    async with client_for(httpx.Response(200, content=body)) as (client, _):
        result = await client.call_tool("get_customer", {"customer_id": "cus_1", "detail": detail})
    assert result.structured_content == ({"conekta": lean} if detail == "full" else lean)
    assert json.loads(result.content[0].text) == result.structured_content


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("key_live_A1-b2", "key_[redacted]"),
        ("a\nkey_live_A1-b2", "a\nkey_[redacted]"),
        ("\t4242424242424242", "\t[redacted card number]"),
        ("u\u00414242-4242-4242-4242", "uA4242-4242-4242-4242"),
        ('"4242 4242 4242 4242"', '"[redacted card number]"'),
        (4242424242424242, "[redacted card number]"),
        (4242424242424242.0, "[redacted card number]"),
        ("\ud800", "?"),
        ("\u00a0Ana\u2028", "\u00a0Ana\u2028"),
        ("646180111802000138", "646180111802000138"),
    ],
)
async def test_each_secret_is_found_alone(came: Any, shown: str, client_for: Any, era: str) -> None:
    body = json.dumps({"id": "ord_1", "metadata": {"note": came}}).encode()
    async with client_for(httpx.Response(200, content=body), mode=era) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "ord_1"})
    assert result.structured_content == {"id": "ord_1", "metadata": {"note": shown}}
    assert json.loads(result.content[0].text) == result.structured_content
