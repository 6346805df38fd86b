"""Real sockets: proxies, redirects, and silent or closed ports."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream

from conekta_mcp.api import Conekta
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.catalog import GET, POST
from conekta_mcp.errors import Failure
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
READ = GET("/orders").build_request({})
WRITE = POST("/orders").build_request({"currency": "MXN"})
KEYED = replace(POST("/orders", accepts_key=True).build_request({"a": "ñ"}), idempotency_key="intent-1")
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Listening = Callable[..., AbstractAsyncContextManager[tuple[str, list[bytes]]]]


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
def listening() -> Listening:
    """A port that gives these answers, one a connection, and keeps what came: its address and those bytes."""

    @asynccontextmanager
    async def opened(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
        came: list[bytes] = []

        async def serve(stream: SocketStream) -> None:
            async with stream:
                came.append(await stream.receive())
                await stream.send(answers[min(len(came), len(answers)) - 1])

        async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
            port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - not a query
            async with anyio.create_task_group() as group:
                group.start_soon(listener.serve, serve)
                yield f"http://127.0.0.1:{port}", came
                group.cancel_scope.cancel()

    return opened


@asynccontextmanager
async def conekta_at(url: str, **settings: Any) -> AsyncIterator[Conekta]:
    made = Conekta(Settings(base_url=url, **settings))
    made.retry_policy = RetryPolicy(sleep=at_once)
    yield made
    await made.close()


async def test_the_proxy_of_the_operator_is_used(listening: Listening) -> None:
    async with listening(WELL) as (proxy, came):
        through = proxy.replace("http://", "http://ana:s3cret@")
        async with conekta_at("http://conekta.example.com", proxy=through) as conekta:
            assert await conekta.get_account("key_a").send(READ) == {}
    head = came[0].decode().lower().splitlines()
    assert head[0] == "get http://conekta.example.com/orders http/1.1"
    assert "proxy-authorization: basic yw5honmzy3jlda==" in head


async def test_without_one_no_proxy_is_used(listening: Listening) -> None:
    async with (
        listening(WELL) as (proxy, came),
        listening(WELL) as (url, _),
        conekta_at(url, proxy=None) as conekta,
    ):
        monkey = pytest.MonkeyPatch()
        with monkey.context() as patched:
            for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
                patched.setenv(name, proxy)
            await conekta.get_account("key_a").send(READ)
    assert came == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://127.0.0.1:9"])
async def test_a_proxy_that_is_away_does_not_tell_its_password(url: str) -> None:
    settings = {"proxy": "http://ana:s3cret@127.0.0.1:1"}
    async with conekta_at(url.rstrip("/"), **settings) as conekta:
        with pytest.raises(Failure) as caught:
            await conekta.get_account("key_a").send(WRITE)
    assert (caught.value.outcome, "s3cret" in repr(caught.value)) == ("not_applied", False)


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"303 See Other", b"307 T", b"308 P"])
@pytest.mark.parametrize("request_", [READ, WRITE, KEYED], ids=["read", "write", "keyed write"])
async def test_nothing_is_sent_where_a_redirect_points(
    status: bytes, request_: Any, listening: Listening
) -> None:
    async with listening(WELL) as (elsewhere, strayed):
        moved = b"HTTP/1.1 %s\r\nLocation: %s/orders\r\nContent-Length: 0\r\n\r\n" % (
            status,
            elsewhere.encode(),
        )
        async with listening(moved) as (url, came), conekta_at(url) as conekta:
            with pytest.raises(Failure) as caught:
                await conekta.get_account("key_a").send(request_)
    assert (strayed, len(came)) == ([], 1)
    assert caught.value.http_status == int(status[:3])


async def test_a_write_with_a_key_is_repeated_byte_for_byte(listening: Listening) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"
    sick = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with listening(cut, sick, WELL) as (url, came), conekta_at(url) as conekta:
        assert await conekta.get_account("key_a").send(KEYED) == {}
    assert len(came) == 3
    assert came[0] == came[1] == came[2]
    assert b"\r\nidempotency-key: intent-1\r\n" in came[0].lower()
    assert came[0].endswith('\r\n\r\n{"a":"ñ"}'.encode())


async def test_a_closed_port_is_tried_again_and_nothing_was_applied() -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with conekta_at("http://127.0.0.1:1") as conekta:
        conekta.retry_policy = RetryPolicy(sleep=wait, chance=lambda: 0.0)
        with pytest.raises(Failure) as caught:
            await conekta.get_account("key_a").send(WRITE)
    assert (caught.value.outcome, waits) == ("not_applied", [0.25, 0.5, 1.0])


CALL_AS_A_COMMAND = """
import sys
from conekta_mcp.__main__ import main

sys.argv = ["conekta-mcp", "call", "list_customers", "--sandbox"]
try:
    main()
except SystemExit as end:
    assert end.code == 0
loaded = {name for name, module in sys.modules.items() if module}
print(sorted({"httpx", "httpx._api", "httpx._main", "rich", "pygments"} & loaded))
"""


@pytest.mark.system
def test_a_call_does_not_load_the_command_line_of_httpx() -> None:
    done = subprocess.run([sys.executable, "-c", CALL_AS_A_COMMAND], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "['httpx', 'httpx._api']"
