"""Over HTTP, an answer that cannot be used ends its question at once, as over stdio."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from tests.journeys.processes import Listening, listening
from tests.journeys.test_lines import BILL, NO_ANSWERS, YES

pytestmark = pytest.mark.system

PATIENCE_SECONDS = 60
KEYS = count()
HEADERS = {
    "Authorization": "Bearer key_of_a_shop_0123456789",
    "Accept": "application/json, text/event-stream",
}
START: dict[str, Any] = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"elicitation": {}},
    "clientInfo": {"name": "raw", "version": "1"},
}


@pytest.fixture(scope="module")
def server() -> Iterator[Listening]:
    words = ("serve", "--transport", "streamable-http,sse", "--sandbox", "--confirm", "money")
    with listening(*words, "--store", "memory", ready="/healthz") as running:
        yield running


@pytest.fixture
def http(server: Listening) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=server.url, headers=HEADERS, timeout=PATIENCE_SECONDS, trust_env=False
    ) as client:
        yield client


def request(number: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def bill(number: int) -> dict[str, Any]:
    arguments = {**BILL, "idempotency_key": f"bill-{next(KEYS)}"}
    return request(number, "tools/call", {"name": "create_order", "arguments": arguments})


def read_events(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line.startswith("data:") and line[5:].strip().startswith("{"):
            yield json.loads(line[5:])


@dataclass
class RawClient:
    """A client of protocol 2025-06-18 that answers with whatever bytes a test wants."""

    http: httpx.Client

    def __post_init__(self) -> None:
        opened = self.http.post("/mcp", json=request(0, "initialize", START))
        self.session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
        note = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        self.http.post("/mcp", json=note, headers=self.session)

    @contextmanager
    def call(self, number: int) -> Iterator[Iterator[dict[str, Any]]]:
        with self.http.stream("POST", "/mcp", json=bill(number), headers=self.session) as answer:
            yield read_events(answer)

    def answer(self, text: bytes, **headers: str) -> int:
        sent = {**self.session, "Content-Type": "application/json", **headers}
        return self.http.post("/mcp", content=text, headers=sent).status_code


def fill(shape: str, question: int) -> bytes:
    text = shape % question if "%d" in shape else shape
    return f'{{"jsonrpc":"2.0",{text}}}'.encode(errors="surrogateescape")


def find_question(events: Iterator[dict[str, Any]]) -> int:
    number: int = next(one["id"] for one in events if one.get("method") == "elicitation/create")
    return number


def read_error(events: Iterator[dict[str, Any]], number: int) -> str:
    result = next(one["result"] for one in events if one.get("id") == number and "result" in one)
    code: str = result["structuredContent"]["error"]["code"]
    return code


def test_an_answer_that_cannot_be_used_ends_the_question(http: httpx.Client) -> None:
    client = RawClient(http)
    for number, shape in enumerate(NO_ANSWERS, 1):
        with client.call(number) as events:
            assert client.answer(fill(shape, find_question(events))) == 202, shape
            assert read_error(events, number) == "conekta_mcp.errors.consent_unasked", shape


def test_an_answer_of_another_session_ends_no_question_of_this_one(http: httpx.Client) -> None:
    client, other = RawClient(http), RawClient(http)
    with client.call(1) as events:
        question = find_question(events)
        other.answer(fill(f'"id":"nobody",{YES}', question))
        stranger = {"Authorization": "Bearer key_of_another_shop_0123456789"}
        assert client.answer(fill(f'"id":"nobody",{YES}', question), **stranger) == 404
        client.answer(fill(f'"id":%d,{YES}', question))
        made = next(one["result"] for one in events if one.get("id") == 1)
    assert made["isError"] is False


def test_what_is_answered_late_does_not_end_the_question_after_it(http: httpx.Client) -> None:
    client = RawClient(http)
    with client.call(1) as events:
        late = find_question(events)
        client.answer(fill('"id":%d,"error":{"code":1,"message":"no"}', late))
        assert read_error(events, 1) == "conekta_mcp.errors.consent_unasked"
    with client.call(2) as events:
        question = find_question(events)
        client.answer(fill(f'"id":%d,{YES}', late))
        client.answer(fill(f'"id":%d,{YES}', question))
        made = next(one["result"] for one in events if one.get("id") == 2)
    assert made["isError"] is False


def test_over_sse_too(http: httpx.Client) -> None:
    with http.stream("GET", "/sse") as stream:
        lines = stream.iter_lines()
        address = next(line[5:].strip() for line in lines if line.startswith("data:"))

        def read() -> dict[str, Any]:
            read: dict[str, Any] = json.loads(next(line[5:] for line in lines if line.startswith("data:")))
            return read

        def send(content: bytes) -> None:
            sent = {"Content-Type": "application/json"}
            assert http.post(address, content=content, headers=sent).status_code == 202

        send(json.dumps(request(0, "initialize", START)).encode())
        assert read()["id"] == 0
        send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        for number, shape in enumerate((f'"id":"nobody",{YES}', '"id":%d', f'"id":9%d9,{YES}'), 1):
            send(json.dumps(bill(number)).encode())
            question = read()
            assert question["method"] == "elicitation/create", shape
            send(fill(shape, question["id"]))
            answer = read()
            error = answer["result"]["structuredContent"]["error"]["code"]
            assert (answer["id"], error) == (number, "conekta_mcp.errors.consent_unasked"), shape
