"""Who is let in over HTTP: a known Host, a known Origin, a key; in process, so that any bind can be asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.types import Message, Scope

from conekta_mcp.app import App
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era

pytestmark = [pytest.mark.system, pytest.mark.anyio]

ASK = "Send the private key of your Conekta account: Authorization: Bearer key_..."
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
PROTOCOL_PATHS = [
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("DELETE", "/mcp"),
    ("GET", "/sse"),
    ("POST", "/messages/"),
]
BINDS = [
    pytest.param({"host": "127.0.0.1"}, id="loopback, no own key"),
    pytest.param({"host": "127.0.0.1", "sandbox": True}, id="loopback, sandbox"),
    pytest.param({"host": "::1", "api_key": "key_own"}, id="loopback of IPv6, own key"),
    pytest.param({"host": "0.0.0.0", "sandbox": True}, id="all addresses, sandbox"),  # noqa: S104
    pytest.param({"host": "192.0.2.7", "api_key": "key_own"}, id="another address, own key"),
]
WITHOUT_A_STAND_IN = [BINDS[0], BINDS[3], BINDS[4]]

MALFORMED = [
    "", "key_own", "Bearer", "Bearer sk_live_1", "Bearer key_", "Bearer key_a key_b", "Bearer key_ä",
    "Basic a2V5X2E6", "Bearer key_a,Bearer key_b",
]  # fmt: skip


@asynccontextmanager
async def asking(**settings: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client in front of the app of these settings."""
    app = App(Settings(**{"transport": ("streamable-http", "sse"), **settings}))
    asgi = app.create_http_app()
    async with (
        asgi.router.lifespan_context(asgi),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(asgi), base_url="http://127.0.0.1:8000") as http,
    ):
        http.headers["Accept"] = "application/json, text/event-stream"
        with anyio.fail_after(120):
            yield http
    await app.close()


async def every_path(http: httpx2.AsyncClient, **headers: str) -> dict[str, httpx2.Response]:
    """What each path of the protocol answers to a request with these headers."""
    encoded = {name: value.encode() for name, value in headers.items()}
    return {
        f"{method} {path}": await http.request(method, path, headers=encoded)
        for method, path in PROTOCOL_PATHS
    }


@pytest.mark.parametrize("bind", WITHOUT_A_STAND_IN)
async def test_without_a_key_the_answer_is_401_and_says_what_to_send(bind: dict[str, Any]) -> None:
    async with asking(**bind) as http:
        for path, answer in (await every_path(http)).items():
            assert (path, answer.status_code) == (path, 401)
            assert answer.json() == {"error": "missing_token", "error_description": ASK}
            asked = answer.headers["WWW-Authenticate"]
            assert asked == f'Bearer realm="conekta-mcp", error_description="{ASK}"'


@pytest.mark.parametrize("bind", [{"sandbox": True}, {"api_key": "key_own"}])
async def test_a_malformed_authorization_is_401_and_never_falls_back_to_the_own_key(
    bind: dict[str, Any],
) -> None:
    async with asking(host="127.0.0.1", **bind) as http:
        for sent in MALFORMED:
            for path, answer in (await every_path(http, Authorization=sent)).items():
                assert (sent, path, answer.status_code) == (sent, path, 401)
                assert answer.json() == {"error": "invalid_token", "error_description": ASK}
                asked = answer.headers["WWW-Authenticate"]
                assert asked.startswith('Bearer realm="conekta-mcp", error="invalid_token", ')


@pytest.mark.parametrize("bind", BINDS)
async def test_a_host_that_is_not_this_machines_is_421_on_every_bind(bind: dict[str, Any]) -> None:
    async with asking(**bind) as http:
        for host in ("evil.example.com", "127.0.0.1.example.com:8000", "192.0.2.7:8000", "0.0.0.0:8000"):
            answers = await every_path(http, Host=host, Authorization="Bearer key_a")
            assert {path: answer.status_code for path, answer in answers.items()} == all_of(421)


