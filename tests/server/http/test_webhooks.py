"""The endpoint for webhooks: its answers, its log, and that 2xx means recorded."""

import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message

from conekta_mcp.server.http.webhooks.gate import MAX_BODY_BYTES, MAX_BYTES_AT_ONCE, WebhookGate
from conekta_mcp.server.http.webhooks.listening_app import create_listening_app
from conekta_mcp.server.http.webhooks.refusal_log import LINES_PER_MINUTE, RefusalLog
from conekta_mcp.settings.webhooks import WEBHOOK_PATH
from conekta_mcp.storage.sqlite import SqliteStore
from tests.events.post_office import PostOffice, sign, write_event
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio

BODY = write_event()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def office(anyio_backend: str) -> AsyncIterator[PostOffice]:  # noqa: ARG001  in the loop of the test
    clock = MovableClock(1_790_000_000.0)
    store = SqliteStore(":memory:", clock)
    yield PostOffice(store, clock)
    await store.close()


async def send(
    office: PostOffice,
    method: str = "POST",
    path: str = WEBHOOK_PATH,
    *,
    content: bytes = BODY,
    **headers: str,
) -> httpx.Response:
    app = create_listening_app(office.receiver, "/conekta")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://shop.example"
    ) as client:
        return await client.request(method, path, content=content, headers=headers)


async def test_a_signed_event_is_received_from_any_host_and_without_a_key(office: PostOffice) -> None:
    answer = await send(office, digest=sign(BODY))
    assert (answer.status_code, answer.json()) == (200, {"status": "received"})
    assert len(await office.list_kept()) == 1
    # A resend too, below the prefix of a proxy, and with a slash at its end.
    assert (await send(office, path=f"/conekta{WEBHOOK_PATH}/", digest=sign(BODY))).status_code == 200
    assert len(await office.list_kept()) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_only_post_is_served(office: PostOffice, method: str) -> None:
    answer = await send(office, method, digest=sign(BODY))
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert await office.list_kept() == []


@pytest.mark.parametrize("path", ["/webhooks", "/webhooks/conekta/more", "/webhooks/other", "/mcp"])
async def test_no_other_path_is_served(office: PostOffice, path: str) -> None:
    assert (await send(office, path=path, digest=sign(BODY))).status_code == 404


@pytest.mark.parametrize(
    ("digest", "code", "line"),
    [
        ("", "unsigned", "it has no Digest header"),
        (sign(BODY, "stranger"), "unknown_key", "none of the account's webhook keys made its signature"),
        ("x", "unknown_key", "none of the account's webhook keys made its signature"),
    ],
)
async def test_what_is_not_signed_is_401_and_one_line(
    office: PostOffice, caplog: pytest.LogCaptureFixture, digest: str, code: str, line: str
) -> None:
    await office.keys.pin_all()
    with caplog.at_level(logging.INFO):
        answer = await send(office, digest=digest)
    assert (answer.status_code, answer.json()["error"]) == (401, code)
    ours = [one for one in caplog.messages if not one.startswith("HTTP Request")]
    assert ours == [f"a webhook was refused: {line}"]
    assert await office.list_kept() == []


async def test_nothing_that_was_sent_is_logged(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await send(office, digest=sign(BODY))
        await send(office, digest=sign(BODY, "stranger"), content=b"Ana key_secret")
        await send(office, digest=sign(b"Ana key_secret"), content=b"Ana key_secret")
        await send(office, content=b"Ana key_secret")
    assert not {"Ana", "ana@example.com", "key_secret", "BEGIN", sign(BODY)} & set(caplog.text.split())
    assert "example.com" not in caplog.text.replace("shop.example", "")


async def test_what_is_too_large_is_not_read(office: PostOffice) -> None:
    large = b"x" * (MAX_BODY_BYTES + 1)
    assert (await send(office, content=large, digest=sign(large))).status_code == 413
    # Nor with a length that it does not declare.
    most = BODY + b" " * (MAX_BODY_BYTES - len(BODY))
    assert (await send(office, content=most, digest=sign(most))).status_code == 200

    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    assert await answer_raw(office, receive) == 413
    assert read == MAX_BODY_BYTES // 65_536 + 1


async def answer_raw(office: PostOffice, receive: object, gate: WebhookGate | None = None) -> int | None:
    """Return the status of the answer to a request whose body comes by `receive`; None if there is none."""
    statuses: list[int] = []

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def never(*_: object) -> None:
        raise AssertionError("it is passed on")

    scope = {"type": "http", "method": "POST", "path": WEBHOOK_PATH, "headers": [(b"digest", b"x")]}
    await (gate or WebhookGate(never, office.receiver))(scope, receive, keep)  # type: ignore[arg-type]
    return statuses[0] if statuses else None


async def test_a_client_that_leaves_is_not_answered_and_its_bytes_are_given_back(office: PostOffice) -> None:
    parts: list[Message] = [{"type": "http.request", "body": b"x" * 1000, "more_body": True}]

    async def receive() -> Message:
        return parts.pop() if parts else {"type": "http.disconnect"}

    gate = WebhookGate(create_listening_app(office.receiver, ""), office.receiver)
    assert await answer_raw(office, receive, gate) is None
    assert gate._held == 0


async def test_many_large_ones_at_once_are_asked_to_come_again(office: PostOffice) -> None:
    gate = WebhookGate(create_listening_app(office.receiver, ""), office.receiver)
    gate._held = MAX_BYTES_AT_ONCE

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x", "more_body": False}

    assert await answer_raw(office, receive, gate) == 503
    assert gate._held == MAX_BYTES_AT_ONCE


async def test_while_it_cannot_be_recorded_it_is_asked_to_come_again(office: PostOffice) -> None:
    office.conekta.is_away = True
    answer = await send(office, digest=sign(BODY))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


async def test_while_the_store_is_away_it_is_asked_to_come_again(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    await office.keys.pin_all()
    await office.store.close()
    answer = await send(office, digest=sign(BODY))
    assert (answer.status_code, answer.json()) == (503, {"error": "unavailable"})
    assert "it has to be sent again" in caplog.text


async def test_what_is_signed_and_no_event_is_400(office: PostOffice) -> None:
    assert (await send(office, content=b"[]", digest=sign(b"[]"))).status_code == 400


def test_a_flood_of_refusals_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    clock = MovableClock(0.0)
    refusals = RefusalLog(clock)
    for _ in range(1000):
        refusals.note("it has no Digest header")
    assert len(caplog.messages) == LINES_PER_MINUTE
    clock.now += 60
    refusals.note("it has no Digest header")
    assert caplog.messages[-2:] == [
        f"{1000 - LINES_PER_MINUTE} more webhooks were refused",
        "a webhook was refused: it has no Digest header",
    ]
