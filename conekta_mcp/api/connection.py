"""One connection to Conekta: h11 reads and writes HTTP/1.1, asyncio moves the bytes.

httpx's own transport does the same by way of httpcore and anyio, at three times the processor time of a
request. Errors are httpx's, so that a caller need not know which transport it uses.
"""

from __future__ import annotations

import asyncio
import select
from typing import TYPE_CHECKING, Any, cast

import h11
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

MAX_HEAD_BYTES = 100 * 1024
MAX_UNREAD_BYTES = 256 * 1024
"""Above it no more is taken from the socket until what came was read."""
EAGER_SECONDS = 0.25
"""Seconds after which a second address of the host is tried beside the first (RFC 8305)."""


class Connection(asyncio.Protocol):
    """Carries one request at a time."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._unread = 0
        self._ended = self._lost = self._writing_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._http.receive_data(data)
        self._unread += len(data)
        if self._unread > MAX_UNREAD_BYTES and self._transport:
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        if exc is None:
            self._end()
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        _wake(self._writer)

    def is_reusable(self) -> bool:
        """Whether another request can be sent; what came unasked, even its end, says no."""
        return (
            not (self._unread or self._ended or self._lost)
            and self._http.our_state is h11.IDLE
            and not self._is_readable()
        )

    async def send(self, request: httpx.Request, timeout: float | None) -> None:
        """Write the whole request; raise httpx.WriteTimeout or LocalProtocolError."""
        try:
            head = self._http.send(
                h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
            )
        except h11.LocalProtocolError as cause:
            raise httpx.LocalProtocolError(str(cause)) from None
        pieces = [head or b""]
        body = cast("httpx.AsyncByteStream", request.stream)
        pieces += [self._http.send(h11.Data(data=piece)) or b"" async for piece in body]
        pieces.append(self._http.send(h11.EndOfMessage()) or b"")
        # A connection that is lost is no error here: the other side may have answered before it closed.
        if self._transport and not self._lost:
            self._transport.write(b"".join(pieces))
        if self._writing_paused and not self._lost:
            self._writer = self._loop.create_future()
            await self._wait(self._writer, timeout, httpx.WriteTimeout)

    async def receive_head(self, timeout: float | None) -> h11.Response:
        while True:
            event = await self._receive_event(timeout)
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("The answer does not begin with a status line.")

    async def receive_body(self, timeout: float | None) -> AsyncIterator[bytes]:
        while isinstance(event := await self._receive_event(timeout), h11.Data):
            yield bytes(event.data)

    def finish(self) -> bool:
        """End the request; return whether the connection can carry another one. If not it is dropped."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._unread = len(self._http.trailing_data[0])
            self._http.start_next_cycle()
            if not (self._unread or self._ended or self._lost):
                return True
        self.drop()
        return False

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def drop(self) -> None:
        """Close at once: what was not written yet is not sent any more."""
        if self._transport:
            self._transport.abort()

    async def _receive_event(self, timeout: float | None) -> Any:
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as cause:
                raise httpx.RemoteProtocolError(str(cause)) from None
            if event is not h11.NEED_DATA:
                return event
            self._unread = 0
            if self._lost:
                raise httpx.ReadError("The connection was lost.")
            if self._transport:
                self._transport.resume_reading()
            self._reader = self._loop.create_future()
            await self._wait(self._reader, timeout, httpx.ReadTimeout)

    async def _wait(
        self, waiter: asyncio.Future[None], seconds: float | None, late: type[httpx.TimeoutException]
    ) -> None:
        timer = self._loop.call_later(seconds, _fail, waiter, late) if seconds is not None else None
        try:
            await waiter
        finally:
            if timer:
                timer.cancel()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._http.receive_data(b"")
            _wake(self._reader)

    def _is_readable(self) -> bool:
        """Ask the system: the end of a connection may have arrived since the loop last looked."""
        found = self._transport.get_extra_info("socket") if self._transport else None
        if found is None or found.fileno() < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([found], [], [], 0)[0])
        poll = select.poll()
        poll.register(found, select.POLLIN)
        return bool(poll.poll(0))


async def open_connection(
    url: httpx.URL,
    tls: ssl.SSLContext | None,
    timeout: float | None,
) -> Connection:
    """Connect to the host of `url`; raise httpx.ConnectError or ConnectTimeout: nothing was sent."""
    port = url.port or (443 if tls else 80)
    host = url.raw_host.decode("ascii")
    try:
        async with asyncio.timeout(timeout):
            _, made = await asyncio.get_running_loop().create_connection(
                Connection, host, port, ssl=tls, happy_eyeballs_delay=EAGER_SECONDS
            )
    except TimeoutError:
        raise httpx.ConnectTimeout("The connection was not made in time.") from None
    except OSError as cause:
        raise httpx.ConnectError(str(cause)) from None
    return made


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter and not waiter.done():
        waiter.set_result(None)


def _fail(waiter: asyncio.Future[None], late: type[httpx.TimeoutException]) -> None:
    if not waiter.done():
        waiter.set_exception(late("Conekta took too long."))
