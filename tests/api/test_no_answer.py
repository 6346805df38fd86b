"""Lost answers: an unsent write was not applied, the outcome of a sent one is unknown."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest

from conekta_mcp.api import Conekta
from conekta_mcp.catalog import Operation
from conekta_mcp.catalog.files import DisabledFileReader, attach_file_reader
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import Unreachable
from conekta_mcp.server.rendering.hints import find_hint
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
NETWORK = "Conekta could not be reached: check the network and CONEKTA_BASE_URL."
UNKNOWN = (
    "Whether this was applied is not known. Do not repeat it before looking: "
    "list_orders with the payer's e-mail as search."
)
SECRET = "https://key_test@10.0.0.1/ 4242424242424242"
NEVER_SENT = [
    httpx.ConnectError(SECRET),
    httpx.ConnectTimeout(SECRET),
    httpx.PoolTimeout(SECRET),
]
TOO_SLOW = [httpx.ReadTimeout(SECRET), httpx.WriteTimeout(SECRET)]
BROKEN = [
    httpx.ReadError(SECRET),
    httpx.WriteError(SECRET),
    httpx.CloseError(SECRET),
    httpx.RemoteProtocolError(SECRET),
    httpx.LocalProtocolError(SECRET),
]
WRITES = [
    tool
    for tool in attach_file_reader(ALL_TOOLS, DisabledFileReader())
    if isinstance(tool, Operation) and tool.endpoint.method != "GET" and not tool.risk.read_only
]


def named(problem: Exception) -> str:
    return type(problem).__name__


def silent(what: str) -> dict[str, Any]:
    return {
        "type": "connection_error",
        "code": "conekta_mcp.errors.no_answer",
        "message": "Conekta no respondió.",
        "debug_message": f"No answer from Conekta: {what}.",
    }


@pytest.mark.parametrize("problem", NEVER_SENT, ids=named)
async def test_what_never_reached_conekta_was_not_applied(problem: Exception, told: Any, era: str) -> None:
    shared = {**silent("it cannot be reached"), "retryable": True, "hint": NETWORK}
    assert await told("get_order", problem, mode=era) == shared
    assert await told("create_order", problem, mode=era) == {**shared, "outcome": "not_applied"}


async def test_a_tunnel_that_a_proxy_did_not_open_carried_nothing(told: Any, era: str) -> None:
    answer = await told("create_order", httpx.ProxyError(SECRET), mode=era)
    assert (answer["code"], answer["outcome"]) == ("conekta_mcp.errors.proxy_failed", "not_applied")
    assert "4242" not in str(answer)


@pytest.mark.parametrize("problem", TOO_SLOW, ids=named)
async def test_an_answer_that_takes_too_long_leaves_a_write_unknown(
    problem: Exception, told: Any, era: str
) -> None:
    shared = silent("it took longer than 2.5 s")
    settings = {"mode": era, "timeout": 2.5}
    assert await told("get_order", problem, **settings) == {**shared, "retryable": True, "hint": NETWORK}
    assert await told("create_order", problem, **settings) == {
        **shared,
        "retryable": False,
        "outcome": "unknown",
        "hint": UNKNOWN,
    }


@pytest.mark.parametrize("problem", BROKEN, ids=named)
async def test_a_broken_connection_leaves_a_write_unknown(problem: Exception, told: Any) -> None:
    await _broken(problem, told)


async def test_a_connection_cut_while_reading_leaves_a_write_unknown(told: Any) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"id": "ord_1",'
        raise httpx.ReadError(SECRET)

    await _broken(lambda _: httpx.Response(200, content=half()), told)


async def test_an_answer_that_cannot_be_unpacked_leaves_a_write_unknown(told: Any) -> None:
    async def not_gzip() -> AsyncIterator[bytes]:
        yield SECRET.encode()

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=not_gzip())

    await _broken(answer, told)


async def _broken(answer: Any, told: Any) -> None:
    shared = silent("the connection broke")
    assert await told("get_order", answer) == {**shared, "retryable": True, "hint": NETWORK}
    assert await told("create_order", answer) == {
        **shared,
        "retryable": False,
        "outcome": "unknown",
        "hint": UNKNOWN,
    }


async def test_an_answer_that_drips_for_ever_is_given_up(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conekta_mcp.api.client.CONNECT_SECONDS", 0.0)

    async def dripping(_: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    shared = silent("it did not finish its answer in time")
    settings = {"timeout": 0.01}
    assert await told("get_order", dripping, **settings) == {**shared, "retryable": True, "hint": NETWORK}
    assert (await told("create_order", dripping, **settings))["outcome"] == "unknown"


@pytest.mark.parametrize("tool", WRITES, ids=lambda tool: tool.name)
async def test_a_lost_write_is_sent_once_and_names_how_to_look(tool: Any, arguments: Any) -> None:
    sent: list[httpx.Request] = []

    def lose(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ReadTimeout(SECRET)

    conekta = Conekta(Settings(), lambda: httpx.MockTransport(lose))
    with pytest.raises(Unreachable) as caught:
        await tool.call(conekta.get_account("key_a"), tool.input.model_validate(arguments[tool.name]))
    await conekta.close()
    assert (len(sent), caught.value.outcome, caught.value.retryable) == (1, "unknown", False)
    assert find_hint(caught.value, tool) == (
        f"Whether this was applied is not known. Do not repeat it before looking: {tool.settled_by}."
    )
