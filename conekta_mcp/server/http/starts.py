"""Lets few requests begin in one iteration of the event loop, so that memory does not grow with them."""

import asyncio
from collections import deque

from starlette.types import ASGIApp, Receive, Scope, Send

MAX_STARTS = 48
"""Requests that begin in one iteration. Fewer need less memory, and more iterations, which take time too."""


class StartGate:
    """Holds posted requests back, in their order, while many others begin.

    The event loop takes all calls one step further in each iteration. If a thousand began at once, each would
    have its part of the SDK in memory from then on, some 100 kB, while one processor can serve few of them.
    Whoever waits for Conekta holds nobody back: iterations are short then.
    """

    def __init__(self, app: ASGIApp, most: int = MAX_STARTS) -> None:
        self._app, self._most = app, most
        self._begun = 0
        """Requests that began in this iteration; while there are any, the count is reset by the next one."""
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            await self._wait_for_start()
        await self._app(scope, receive, send)

    async def _wait_for_start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._begun >= self._most:
            start = loop.create_future()
            self._waiting.append(start)
            await start
            return
        if not self._begun:
            loop.call_soon(self._start_next, loop)
        self._begun += 1

    def _start_next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Count from zero, for an iteration that has begun, and let those begin that waited longest."""
        self._begun = 0
        while self._waiting and self._begun < self._most:
            start = self._waiting.popleft()
            if not start.done():  # it is cancelled where the process ends
                start.set_result(None)
                self._begun += 1
        if self._begun:
            loop.call_soon(self._start_next, loop)
