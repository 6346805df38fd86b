"""Sends requests over the network: each has a connection to itself, and idle ones are used again.

A connection knows no cookies, keys or other state of an account.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import httpx

from conekta_mcp.api.connection import Connection, open_connection

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable

IDLE_SECONDS = 5.0
"""A connection that was idle for longer is not used again: the other side may be about to close it."""


class NetworkTransport(httpx.AsyncBaseTransport):
    """Finds or opens a connection in constant time, however many requests are in flight.

    All requests go to one host, which is that of the base URL in the settings.
    """

    def __init__(self, tls: Callable[[], ssl.SSLContext], clock: Callable[[], float]) -> None:
        self._tls, self._clock = tls, clock
        # The one used last is at the end and is used first, so that those in excess become old.
        self._idle: deque[tuple[Connection, float]] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions["timeout"]
        connection = self._take_idle() or await self._open(request.url, seconds["connect"])
        try:
            # The same event as httpcore's, which a request through a proxy has.
            if trace := request.extensions.get("trace"):
                await trace("http11.send_request_headers.started", {})
            await connection.send(request, seconds["write"])
            head = await connection.receive_head(seconds["read"])
        except BaseException:
            connection.drop()
            raise
        stream = AnswerStream(self, connection, seconds["read"])
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=stream)

    def put_back(self, connection: Connection) -> None:
        now = self._clock()
        if connection.finish():
            self._idle.append((connection, now))
        while self._idle and now - self._idle[0][1] > IDLE_SECONDS:
            self._idle.popleft()[0].close()

    async def aclose(self) -> None:
        while self._idle:
            self._idle.pop()[0].close()

    def _take_idle(self) -> Connection | None:
        now = self._clock()
        while self._idle:
            connection, since = self._idle.pop()
            if now - since <= IDLE_SECONDS and connection.is_reusable():
                return connection
            connection.close()
        return None

    async def _open(self, url: httpx.URL, seconds: float | None) -> Connection:
        return await open_connection(url, self._tls() if url.scheme == "https" else None, seconds)


class AnswerStream(httpx.AsyncByteStream):
    """The body of an answer; the connection is put back when it is closed."""

    def __init__(self, transport: NetworkTransport, connection: Connection, seconds: float | None) -> None:
        self._transport, self._connection = transport, connection
        self._seconds = seconds
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.receive_body(self._seconds)

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._transport.put_back(self._connection)
