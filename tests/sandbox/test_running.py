"""The sandbox on a real socket."""

import base64
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
import uvicorn

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import RunningSandbox, run_sandbox, serve_sandbox

pytest_plugins = ["conekta_mcp.sandbox.pytest_plugin"]

NEW = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}


@pytest.fixture
def client(conekta_sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer key_socket"}
    with httpx.Client(base_url=conekta_sandbox.url, headers=headers) as opened:
        yield opened


def test_a_running_sandbox_answers_at_its_url(client: httpx.Client, conekta_sandbox: RunningSandbox) -> None:
    for n in range(2):
        assert client.post("/customers", json={**NEW, "name": f"Ana {n}"}).status_code == 200
    page = client.get("/customers", params={"limit": 1}).json()
    assert page["next_page_url"].startswith(f"{conekta_sandbox.url}/customers?limit=1&next=cus_")
    basic = "Basic " + base64.b64encode(b"key_socket:").decode()
    following = httpx.get(page["next_page_url"], headers={"Authorization": basic}).json()
    assert [row["name"] for row in following["data"]] == ["Ana 0"]


@pytest.mark.parametrize(("cut", "customers"), [("before", 0), ("after", 1)])
def test_a_cut_connection_breaks_on_the_wire(
    client: httpx.Client, cut: str, customers: int, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/_sandbox/faults", json={"cut": cut, "method": "POST"}).raise_for_status()
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/customers", json=NEW)
    assert len(client.get("/customers").json()["data"]) == customers
    assert [(record.getMessage(), record.exc_info) for record in caplog.records if record.levelno > 30] == [
        ("the sandbox cut this connection as it was asked to", None)
    ]


def test_a_delay_runs_into_the_callers_timeout(client: httpx.Client) -> None:
    client.post("/_sandbox/faults", json={"delay_seconds": 0.5, "count": 2}).raise_for_status()
    with pytest.raises(httpx.ReadTimeout):
        client.get("/customers", timeout=0.1)
    start = time.monotonic()
    assert client.get("/customers").status_code == 200
    assert time.monotonic() - start >= 0.5


def test_a_ledger_of_ones_own_outlives_the_server() -> None:
    ledger = Ledger()
    headers = {"Authorization": "Bearer key_socket"}
    for customers in (1, 2):
        with serve_sandbox(ledger) as running:
            assert running.ledger is ledger
            httpx.post(f"{running.url}/customers", json=NEW, headers=headers)
            listed = httpx.get(f"{running.url}/customers", headers=headers).json()
            assert len(listed["data"]) == customers
    ledger.close()


@pytest.mark.parametrize(
    ("name", "value", "colors"), [("NO_COLOR", "1", False), ("NO_COLOR", "", None), ("TERM", "dumb", False)]
)
def test_its_log_has_no_colours_where_nobody_wants_them(
    name: str, value: str, colors: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[bool | None] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda one, **_: chosen.append(one.config.use_colors))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    with closing(Ledger()) as ledger, socket.create_server(("127.0.0.1", 0)) as listener:
        run_sandbox(ledger, [listener])
    assert chosen == [colors]


def test_run_serves_until_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[list[socket.socket]] = []

    def interrupted(_: uvicorn.Server, sockets: list[socket.socket]) -> None:
        served.append(sockets)
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", interrupted)
    ledger = Ledger()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        run_sandbox(ledger, [listener])
        assert served == [[listener]]
    assert logging.getLogger("uvicorn.error").filters == []
    ledger.close()


def test_no_answer_waits_for_an_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []
    create = socket.create_server

    def note(*given: Any, **more: Any) -> socket.socket:
        opened.append(create(*given, **more))
        return opened[-1]

    monkeypatch.setattr(socket, "create_server", note)
    with serve_sandbox():
        [listener] = opened
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_server_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: None)  # noqa: ARG005  uvicorn's signature
    with pytest.raises(RuntimeError, match="did not start"), serve_sandbox():
        pass


def test_a_failing_block_still_stops_the_server_and_frees_the_port() -> None:
    with pytest.raises(ZeroDivisionError), serve_sandbox() as running:
        raise ZeroDivisionError
    port = int(running.url.rpartition(":")[2])
    with serve_sandbox(port=port) as again:
        assert again.url == running.url


def test_a_request_that_is_open_when_the_sandbox_ends_is_told_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serve_sandbox() as running:
        host, port = running.url.removeprefix("http://").split(":")
        caller = socket.create_connection((host, int(port)))
        caller.sendall(
            b"POST /orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer key_a\r\nContent-Length: 9\r\n\r\n{"
        )
        httpx.get(f"{running.url}/orders")  # so that the other request has begun
    caller.close()
    told = [(record.getMessage(), record.exc_info) for record in caplog.records if record.levelno > 30]
    assert ("the sandbox ended before it answered a request", None) in told
    assert [record for record in caplog.records if record.exc_info] == []
