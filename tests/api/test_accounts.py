"""Many keys share one pool of connections, and nothing of one key reaches another."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest

from conekta_mcp import __version__
from conekta_mcp.api import Conekta
from conekta_mcp.api.client import build_headers
from conekta_mcp.catalog import GET, POST
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
READ = GET("/orders").build_request({})
WRITE = POST("/orders").build_request({"currency": "MXN"})


class Upstream:
    """A Conekta that keeps what came and sets a cookie."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.made = 0

    def transport(self) -> httpx.AsyncBaseTransport:
        self.made += 1
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        cookie = f"session={len(self.requests)}; Domain=.conekta.io; Path=/; Secure"
        return httpx.Response(200, json={"n": len(self.requests)}, headers={"Set-Cookie": cookie})


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
async def conekta(upstream: Upstream) -> AsyncIterator[Conekta]:
    made = Conekta(Settings(api_key="key_of_the_server"), upstream.transport)
    yield made
    await made.close()


async def test_each_request_carries_its_own_key_and_no_cookie(conekta: Conekta, upstream: Upstream) -> None:
    keys = ["key_a", "key_b", "key_a", "key_c"]
    answers = [await conekta.get_account(key).send(READ) for key in keys]
    assert answers == [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]
    assert [request.headers.get_list("authorization") for request in upstream.requests] == [
        ["Bearer key_a"],
        ["Bearer key_b"],
        ["Bearer key_a"],
        ["Bearer key_c"],
    ]
    assert ["cookie" in request.headers for request in upstream.requests] == [False] * 4


async def test_concurrent_accounts_share_one_pool_and_no_key(conekta: Conekta, upstream: Upstream) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(conekta.get_account(f"key_{number}").send, WRITE)
    sent = sorted(request.headers["authorization"] for request in upstream.requests)
    assert (sent, upstream.made) == (sorted(f"Bearer key_{number}" for number in range(20)), 1)


def test_the_standing_headers_hold_no_key() -> None:
    assert build_headers(Settings(api_key="key_of_the_server")) == {
        "Accept-Encoding": "gzip, deflate",
        "Accept": "application/vnd.conekta-v2.2.0+json",
        "Accept-Language": "es",
        "Cache-Control": "no-cache",
        "User-Agent": f"conekta-mcp/{__version__}",
    }


async def test_the_pool_is_made_on_first_use_and_again_after_it_was_closed(
    conekta: Conekta, upstream: Upstream
) -> None:
    await conekta.close()
    assert upstream.made == 0
    await conekta.get_account("key_a").send(READ)
    await conekta.close()
    await conekta.get_account("key_a").send(READ)
    assert upstream.made == 2


async def test_no_proxy_and_no_netrc_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password echo\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    reached: list[bytes] = []

    async def serve(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            reached.append(await stream.receive())
            await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 - not a query
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        conekta = Conekta(Settings(base_url=f"http://127.0.0.1:{port}"))
        with anyio.fail_after(60):
            async with anyio.create_task_group() as group:
                group.start_soon(listener.serve, serve)
                answer = await conekta.get_account("key_a").send(READ)
                await conekta.close()
                group.cancel_scope.cancel()
    head = reached[0].decode().splitlines()
    assert (answer, head[0]) == ({}, "GET /orders HTTP/1.1")
    assert "Authorization: Bearer key_a" in head


class Slow:
    """A Conekta that answers when it is let."""

    def __init__(self) -> None:
        self.reached = anyio.Event()
        self.let = anyio.Event()
        self.finished: list[str] = []

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.reached.set()
        await self.let.wait()
        self.finished.append(request.method)
        return httpx.Response(200, json={"id": "ord_1"})


@pytest.mark.parametrize(("request_", "finished"), [(WRITE, ["POST"]), (READ, [])], ids=["write", "read"])
async def test_a_write_under_way_completes_although_its_call_was_cancelled(
    request_: Any, finished: list[str]
) -> None:
    slow = Slow()
    conekta = Conekta(Settings(), lambda: httpx.MockTransport(slow.answer))
    with anyio.fail_after(120):
        async with anyio.create_task_group() as group:
            group.start_soon(conekta.exchange, request_, "key_a")
            await slow.reached.wait()
            group.cancel_scope.cancel()
            slow.let.set()
    await conekta.close()
    assert slow.finished == finished
