"""Reads lines of stdin in a daemon thread, which does not keep the process from ending."""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable

import anyio
from mcp.server.transport_security import DEFAULT_MAX_REQUEST_BODY_SIZE

from conekta_mcp.server.lines.messages import CutMessage

CHUNK_BYTES = 65_536
KEPT_BYTES = 4096
"""The bytes that are kept of each end of a line that is too long."""
MAX_WAITING = 16
"""How many chunks are read ahead."""

Line = bytes | CutMessage


class LineSplitter:
    """Splits bytes into lines; of a line that is too long only start and end are kept."""

    def __init__(self, most: int = DEFAULT_MAX_REQUEST_BODY_SIZE) -> None:
        self._most = most
        self._rest = bytearray()
        self._head: bytes | None = None

    def add(self, chunk: bytes) -> list[Line]:
        """Return the lines that `chunk` completes."""
        *ends, rest = chunk.split(b"\n")
        lines: list[Line] = []
        for end in ends:
            self._extend(end)
            lines.append(self._take())
        self._extend(rest)
        return lines

    def finish(self) -> list[Line]:
        """Return the last line, which no line end follows."""
        return [self._take()] if self._rest else []

    def _extend(self, more: bytes) -> None:
        self._rest += more
        if self._head is None and len(self._rest) > self._most:
            self._head = bytes(self._rest[:KEPT_BYTES])
        if self._head is not None:
            del self._rest[:-KEPT_BYTES]

    def _take(self) -> Line:
        rest, self._rest = bytes(self._rest), bytearray()
        head, self._head = self._head, None
        return rest if head is None else CutMessage(head, rest, self._most)


class LineReader:
    """The lines of a file descriptor, for one event loop."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._splitter = LineSplitter()
        self._lines: deque[Line] = deque()
        self._changed = anyio.Event()
        self._room = threading.Semaphore(MAX_WAITING)
        self._waiting = 0
        self._has_ended = False

    def start(self, call_soon: Callable[..., object]) -> None:
        """Start reading; `call_soon` runs a function in the event loop, from any thread."""
        # A daemon thread without a buffered (locked) file: the process may end while it waits for a line.
        threading.Thread(target=self._read, args=(call_soon,), daemon=True, name="stdin").start()

    async def take_line(self) -> Line | None:
        """Return the next line without its end; None after the last one."""
        while not self._lines:
            if self._has_ended:
                return None
            await self._changed.wait()
        line = self._lines.popleft()
        self._make_room()
        return line

    def _read(self, call_soon: Callable[..., object]) -> None:
        try:
            while chunk := os.read(self._descriptor, CHUNK_BYTES):
                self._room.acquire()
                call_soon(self._note_chunk, chunk)
        except OSError:  # the client's end of a terminal or socket is gone
            pass
        except RuntimeError:  # the event loop has ended
            return
        with contextlib.suppress(RuntimeError):
            call_soon(self._note_end)

    def _note_chunk(self, chunk: bytes) -> None:
        self._lines += self._splitter.add(chunk)
        self._waiting += 1
        self._make_room()
        self._wake()

    def _note_end(self) -> None:
        self._lines += self._splitter.finish()
        self._has_ended = True
        self._wake()

    def _make_room(self) -> None:
        """Let the thread continue once every line is taken: a faster client has to wait."""
        if self._waiting and not self._lines:
            self._room.release(self._waiting)
            self._waiting = 0

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
