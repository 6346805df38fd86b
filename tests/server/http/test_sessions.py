"""Limits of sessions per key, per address, for unproven keys and in total, and how sessions end."""

import gc
import json

import pytest
from mcp.server.streamable_http import StreamableHTTPServerTransport

from conekta_mcp.server.http.sessions.bounds import group_address
from tests.server.http.served import START, Served, serve, wait_until

MINUTES = 60.0
ADVICE = (
    "End sessions that are not used any more with DELETE and their Mcp-Session-Id, or try again in 30 "
    "seconds; an unused session ends after 30 minutes."
)
ROOMY = {"max_sessions": 100, "max_sessions_per_key": 100, "max_sessions_per_address": 100}


def prove(served: Served, key: str) -> str:
    """Open a session with `key`, and make a call that Conekta accepts."""
    session = served.open(key)
    assert isinstance(session, str)
    assert served.call(key, session) == 200
    return session


@pytest.mark.parametrize(
    ("settings", "status", "said"),
    [
        (
            {"max_sessions_per_key": 2},
            429,
            "2 sessions of this key are open, the most for one key (--max-sessions-per-key)",
        ),
        (
            {"max_sessions_per_address": 2},
            429,
            "2 sessions of this address are open, the most for one (--max-sessions-per-address)",
        ),
        ({"max_sessions": 2}, 503, "2 sessions are open, the most that this server allows (--max-sessions)"),
        (
            {"max_unproven_sessions": 8},
            503,
            (
                "2 sessions of keys that Conekta has not accepted yet are open, the most for this caller or "
                "for all together (--max-unproven-sessions). A key counts as accepted after its first "
                "successful call"
            ),
        ),
    ],
    ids=["one key", "one address", "all", "unproven"],
)
@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
def test_a_session_beyond_a_bound_is_refused_and_told_what_to_do(
    transport: str,
    settings: dict[str, int],
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serve(monkeypatch, **{**ROOMY, **settings}) as served:
        opened = [served.open("key_a") for _ in range(2)]
        assert all(isinstance(one, str) for one in opened)
        refused = (
            served.request("GET", "/sse", key="key_a")
            if transport == "sse"
            else served.request("POST", "/mcp", key="key_a", body=START)
        )
        assert (refused[0], refused[1]["retry-after"]) == (status, "30")
        assert json.loads(refused[2]) == {
            "jsonrpc": "2.0",
            "id": None,
            "error": {"code": -32000, "message": f"No new session: {said}. {ADVICE}"},
        }
        assert served.sessions.count == 2


def test_invented_keys_get_a_share_and_proven_keys_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_sessions=20, max_unproven_sessions=8) as served:
        mine = prove(served, "key_mine")
        invented = [served.open(f"key_bad{number}") for number in range(9)]
        assert [isinstance(one, str) for one in invented] == [True] * 4 + [False] * 5
        assert invented[4:] == [503] * 5
        # Another address has a half of its own; all unproven keys together have eight.
        elsewhere = [served.open(f"key_bad{number}", X_Forwarded_For="203.0.113.9") for number in range(9)]
        assert [isinstance(one, str) for one in elsewhere] == [True] * 4 + [False] * 5
        assert served.open("key_bad", X_Forwarded_For="203.0.113.10") == 503
        assert served.call("key_mine", mine) == 200
        assert all(isinstance(served.open("key_mine"), str) for _ in range(11))
        assert served.sessions.count == 20


def test_a_key_that_conekta_refuses_stays_unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_unproven_sessions=8) as served:
        session = served.open("key_bad")
        assert served.call("key_bad", str(session)) == 200  # the answer is an error of the tool
        assert [isinstance(served.open("key_bad"), str) for _ in range(2)] == [True, False]


def test_an_unused_session_of_an_unproven_key_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_sessions=3, max_unproven_sessions=8) as served:
        mine = prove(served, "key_mine")
        oldest, _ = served.open("key_bad1"), served.open("key_bad2")
        assert served.open("key_mine") == 503
        served.clock.now += 10
        assert isinstance(served.open("key_mine"), str)
        assert served.call("key_bad1", str(oldest)) == 404
        assert served.call("key_mine", mine) == 200
        assert served.sessions.count == 3


