"""How long a client may keep the server waiting, and the limit of connections."""

import json
import logging
import socket
import sys
from typing import cast

import h11
import pytest

from conekta_mcp.server.http.listening import BoundedProtocol, raise_open_files
from tests.server.http.served import PATIENCE_SECONDS, START, Served, serve, wait_until

HEAD = (
    b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer key_a\r\n"
    b"Content-Type: application/json\r\n"
    b"Accept: application/json, text/event-stream\r\nContent-Length: 1000\r\n\r\n"
)
ASKING = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
INCOMPLETE = {
    "nothing": b"",
    "half a line": b"POST /mc",
    "half a head": b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-a: ",
    "half a body": HEAD + b'{"jsonrpc"',
    "no body": HEAD,
    "half a body of what is refused": HEAD.replace(b"key_a", b"a") + b"{",
}


def connect(served: Served, sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", served.port), PATIENCE_SECONDS)
    client.sendall(sent)
    return client


def list_states(served: Served) -> list[object]:
    """What each client has sent so far, as h11 sees it."""
    return [cast("BoundedProtocol", one).conn.their_state for one in list(served.connections._open)]


def read_to_end(client: socket.socket) -> bytes:
    """Return what came before the server closed the connection."""
    came = b""
    try:
        while more := client.recv(65536):
            came += more
    except ConnectionResetError:
        pass
    client.close()
    return came


@pytest.mark.parametrize("sent", INCOMPLETE.values(), ids=INCOMPLETE)
def test_a_request_that_does_not_arrive_in_time_is_closed(
    sent: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), serve(monkeypatch, request_timeout=20.0) as served:
        clients = [connect(served, sent) for _ in range(20)]
        wait_until(lambda: list_states(served) == [h11.SEND_BODY if b"Length" in sent else h11.IDLE] * 20)
        served.clock.now += 19
        assert served.request("GET", "/healthz", key="key_a")[0] == 200
        assert served.connections.count >= 20
        served.clock.now += 2
        assert all(read_to_end(client).count(b"HTTP/1.1") <= 1 for client in clients)
        wait_until(lambda: served.connections.count == 0)
        assert served.sessions.count == 0
    assert "Traceback" not in caplog.text


def test_a_body_that_trickles_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, request_timeout=20.0) as served:
        client = connect(served, HEAD)
        wait_until(lambda: list_states(served) == [h11.SEND_BODY])
        for _ in range(5):
            wait_until(lambda: served.connections.count == 1)
            client.sendall(b" ")
            served.clock.now += 4
        served.clock.now += 1
        read_to_end(client)
        wait_until(lambda: served.connections.count == 0)


def test_an_answer_that_is_not_taken_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, request_timeout=20.0) as served:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", served.port))
        client.settimeout(PATIENCE_SECONDS)
        tools = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}).encode()
        session = str(served.open("key_a"))
        head = HEAD.replace(b"1000\r\n", f"{len(tools)}\r\nMcp-Session-Id: {session}\r\n".encode())
        client.setblocking(False)
        try:
            while True:
                client.send(head + tools)
        except BlockingIOError:
            pass
        wait_until(lambda: len(served.connections._waiting) == 1)
        served.clock.now += 21
        wait_until(lambda: served.connections.count == 0)
        client.close()


def test_a_request_in_time_is_served_and_a_new_one_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(START).encode()
    whole = HEAD.replace(b"1000", str(len(body)).encode())
    with serve(monkeypatch, request_timeout=20.0) as served:
        client = connect(served, whole[:40])
        for part in (whole[40:], body[:5], body[5:]):
            served.clock.now += 9
            client.sendall(part)
            wait_until(lambda: served.connections.count == 1)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 OK")
        client.close()


def test_a_connection_beyond_the_bound_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_connections=2) as served:
        streams = [served.begin("GET", "/sse", key="key_a") for _ in range(2)]
        for stream in streams:
            stream.getresponse()
        status, headers, body = served.request("GET", "/healthz", key="key_a")
        assert (status, headers["retry-after"], headers["connection"]) == (503, "30", "close")
        said = (
            "Not read: 2 connections are open, the most that this server allows (--max-connections). Try "
            "again in 30 seconds."
        )
        assert json.loads(body) == {
            "jsonrpc": "2.0",
            "id": None,
            "error": {"code": -32000, "message": said},
        }
        for stream in streams:
            stream.close()
        wait_until(lambda: served.connections.count == 0)


def test_half_sent_requests_make_room_for_whole_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_connections=3) as served:
        clients = [connect(served, INCOMPLETE["half a head"]) for _ in range(3)]
        wait_until(lambda: served.connections.count == 3)
        assert served.request("GET", "/healthz", key="key_a")[0] == 200
        assert served.connections.count <= 3
        for client in clients:
            client.close()


def ask_once(served: Served) -> socket.socket:
    """Return a connection that got its answer and stays open."""
    client = connect(served, ASKING)
    read_health(client)
    wait_until(lambda: bool(served.connections._idle))
    return client


def read_health(client: socket.socket) -> None:
    came = b""
    while b"}" not in came:
        more = client.recv(65536)
        assert more, came
        came += more
    assert came.startswith(b"HTTP/1.1 200 OK")


def test_a_connection_stays_open_between_requests_for_longer_than_proxies_keep_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serve(monkeypatch, request_timeout=20.0) as served:
        assert served.server.config.timeout_keep_alive > 60
        client = ask_once(served)
        for _ in range(2):
            served.clock.now += 60
            client.sendall(ASKING)
            read_health(client)
        client.close()


def test_a_second_request_that_trickles_is_closed_like_a_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, request_timeout=20.0) as served:
        client = ask_once(served)
        for byte in (b"G", b"E", b"T", b" "):
            client.sendall(byte)
            wait_until(lambda: not served.connections._idle)
            served.clock.now += 6
        assert read_to_end(client) == b""
        wait_until(lambda: served.connections.count == 0)


def test_an_idle_connection_makes_room_before_one_that_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_connections=2) as served:
        sending = connect(served, HEAD)
        wait_until(lambda: list_states(served) == [h11.SEND_BODY])
        idle = ask_once(served)
        assert served.request("GET", "/healthz", key="key_a")[0] == 200
        assert read_to_end(idle) == b""
        wait_until(lambda: list_states(served) == [h11.SEND_BODY])
        sending.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(
    ("soft", "hard", "served", "then"),
    [(1024, 524_288, 2000, 4200), (1024, 1024, 412, 1024), (8192, 8192, 2000, 8192), (100, 150, 1, 150)],
)
def test_there_are_no_more_connections_than_files_may_be_open(
    soft: int,
    hard: int,
    served: int,
    then: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    import resource

    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, given: limits.append(given))
    with caplog.at_level(logging.WARNING):
        assert raise_open_files(2000) == served
    assert limits[-1] == (then, hard)
    assert bool(caplog.records) == (served < 2000)


def test_where_open_files_have_no_limit_connections_have_only_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert raise_open_files(2000) == 2000


@pytest.mark.parametrize("sent", INCOMPLETE.values(), ids=INCOMPLETE)
def test_a_request_that_is_not_complete_does_not_outlast_the_server(
    sent: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(monkeypatch) as served:
        client = connect(served, sent)
        wait_until(lambda: list_states(served) == [h11.SEND_BODY if b"Length" in sent else h11.IDLE])
    read_to_end(client)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
