"""Request bodies are read completely, within a limit for all bodies together."""

import json

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from conekta_mcp.server.http.bodies import FREE_BYTES, BodyGate

pytestmark = pytest.mark.anyio
SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": []}
BUSY = "Not read: too many large requests at once. Try again in 30 seconds."


class App:
    """Keeps the bodies that it was given."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append(await Request(scope, receive).body())
        await PlainTextResponse("ok")(scope, receive, send)


def chunks(*sizes: int, complete: bool = True) -> Receive:
    """The parts of a body, and then the client's leaving."""
    left: list[Message] = [
        {"type": "http.request", "body": b"x" * size, "more_body": not complete or place < len(sizes)}
        for place, size in enumerate(sizes, 1)
    ]

    async def receive() -> Message:
        return left.pop(0) if left else {"type": "http.disconnect"}

    return receive


async def status_of(gate: BodyGate, receive: Receive) -> int | None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await gate(dict(SCOPE), receive, send)
    return sent[0]["status"] if sent else None


async def test_a_body_in_parts_is_passed_on_whole() -> None:
    app = App()
    assert await status_of(BodyGate(app), chunks(3, 0, 4)) == 200
    assert app.bodies == [b"xxxxxxx"]


async def test_a_request_whose_client_leaves_before_its_end_is_not_begun() -> None:
    app = App()
    assert await status_of(BodyGate(app), chunks(3, 4, complete=False)) is None
    assert app.bodies == []


async def test_large_bodies_are_refused_while_others_hold_all_there_is() -> None:
    held: list[tuple[int | None, int | None]] = []
    app = App()

    async def answer_others(scope: Scope, receive: Receive, send: Send) -> None:
        # Meanwhile this body is held.
        held.append((await status_of(gate, chunks(FREE_BYTES + 60)), await status_of(small, chunks(10))))
        await app(scope, receive, send)

    gate = BodyGate(answer_others, most=100)
    small = BodyGate(app, most=100)
    assert await status_of(gate, chunks(FREE_BYTES, 50)) == 200
    assert held == [(503, 200)]
    # What was held is given back.
    held.clear()
    assert await status_of(gate, chunks(FREE_BYTES + 50)) == 200
    assert held == [(503, 200)]


def test_the_refusal_says_when_to_come_back() -> None:
    app = Starlette(routes=[Route("/", App(), methods=["POST"])])
    client = TestClient(BodyGate(app, most=0))
    refused = client.post("/", content=b"x" * (FREE_BYTES + 1))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert json.loads(refused.content)["error"] == {"code": -32000, "message": BUSY}


async def test_a_body_that_is_too_large_is_refused_declared_or_not() -> None:
    app = App()
    huge = 4 * 1024 * 1024 + 1
    assert await status_of(BodyGate(app), chunks(huge)) == 413
    declared = {**SCOPE, "headers": [(b"content-length", str(huge).encode())]}
    with pytest.raises(ClientDisconnect):  # passed on unread: the SDK answers it
        await BodyGate(app)(declared, chunks(), lambda _: None)  # type: ignore[arg-type,return-value]
    assert app.bodies == []
