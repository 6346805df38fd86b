"""Sends requests to Conekta: one pool of connections for all accounts, nothing of one kept for another."""

from __future__ import annotations

import json
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import anyio

from conekta_mcp import __version__
from conekta_mcp.api.failures import no_answer, not_json, refusal
from conekta_mcp.catalog import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from conekta_mcp.settings import Settings

MAX_ANSWER_BYTES = 8 * 1024 * 1024
CONNECT_SECONDS = 10.0


class Conekta:
    """Conekta's API over `transport`, the network when it is None; made on first use, for start-up's sake."""

    def __init__(
        self, settings: Settings, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    def account(self, key: str) -> Account:
        """Give the sender that acts with `key`."""
        return Account(self, key)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def exchange(self, request: Request, key: str) -> dict[str, Any]:
        """Send `request` once with `key`; a write that is under way is not torn off by a cancelled call.

        Raises:
            Failure: for anything but a success (see conekta_mcp.api.failures).
        """
        try:
            with anyio.fail_after(self._settings.timeout + CONNECT_SECONDS, shield=request.writes):
                status, headers, content = await self._answer(request, key)
        except TimeoutError as cause:
            raise no_answer(request, "it did not finish its answer in time", sent=True) from cause
        body = _parsed(content)
        if not 200 <= status < 300:
            raise refusal(request, status, headers, body)
        if not isinstance(body, dict):
            raise not_json(request, status)
        return body

    async def _answer(self, request: Request, key: str) -> tuple[int, dict[str, str], bytes]:
        import httpx

        client = self._client or self._connect(httpx)
        sending = client.build_request(
            request.method,
            request.path,
            params=dict(request.query) or None,
            json=request.body,
            headers={"Authorization": f"Bearer {key}"},
        )
        try:
            response = await client.send(sending, stream=True)
            try:
                return response.status_code, dict(response.headers), await _read(response)
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as cause:
            raise no_answer(request, "it cannot be reached", sent=False) from cause
        except httpx.TimeoutException as cause:
            raise no_answer(
                request, f"it took longer than {self._settings.timeout:g} s", sent=True
            ) from cause
        except (httpx.TransportError, httpx.DecodingError) as cause:
            raise no_answer(request, "the connection broke", sent=True) from cause

    def _connect(self, httpx: Any) -> httpx.AsyncClient:
        settings = self._settings
        self._client = httpx.AsyncClient(
            base_url=settings.base_url,
            headers=standing_headers(settings),
            timeout=httpx.Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout)),
            transport=self._transport() if self._transport else None,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
        )
        return self._client


class Account:
    """The account that a key belongs to; the `Sender` of its calls."""

    def __init__(self, conekta: Conekta, key: str) -> None:
        self._conekta = conekta
        self._key = key

    async def send(self, request: Request) -> dict[str, Any]:
        """Send `request` as this account."""
        return await self._conekta.exchange(request, self._key)


def standing_headers(settings: Settings) -> dict[str, str]:
    """Give the headers of every request (conekta-api.md 1.1), without the key."""
    headers = {
        "Accept": f"application/vnd.conekta-v{settings.api_version}+json",
        "Accept-Language": settings.language,
        "User-Agent": f"conekta-mcp/{__version__}",
    }
    if settings.child_company_id:
        headers["X-Child-Company-Id"] = settings.child_company_id
    return headers


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            return b""
    return bytes(content)


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
