"""No failure shows a key, a card number or an HTML page, whatever the answer was."""

import json
import traceback
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from conekta_mcp.api import Conekta
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.catalog import GET, POST, Operation
from conekta_mcp.catalog.files import DisabledFileReader, attach_file_reader
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import Failure
from conekta_mcp.settings import Settings
from tests.conftest import switched_on
from tests.one_test import all_in_one_test

pytestmark = pytest.mark.anyio
PLANTED = "llave key_test, key_live_A1-b2, tarjeta 4242 4242 4242 4242 y\n378282246310005"
SECRETS = ("key_test", "key_live", "A1-b2", "4242", "3782")


def make_answers(words: int) -> list[httpx.Response | Exception]:
    """Explained failures, pages and broken connections; their long texts have at least so many words."""
    long = "text " * words
    detail = dict.fromkeys(("code", "message", "debug_message", "param"), f"{PLANTED} {long}")
    body = {
        "details": [detail] * 3,
        "type": PLANTED,
        "log_id": PLANTED,
        "data": {"id": PLANTED, "status": "declined"},
    }
    page = f"{PLANTED}<html>{'page ' * words * 10}</html>"
    return [
        httpx.Response(422, json=body),
        httpx.Response(402, json=body),
        httpx.Response(500, json={"message": PLANTED, "type": long, "code": PLANTED}),
        *(httpx.Response(status, html=page) for status in (200, 302, 404, 503)),
        httpx.ConnectError(PLANTED),
        httpx.ReadTimeout(PLANTED),
        httpx.ReadError(PLANTED),
    ]


ANSWERS = make_answers(4000)
SHORTER = make_answers(1200)
"""A page of 60 kB, and as much in the details of a failure: for what is tried with every tool."""
OPERATIONS = attach_file_reader(ALL_TOOLS, DisabledFileReader())
of_each_operation = all_in_one_test("tool", OPERATIONS)


