"""Tracks questions to clients over HTTP, for sessions in which a call asks a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mcp.types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse

from conekta_mcp.server.lines.messages import Unreadable
from conekta_mcp.server.lines.questions import OpenQuestions, build_unusable_answer, is_answer
from conekta_mcp.server.lines.unreadable import find_names

if TYPE_CHECKING:
    from mcp.types import JSONRPCMessage

ASKING, GIVING_UP = "elicitation/create", "notifications/cancelled"
MAX_SESSIONS = 10_000
"""How many sessions are kept; the oldest are dropped first."""


class PostedAnswers:
    """Checks the answers that clients post, by session, as over stdio."""

    def __init__(self) -> None:
        self._sessions: dict[str, OpenQuestions] = {}

    def note_events(self, session: str, events: bytes) -> None:
        """Store the questions among server-sent events of a session."""
        if ASKING.encode() not in events and GIVING_UP.encode() not in events:
            return
        for message in _list_questions(events):
            if session not in self._sessions:
                if len(self._sessions) >= MAX_SESSIONS:
                    del self._sessions[next(iter(self._sessions))]
                self._sessions[session] = OpenQuestions()
            self._sessions[session].note_sent(message)

    def replace_answer(self, session: str | None, read: JSONRPCMessage, text: bytes) -> JSONRPCError | None:
        """Return an error to pass on instead of an unusable answer, if it is one."""
        if not isinstance(read, JSONRPCResponse | JSONRPCError):
            return None
        names = find_names(text)
        questions = self._sessions.get(session) if session else None
        if questions is not None:
            taken = questions.take_answer(read, names)
            if taken is not read and isinstance(taken, JSONRPCError):
                return taken
        if isinstance(read, Unreadable) and read.id is not None and is_answer(names):
            # The question is over, and an answer must not be answered.
            return build_unusable_answer(read.id)
        return None


def _list_questions(events: bytes) -> Iterator[JSONRPCMessage]:
    """Yield the questions and cancellations among server-sent events."""
    for line in events.splitlines():
        if not line.startswith(b"data:"):
            continue
        try:
            sent = json.loads(line[5:])
        except ValueError:
            continue
        method = sent.get("method") if isinstance(sent, dict) else None
        if method == ASKING and "id" in sent:
            yield JSONRPCRequest(jsonrpc="2.0", id=sent["id"], method=ASKING)
        elif method == GIVING_UP:
            yield JSONRPCNotification(jsonrpc="2.0", method=GIVING_UP, params=sent.get("params"))
