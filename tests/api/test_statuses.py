"""Statuses with Retry-After, and answers that are not Conekta's JSON."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
PAGE = "<html><body>" + "secret page <b>key_test</b> 4242424242424242 " * 4500 + "</body></html>"
UNKNOWN = (
    "Whether this was applied is not known. Do not repeat it before looking: "
    "list_orders with the payer's e-mail as search."
)
WAIT = "Too many requests: wait, then repeat the same call."
EXPLAINED = {"details": [{"code": "conekta.errors.rate_limit", "message": "Espera."}], "object": "error"}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0.2", 1),
        ("-3", 0),
        ("999999", 3600),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
async def test_too_many_requests_tell_when_to_repeat(
    header: str | None, seconds: int | None, told: Any
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    answer = httpx.Response(429, json=EXPLAINED, headers=headers)
    shared = {
        "type": "rate_limit_error",
        "http_status": 429,
        "code": "conekta.errors.rate_limit",
        "message": "Espera.",
        "retryable": True,
        **({} if seconds is None else {"retry_after_s": seconds}),
        "hint": WAIT,
    }
    assert await told("get_order", answer) == shared
    assert await told("create_order", answer) == {**shared, "outcome": "not_applied"}


BODIES = {
    "a page": {"html": PAGE},
    "nothing": {"content": b""},
    "half an object": {"content": b'{"details":'},
    "a list": {"json": []},
    "a text": {"json": "key_test"},
    "an empty object": {"json": {}},
    "deep": {"content": b"[" * 100_000},
    "not text": {"content": b"\xff\xfe\x00"},
}
LOST = (500, 502, 503, 504)
REFUSED = {
    401: "authentication_error",
    413: "http_error",
    415: "http_error",
}
in_any_shape = pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))


@in_any_shape
@pytest.mark.parametrize("status", LOST)
async def test_a_failing_conekta_leaves_a_write_unknown(status: int, body: Any, told: Any) -> None:
    shared = {
        "type": "api_error",
        "http_status": status,
        "code": f"conekta_mcp.errors.http_{status}",
        "message": f"Conekta respondió {status} sin explicación.",
        "debug_message": f"Conekta answered {status} without an explanation.",
    }
    answer = httpx.Response(status, **body)
    assert await told("get_order", answer) == {**shared, "retryable": True, "hint": "Safe to repeat."}
    assert await told("create_order", answer) == {
        **shared,
        "retryable": False,
        "outcome": "unknown",
        "hint": UNKNOWN,
    }


@in_any_shape
async def test_a_refusal_without_an_envelope_is_no_word_of_conektas(body: Any, told: Any) -> None:
    for status, kind in REFUSED.items():
        shared = {
            "type": kind,
            "http_status": status,
            "code": f"conekta_mcp.errors.http_{status}",
            "message": f"Conekta respondió {status} sin explicación.",
            "debug_message": f"Conekta answered {status} without an explanation.",
            "retryable": False,
        }
        answer = httpx.Response(status, **body)
        assert await told("get_order", answer) == shared
        assert await told("create_order", answer) == {**shared, "outcome": "unknown", "hint": UNKNOWN}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 406, 409, 413, 422, 425, 428, 429, 451])
async def test_a_firewall_that_blocks_an_answer_leaves_a_write_unknown(status: int, told: Any) -> None:
    """Conekta's own words say that it refused; a page, or JSON of somebody else's, does not."""
    conektas = {"object": "error", "type": "processing_error", "details": [{"message": "No."}]}
    for body in (*BODIES.values(), {"json": {"message": "Forbidden", "code": "waf"}}):
        answer = httpx.Response(status, **body)
        said = await told("create_order", answer)
        assert (said["outcome"], said["retryable"]) == ("unknown", False)
        assert "outcome" not in await told("get_order", answer)
    assert (await told("create_order", httpx.Response(status, json=conektas)))["outcome"] == "not_applied"


@pytest.mark.parametrize(
    "body",
    [
        {"content": b""},
        {"json": [{"id": "ord_1"}]},
        {"json": None},
        {"json": "key_test"},
        {"content": b'{"id": "ord_1"'},
        {"content": b"[" * 100_000},
        {"content": b'{"n":' + b"9" * 5000 + b"}"},
    ],
    ids=["nothing", "a list", "null", "a text", "half an object", "deep", "a huge number"],
)
async def test_a_success_that_is_not_an_object_is_not_taken_for_one(body: Any, told: Any) -> None:
    await _unreadable(httpx.Response(200, **body), told)


async def test_a_page_instead_of_an_object_is_called_a_page(told: Any) -> None:
    answer = httpx.Response(200, html=PAGE)
    shared = {
        "type": "unreadable_answer",
        "http_status": 200,
        "code": "conekta_mcp.errors.html_answer",
        "message": "Llegó una página web en lugar de la respuesta de Conekta.",
        "debug_message": "A web page came instead of Conekta's answer.",
    }
    read = await told("get_order", answer)
    assert read.pop("hint").startswith("A proxy, a firewall or the sign-in page of a network answered")
    assert read == {**shared, "retryable": True}
    assert await told("create_order", answer) == {
        **shared,
        "retryable": False,
        "outcome": "unknown",
        "hint": UNKNOWN,
    }


async def test_a_body_without_end_is_not_read_to_its_end(told: Any) -> None:
    read = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(100):
            read.append(number)
            yield b" " * 1024 * 1024

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    await _unreadable(answer, told)
    assert len(read) == 2 * 9


async def _unreadable(answer: Any, told: Any) -> None:
    shared = {
        "type": "unreadable_answer",
        "http_status": 200,
        "code": "conekta_mcp.errors.unreadable_answer",
        "message": "Conekta respondió otra cosa que lo que se pidió.",
        "debug_message": "Conekta answered 200 with something else than what was asked for.",
    }
    assert await told("get_order", answer) == {**shared, "retryable": True, "hint": "Safe to repeat."}
    assert await told("create_order", answer) == {
        **shared,
        "retryable": False,
        "outcome": "unknown",
        "hint": UNKNOWN,
    }


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int, told: Any) -> None:
    answer = httpx.Response(status, headers={"Location": "https://elsewhere.example.com/orders"})
    shared = {
        "type": "http_error",
        "http_status": status,
        "code": f"conekta_mcp.errors.http_{status}",
        "message": f"Conekta respondió {status} sin explicación.",
        "debug_message": f"Conekta answered {status} without an explanation.",
        "retryable": False,
    }
    assert await told("get_order", answer) == shared
    assert await told("create_order", answer) == {**shared, "outcome": "unknown", "hint": UNKNOWN}


@pytest.mark.parametrize("status", [408, 499])
async def test_a_proxy_that_gave_up_leaves_a_write_unknown(status: int, told: Any) -> None:
    assert (await told("create_order", httpx.Response(status)))["outcome"] == "unknown"
