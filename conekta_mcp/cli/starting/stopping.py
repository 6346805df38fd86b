"""Ends a command at its first SIGINT, SIGTERM or SIGHUP; the first two also where the system ignores them."""

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
"""Of a terminal that is closed; Windows has none."""


class Stop:
    """What stopped this process, if anything did."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._hangup: int | None = None
        self._end: Callable[[], object] | None = None

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal, as shells have it; 0 where the command ended by itself."""
        return 0 if self._number is None else 128 + (self._hangup or self._number)

    def hang_up(self, number: int, _: FrameType | None = None) -> None:
        """Stop as at a SIGTERM: whoever replaced its handler, as uvicorn does, ends its connections first."""
        self._hangup = number
        signal.raise_signal(signal.SIGTERM)

    def take(self, number: int, _: FrameType | None = None) -> None:
        """Note a signal and end what runs; a second one does not wait for that."""
        if self._end is None:
            raise SystemExit(128 + (self._hangup or number))
        if self._number is not None:
            os._exit(128 + (self._hangup or number))
        self._number = number
        self._end()

    async def run(self, serve: Callable[[], Awaitable[object]]) -> None:
        """Await `serve()` until it ends or a signal comes; writes that were sent are finished first."""
        loop = asyncio.get_running_loop()
        with anyio.CancelScope() as scope:
            self._end = partial(loop.call_soon_threadsafe, scope.cancel)
            try:
                await serve()
            finally:
                self._end = None


@contextmanager
def catch_signals() -> Iterator[Stop]:
    """Take SIGINT, SIGTERM and SIGHUP instead of the system, and give what they stop."""
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