@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
def test_an_idle_session_ends_and_its_memory_comes_back(
    transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = count_transports()
    with serve(monkeypatch, session_idle=30.0) as served:
        sessions = [served.open("key_a") for _ in range(3)] if transport != "sse" else []
        streams = [served.begin("GET", "/sse", key="key_a") for _ in range(3)] if transport == "sse" else []
        answers = [stream.getresponse() for stream in streams]
        assert [answer.readline() for answer in answers] == [b"event: endpoint\r\n"] * len(answers)
        wait_until(lambda: served.sessions.count == 3)
        served.clock.now += 29 * MINUTES
        for session in sessions[:1]:
            assert served.request("GET", "/nothing", key="key_a", Mcp_Session_Id=str(session))[0] == 404
        served.clock.now += 2 * MINUTES
        wait_until(lambda: served.sessions.count == 0)
        assert [answer.read().endswith(b"\r\n\r\n") for answer in answers] == [True] * len(answers)
        assert [served.call("key_a", str(session)) for session in sessions] == [404] * len(sessions)
        wait_until(lambda: count_transports() <= before)
        for stream in streams:
            stream.close()


def count_transports() -> int:
    gc.collect()
    return sum(isinstance(one, StreamableHTTPServerTransport) for one in gc.get_objects())


def test_a_session_that_is_used_stays_and_another_key_does_not_use_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serve(monkeypatch, session_idle=30.0) as served:
        used, stolen = prove(served, "key_a"), served.open("key_a")
        served.clock.now += 29 * MINUTES
        assert served.call("key_a", used) == 200
        assert served.call("key_b", str(stolen)) == 404
        served.clock.now += 2 * MINUTES
        wait_until(lambda: served.sessions.count == 1)
        assert served.call("key_a", used) == 200


def test_an_open_stream_keeps_the_session_of_a_proven_key_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, session_idle=30.0) as served:
        kept, lost = prove(served, "key_a"), str(served.open("key_b"))
        streams = [
            served.begin("GET", "/mcp", key=key, Mcp_Session_Id=session)
            for key, session in (("key_a", kept), ("key_b", lost))
        ]
        answers = [stream.getresponse() for stream in streams]
        served.clock.now += 31 * MINUTES
        wait_until(lambda: served.sessions.count == 1)
        answers[1].read()
        assert (served.call("key_a", kept), served.call("key_b", lost)) == (200, 404)
        for stream in streams:
            stream.close()


def test_a_client_that_ends_its_session_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_sessions=1) as served:
        session = str(served.open("key_a"))
        assert served.open("key_a") == 503
        assert served.request("DELETE", "/mcp", key="key_a", Mcp_Session_Id=session)[0] == 200
        assert isinstance(served.open("key_a"), str)


def test_a_request_that_opens_no_session_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch, max_sessions=1) as served:
        for method, body in (("POST", {}), ("GET", None), ("OPTIONS", None), ("DELETE", None)):
            assert served.request(method, "/mcp", key="key_a", body=body)[0] >= 400
        assert served.sessions.count == 0
        assert isinstance(served.open("key_a"), str)


def test_a_stream_of_the_protocol_of_2026_counts_as_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    version = "2026-07-28"
    meta = {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    listen = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "subscriptions/listen",
        "params": {"notifications": {"toolsListChanged": True}, "_meta": meta},
    }
    headers = {"MCP_Protocol_Version": version, "Mcp_Method": "subscriptions/listen"}
    with serve(monkeypatch, max_sessions=1) as served:
        stream = served.begin("POST", "/mcp", key="key_a", body=listen, **headers)
        answer = stream.getresponse()
        assert (answer.status, served.sessions.count) == (200, 1)
        assert served.request("POST", "/mcp", key="key_a", body=listen, **headers)[0] == 503
        # Without the header, the SDK serves no stream.
        bare = served.request("POST", "/mcp", key="key_a", body=listen, MCP_Protocol_Version=version)
        assert bare[0] == 400
        served.clock.now += 31 * MINUTES
        answer.read()
        wait_until(lambda: served.sessions.count == 0)
        stream.close()


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "unknown"),
        ("203.0.113.9, junk", "unknown"),
        (None, "unknown"),
    ],
)
def test_all_addresses_of_an_ipv6_network_are_one_caller(address: str | None, group: str) -> None:
    assert group_address(address) == group