def giving(answer: httpx.Response | Exception) -> Callable[[httpx.Request], httpx.Response]:
    def give(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer.with_traceback(None)  # it is raised again and again, and would keep each trace
        return answer

    return give


@of_each_operation
async def test_no_failure_shows_a_key_a_card_number_or_a_page(
    tool: Any, client_for: Any, arguments: Any
) -> None:
    now: list[Any] = []
    settings = {"pace": RetryPolicy(attempts=1), **switched_on(tool)}
    results = []
    async with client_for(lambda request: now[-1](request), **settings) as (client, _):
        for answer in SHORTER:
            now.append(giving(answer))
            results.append(await client.call_tool(tool.name, arguments[tool.name]))
    told = [json.dumps(result.structured_content) + result.content[0].text for result in results]
    assert [result.is_error for result in results] == [True] * len(SHORTER)
    assert [secret for secret in (*SECRETS, "page ") if secret in "".join(told)] == []
    assert max(map(len, told)) < 25_000


async def failure_of(sending: Callable[[Conekta], Any], answer: httpx.Response | Exception) -> Failure:
    conekta = Conekta(Settings(), lambda: httpx.MockTransport(giving(answer)))
    conekta.retry_policy = RetryPolicy(attempts=1)
    try:
        await sending(conekta)
    except Failure as failure:
        return failure
    finally:
        await conekta.close()
    raise AssertionError("it succeeded")


def shown(failure: Failure) -> str:
    """All that a log, a trace or a crash report would show of it, with its causes, but for lines of code."""
    told, left = [f"{failure} {failure!r}"], [failure.__cause__, failure.__context__]
    while left:
        if cause := left.pop():
            left += [cause.__cause__, cause.__context__, *getattr(cause, "exceptions", ())]
            told += traceback.format_exception_only(cause)
    return "".join([*told, *traceback.format_exception_only(failure)])


@all_in_one_test("tool", [tool for tool in OPERATIONS if isinstance(tool, Operation)])
async def test_no_failure_carries_a_secret_into_logs_and_traces(tool: Any, arguments: Any) -> None:
    read = tool.input.model_validate(arguments[tool.name])
    for answer in SHORTER:
        failure = await failure_of(lambda api: tool.call(api.get_account("key_live_A1-b2"), read), answer)
        told = shown(failure)
        assert [secret for secret in (*SECRETS, "page ") if secret in told] == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
@pytest.mark.parametrize("make", [GET, POST])
async def test_no_failure_carries_what_was_asked(make: Any, answer: Any) -> None:
    request = make("/orders").build_request({"note": PLANTED, "token_id": "tok_live_A1-b2"})
    failure = await failure_of(lambda api: api.get_account("key_a").send(request), answer)
    assert [secret for secret in SECRETS if secret in f"{shown(failure)} {request!r}"] == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
async def test_a_trace_with_its_variables_does_not_show_the_key(answer: Any) -> None:
    request = POST("/orders").build_request({})
    failure = await failure_of(lambda api: api.get_account("key_secret_77").send(request), answer)
    trace = traceback.TracebackException.from_exception(failure, capture_locals=True)
    lines = "".join(list(trace.format())).split("api/client.py", 1)[1]
    assert ("key_secret" in lines, "key_[redacted]" in lines) == (False, True)


@pytest.mark.parametrize("detail", ["lean", "full"])
async def test_no_success_shows_a_key_or_a_card_number(detail: str, client_for: Any) -> None:
    conekta = {
        "id": "cus_1",
        "object": "customer",
        "name": PLANTED,
        "metadata": {"line": "a\nkey_live_A1-b2", "tab": "\t4242424242424242", "4242424242424242": 1},
        "corporate": True,
        "created_at": 1768564962,
        "phone": 4242424242424242,
        "national_id": "\ud800",
    }
    shown = "llave key_[redacted], key_[redacted], tarjeta [redacted card number] y [redacted card number]"
    lean = {
        "id": "cus_1",
        "name": shown,
        "metadata": {
            "line": "a key_[redacted]",
            "tab": " [redacted card number]",
            "[redacted card number]": 1,
        },
        "corporate": True,
        "created_at": 1768564962,
        "phone": "[redacted card number]",
        "national_id": "",
    }
    body = json.dumps(conekta).encode()
    async with client_for(httpx.Response(200, content=body)) as (client, _):
        result = await client.call_tool("get_customer", {"customer_id": "cus_1", "detail": detail})
    full = {"object": "customer", **lean}
    told = dict(result.structured_content)
    assert told.pop("typed_text").startswith("Typed by customers or shops")
    assert told == ({"conekta": full} if detail == "full" else lean)
    assert json.loads(result.content[0].text) == result.structured_content


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("key_live_A1-b2", "key_[redacted]"),
        ("a\nkey_live_A1-b2", "a key_[redacted]"),
        ("\t4242424242424242", " [redacted card number]"),
        ("u\u00414242-4242-4242-4242", "uA[redacted card number]"),
        ('"4242 4242 4242 4242"', '"[redacted card number]"'),
        (4242424242424242, "[redacted card number]"),
        (4242424242424242.0, "[redacted card number]"),
        ("\ud800", ""),
        ("4242\u200b4242\u200b4242\u200b4242", "[redacted card number]"),
        ("\u00a0Ana\u2028", "\u00a0Ana "),
        ("646180111802000138", "646180111802000138"),
    ],
)
async def test_each_secret_is_found_alone(came: Any, shown: str, client_for: Any, era: str) -> None:
    body = json.dumps({"id": "ord_1", "object": "order", "metadata": {"note": came}}).encode()
    async with client_for(httpx.Response(200, content=body), mode=era) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "ord_1"})
    told = dict(result.structured_content)
    told.pop("typed_text")
    assert told == {"id": "ord_1", "metadata": {"note": shown}}
    assert json.loads(result.content[0].text) == result.structured_content


OWN_KEY = "key_OWNOWNOWN0123456789"


