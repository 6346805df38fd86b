"""At DEBUG everything is logged to stderr, without keys and card numbers."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import anyio
import httpx
import pytest
from mcp import Client
from mcp.client.stdio import stdio_client

from conekta_mcp.cli.starting.stderr_log import RedactingFormatter, log_to_stderr
from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import over_http
from tests.journeys.processes import cold_listening, finished, stdio_server

KEY = "key_SECRETabcdefghij0123456789"
OTHER = "key_SECRETother-0123456789_x"
CARD = "4242424242424242"


async def session(client: Client) -> None:
    """Successes, refusals, a refused card number, a fault, a resource and a completion."""
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
    created = (await client.call_tool("create_customer", person)).structured_content or {}
    await client.call_tool("create_customer", {**person, "metadata": {"card": CARD, "key": KEY}})
    await client.call_tool("update_customer", {"customer_id": created["id"], "custom_reference": KEY})
    await client.call_tool("get_order", {"order_id": "ord_none"})
    await client.call_tool(KEY, {})
    await client.list_resources()
    await client.read_resource(f"conekta://customers/{created['id']}")


def check(said: str) -> None:
    assert "DEBUG" in said
    assert "SECRET" not in said
    assert CARD not in said


@contextmanager
def wiretap() -> Iterator[IO[str]]:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        yield file


@pytest.mark.system
@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_stdio_session_logged_at_debug_tells_no_secret(mode: Any, conekta: RunningSandbox) -> None:
    server = stdio_server("--log-level", "DEBUG", CONEKTA_API_KEY=KEY, CONEKTA_BASE_URL=conekta.url)
    with wiretap() as stderr, anyio.fail_after(120):
        async with Client(stdio_client(server, errlog=stderr), mode=mode) as client:
            await session(client)
        stderr.seek(0)
        check(stderr.read())


@pytest.mark.system
@pytest.mark.anyio
@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_an_http_session_logged_at_debug_tells_no_secret(
    transport: str, conekta: RunningSandbox
) -> None:
    words = ("serve", "--transport", "streamable-http,sse", "--log-level", "DEBUG")
    environment = {"CONEKTA_API_KEY": KEY, "CONEKTA_BASE_URL": conekta.url}
    with anyio.fail_after(120), cold_listening(*words, ready="/healthz", **environment) as server:
        for key in (None, OTHER):
            async with over_http(server.url, transport, key) as client:
                await session(client)
        async with httpx.AsyncClient(trust_env=False) as http:
            wrong = {"Authorization": f"Bearer {KEY} {OTHER}"}
            refused = await http.post(f"{server.url}/mcp?key={KEY}", headers=wrong, content=KEY)
        assert refused.status_code == 401
        check(server.said())


@pytest.mark.system
@pytest.mark.parametrize("spelled", [KEY, f"{KEY}\n"])
def test_a_call_logged_at_debug_tells_no_secret(spelled: str, conekta: RunningSandbox) -> None:
    environment = {"CONEKTA_API_KEY": spelled, "CONEKTA_BASE_URL": conekta.url}
    ended = finished("call", "list_customers", "--log-level", "DEBUG", **environment)
    assert ended.returncode == 0
    check(ended.stdout + ended.stderr)


def test_a_traceback_in_the_log_is_without_secrets() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "calling with %s", (KEY,), None)
    try:
        raise ValueError(f"card {CARD} of {OTHER}")
    except ValueError as cause:
        record.exc_info = (type(cause), cause, cause.__traceback__)
    said = RedactingFormatter("%(message)s").format(record)
    assert said.startswith("calling with key_[redacted]\nTraceback")
    assert said.endswith("ValueError: card [redacted card number] of key_[redacted]")


def test_logs_go_to_stderr_only(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    logging.getLogger("anything").info("hello %s", KEY)
    logging.getLogger("httpx").info("not said: a line for each request")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(" INFO anything: hello key_[redacted]\n")


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/Mexico_City", "2026-12-27T18:00:00.250-06:00"),
        ("America/Tijuana", "2026-12-27T16:00:00.250-08:00"),
        ("UTC", "2026-12-28T00:00:00.250+00:00"),
    ],
)
def test_the_time_of_a_log_line_is_the_merchants(
    zone: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("INFO", zone)
    record = logging.makeLogRecord(
        {"name": "shop", "levelno": logging.INFO, "levelname": "INFO", "msg": "hi", "created": 1798416000.25}
    )
    logging.getLogger().handle(record)
    assert capsys.readouterr().err == f"{told} INFO shop: hi\n"
