"""Lets few requests begin in each turn of the event loop, so that memory does not grow with their number."""

import asyncio
from collections import deque

from starlette.types import ASGIApp, Receive, Scope, Send

MAX_STARTS = 48
"""Requests that begin in one turn. Fewer need less memory, and more turns, which take time of their own."""


class StartGate:
    """Holds posted requests back, in their order, while many others begin.

    The event loop takes all calls one step further in each turn. If a thousand began at once, each would have
    its part of the SDK in memory from then on, some 100 kB, while one processor can serve few of them.
    Whoever waits for Conekta holds nobody back: turns are short then.
    """

    def __init__(self, app: ASGIApp, most: int = MAX_STARTS) -> None:
        self._app, self._most = app, most
        self._begun = 0
        """Requests that began in this turn; while there are any, the next turn is planned."""
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
            loop.call_soon(self._begin_turn, loop)
        self._begun += 1

    def _begin_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._begun = 0
        while self._waiting and self._begun < self._most:
            start = self._waiting.popleft()
            if not start.done():  # it is cancelled where the process ends
                start.set_result(None)
                self._begun += 1
        if self._begun:
            loop.call_soon(self._begin_turn, loop)
