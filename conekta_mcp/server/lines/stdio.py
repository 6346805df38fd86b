"""The stdio transport: reads lines of stdin as messages, and answers each unreadable line."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, cast

import anyio
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCNotification, JSONRPCResponse, jsonrpc_message_adapter
from pydantic import ValidationError

from conekta_mcp.server.lines.messages import CutMessage, Unreadable, mend_message
from conekta_mcp.server.lines.questions import OpenQuestions, QuestionNoter
from conekta_mcp.server.lines.reader import LineReader

if TYPE_CHECKING:
    from mcp.shared._stream_protocols import WriteStream
    from mcp.types import JSONRPCMessage

    from conekta_mcp.server.lines.reader import Line


@asynccontextmanager
async def serve_lines() -> AsyncIterator[tuple[StdinMessages, WriteStream[SessionMessage]]]:
    """Yield the messages of stdin, and the stream whose messages go to stdout.

    Meanwhile file descriptor 0 is the null device, so that no child process reads from the client.
    """
    private = os.dup(0)
    try:
        os.set_inheritable(private, False)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        reader = LineReader(private)
        reader.start(asyncio.get_running_loop().call_soon_threadsafe)
        # The SDK's transport only writes: it answers no line that it cannot read, and waits for stdin at the
        # end.
        async with stdio_server(stdin=cast("anyio.AsyncFile[str]", NoLines())) as (unused, write):
            await unused.aclose()
            questions = OpenQuestions()
            yield StdinMessages(reader, write, questions), QuestionNoter(write, questions)
    finally:
        # Not closed: the thread may still wait for it, and its number must not become another file's.
        os.dup2(private, 0)


class StdinMessages:
    """The messages of stdin; an unreadable line is answered and not passed on."""

    def __init__(
        self, reader: LineReader, write: WriteStream[SessionMessage], questions: OpenQuestions
    ) -> None:
        self._reader, self._write, self._questions = reader, write, questions

    async def receive(self) -> SessionMessage:
        while (line := await self._reader.take_line()) is not None:
            read = self._read_line(line)
            if isinstance(read, Unreadable):
                with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
                    await self._write.send(SessionMessage(read))
            elif read is not None:
                return SessionMessage(read)
        raise anyio.EndOfStream

    def _read_line(self, line: Line) -> JSONRPCMessage | None:
        """Return the message, the error to answer it with, or None for an empty line."""
        if isinstance(line, CutMessage):
            # Imported here: most processes never read an unreadable line.
            from conekta_mcp.server.lines.unreadable import build_too_long

            return self._sort_answer(build_too_long(line), line.head)
        mended = mend_message(line)
        return self._sort_answer(read_message(mended), mended) if mended.strip() else None

    def _sort_answer(self, read: JSONRPCMessage, text: bytes) -> JSONRPCMessage | None:
        if not isinstance(read, Unreadable | JSONRPCResponse | JSONRPCError):
            return read
        from conekta_mcp.server.lines.unreadable import find_names

        return self._questions.take_answer(read, find_names(text))

    async def aclose(self) -> None:
        """Do nothing: stdin belongs to the process."""

    def __aiter__(self) -> StdinMessages:
        return self

    async def __anext__(self) -> SessionMessage:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> StdinMessages:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class NoLines:
    """An empty file for the SDK's reader, which has nothing to do."""

    def __aiter__(self) -> NoLines:
        return self

    async def __anext__(self) -> str:
        raise StopAsyncIteration


def read_message(message: bytes) -> JSONRPCMessage:
    """Return the client's message, or the error to answer it with."""
    try:
        read = jsonrpc_message_adapter.validate_json(message, by_name=False)
    except ValidationError as problem:
        from conekta_mcp.server.lines.unreadable import build_invalid_request, build_parse_error

        first = problem.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            return build_parse_error(message, first["msg"])
        return build_invalid_request(message)
    # A message with an id needs an answer; with an unusable id the SDK would treat it as a notification.
    if isinstance(read, JSONRPCNotification) and b'"id"' in message:
        from conekta_mcp.server.lines.unreadable import build_invalid_request, has_id

        if has_id(message):
            return build_invalid_request(message)
    return read
