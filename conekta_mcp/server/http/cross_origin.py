"""CORS: lets pages of origins that the operator names call this server from a browser."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conekta_mcp.pages.inbox.requests import INBOX_PATH
from conekta_mcp.redaction import name_in_error

METHODS = "GET, POST, DELETE"
REQUEST_HEADERS = (
    "content-type, accept, authorization, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, "
    "last-event-id, x-conekta-toolsets, x-conekta-read-only"
)
EXPOSED_HEADERS = "Mcp-Session-Id"
PREFLIGHT_SECONDS = 600
PORT = re.compile(r":\d{1,5}")


class CrossOriginGate:
    """Runs before KeyGate, because the preflight request of a browser has no key."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        """`origins` are the named ones; pages of this machine are not allowed unless named."""
        self._app = app
        self._origins = tuple(origin.rstrip("/").lower() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The inbox is for its own pages only.
        if scope["type"] != "http" or f"{INBOX_PATH}/" in f"{scope['path']}/":
            await self._app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")
        if scope["method"] == "OPTIONS":
            await self._answer_options(origin)(scope, receive, send)
        elif origin is None or not self._is_named(origin):
            await self._app(scope, receive, send)
        else:
            await self._serve_named(origin, scope, receive, send)

    async def _serve_named(self, origin: str, scope: Scope, receive: Receive, send: Send) -> None:
        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
                headers.add_vary_header("Origin")
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, add_headers)

    def _answer_options(self, origin: str | None) -> Response:
        """Answer what a browser asks before a request; it opens no session."""
        if not origin:
            return Response(status_code=405, headers={"Allow": METHODS})
        if not self._is_named(origin):
            text = (
                f"Pages of {name_in_error(origin)} may not call this server: name them with --allowed-origin."
            )
            return JSONResponse({"error": "invalid_origin", "error_description": text}, status_code=403)
        return Response(
            status_code=204,
            headers={
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": REQUEST_HEADERS,
                "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
                "Vary": "Origin",
            },
        )

    def _is_named(self, origin: str) -> bool:
        """Tell whether an origin was named, with its port or for all ports."""
        spelt = origin.lower()
        return any(
            spelt == named or (spelt.startswith(named) and PORT.fullmatch(spelt, len(named)) is not None)
            for named in self._origins
        )
