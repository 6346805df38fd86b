"""Posts announcements of pending approvals to the operator's webhook, signed, with a few retries."""

from __future__ import annotations

import hmac
import logging
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio

from conekta_mcp import __version__

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    import httpx

    from conekta_mcp.settings import Settings

SIGNATURE = "X-Conekta-MCP-Signature"
"""`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 with the secret over the seconds, a point, and the body."""
DELIVERY = "X-Conekta-MCP-Delivery"
"""The header with the id of the approval, the same in each attempt."""
ATTEMPT_SECONDS = 5.0
PAUSES = (1.0, 4.0)
"""Seconds between the attempts."""
BUSY_STATUS = 429

log = logging.getLogger(__name__)


class AnnouncementPoster:
    """Posts to the webhook of the settings, with the proxy and certificates of requests to Conekta."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float],
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        attempt_seconds: float = ATTEMPT_SECONDS,
    ) -> None:
        self._url = settings.approval_webhook or ""
        self._secret = next(iter(settings.approval_webhook_secret), "")
        self._proxy, self._ca_file = settings.proxy, settings.ca_file
        self._clock, self._sleep, self._attempt_seconds = clock, sleep, attempt_seconds
        self._transport = transport or self._create_network_transport

    async def post(self, delivery: str, body: bytes) -> None:
        """Post one body until it is accepted; log a failure without the path of the address."""
        for pause in (*PAUSES, None):
            status = await self._post_once(delivery, body)
            if status is not None and 200 <= status < 300:
                return
            is_final = status is not None and status < 500 and status != BUSY_STATUS
            if pause is None or is_final:
                told = "no answer" if status is None else f"status {status}"
                log.warning("%s did not take the news of an approval: %s", urlsplit(self._url).hostname, told)
                return
            await self._sleep(pause)

    async def _post_once(self, delivery: str, body: bytes) -> int | None:
        """Return the status of the answer, None without one; redirects are not followed."""
        import httpx

        request = httpx.Request("POST", self._url, content=body, headers=self._build_headers(delivery, body))
        # A transport alone: it follows no redirect, keeps no cookie, and logs no address.
        with anyio.move_on_after(self._attempt_seconds):
            try:
                async with self._transport() as transport:
                    response = await transport.handle_async_request(request)
                    await response.aclose()
                    return response.status_code
            except httpx.TransportError as cause:
                log.debug("no answer to the news of an approval: %s", type(cause).__name__)
        return None

    def _build_headers(self, delivery: str, body: bytes) -> dict[str, str]:
        at = int(self._clock())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"conekta-mcp/{__version__}",
            DELIVERY: delivery,
            SIGNATURE: f"t={at},v1={sign_announcement(self._secret, at, body)}",
        }

    def _create_network_transport(self) -> httpx.AsyncBaseTransport:
        import httpx

        return httpx.AsyncHTTPTransport(trust_env=False, proxy=self._proxy, verify=self._tls)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        from conekta_mcp.api.network import create_tls_context

        return create_tls_context(self._ca_file)


def sign_announcement(secret: str, at: int, body: bytes) -> str:
    return hmac.digest(secret.encode(), b"%d.%s" % (at, body), "sha256").hex()
