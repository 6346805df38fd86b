"""Tracks open questions to a client over stdio, and replaces unusable answers."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from mcp.types import (
    INTERNAL_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
)

from conekta_mcp.server.lines.messages import Unreadable

if TYPE_CHECKING:
    from mcp.shared._stream_protocols import WriteStream
    from mcp.shared.message import SessionMessage
    from mcp.types import JSONRPCMessage, RequestId

ANSWERS = frozenset({"result", "error"})
NOTHING_ELSE = frozenset({"jsonrpc", "id"})
"""The names of an answer whose null result the client left out."""


class OpenQuestions:
    """The ids of requests to the client without an answer, oldest first."""

    def __init__(self) -> None:
        self._open: dict[str, RequestId] = {}
        self._asked: set[str] = set()

    def note_sent(self, message: JSONRPCMessage) -> None:
        """Record a message to the client: a question, or the cancellation of one."""
        if isinstance(message, JSONRPCRequest):
            self._open[str(message.id)] = message.id
            self._asked.add(str(message.id))
        elif isinstance(message, JSONRPCNotification) and message.method == "notifications/cancelled":
            self._open.pop(str((message.params or {}).get("requestId")), None)

    def take_answer(self, read: JSONRPCMessage, names: frozenset[str]) -> JSONRPCMessage | None:
        """Return what to do with a message that has these names at its top.

        Itself, unless it is an answer that cannot be used: then an error in its place, which ends the
        question as one that cannot be asked; None where nothing waits for it. No answer is ever answered.
        """
        if not isinstance(read, Unreadable | JSONRPCResponse | JSONRPCError):
            return read
        known = str(read.id)
        if isinstance(read, Unreadable):
            is_bare = known in self._open and names <= NOTHING_ELSE
            if not is_bare and not is_answer(names):
                return read
        elif known in self._open:
            del self._open[known]
            return read
        # A cancelled question is answered late; any other unknown id must be for the oldest question.
        asked = known if known in self._asked else next(iter(self._open), None)
        question = self._open.pop(asked, None) if asked is not None else None
        return build_unusable_answer(question) if question is not None else None


class QuestionNoter:
    """The stream to the client; it records the questions that are sent."""

    def __init__(self, write: WriteStream[SessionMessage], questions: OpenQuestions) -> None:
        self._write, self._questions = write, questions

    async def send(self, item: SessionMessage, /) -> None:
        self._questions.note_sent(item.message)
        await self._write.send(item)

    async def aclose(self) -> None:
        await self._write.aclose()

    async def __aenter__(self) -> QuestionNoter:
        await self._write.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._write.__aexit__(kind, value, trace)


def is_answer(names: frozenset[str]) -> bool:
    """Tell whether a message with these top-level names is an answer and not a request."""
    return "method" not in names and bool(names & ANSWERS)


def build_unusable_answer(question: RequestId) -> JSONRPCError:
    error = ErrorData(code=INTERNAL_ERROR, message="The client's answer cannot be read.")
    return JSONRPCError(jsonrpc="2.0", id=question, error=error)
