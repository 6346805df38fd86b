"""Reads the body of a request before anything is done with it, and bounds what all bodies together hold."""

from collections import deque

from mcp.server.transport_security import DEFAULT_MAX_REQUEST_BODY_SIZE
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conekta_mcp.server.http.refusals import RETRY_SECONDS, build_error
from conekta_mcp.server.lines.messages import replace_lone_surrogates

FREE_BYTES = 65_536
"""Bytes of each body that are not counted: nearly all calls are smaller, and none of them is refused."""
MAX_COUNTED_BYTES = 64 * 1024 * 1024


class BodyGate:
    """Passes a request on when its body is complete; one whose client leaves before is not even begun."""

    def __init__(self, app: ASGIApp, most: int = MAX_COUNTED_BYTES) -> None:
        self._app, self._most = app, most
        self._counted = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or _declares_too_much(scope):
            # The SDK refuses what declares too much, before it reads it.
            await self._app(scope, receive, send)
            return
        body, counted = bytearray(), 0
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    return
                body += message.get("body", b"")
                more = message.get("more_body", False)
                grown = max(0, len(body) - FREE_BYTES) - counted
                refusal = self._find_refusal(len(body), grown)
                if refusal is not None:
                    await refusal(scope, receive, send)
                    return
                self._counted += grown
                counted += grown
            # Of the same length, so that Content-Length stays true.
            readable = replace_lone_surrogates(bytes(body))
            await self._app(scope, _replay(readable, receive), send)
        finally:
            self._counted -= counted

    def _find_refusal(self, size: int, grown: int) -> Response | None:
        if size > DEFAULT_MAX_REQUEST_BODY_SIZE:
            return Response("Request body too large", status_code=413)
        if self._counted + grown <= self._most:
            return None
        text = f"Not read: too many large requests at once. Try again in {RETRY_SECONDS} seconds."
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return JSONResponse(build_error(text), status_code=503, headers=headers)


def _declares_too_much(scope: Scope) -> bool:
    declared = Headers(scope=scope).get("content-length", "")
    return declared.isdecimal() and int(declared) > DEFAULT_MAX_REQUEST_BODY_SIZE


def _replay(body: bytes, receive: Receive) -> Receive:
    left: deque[Message] = deque([{"type": "http.request", "body": body, "more_body": False}])

    async def receive_again() -> Message:
        return left.popleft() if left else await receive()

    return receive_again
