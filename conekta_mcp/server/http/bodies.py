"""Reads the body of a request completely before it is handled, and limits the size of all bodies."""

from collections import deque

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.transport_security import DEFAULT_MAX_REQUEST_BODY_SIZE
from mcp.types import JSONRPCError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conekta_mcp.server.http.sessions.refusals import RETRY_SECONDS, build_error
from conekta_mcp.server.http.sessions.requests import (
    MCP_PATH,
    MESSAGES_PATH,
    SSE_PATH,
    SSE_SESSION,
    find_session_id,
)
from conekta_mcp.server.lines.messages import Unreadable, mend_message
from conekta_mcp.server.lines.posted_answers import PostedAnswers
from conekta_mcp.server.lines.stdio import read_message

FREE_BYTES = 65_536
"""Bytes of each body that are not counted; nearly all calls are smaller and never refused."""
MAX_COUNTED_BYTES = 64 * 1024 * 1024


class BodyGate:
    """Passes a request on once its body is complete; drops it if the client leaves before."""

    def __init__(self, app: ASGIApp, most: int = MAX_COUNTED_BYTES) -> None:
        self._app, self._most = app, most
        self._counted = 0
        self._answers = PostedAnswers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": mend_headers(scope)}
        send = self._note_questions(scope, send)
        if scope["method"] != "POST" or _declares_too_much(scope):
            # The SDK refuses what declares too much, before it reads it.
            await self._app(scope, receive, send)
            return
        if _is_encoded(scope):
            text = "Not read: send the message without Content-Encoding, as UTF-8."
            await JSONResponse(build_error(text), 415, {"Accept-Encoding": "identity"})(scope, receive, send)
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
            await self._pass_on(bytes(body), scope, receive, send)
        finally:
            self._counted -= counted

    async def _pass_on(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in {MCP_PATH, MESSAGES_PATH}:
            await self._app(scope, _replay(body, receive), send)
            return
        # Of the same length, so that Content-Length stays true.
        readable = mend_message(body)
        read, session = read_message(readable), find_session(scope)
        if (error := self._answers.replace_answer(session, read, readable)) is not None:
            readable = _write_error(error)
            headers = MutableHeaders(raw=scope["headers"])
            headers["content-length"] = str(len(readable))
        elif isinstance(read, Unreadable):
            refusal = Response(_write_error(read), status_code=400, media_type="application/json")
            await refusal(scope, receive, send)
            return
        await self._app(scope, _replay(readable, receive), send)

    def _note_questions(self, scope: Scope, send: Send) -> Send:
        """Return a `send` that records the questions to the client in a response."""
        session = find_session(scope)
        if session is None and scope["path"] != SSE_PATH:
            return send

        async def note_questions(message: Message) -> None:
            nonlocal session
            if body := message.get("body", b""):
                if session is None and (found := SSE_SESSION.search(body)):
                    session = name_session(scope, found[1].decode())
                if session is not None:
                    self._answers.note_events(session, body)
            await send(message)

        return note_questions

    def _find_refusal(self, size: int, grown: int) -> Response | None:
        if size > DEFAULT_MAX_REQUEST_BODY_SIZE:
            return Response("Request body too large", status_code=413)
        if self._counted + grown <= self._most:
            return None
        text = f"Not read: too many large requests at once. Try again in {RETRY_SECONDS} seconds."
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return JSONResponse(build_error(text), status_code=503, headers=headers)


def find_session(scope: Scope) -> str | None:
    """Return the session that a request names, if it belongs to the key of the request."""
    named = find_session_id(scope, Headers(scope=scope))
    return name_session(scope, named) if named else None


def name_session(scope: Scope, session_id: str) -> str:
    # The SDK has not yet compared whose session it is.
    user = scope.get("user")
    key = user.access_token.client_id if isinstance(user, AuthenticatedUser) else ""
    return f"{key}\n{session_id}"


def mend_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the headers of a request as the SDK reads them.

    Names of media types are the same in any case, and whoever says nothing about what they accept takes all.
    No event is kept, so a stream begins anew for a client that names the last one it saw.
    """
    headers = MutableHeaders(raw=list(scope["headers"]))
    del headers["last-event-id"]
    if not headers.get("accept", "").strip():
        headers["accept"] = "*/*"
    if "content-type" in headers:
        kind, mark, more = headers["content-type"].partition(";")
        headers["content-type"] = f"{kind.strip().lower()}{mark}{more}"
    return headers.raw


def _write_error(error: JSONRPCError) -> bytes:
    return error.model_dump_json(by_alias=True, exclude_unset=True).encode()


def _declares_too_much(scope: Scope) -> bool:
    declared = Headers(scope=scope).get("content-length", "")
    return declared.isdecimal() and int(declared) > DEFAULT_MAX_REQUEST_BODY_SIZE


def _is_encoded(scope: Scope) -> bool:
    """Tell whether a message is compressed: it would be read as broken text."""
    encoding = Headers(scope=scope).get("content-encoding", "").strip().lower()
    return scope["path"] in {MCP_PATH, MESSAGES_PATH} and encoding not in {"", "identity"}


def _replay(body: bytes, receive: Receive) -> Receive:
    left: deque[Message] = deque([{"type": "http.request", "body": body, "more_body": False}])

    async def receive_again() -> Message:
        return left.popleft() if left else await receive()

    return receive_again
