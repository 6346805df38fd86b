"""A client that hangs up over HTTP before its answer came, and makes the same call again without a key."""

import http.client
import json
import socket
import time
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.processes import listening

pytestmark = pytest.mark.system

LEGACY, MODERN = "2025-11-25", "2026-07-28"
WISH = {
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "line_items": [{"name": "Plan", "unit_price": 50000, "quantity": 1}],
}
LONGEST = 60.0
"""Seconds to wait for what happens by itself, on a machine that is busy."""


class RawClient:
    """One HTTP client that can hang up in the middle of a call."""

    def __init__(self, url: str, key: str, era: str) -> None:
        self._port, self._key, self._era = urlsplit(url).port, key, era
        self._session: dict[str, str] = {}
        if era == LEGACY:
            hello = {"protocolVersion": era, "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}
            answer = self._send({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello})
            self._session = {"mcp-session-id": answer.getheader("mcp-session-id") or ""}
            self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def begin_call(self, number: int) -> http.client.HTTPConnection:
        params: dict[str, Any] = {"name": "create_order", "arguments": WISH}
        more = {}
        if self._era == MODERN:
            more = {"mcp-method": "tools/call", "mcp-name": "create_order"}
            info = {"name": "a", "version": "1"}
            about = {"protocolVersion": MODERN, "clientCapabilities": {}, "clientInfo": info}
            params["_meta"] = {f"io.modelcontextprotocol/{name}": value for name, value in about.items()}
        body = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}
        return self._post(body, more)

    def read(self, connection: http.client.HTTPConnection) -> str:
        with closing(connection):
            return connection.getresponse().read().decode()

    def _send(self, body: dict[str, Any]) -> http.client.HTTPResponse:
        with closing(self._post(body, {})) as connection:
            answer = connection.getresponse()
            answer.read()
            return answer

    def _post(self, body: dict[str, Any], more: dict[str, str]) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self._port or 0, timeout=LONGEST)
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "Authorization": f"Bearer {self._key}",
            "mcp-protocol-version": self._era,
            **self._session,
            **more,
        }
        connection.request("POST", "/mcp", json.dumps(body), headers)
        return connection


def ask(conekta: RunningSandbox, key: str, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.request(method, conekta.url + path, json=body, headers=headers, trust_env=False).json()


def wait_until(holds: Any) -> None:
    until = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


@pytest.mark.parametrize("era", [LEGACY, MODERN])
def test_the_same_call_again_gets_the_first_order(
    era: str, conekta: RunningSandbox, key: str, tmp_path: Any
) -> None:
    words = ("serve", "--transport", "streamable-http", "--store", str(tmp_path / "store.sqlite3"))
    with listening(*words, ready="/healthz", CONEKTA_BASE_URL=conekta.url) as server:
        client = RawClient(server.url, key, era)
        fault = {"delay_seconds": 2.0, "method": "POST", "path_prefix": "/orders"}
        placed = ask(conekta, key, "POST", "/_sandbox/faults", fault)["id"]
        connection = client.begin_call(5)
        # A fault is gone once it has struck: the order is then under way.
        faults = "/_sandbox/faults"
        wait_until(lambda: placed not in json.dumps(ask(conekta, key, "GET", faults)))
        connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()
        again = client.read(client.begin_call(6))
        orders = ask(conekta, key, "GET", "/orders")["data"]
        assert len(orders) == 1
        assert '"repeated":true' in again
        assert orders[0]["id"] in again