@pytest.mark.parametrize(
    "quoted",
    [
        OWN_KEY,
        f"invalid{OWN_KEY}",
        f"private_{OWN_KEY} is not allowed",
        "auth=" + OWN_KEY.replace("_", "%5F"),
        OWN_KEY.upper(),
        OWN_KEY.removeprefix("key_"),
        "Basic " + b64encode(f"{OWN_KEY}:".encode()).decode(),
    ],
)
async def test_no_refusal_shows_the_key_that_was_sent_however_it_is_quoted(quoted: str) -> None:
    body = {
        "object": "error",
        "type": "authentication_error",
        "details": [{"code": "x", "message": quoted, "debug_message": quoted}],
    }
    request = GET("/orders").build_request({})
    failure = await failure_of(
        lambda api: api.get_account(OWN_KEY).send(request), httpx.Response(401, json=body)
    )
    assert "0123456789" not in f"{shown(failure)}"
    assert b64encode(OWN_KEY.encode()).decode()[8:28] not in f"{shown(failure)}"


BARE = OWN_KEY.removeprefix("key_")
ECHOES = {
    "as it is": OWN_KEY,
    "without its beginning": f"token {BARE}!",
    "in another case": OWN_KEY.swapcase(),
    "within a word": f"x{BARE}9",
    "in an address": f"https://shop.example.com/?k=key%5F{BARE}",
    "each character encoded": "".join(f"%{ord(one):02X}" for one in OWN_KEY),
    "as Basic": "Basic " + b64encode(f"{OWN_KEY}:".encode()).decode(),
    "as Basic with a user": "Basic " + b64encode(f"u:{OWN_KEY}".encode()).decode(),
    "as Basic with a longer user": "Basic " + b64encode(f"shop:{OWN_KEY}".encode()).decode(),
    "alone in base64": b64encode(BARE.encode()).decode(),
    "in hexadecimals": OWN_KEY.encode().hex().upper(),
    "parted by what nobody sees": "\u200b".join(OWN_KEY),
}


def has_key(text: str) -> bool:
    """Whether the key can be read out of a text, in any of these spellings."""
    flat = text.replace("\u200b", "").replace("\\u200b", "")
    tails = [b64encode(b"-" * shift + BARE.encode()).decode()[8:20] for shift in range(3)]
    return any(
        one.lower() in unquote(flat).lower() for one in ("0123456789", BARE.encode().hex()[:20], *tails)
    )


@pytest.mark.parametrize("escaped", [False, True], ids=["plain", "escaped"])
@pytest.mark.parametrize("echoed", ECHOES.values(), ids=ECHOES)
async def test_no_success_shows_the_key_that_was_sent(
    echoed: str, escaped: bool, client_for: Any, tmp_path: Any
) -> None:
    order = {"id": "ord_1", "object": "order", "metadata": {"note": echoed, echoed: 1}, "next_action": echoed}
    text = json.dumps(order, ensure_ascii=False)
    if escaped:
        quoted = "".join(f"\\u{ord(one):04x}" for one in echoed)
        text = text.replace(echoed, quoted)
    assert has_key(json.dumps(json.loads(text)))
    audit = tmp_path / "audit.jsonl"
    answer = httpx.Response(200, content=text.encode())
    async with client_for(answer, api_key=OWN_KEY, audit=str(audit)) as (client, _):
        for detail in ("lean", "full"):
            result = await client.call_tool("get_order", {"order_id": "ord_1", "detail": detail})
            assert not result.is_error
            assert not has_key(result.model_dump_json())
        await client.call_tool("cancel_order", {"order_id": "ord_1"})
    assert not audit.exists() or not has_key(audit.read_text())


async def test_a_success_without_the_key_is_left_as_it_is() -> None:
    body = {"id": "ord_1", "object": "order", "metadata": {"a/b": "100% ñ \u200b", "n": [1, None, 2.5]}}
    request = GET("/orders/{id}").build_request({"id": "ord_1"})
    answer = httpx.Response(200, content=json.dumps(body).replace("/", "\\/").encode())
    conekta = Conekta(Settings(), lambda: httpx.MockTransport(giving(answer)))
    assert await conekta.get_account(OWN_KEY).send(request) == body
    assert await conekta.get_account("key_100").send(request) == body
    await conekta.close()
