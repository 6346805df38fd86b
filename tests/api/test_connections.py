"""Connections to Conekta over real sockets: reused, replaced, limited in time, and closed."""

import contextlib
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio
import anyio.to_thread
import pytest
from anyio.abc import SocketAttribute, SocketStream

from conekta_mcp.api import Conekta
from conekta_mcp.api.network import IDLE_SECONDS, NetworkTransport
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.catalog import GET, POST
from conekta_mcp.errors import Failure
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
READ = GET("/orders").build_request({})
WRITE = POST("/orders").build_request({"currency": "MXN"})
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Answer = Callable[[SocketStream], Awaitable[None]]
Serving = Callable[[Answer], AbstractAsyncContextManager[tuple[str, list[int]]]]


@pytest.fixture
def serving() -> Serving:
    """A port that answers each request: its address, and the number of requests on each connection."""

    @asynccontextmanager
    async def opened(answer: Answer) -> AsyncIterator[tuple[str, list[int]]]:
        counts: list[int] = []

        async def serve(stream: SocketStream) -> None:
            place = len(counts)
            counts.append(0)
            async with stream:
                try:
                    while await stream.receive():
                        counts[place] += 1
                        await answer(stream)
                except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
                    return

        async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
            port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - not a query
            async with anyio.create_task_group() as group:
                group.start_soon(listener.serve, serve)
                yield f"http://127.0.0.1:{port}", counts
                group.cancel_scope.cancel()

    return opened


async def answer_well(stream: SocketStream) -> None:
    await stream.send(WELL)


@asynccontextmanager
async def conekta_at(url: str) -> AsyncIterator[Conekta]:
    made = Conekta(Settings(base_url=url))
    made.retry_policy = RetryPolicy(attempts=1)
    try:
        yield made
    finally:
        await made.close()


async def fail(conekta: Conekta, request: object = WRITE) -> str | None:
    with pytest.raises(Failure) as caught:
        await conekta.get_account("key_a").send(request)  # type: ignore[arg-type]  # a Request
    return caught.value.outcome


async def test_one_connection_serves_one_request_after_the_other(serving: Serving) -> None:
    async with serving(answer_well) as (url, counts), conekta_at(url) as conekta:
        for _ in range(3):
            await conekta.get_account("key_a").send(READ)
        assert counts == [3]


async def test_requests_at_once_have_a_connection_each_that_is_used_again(serving: Serving) -> None:
    async with serving(answer_well) as (url, counts), conekta_at(url) as conekta:
        for _ in range(2):
            async with anyio.create_task_group() as group:
                for _ in range(20):
                    group.start_soon(conekta.get_account("key_a").send, READ)
        assert (len(counts), sum(counts)) == (20, 40)


async def test_a_connection_that_the_other_side_ended_is_replaced_and_nothing_is_lost(
    serving: Serving,
) -> None:
    async def answer_and_end(stream: SocketStream) -> None:
        await stream.send(WELL)
        await stream.aclose()

    async with serving(answer_and_end) as (url, counts), conekta_at(url) as conekta:
        for _ in range(3):
            await conekta.get_account("key_a").send(WRITE)
            await anyio.wait_all_tasks_blocked()
        assert counts == [1, 1, 1]


