"""Requests in spellings that the SDK does not read, and requests that are no messages."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from conekta_mcp.app import App
from conekta_mcp.settings import Settings
from tests.server.http.served import START, serve

KEY = {"Authorization": "Bearer key_a"}
JSON = {"Content-Type": "application/json"}
BOTH = {"Accept": "application/json, text/event-stream"}
OLD, NEW = "2025-11-25", "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": NEW,
    "io.modelcontextprotocol/clientCapabilities": {},
}
every_era = pytest.mark.parametrize("era", [OLD, NEW])


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A server over HTTP; redirects are not followed, since clients that post do not follow them either."""
    chosen = Settings(transport=("streamable-http", "sse"))
    app = App(chosen, transport=lambda: httpx.MockTransport(lambda _: httpx.Response(200, json={"data": []})))
    address = "http://127.0.0.1:8000"
    with TestClient(app.create_http_app(), base_url=address, follow_redirects=False) as served:
        yield served


def open_session(client: TestClient) -> dict[str, str]:
    opened = client.post("/mcp", json=START, headers={**KEY, **BOTH})
    session = {"Mcp-Session-Id": opened.headers["mcp-session-id"], "MCP-Protocol-Version": OLD}
    done = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert client.post("/mcp", json=done, headers={**KEY, **BOTH, **session}).status_code == 202
    return session


def post(client: TestClient, era: str, content: bytes, **headers: str) -> httpx.Response:
    session = open_session(client) if era == OLD else {"MCP-Protocol-Version": NEW}
    sent = {**KEY, **BOTH, **JSON, **session, **headers}
    answer: httpx.Response = client.post("/mcp", content=content, headers=sent)
    return answer


def listing(request_id: str) -> bytes:
    params = json.dumps({"_meta": META})
    return f'{{"jsonrpc":"2.0","id":{request_id},"method":"tools/list","params":{params}}}'.encode()


@every_era
@pytest.mark.parametrize("request_id", ["null", "1.5", "1.0", "true", '{"a":1}', "[1]", "1" + "0" * 5000])
def test_an_id_that_no_answer_can_have_is_refused_at_once(
    client: TestClient, era: str, request_id: str
) -> None:
    answer = post(client, era, listing(request_id))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    assert (answer.json()["id"], answer.json()["error"]["code"] in {-32600, -32700}) == (None, True)


@every_era
@pytest.mark.parametrize("request_id", ['""', "-5", "1" + "0" * 300, '"' + "x" * 5000 + '"'])
def test_any_text_or_whole_number_is_an_id(client: TestClient, era: str, request_id: str) -> None:
    answer = post(client, era, listing(request_id), **{"Mcp-Method": "tools/list"})
    assert answer.status_code == 200
    assert f'"id":{request_id},"result"' in answer.text


@every_era
@pytest.mark.parametrize(
    ("content", "code", "reason", "request_id"),
    [
        (b"", -32700, "invalid_json", None),
        (b"{nonsense", -32700, "invalid_json", None),
        (b'{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"\xff"}}', -32700, "invalid_utf8", 7),
        (b'{"a":' * 3000, -32700, "too_deep", None),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, "invalid_request", None),
        (b'{"jsonrpc":"2.0","id":7}', -32600, "invalid_request", 7),
        (
            b'{"jsonrpc":"2.0","id":7,"method":"ping","params":"ana@example.com"}',
            -32600,
            "invalid_request",
            7,
        ),
    ],
)
def test_what_is_no_message_is_answered_with_its_id_and_not_quoted(
    client: TestClient, era: str, content: bytes, code: int, reason: str, request_id: Any
) -> None:
    answer = post(client, era, content)
    error = answer.json()["error"]
    assert (answer.status_code, answer.json()["id"], error["code"]) == (400, request_id, code)
    assert (error["data"], "ana@example.com" in answer.text) == ({"reason": reason}, False)


@pytest.mark.parametrize(
    "content",
    [
        b'{"jsonrpc":"2.0","id":1,"result":null}',
        b'{"jsonrpc":"2.0","id":1,"error":{"code":"E1"}}',
        b'{"jsonrpc":"2.0","id":1,"result":"accept"}',
    ],
)
def test_an_answer_that_cannot_be_read_is_taken_and_not_answered(client: TestClient, content: bytes) -> None:
    answer = post(client, OLD, content)
    assert (answer.status_code, answer.content) == (202, b"")


@pytest.mark.parametrize("method", ["HEAD", "PUT", "OPTIONS", "PATCH"])
def test_a_method_that_mcp_has_not_is_refused_with_those_that_it_has(client: TestClient, method: str) -> None:
    answer = client.request(method, "/mcp", headers={**KEY, **BOTH})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, DELETE")


@pytest.mark.parametrize("path", ["/mcp", "/mcp/", "/mcp//", "/mcp?", "/mcp/?read_only=1"])
def test_a_slash_at_the_end_loses_nothing_that_is_posted(client: TestClient, path: str) -> None:
    answer = client.post(path, json=START, headers={**KEY, **BOTH})
    assert (answer.status_code, "mcp-session-id" in answer.headers) == (200, True)


