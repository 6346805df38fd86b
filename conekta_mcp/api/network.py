"""Sends requests over the network, each on a connection of its own; idle connections are reused."""

from __future__ import annotations

import ssl
from collections import deque
from typing import TYPE_CHECKING, cast

import anyio
import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable
    from types import TracebackType

IDLE_SECONDS = 5.0
"""A connection idle for longer is not reused: the server may be about to close it."""


def create_tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a TLS context with httpx's authorities and those of a PEM file; ignore the environment."""
    made = httpx.create_ssl_context(trust_env=False)
    made.set_alpn_protocols(["http/1.1"])
    if ca_file:
        made.load_verify_locations(ca_file)
        # Python 3.13 refuses what RFC 5280 forbids, such as a certificate that does not name its issuer's
        # key. Proxies that inspect TLS make such ones, and the operator trusts this one.
        made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


class NetworkTransport(httpx.AsyncBaseTransport):
    """Gives each request a connection to the host of the base URL."""

    def __init__(self, tls: Callable[[], ssl.SSLContext], clock: Callable[[], float]) -> None:
        self._tls, self._clock = tls, clock
        # The one used last is at the end and is used first, so that those in excess become old.
        self._idle: deque[tuple[httpcore.AsyncHTTPConnection, float]] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        connection = await self._take_idle() or self._create_connection(request.url)
        try:
            with RAISE_AS_HTTPX:
                answer = await connection.handle_async_request(_to_httpcore(request))
        except BaseException:
            await _close(connection)
            raise
        stream = AnswerStream(self, connection, cast("AsyncIterable[bytes]", answer.stream))
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)

    async def put_back(self, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep a connection for the next request, unless its answer was not read completely."""
        now = self._clock()
        if connection.is_idle() and not _has_unread_bytes(connection):
            self._idle.append((connection, now))
        else:
            await _close(connection)
        while self._idle and now - self._idle[0][1] > IDLE_SECONDS:
            await _close(self._idle.popleft()[0])

    async def aclose(self) -> None:
        while self._idle:
            await _close(self._idle.pop()[0])

    async def _take_idle(self) -> httpcore.AsyncHTTPConnection | None:
        now = self._clock()
        while self._idle:
            connection, since = self._idle.pop()
            # It has expired, for httpcore, if the other side has closed it or sent what nobody asked for.
            if now - since <= IDLE_SECONDS and connection.is_idle() and not connection.has_expired():
                return connection
            await _close(connection)
        return None

    def _create_connection(self, url: httpx.URL) -> httpcore.AsyncHTTPConnection:
        port = url.port or (443 if url.scheme == "https" else 80)
        origin = httpcore.Origin(url.raw_scheme, url.raw_host, port)
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._tls() if url.scheme == "https" else None
        )


class AnswerStream(httpx.AsyncByteStream):
    """The body of an answer; closing it returns the connection."""

    def __init__(
        self,
        transport: NetworkTransport,
        connection: httpcore.AsyncHTTPConnection,
        body: AsyncIterable[bytes],
    ) -> None:
        self._transport, self._connection, self._body = transport, connection, body
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with RAISE_AS_HTTPX:
            async for piece in self._body:
                yield piece

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            if hasattr(self._body, "aclose"):
                await self._body.aclose()
            await self._transport.put_back(self._connection)


class RaiseAsHttpx:
    """Converts httpcore's exceptions to httpx's of the same name."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, cause: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(cause, (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)):
            raise getattr(httpx, type(cause).__name__)(str(cause)) from cause


RAISE_AS_HTTPX = RaiseAsHttpx()
"""One instance for all requests, as it has no state; a generator per request is slower."""


def _to_httpcore(request: httpx.Request) -> httpcore.Request:
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore.Request(
        request.method,
        target,
        headers=request.headers.raw,
        content=cast("AsyncIterable[bytes]", request.stream),
        extensions=request.extensions,
    )


def _has_unread_bytes(connection: httpcore.AsyncHTTPConnection) -> bool:
    """Tell whether more bytes arrived than the answer: httpcore would read them as the next one.

    Only httpcore's private state shows it; if that is missing, a connection is used once.
    """
    state = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    return state is None or bool(state.trailing_data[0])


async def _close(connection: httpcore.AsyncHTTPConnection) -> None:
    with anyio.CancelScope(shield=True):
        await connection.aclose()
