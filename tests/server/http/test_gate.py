"""Over HTTP a known Host and Origin and a key are required before MCP sees a request."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from conekta_mcp.app import App
from conekta_mcp.settings import Settings
from tests.server.http.served import CALL, START, serve

ASK = "Send the private key of your Conekta account: Authorization: Bearer key_..."
ACCEPT = {"Accept": "application/json, text/event-stream"}
Served = Callable[..., TestClient]


@pytest.fixture
def keys() -> list[str]:
    """The keys that reach Conekta."""
    return []


@pytest.fixture
def served(keys: list[str]) -> Iterator[Served]:
    """Serve over HTTP with these settings."""

    def upstream(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["authorization"])
        return httpx.Response(200, json={"data": []})

    with ExitStack() as stack:

        def made(**settings: Any) -> TestClient:
            chosen = Settings(**{"transport": ("streamable-http",), **settings})
            app = App(chosen, transport=lambda: httpx.MockTransport(upstream)).create_http_app()
            return stack.enter_context(TestClient(app, base_url="http://127.0.0.1:8000"))

        yield made


def called(client: TestClient, *, start: dict[str, str], call: dict[str, str]) -> httpx.Response:
    """Open a session with the headers `start`, and call a tool in it with the headers `call`."""
    opened = client.post("/mcp", json=START, headers={**ACCEPT, **start})
    session = {"Mcp-Session-Id": opened.headers.get("mcp-session-id", "none")}
    return client.post("/mcp", json=CALL, headers={**ACCEPT, **session, **call})


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_each_caller_acts_with_the_key_they_send(served: Served, keys: list[str]) -> None:
    client = served(api_key="key_of_the_server")
    for key in ("key_a", "key_b"):
        assert called(client, start=bearer(key), call=bearer(key)).status_code == 200
    assert keys == ["Bearer key_a", "Bearer key_b"]


def test_a_session_of_one_key_is_closed_to_another(served: Served, keys: list[str]) -> None:
    answer = called(served(), start=bearer("key_a"), call=bearer("key_b"))
    assert (answer.status_code, keys) == (404, [])


def test_the_servers_own_key_serves_callers_of_this_machine(served: Served, keys: list[str]) -> None:
    assert called(served(api_key="key_of_the_server"), start={}, call={}).status_code == 200
    assert keys == ["Bearer key_of_the_server"]


FORWARDED = [
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-Host": "mcp.example.com"},
    {"Forwarded": "for=203.0.113.9"},
    {"Via": "1.1 nginx"},
    {"X-NginX-Proxy": "true"},
    {"X-Real-IP": "203.0.113.9"},
    {"CF-Connecting-IP": "203.0.113.9"},
    {"X-Original-Forwarded-For": "203.0.113.9"},
    {"X-Azure-ClientIP": "203.0.113.9"},
    {"X-NF-Client-Connection-IP": "203.0.113.9"},
    {"X-AppEngine-User-IP": "203.0.113.9"},
    {"X-ProxyUser-IP": "203.0.113.9"},
    {"X-Remote-Addr": "203.0.113.9"},
    {"Fastly-Client-IP": "203.0.113.9"},
    {"Tailscale-User-Login": "ana@example.com"},
    {"CDN-Loop": "example"},
    {"X-Varnish": "32770"},
    {"Max-Forwards": "9"},
    {"Proxy-Connection": "keep-alive"},
    {"X-Cloud-Trace-Context": "105445aa7843bc8bf206b120001000/1"},
    {"X-ARR-LOG-ID": "6c1b"},
    {"Akamai-Origin-Hop": "1"},
    {"X-Akamai-Config-Log-Detail": "true"},
    {"Host": "mcp.example.com"},
]


@pytest.mark.parametrize("headers", FORWARDED, ids=lambda headers: next(iter(headers)))
def test_a_request_that_came_from_elsewhere_does_not_act_with_the_servers_own_key(
    headers: dict[str, str], served: Served, keys: list[str]
) -> None:
    client = served(api_key="key_own", allowed_hosts=("mcp.example.com",))
    refused = client.post("/mcp", json=START, headers={**ACCEPT, **headers})
    assert (refused.status_code, refused.json()["error"]) == (401, "missing_token")
    brought = {**ACCEPT, **headers, "Authorization": "Bearer key_theirs"}
    assert client.post("/mcp", json=START, headers=brought).status_code == 200
    assert keys == []


KINDS = """Content-Type: application/json
Accept: application/json, text/event-stream
"""
HOST = "Host: 127.0.0.1:{port}\n"
ODD = {
    "HTTP/1.0": f"POST /mcp HTTP/1.0\n{HOST}{KINDS}",
    "HTTP/1.0 without a host": f"POST /mcp HTTP/1.0\n{KINDS}",
    "HTTP/1.0 that stays open": f"POST /mcp HTTP/1.0\n{HOST}Connection: keep-alive\n{KINDS}",
    "no host": f"POST /mcp HTTP/1.1\n{KINDS}",
    "an empty host": f"POST /mcp HTTP/1.1\nHost:\n{KINDS}",
    "two hosts": f"POST /mcp HTTP/1.1\n{HOST}Host: evil.example.com\n{KINDS}",
    "two equal hosts": f"POST /mcp HTTP/1.1\n{HOST}{HOST}{KINDS}",
    "a host with a user": f"POST /mcp HTTP/1.1\nHost: localhost@evil.example.com\n{KINDS}",
    "a host that begins like ours": f"POST /mcp HTTP/1.1\nHost: localhost.evil.example.com\n{KINDS}",
    "another host in the address": f"POST http://evil.example.com/mcp HTTP/1.1\n{HOST}{KINDS}",
    "two origins": f"POST /mcp HTTP/1.1\n{HOST}Origin: http://localhost\nOrigin: http://evil.example.com\n{KINDS}",
    "an unknown origin": f"POST /mcp HTTP/1.1\n{HOST}Origin: null\n{KINDS}",
    "a page of another site": f"POST /mcp HTTP/1.1\n{HOST}Sec-Fetch-Site: cross-site\n{KINDS}",
    "an empty authorization": f"POST /mcp HTTP/1.1\n{HOST}Authorization:\n{KINDS}",
    "a blank authorization": f"POST /mcp HTTP/1.1\n{HOST}Authorization:   \n{KINDS}",
    "half an authorization": f"POST /mcp HTTP/1.1\n{HOST}Authorization: Bearer\n{KINDS}",
    "two authorizations": f"POST /mcp HTTP/1.1\n{HOST}Authorization:\nAuthorization: Bearer key_a\n{KINDS}",
    "a key elsewhere": f"POST /mcp HTTP/1.1\n{HOST}Proxy-Authorization: Bearer key_a\n{KINDS}",
}


def test_no_odd_request_acts_with_the_servers_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(START).encode()
    plain = f"POST /mcp HTTP/1.1\n{HOST}{KINDS}"
    with serve(monkeypatch, own_key="key_of_the_server") as one:
        answers = {name: one.exchange(head, body) for name, head in ODD.items()}
        assert {
            name: status for name, status in answers.items() if status not in {400, 401, 403, 404, 421}
        } == {}
        assert one.exchange(plain, body) == 200
        theirs = f"POST /mcp HTTP/1.0\n{HOST}Authorization: Bearer key_theirs\n{KINDS}"
        assert one.exchange(theirs, body) == 200


@pytest.mark.parametrize(
    "settings",
    [{}, {"api_key": "key_of_the_server", "host": "0.0.0.0"}],  # noqa: S104 - nothing listens
    ids=["no key", "open host"],
)
def test_a_caller_without_a_key_is_asked_for_one(settings: Any, served: Served, keys: list[str]) -> None:
    answer = served(**settings).post("/mcp", json=START, headers=ACCEPT)
    assert (answer.status_code, keys) == (401, [])
    assert answer.json() == {"error": "missing_token", "error_description": ASK}
    assert answer.headers["www-authenticate"] == f'Bearer realm="conekta-mcp", error_description="{ASK}"'


@pytest.mark.parametrize(
    "header", ["Bearer sk_1", "key_a", "Basic a2V5X2E6", "Bearer key_a key_b", "Bearer", ""]
)
def test_what_is_no_key_is_refused_even_where_the_server_has_one(
    header: str, served: Served, keys: list[str]
) -> None:
    client = served(api_key="key_of_the_server")
    answer = client.post("/mcp", json=START, headers={**ACCEPT, "Authorization": header})
    assert (answer.status_code, keys) == (401, [])
    assert answer.json() == {"error": "invalid_token", "error_description": ASK}
    assert answer.headers["www-authenticate"].startswith(
        'Bearer realm="conekta-mcp", error="invalid_token", '
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example.com"}, 421),
        ({"Host": "127.0.0.1.example.com"}, 421),
        ({"Origin": "https://evil.example.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:9"}, 200),
        ({"Host": "shop.example.com"}, 200),
        ({"Host": "shop.example.com:8443"}, 200),
        ({"Origin": "http://localhost:6274"}, 200),
        ({"Origin": "https://agent.example.com"}, 200),
    ],
)
def test_unknown_hosts_and_origins_are_refused(headers: dict[str, str], status: int, served: Served) -> None:
    client = served(
        api_key="key_a",
        allowed_hosts=("shop.example.com",),
        allowed_origins=("https://agent.example.com/",),
    )
    assert (
        client.post(
            "/mcp", json=START, headers={**ACCEPT, **headers, "Authorization": "Bearer key_a"}
        ).status_code
        == status
    )


@pytest.mark.parametrize(
    ("transport", "statuses"),
    [
        (("streamable-http",), {"/mcp": 401, "/sse": 404, "/messages/": 404, "/healthz": 200}),
        (("sse",), {"/mcp": 404, "/sse": 401, "/messages/": 401, "/healthz": 200}),
    ],
)
def test_health_is_told_to_anyone_and_nothing_else(transport: Any, statuses: Any, served: Served) -> None:
    client = served(transport=transport)
    assert {path: client.get(path).status_code for path in statuses} == statuses
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("transport", "found"),
    [
        (("streamable-http",), {"/mcp": True, "/messages/": False}),
        (("sse",), {"/mcp": False, "/messages/": True}),
        (("sse", "streamable-http"), {"/mcp": True, "/messages/": True}),
    ],
)
def test_only_the_transports_asked_for_are_served(transport: Any, found: Any, served: Served) -> None:
    client = served(api_key="key_a", transport=transport)
    assert {path: client.post(path, json={}).status_code != 404 for path in found} == found


@pytest.mark.parametrize(
    ("path", "headers", "problem"),
    [
        ("/mcp?readonly=1", {}, "unknown parameter readonly; did you mean read_only?"),
        ("/mcp?toolset=orders", {}, "unknown parameter toolset; did you mean toolsets?"),
        ("/mcp?toolsets=ordrs", {}, "unknown toolset ordrs; did you mean orders?"),
        ("/mcp?read_only=y", {}, "read_only: expected 1 or 0"),
        ("/mcp", {"X-Conekta-Read-Only": "y"}, "read_only: expected 1 or 0"),
        (
            "/mcp",
            {"X-Conekta-Readonly": "1"},
            "unknown header x-conekta-readonly; did you mean x-conekta-read-only?",
        ),
        ("/mcp", {"X-Conekta-Toolsets": "refund"}, "unknown toolset refund; did you mean refunds?"),
        (
            "/mcp",
            {"Conekta-Read-Only": "1"},
            "unknown header conekta-read-only; did you mean x-conekta-read-only?",
        ),
        (
            "/mcp",
            {"X_Conekta_Toolsets": "orders"},
            "unknown header x_conekta_toolsets; did you mean x-conekta-toolsets?",
        ),
        (
            "/mcp",
            {"X-Conketa-Read-Only": "1"},
            "unknown header x-conketa-read-only; did you mean x-conekta-read-only?",
        ),
        (
            "/mcp",
            {"X-Conekta-Max-Amount": "5"},
            "unknown header x-conekta-max-amount; expected one of x-conekta-toolsets, x-conekta-read-only",
        ),
        ("/mcp", {"X-Toolsets": "orders"}, "unknown header x-toolsets; did you mean x-conekta-toolsets?"),
        (
            "/mcp",
            {"X-Child-Company-Id": "5f0000000000000000000001"},
            (
                "header x-child-company-id is not read, and its company would not be acted for: the "
                "operator names it, with --child-company-id or in a profile"
            ),
        ),
        ("/mcp?session_id=1", {}, "unknown parameter session_id; expected one of toolsets, read_only"),
        ("/mcp?read_only=1&read_only=0", {}, "parameter read_only is there twice"),
        ("/mcp?toolsets=customers&toolsets=all", {}, "parameter toolsets is there twice"),
        ("/mcp?read_only=", {}, "read_only: expected 1 or 0"),
        ("/mcp?toolsets=", {}, "toolsets: expected one or more, separated by commas"),
        ("/mcp?toolsets=,", {}, "toolsets: expected one or more, separated by commas"),
        ("/mcp", {"X-Conekta-Read-Only": " "}, "read_only: expected 1 or 0"),
    ],
)
def test_a_request_that_narrows_the_tools_in_unknown_words_is_refused(
    path: str, headers: dict[str, str], problem: str, served: Served, keys: list[str]
) -> None:
    sent = {**ACCEPT, "Authorization": "Bearer key_a", **headers}
    refused = served().post(path, json=START, headers=sent)
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "invalid_request", "error_description": problem},
    )
    assert keys == []


def test_a_header_that_narrows_and_comes_twice_is_refused(served: Served, keys: list[str]) -> None:
    # A gateway adds its own to what the client sent: which of them holds must not be guessed.
    sent = [*{**ACCEPT, "Authorization": "Bearer key_a"}.items()]
    twice = [("X-Conekta-Read-Only", "0"), ("X-Conekta-Read-Only", "1")]
    refused = served().post("/mcp", json=START, headers=[*sent, *twice])
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "invalid_request", "error_description": "header x-conekta-read-only is there twice"},
    )
    assert keys == []
