"""Counts the sessions that requests open, use and end, and refuses those beyond the limits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Literal

import anyio
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conekta_mcp.server.http.sessions.bounds import End, Session, Sessions
from conekta_mcp.server.http.sessions.refusals import (
    SESSION_HEADER,
    build_refusal_response,
    send_without_session,
)
from conekta_mcp.server.http.sessions.requests import (
    MCP_PATH,
    SSE_PATH,
    SSE_SESSION,
    find_session_id,
    identify_caller,
    is_handshake,
    is_stream,
    read_selection,
)
from conekta_mcp.server.tools.selection import OPENING_SELECTION

WARN_SECONDS = 60.0
SWEEP_SECONDS = 1.0

log = logging.getLogger(__name__)


class SessionGate:
    """Runs behind KeyGate, which sets the owner of the key in a request."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app, self._sessions = app, sessions
        self._by_id: dict[str, Session] = {}
        self._warned_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = scope.get("user")
        if not isinstance(user, AuthenticatedUser):
            await self._app(scope, receive, send)
            return
        headers, key = Headers(scope=scope), user.access_token.client_id
        session_id = find_session_id(scope, headers)
        session = self._by_id.get(session_id) if session_id else None
        # The SDK answers 404 where the key is not the session's; that must not count as its use.
        if session_id and session is not None and session.key == key:
            await self._serve_use(session, session_id, scope, receive, send)
        elif is_stream(scope, headers):
            await self._serve_stream(key, scope, receive, send)
        elif session_id is None and is_handshake(scope, headers):
            await self._serve_opening(key, scope, receive, send)
        else:
            await self._app(scope, receive, partial(send_without_session, send))

    async def _serve_opening(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an initialize request; the session stays only if the answer names it."""
        opened: list[str] = []

        async def end() -> None:
            for session_id in opened:
                await self._end_session(key, session_id)

        session = await self._admit(key, end, scope, receive, send)
        if session is None:
            return

        async def note_session(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                opened.extend(Headers(raw=message["headers"]).getlist(SESSION_HEADER))
                self._by_id.update(dict.fromkeys(opened, session))
                await send(message)
            else:
                await send_without_session(send, message)

        try:
            with self._count_use(session, "messages"):
                await self._app(scope, receive, note_session)
        finally:
            if not opened:
                self._sessions.forget(session)

    async def _serve_use(
        self, session: Session, session_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve a request of an open session."""
        ended = False
        scope[OPENING_SELECTION] = session.selection

        async def note_end(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                # 404: the SDK ended it by itself, such as after a defect.
                ended = message["status"] == 404 or scope["method"] == "DELETE"
            await send(message)

        try:
            with self._count_use(session, "streams" if scope["method"] == "GET" else "messages"):
                await self._app(scope, receive, note_end)
        finally:
            if ended:
                self._forget(session, session_id)

    async def _serve_stream(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a stream that is a session by itself: SSE, or subscriptions/listen."""
        ended = anyio.Event()
        session_id, complete, begun = "", True, False

        async def end() -> None:
            ended.set()

        session = await self._admit(key, end, scope, receive, send)
        if session is None:
            return

        async def note_session(message: Message) -> None:
            nonlocal session_id, complete, begun
            if ended.is_set() or (begun and message["type"] == "http.response.start"):
                # The SDK takes it for a client that left, to which nothing can be said; at the end of the
                # process it answers a second time.
                ended.set()
                return
            begun = True
            body = message.get("body", b"")
            complete = message["type"] == "http.response.body" and not message.get("more_body")
            if scope["path"] == SSE_PATH and not session_id and (found := SSE_SESSION.search(body)):
                session_id = found[1].decode()
                session.selection = read_selection(scope)
                self._by_id[session_id] = session
            await send(message)

        try:
            with self._count_use(session, "streams"):
                await self._app(scope, partial(receive_until, ended, receive), note_session)
        finally:
            self._forget(session, session_id)
        if ended.is_set() and not complete:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _admit(self, key: str, end: End, scope: Scope, receive: Receive, send: Send) -> Session | None:
        """Return the new session, or send the refusal."""
        address = scope["client"][0] if scope.get("client") else None
        admitted = await self._sessions.admit(key, address, end)
        if isinstance(admitted, Session):
            return admitted
        now = self._sessions.clock()
        # At most one warning per WARN_SECONDS: a refused client may retry a thousand times a second.
        if now - self._warned_at >= WARN_SECONDS:
            self._warned_at = now
            log.warning("sessions are refused: %d of %s are open", admitted.most, admitted.bound)
        await build_refusal_response(admitted, self._sessions.settings)(scope, receive, send)
        return None

    @contextmanager
    def _count_use(self, session: Session, what: Literal["messages", "streams"]) -> Iterator[None]:
        session.used_at = self._sessions.clock()
        setattr(session, what, getattr(session, what) + 1)
        try:
            yield
        finally:
            setattr(session, what, getattr(session, what) - 1)
            session.used_at = self._sessions.clock()

    def _forget(self, session: Session, session_id: str) -> None:
        self._by_id.pop(session_id, None)
        self._sessions.forget(session)

    async def _end_session(self, key: str, session_id: str) -> None:
        """End a session of streamable HTTP as its client would, with DELETE."""
        self._by_id.pop(session_id, None)
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "DELETE",
            "scheme": "http",
            "path": MCP_PATH,
            "raw_path": MCP_PATH.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (SESSION_HEADER.encode(), session_id.encode())],
            "user": identify_caller(key),
        }
        try:
            await self._app(scope, _receive_nothing, _send_nowhere)
        except Exception:  # whatever it is, it is not the fault of the request whose session needs the room
            log.exception("a session could not be ended")


async def keep_ending_idle_sessions(sessions: Sessions) -> None:
    while True:
        await anyio.sleep(SWEEP_SECONDS)
        await sessions.end_idle_sessions()


async def receive_until(ended: anyio.Event, receive: Receive) -> Message:
    """Return the client's next message, or a disconnect once `ended` is set, which ends the stream."""
    message: Message = {"type": "http.disconnect"}

    async def wait() -> None:
        await ended.wait()
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        message = await receive()
        tasks.cancel_scope.cancel()
    return message


async def _receive_nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send_nowhere(_: Message) -> None:
    pass
