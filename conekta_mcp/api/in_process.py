"""Sends requests to an ASGI app in this process, with timeouts and connection failures as on a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import httpx

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class InProcessTransport(httpx.AsyncBaseTransport):
    """A transport to `app`; a ConnectionError raised by the app acts as a broken connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        limits: dict[str, Any] = request.extensions.get("timeout", {})
        try:
            with anyio.fail_after(limits.get("read")):
                return await self._inner.handle_async_request(request)
        except TimeoutError as cause:
            raise httpx.ReadTimeout("no answer in time", request=request) from cause
        except ConnectionError as cause:
            raise httpx.ReadError("the connection was cut", request=request) from cause