@pytest.mark.parametrize("bind", BINDS)
async def test_a_page_of_another_origin_is_403_on_every_bind(bind: dict[str, Any]) -> None:
    async with asking(**bind) as http:
        for origin in ("https://evil.example.com", "null", "http://127.0.0.1.example.com"):
            answers = await every_path(http, Origin=origin, Authorization="Bearer key_a")
            assert {path: answer.status_code for path, answer in answers.items()} == all_of(403)


def all_of(status: int) -> dict[str, int]:
    return {f"{method} {path}": status for method, path in PROTOCOL_PATHS}


@pytest.mark.parametrize("bind", BINDS)
async def test_a_key_is_let_in_on_every_bind(bind: dict[str, Any]) -> None:
    async with asking(**bind) as http:
        for scheme in ("Bearer", "bearer", "BEARER "):
            answer = await http.post("/mcp", json=INITIALIZE, headers={"Authorization": f"{scheme} key_a"})
            assert answer.status_code == 200


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1", "[::1]:8000"])
async def test_this_machines_names_are_accepted_with_any_port_and_with_none(host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}", "Authorization": "Bearer key_a"}
    async with asking(sandbox=True) as http:
        answer = await http.post("/mcp", json=INITIALIZE, headers=headers)
    assert answer.status_code == 200


async def test_an_allowed_host_and_origin_serve_a_whole_session(era: Era) -> None:
    settings = {
        "host": "0.0.0.0",  # noqa: S104 - never bound: the app is asked in process
        "sandbox": True,
        "allowed_hosts": ("mcp.example.com",),
        "allowed_origins": ("https://app.example.com/",),
    }
    headers = {"Authorization": "Bearer key_a", "Origin": "https://app.example.com"}
    async with asking(**settings) as http:
        http.headers.update(headers)
        target = streamable_http_client("https://mcp.example.com/mcp", http_client=http)
        async with Client(target, mode=era) as client:
            assert len((await client.list_tools()).tools) == 19
        assert (await http.post("https://other.example.com/mcp", json=INITIALIZE)).status_code == 421


@pytest.mark.parametrize("bind", BINDS)
async def test_healthz_answers_without_a_key_and_to_any_host(bind: dict[str, Any]) -> None:
    async with asking(**bind) as http:
        answer = await http.get("/healthz", headers={"Host": "balancer.example.com"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("transport", "served"),
    [("streamable-http", {"/healthz", "/mcp"}), ("sse", {"/healthz", "/sse", "/messages"})],
)
async def test_only_the_transport_that_was_asked_for_is_served(transport: str, served: set[str]) -> None:
    asgi = App(Settings(transport=(transport,), sandbox=True)).create_http_app()
    paths = {getattr(route, "path", "") for route in asgi.routes}
    inbox = {path for path in paths if path == "/approvals" or path.startswith("/approvals/")}
    assert (paths - inbox, bool(inbox)) == (served, True)
    without = Settings(transport=(transport,), sandbox=True, approval_channels=("client",))
    assert {getattr(route, "path", None) for route in App(without).create_http_app().routes} == served
    async with asking(transport=(transport,), sandbox=True) as http:
        assert (await http.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/approvals.", "/approvalsx", "/Approvals", "//approvals", "/mcp/approvals"]
)
async def test_what_only_resembles_the_inbox_is_not_there(path: str) -> None:
    async with asking(host="192.0.2.7", api_key="key_own", allowed_hosts=("127.0.0.1",)) as http:
        assert (await http.get(f"http://127.0.0.1:8000{path}")).status_code == 404


async def test_a_websocket_is_not_served() -> None:
    asgi = App(Settings(transport=("sse",), sandbox=True)).create_http_app()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "websocket",
        "path": "/sse",
        "headers": [],
        "query_string": b"",
        "subprotocols": [],
    }
    await asgi(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