def test_messages_of_sse_need_no_slash(client: TestClient) -> None:
    statuses = {
        client.post(path, json=START, headers={**KEY, **BOTH}).status_code
        for path in ("/messages", "/messages/")
    }
    assert statuses == {400}  # no session_id, and no redirect


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("x=1", "unknown parameter x; expected one of toolsets, read_only"),
        ("=&", "unknown parameter (no name); expected one of toolsets, read_only"),
        ("read_only=perhaps", "read_only: expected 1 or 0"),
    ],
)
def test_a_query_that_is_not_understood_is_refused_by_name(client: TestClient, query: str, said: str) -> None:
    answer = client.post(f"/mcp?{query}", json=START, headers={**KEY, **BOTH})
    assert (answer.status_code, answer.json()["error_description"]) == (400, said)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON", 'APPLICATION/JSON ;charset="UTF-8"'],
)
def test_a_media_type_is_the_same_in_any_case(client: TestClient, content_type: str) -> None:
    sent = {**KEY, **BOTH, "Content-Type": content_type}
    assert client.post("/mcp", content=json.dumps(START), headers=sent).status_code == 200


@pytest.mark.parametrize("accept", [None, "", "*/*", "Application/JSON, Text/Event-Stream;q=0.5"])
def test_whoever_does_not_say_what_they_accept_takes_all(client: TestClient, accept: str | None) -> None:
    request = client.build_request("POST", "/mcp", json=START, headers=KEY)
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    assert client.send(request).status_code == 200


@pytest.mark.parametrize("params", ["[]", '""', "[ ]"])
def test_empty_params_and_a_byte_order_mark_are_read_as_over_stdio(client: TestClient, params: str) -> None:
    message = f'\ufeff{{"jsonrpc":"2.0","id":3,"method":"ping","params":{params}}}'
    assert '{"jsonrpc":"2.0","id":3,"result":{}}' in post(client, OLD, message.encode()).text


@every_era
@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("br", 415), ("identity", 200), ("", 200)])
def test_a_compressed_message_is_refused_as_that(
    client: TestClient, era: str, encoding: str, status: int
) -> None:
    body = listing("1") if status == 200 else gzip.compress(listing("1"))
    answer = post(client, era, body, **{"Content-Encoding": encoding, "Mcp-Method": "tools/list"})
    assert answer.status_code == status
    if status == 415:
        assert answer.json()["error"]["message"].startswith(
            "Not read: send the message without Content-Encoding"
        )
        assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("method", "accept"),
    [("GET", "*/*"), ("HEAD", "*/*"), ("PUT", "*/*"), ("DELETE", "*/*"), ("POST", "text/html")],
)
def test_what_opens_no_session_is_told_of_none(client: TestClient, method: str, accept: str) -> None:
    answer = client.request(method, "/mcp", json=START, headers={**KEY, "Accept": accept})
    assert (answer.status_code >= 400, answer.headers.get("mcp-session-id")) == (True, None)


def test_a_message_before_a_session_is_told_of_none(client: TestClient) -> None:
    answer = client.post("/mcp", content=listing("1"), headers={**KEY, **BOTH, **JSON})
    assert (answer.status_code, answer.headers.get("mcp-session-id")) == (400, None)


def test_a_client_that_names_the_last_event_it_saw_gets_a_new_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(monkeypatch) as served:
        session = str(served.open("key_a"))
        stream = served.begin("GET", "/mcp", key="key_a", Mcp_Session_Id=session, Last_Event_ID="7")
        answer = stream.getresponse()
        assert (answer.status, answer.getheader("content-type")) == (200, "text/event-stream")
        stream.close()


def test_asking_for_the_head_of_a_stream_opens_no_session(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(monkeypatch) as served:
        status, headers, body = served.request("HEAD", "/sse", key="key_a")
        assert (status, headers["allow"], body) == (405, "GET", b"")
        assert served.request("HEAD", "/healthz", key="key_a")[0] == 200
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("host", ["LOCALHOST", "LocalHost:8000"])
def test_this_machines_name_is_the_same_in_any_capitals(client: TestClient, host: str) -> None:
    assert client.post("/mcp", json=START, headers={**KEY, "Host": host}).status_code == 200


def test_allowed_hosts_and_origins_are_the_same_in_any_capitals() -> None:
    chosen = Settings(
        transport=("streamable-http",),
        allowed_hosts=("Shop.Example.COM",),
        allowed_origins=("https://App.Example.com",),
    )
    app = App(chosen, transport=lambda: httpx.MockTransport(lambda _: httpx.Response(200, json={"data": []})))
    with TestClient(app.create_http_app(), base_url="http://shop.example.com") as served:
        for origin in ("https://app.example.com", "https://APP.example.com"):
            sent = {**KEY, "Origin": origin}
            asked = served.options("/mcp", headers={**sent, "Access-Control-Request-Method": "POST"})
            assert (asked.status_code, served.post("/mcp", json=START, headers=sent).status_code) == (
                204,
                200,
            )