@pytest.mark.parametrize(
    "extra", [b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a":666}', b"x"], ids=["an answer", "a byte"]
)
async def test_what_came_without_being_asked_for_is_no_answer_to_the_next_request(
    extra: bytes, serving: Serving
) -> None:
    async def answer_twice(stream: SocketStream) -> None:
        await stream.send(WELL + extra)

    async with serving(answer_twice) as (url, counts), conekta_at(url) as conekta:
        for _ in range(2):
            assert await conekta.get_account("key_a").send(READ) == {}
        assert counts == [1, 1]


async def test_a_connection_that_was_idle_for_long_is_not_used_again(serving: Serving) -> None:
    now = [0.0]
    async with serving(answer_well) as (url, counts), conekta_at(url) as conekta:
        conekta._transport = lambda: NetworkTransport(lambda: conekta._tls, lambda: now[0])
        for later in (IDLE_SECONDS, IDLE_SECONDS + 0.1, 0.0):
            await conekta.get_account("key_a").send(READ)
            now[0] += later
        await conekta.get_account("key_a").send(READ)
        assert counts == [2, 2]


async def test_a_body_in_pieces_compressed_and_after_an_interim_answer_is_read(serving: Serving) -> None:
    body = gzip.compress(b'{"name": "\xc3\xb1"}')

    async def answer_in_pieces(stream: SocketStream) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
        await stream.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" + head)
        for place in range(0, len(body), 7):
            piece = body[place : place + 7]
            await stream.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        await stream.send(b"0\r\n\r\n")

    async with serving(answer_in_pieces) as (url, counts), conekta_at(url) as conekta:
        for _ in range(2):
            assert await conekta.get_account("key_a").send(READ) == {"name": "ñ"}
        assert counts == [2]


async def test_a_large_body_arrives_whole(serving: Serving) -> None:
    text = b"x" * 3_000_000

    async def answer_much(stream: SocketStream) -> None:
        body = b'{"a":"%s"}' % text
        await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    async with serving(answer_much) as (url, _), conekta_at(url) as conekta:
        assert await conekta.get_account("key_a").send(READ) == {"a": text.decode()}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000,
    ],
    ids=["nothing", "half a head", "half a body", "no last chunk", "not HTTP", "a head without end"],
)
async def test_after_an_answer_that_breaks_off_a_write_may_have_been_applied(
    answer: bytes, serving: Serving
) -> None:
    async def break_off(stream: SocketStream) -> None:
        if answer:
            await stream.send(answer)
        await stream.aclose()

    async with serving(break_off) as (url, counts), conekta_at(url) as conekta:
        assert await fail(conekta) == "unknown"
        assert counts == [1]


@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
async def test_an_answer_that_does_not_come_in_time_leaves_a_write_unknown(
    begun: bytes, serving: Serving
) -> None:
    async def stall(stream: SocketStream) -> None:
        await stream.send(begun or b"HTTP/1.1 100 Continue\r\n\r\n")
        await anyio.sleep_forever()

    async with serving(stall) as (url, _), conekta_at(url) as conekta:
        conekta._limits["read"] = 0.05
        assert await fail(conekta) == "unknown"


async def test_a_write_that_is_not_taken_in_time_is_unknown_and_its_rest_is_not_sent() -> None:
    large = POST("/orders").build_request({"currency": "M" * 50_000_000})
    # Nobody accepts: the system takes what fits into its buffers.
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        async with conekta_at(f"http://127.0.0.1:{deaf.getsockname()[1]}") as conekta:
            conekta._limits["write"] = 0.05
            assert await fail(conekta, large) == "unknown"
        accepted, _ = deaf.accept()
        with accepted:
            assert await anyio.to_thread.run_sync(count_bytes, accepted) < 50_000_000


def count_bytes(accepted: socket.socket) -> int:
    count = 0
    with contextlib.suppress(ConnectionError):
        while piece := accepted.recv(1 << 20):
            count += len(piece)
    return count


async def test_a_read_that_is_cancelled_leaves_no_connection_for_the_next_one(serving: Serving) -> None:
    asked, go = anyio.Event(), anyio.Event()

    async def answer_late(stream: SocketStream) -> None:
        asked.set()
        await go.wait()
        await stream.send(WELL)

    async with serving(answer_late) as (url, counts), conekta_at(url) as conekta:
        async with anyio.create_task_group() as group:
            group.start_soon(conekta.get_account("key_a").send, READ)
            await asked.wait()
            group.cancel_scope.cancel()
        go.set()
        assert await conekta.get_account("key_a").send(READ) == {}
        assert counts == [1, 1]


async def test_tls_that_fails_means_that_nothing_was_sent(serving: Serving) -> None:
    async with serving(answer_well) as (url, _), conekta_at(url.replace("http:", "https:")) as conekta:
        assert await fail(conekta) == "not_applied"


async def test_what_closes_conekta_closes_its_connections(serving: Serving) -> None:
    ended = anyio.Event()

    async def answer_and_note(stream: SocketStream) -> None:
        await stream.send(WELL)
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        ended.set()
        raise anyio.EndOfStream

    async with serving(answer_and_note) as (url, _):
        async with conekta_at(url) as conekta:
            await conekta.get_account("key_a").send(READ)
        await ended.wait()
