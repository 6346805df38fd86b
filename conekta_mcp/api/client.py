"""Sends requests to Conekta: all accounts share connections, and nothing else of one is kept for another."""

from __future__ import annotations

import logging
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import anyio

from conekta_mcp import __version__
from conekta_mcp.api.answers import parse_without_key, read_content
from conekta_mcp.api.failures import SLOW, build_refusal, build_unreachable, build_unreadable, find_cause
from conekta_mcp.api.server_time import ServerTimes
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Failure
from conekta_mcp.redaction import fingerprint_account, fingerprint_key

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    import httpx

    from conekta_mcp.api.breaker import CircuitBreaker
    from conekta_mcp.api.pools import TransportPools
    from conekta_mcp.api.retries import RetryPolicy
    from conekta_mcp.settings import Settings

CONNECT_SECONDS = 10.0

log = logging.getLogger(__name__)


class Conekta:
    """Conekta's API over `transport`, by default the network; opened on first use for a quick start.

    `retry_policy` and `breaker` can be replaced before the first request.
    """

    def __init__(
        self, settings: Settings, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    ) -> None:
        self._settings, self._transport = settings, transport
        self._pools: TransportPools | None = None
        self._headers = build_headers(settings)
        self.server_times = ServerTimes(time.monotonic)
        connect = min(CONNECT_SECONDS, settings.timeout)
        read = settings.timeout
        self._limits = {"connect": connect, "pool": connect, "read": read, "write": read}

    @cached_property
    def retry_policy(self) -> RetryPolicy:
        from conekta_mcp.api.retries import RetryPolicy

        return RetryPolicy()

    @cached_property
    def breaker(self) -> CircuitBreaker:
        from conekta_mcp.api.breaker import CircuitBreaker

        return CircuitBreaker(time.monotonic)

    def get_account(self, key: str, child_company_id: str | None = None) -> Account:
        return Account(self, key, child_company_id)

    async def close(self) -> None:
        if self._pools is not None:
            await self._pools.close()
            self._pools = None

    async def exchange(
        self, request: Request, key: str, child_company_id: str | None = None
    ) -> dict[str, Any]:
        """Send `request` with `key`, and again only where that is harmless (see conekta_mcp.api.retries).

        A write under way is not interrupted when its call is cancelled.

        Raises:
            Failure: for anything but a success (see conekta_mcp.api.failures).
        """
        from conekta_mcp.api.retries import send_with_retries

        account = fingerprint_key(key)
        company = {"X-Child-Company-Id": child_company_id} if child_company_id else {}
        written = self._build_request(request, key, company)

        async def send() -> dict[str, Any]:
            with self.breaker.guard_attempt(account, writes=request.writes):
                return await self._send_once(request, written, key, child_company_id)

        return await send_with_retries(
            send, request, self.retry_policy, lambda: self.breaker.is_open(account)
        )

    async def _send_once(
        self, request: Request, written: httpx.Request, key: str, child_company_id: str | None
    ) -> dict[str, Any]:
        answer = None
        # A cancelled write would leave open whether it was applied, so it is shielded until this deadline.
        with anyio.move_on_after(self._settings.timeout + CONNECT_SECONDS, shield=request.writes):
            answer = await self._receive_answer(request, written)
        if answer is None:
            raise build_unreachable(request, "it did not finish its answer in time", sent=True)
        status, headers, content = answer
        self.server_times.observe(fingerprint_account(key, child_company_id), headers)
        succeeded = 200 <= status < 300
        body = parse_without_key(content, key)
        if request.array and isinstance(body, list):
            body = {"data": body}
        if not succeeded:
            raise build_refusal(request, status, headers, body)
        if not isinstance(body, dict) or not (request.shape is None or request.shape.is_shape_of(body)):
            raise build_unreadable(request, status, content)
        return body

    async def _receive_answer(
        self, request: Request, written: httpx.Request
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return the answer; exceptions of the library, which may quote headers, are replaced here."""
        import httpx

        pools = self._pools or self._open_pools()
        if request.before_sending:
            await request.before_sending()
        try:
            async with pools.lend_transport() as transport:
                response = await transport.handle_async_request(written)
                try:
                    return response.status_code, response.headers, await read_content(response)
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as cause:
            failure = self._build_unreachable(request, cause, "it cannot be reached", sent=False)
        except httpx.TimeoutException as cause:
            failure = self._build_unreachable(
                request, cause, f"{SLOW} {self._settings.timeout:g} s", sent=True
            )
        except (httpx.TransportError, httpx.DecodingError) as cause:
            failure = self._build_unreachable(request, cause, "the connection broke", sent=True)
        # Outside of the except blocks: an exception of the library would stay attached as the context.
        raise failure

    def _build_unreachable(self, request: Request, cause: Exception, what: str, *, sent: bool) -> Failure:
        log.debug("%s %s", what, type(cause).__name__)
        return build_unreachable(request, what, sent=sent, cause=find_cause(cause, self._settings))

    def _build_request(self, request: Request, key: str, company: Mapping[str, str]) -> httpx.Request:
        import httpx

        query = f"?{urlencode(request.query)}" if request.query else ""
        return httpx.Request(
            request.method,
            f"{self._settings.base_url}{request.path}{query}",
            json=request.body,
            files=[(part, (one.name, one.content, one.media_type)) for part, one in request.files.items()],
            headers={
                **self._headers,
                **company,
                **({"Idempotency-Key": request.idempotency_key} if request.idempotency_key else {}),
                "Authorization": f"Bearer {key}",
            },
            extensions={"timeout": self._limits, **_build_trace(request)},
        )

    def _open_pools(self) -> TransportPools:
        from conekta_mcp.api.pools import MAX_POOLS, TransportPools

        # Only httpx's transport, which serves a proxy, is slow with many requests in flight.
        most = MAX_POOLS if self._settings.proxy and not self._transport else 1
        create = self._transport or self._create_network_transport
        self._pools = TransportPools(create, time.monotonic, most=most)
        return self._pools

    def _create_network_transport(self) -> httpx.AsyncBaseTransport:
        if not self._settings.proxy:
            from conekta_mcp.api.network import NetworkTransport

            return NetworkTransport(lambda: self._tls, time.monotonic)
        import httpx

        return httpx.AsyncHTTPTransport(trust_env=False, proxy=self._settings.proxy, verify=self._tls)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Once: to read the certificates takes 50 ms, and nothing else is served meanwhile.
        from conekta_mcp.api.network import create_tls_context

        return create_tls_context(self._settings.ca_file)


class SecretKey(str):
    """A key whose repr hides it, for tracebacks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'key_[redacted]'"


class Account:
    """The account of a key; the `Sender` of its calls."""

    def __init__(self, conekta: Conekta, key: str, child_company_id: str | None = None) -> None:
        self._conekta = conekta
        self._key = SecretKey(key)
        self._child_company_id = child_company_id

    async def send(self, request: Request) -> dict[str, Any]:
        return await self._conekta.exchange(request, self._key, self._child_company_id)


def build_headers(settings: Settings) -> dict[str, str]:
    """Return the headers of every request (conekta-api.md 1.1), without the key."""
    headers = {
        "Accept-Encoding": "gzip, deflate",
        "Accept": f"application/vnd.conekta-v{settings.api_version}+json",
        "Accept-Language": settings.language,
        "Cache-Control": "no-cache",  # what is kept on the way may be older than a write
        "User-Agent": f"conekta-mcp/{__version__}",
    }
    if settings.child_company_id:
        headers["X-Child-Company-Id"] = settings.child_company_id
    return headers


def _build_trace(request: Request) -> dict[str, Any]:
    """Return a trace that calls `before_sending` again right before the bytes are sent.

    Waiting for a connection, or a suspended process, can outlast the time that a confirmation is valid.
    """
    if (confirm := request.before_sending) is None:
        return {}

    async def trace(event: str, _: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            await confirm()

    return {"trace": trace}
