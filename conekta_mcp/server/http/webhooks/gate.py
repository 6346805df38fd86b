"""The endpoint for Conekta's webhooks: POST only, limited, signed; 200 once an event is recorded."""

import anyio
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conekta_mcp.errors import Failure
from conekta_mcp.events.receiver import Receiver, Reception
from conekta_mcp.server.http.webhooks.refusal_log import RefusalLog
from conekta_mcp.settings.webhooks import WEBHOOK_PATH

MAX_BODY_BYTES = 1024 * 1024
"""An event holds one object; an order of 100 lines has about 60 kB."""
MAX_BYTES_AT_ONCE = 32 * 1024 * 1024
RETRY_SECONDS = 30
STATUSES = {
    Reception.RECORDED: 200,
    Reception.KNOWN: 200,
    Reception.UNSIGNED: 401,
    Reception.UNKNOWN_KEY: 401,
    Reception.OTHER_MODE: 401,
    Reception.UNREADABLE: 400,
}


class WebhookGate:
    """Answers requests for the webhook path, which need neither API key nor session."""

    def __init__(self, app: ASGIApp, receiver: Receiver) -> None:
        self._app, self._receiver = app, receiver
        self._refusals = RefusalLog()
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].rstrip("/") != WEBHOOK_PATH:
            await self._app(scope, receive, send)
            return
        response = await self._answer(scope, receive)
        if response is not None:
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | None:
        """Return the answer; None if the client left before its request was complete."""
        headers = Headers(scope=scope)
        if scope["method"] != "POST":
            return JSONResponse({"error": "method_not_allowed"}, status_code=405, headers={"Allow": "POST"})
        digests = headers.getlist("digest")
        # Checked before the body is read, so that unsigned requests cost nothing.
        if len(digests) != 1 or not digests[0].strip():
            return self._refuse(Reception.UNSIGNED)
        declared = headers.get("content-length", "")
        if declared.isdecimal() and (len(declared) > 9 or int(declared) > MAX_BODY_BYTES):
            return self._refuse_size()
        body = bytearray()
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                part = message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) + len(part) > MAX_BODY_BYTES:
                    return self._refuse_size()
                if self._held + len(part) > MAX_BYTES_AT_ONCE:
                    return self._ask_again("too many at once")
                self._held += len(part)
                body += part
            return await self._receive(bytes(body), digests[0])
        finally:
            self._held -= len(body)

    async def _receive(self, body: bytes, digest: str) -> Response:
        try:
            # A client that disconnects now will send it again; processing goes on to its end.
            with anyio.CancelScope(shield=True):
                reception = await self._receiver.receive(body, digest)
        except Failure as failure:
            # Its text is ours; the cause of a lost store is one word.
            return self._ask_again(str(failure))
        if not reception.is_received:
            return self._refuse(reception)
        return JSONResponse({"status": "received"})

    def _refuse(self, reception: Reception) -> Response:
        self._refusals.note(reception.value)
        error = {"error": reception.name.lower(), "error_description": f"Not received: {reception.value}."}
        return JSONResponse(error, status_code=STATUSES[reception])

    def _refuse_size(self) -> Response:
        self._refusals.note(f"its body is larger than {MAX_BODY_BYTES} bytes")
        return JSONResponse({"error": "too_large"}, status_code=413)

    def _ask_again(self, reason: str) -> Response:
        self._refusals.note(f"{reason}; it has to be sent again")
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return JSONResponse({"error": "unavailable"}, status_code=503, headers=headers)
