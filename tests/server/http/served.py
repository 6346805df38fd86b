"""A server on a real socket whose time a test moves, and a client that sees every byte."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
import pytest

from conekta_mcp.app import App
from conekta_mcp.server.http import listening
from conekta_mcp.server.http.connections import Connections
from conekta_mcp.server.http.gate import build_security_settings
from conekta_mcp.server.http.listening import BoundedServer, create_bounded_server
from conekta_mcp.server.http.sessions import gate as session_gate
from conekta_mcp.server.http.sessions.bounds import Sessions
from conekta_mcp.server.http.transports import create_http_app
from conekta_mcp.settings import Settings

PATIENCE_SECONDS = 60.0
START = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "list_customers", "arguments": {}},
}


@dataclass
class Clock:
    """Seconds that pass only when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Served:
    """The server, what it counts, and its time."""

    server: BoundedServer
    sessions: Sessions
    connections: Connections
    clock: Clock = field(default_factory=Clock)

    @property
    def port(self) -> int:
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    def request(
        self, method: str, path: str, *, key: str, body: object = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the answer."""
        client = self.begin(method, path, key=key, body=body, **headers)
        try:
            answer = client.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            client.close()
            # The client has its answer a moment before the server notes the use of the session.
            wait_until(lambda: not any(one.messages for one in list(self.sessions._open)))

    def begin(
        self, method: str, path: str, *, key: str, body: object = None, **headers: str
    ) -> http.client.HTTPConnection:
        """Send a request, and leave its answer to the test."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        sent = {
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        client.request(method, path, json.dumps(body) if body is not None else None, sent)
        return client

    def exchange(self, head: str, body: bytes = b"") -> int:
        """Send bytes as they are, a line of `head` a line, and return the status of the answer."""
        lines = "\r\n".join([*head.format(port=self.port).splitlines(), f"Content-Length: {len(body)}"])
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as peer:
            peer.sendall(f"{lines}\r\n\r\n".encode("latin-1") + body)
            return int(peer.makefile("rb").readline().split()[1])

    def open(self, key: str, **headers: str) -> str | int:
        """Return the id of a new session, or the status of the refusal."""
        status, told, _ = self.request("POST", "/mcp", key=key, body=START, **headers)
        return told["mcp-session-id"] if status == 200 else status

    def call(self, key: str, session: str) -> int:
        """Call a tool, and return the status."""
        return self.request("POST", "/mcp", key=key, body=CALL, Mcp_Session_Id=session)[0]


@contextmanager
def serve(
    monkeypatch: pytest.MonkeyPatch, *, own_key: str | None = None, **settings: Any
) -> Iterator[Served]:
    """Serve on a free port; Conekta accepts every key but those that begin with key_bad."""
    monkeypatch.setattr(session_gate, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(listening, "TICKS_PER_SWEEP", 1)

    def upstream(request: httpx.Request) -> httpx.Response:
        refused = request.headers["authorization"].startswith("Bearer key_bad")
        return httpx.Response(401 if refused else 200, json={"data": []})

    chosen = Settings(**{"transport": ("streamable-http", "sse"), "port": 0, **settings})
    app = App(chosen, transport=lambda: httpx.MockTransport(upstream))
    clock = Clock()
    sessions = Sessions(chosen, app.proven_keys, clock)
    connections = Connections(chosen.max_connections, chosen.request_timeout, clock)
    allowed = build_security_settings((), ())
    asgi = create_http_app(app.server, chosen.transport, allowed, own_key, sessions)
    server = create_bounded_server(asgi, chosen, connections)
    running = threading.Thread(target=anyio.run, args=(server.serve,))
    running.start()
    try:
        wait_until(lambda: server.started)
        yield Served(server, sessions, connections, clock)
    finally:
        server.should_exit = True
        running.join(PATIENCE_SECONDS)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)
