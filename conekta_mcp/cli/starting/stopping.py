"""Ends a command at its first SIGINT, SIGTERM or SIGHUP, even if the system ignores the first two."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

import anyio

STOPPING = (signal.SIGINT, signal.SIGTERM)
HANGUP: signal.Signals | None = getattr(signal, "SIGHUP", None)
"""The signal of a closed terminal; Windows has none."""


class Stop:
    """The signal that stopped this process, if any."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._hangup: int | None = None
        self._end: Callable[[], object] | None = None

    @property
    def exit_code(self) -> int:
        """128 plus the number of the signal, as in shells; 0 if the command ended by itself."""
        return 0 if self._number is None else 128 + (self._hangup or self._number)

    def hang_up(self, number: int, _: FrameType | None = None) -> None:
        """Stop as at SIGTERM, because uvicorn replaces that handler and closes connections first."""
        self._hangup = number
        signal.raise_signal(signal.SIGTERM)

    def take(self, number: int, _: FrameType | None = None) -> None:
        """Store a signal and end what runs; a second signal ends it at once."""
        if self._end is None:
            raise SystemExit(128 + (self._hangup or number))
        if self._number is not None:
            os._exit(128 + (self._hangup or number))
        self._number = number
        self._end()

    async def run(self, serve: Callable[[], Awaitable[object]]) -> None:
        """Await `serve()` until it ends or a signal comes; sent writes are finished first."""
        loop = asyncio.get_running_loop()
        with anyio.CancelScope() as scope:
            self._end = partial(loop.call_soon_threadsafe, scope.cancel)
            try:
                await serve()
            finally:
                self._end = None


@contextmanager
def catch_signals() -> Iterator[Stop]:
    """Handle SIGINT, SIGTERM and SIGHUP in this context; yield the `Stop` that they set."""
    stop = Stop()
    # Whoever starts a server with nohup wants it to outlive the terminal.
    taken = dict.fromkeys(STOPPING, stop.take)
    if HANGUP and signal.getsignal(HANGUP) is not signal.SIG_IGN:
        taken[HANGUP] = stop.hang_up
    before = {number: signal.signal(number, handler) for number, handler in taken.items()}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
