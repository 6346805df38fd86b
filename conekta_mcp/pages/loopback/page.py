"""The approval page on the person's own screen: a loopback server, and a browser that opens it."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import anyio

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.loopback.access import PageAccess
from conekta_mcp.pages.loopback.browser import open_in_browser

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

HOST = "127.0.0.1"
MAX_CONNECTIONS = 64
MAX_PAGES = 5
"""How many unanswered pages are open at once: a person before more of them approves by mistake."""
TURN_SECONDS = 0.5
"""How often a page that waits for its turn looks whether another one was answered or closed."""
STOP_SECONDS = 1
"""How long an open connection may hold up the end of the process."""

log = logging.getLogger(__name__)


async def open_here(address: str) -> bool:
    return await open_in_browser(address, os.environ)


class LoopbackPage:
    """Implements `conekta_mcp.consent.asking.channels.BrowserPage`; starts serving on first use."""

    def __init__(
        self,
        *,
        find_pending: Callable[[], PendingApprovals],
        read_time: Callable[[], Awaitable[float]],
        find_pause: Callable[[str], Awaitable[float]],
        language: str,
        open_address: Callable[[str], Awaitable[bool]] = open_here,
    ) -> None:
        self._find_pending, self._read_time, self._language = find_pending, read_time, language
        self._find_pause, self._open_address = find_pause, open_address
        self._access = PageAccess()
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._port = 0
        self._turns = anyio.Lock()

    async def show(self, approval: PendingApproval) -> bool:
        """Open the page of an approval, unless it is open; return False where no browser can be opened.

        Where many are open already, it waits until one of them is answered or closed. During a pause after
        several refusals none opens: the next equal call after it shows the question.
        """
        async with self._turns:
            if not await self._await_turn(approval.id):
                return True
            now = await self._read_time()
            try:
                self._start()
            except OSError as cause:
                log.warning("No page can be shown: %s", type(cause).__name__)
                return False
            secret = self._access.create_secret(approval.id, now)
            # The address is told to the browser only: not to the log, the answer or the progress of the call.
            is_open = await self._open_address(f"http://{HOST}:{self._port}/#{secret}")
            if not is_open:
                self._access.withdraw_secret(secret)
            return is_open

    async def _await_turn(self, approval_id: str) -> bool:
        """Wait until a page may open; return False if it is open already, or nobody is to be asked it now."""
        pending = self._find_pending()
        while True:
            now = await self._read_time()
            shown = self._access.list_open_pages(now)
            standing = await pending.find(approval_id)
            if approval_id in shown or standing is None or not standing.is_open(now):
                return False
            found = [await pending.find(one) for one in shown]
            if sum(one is not None and one.is_open(now) for one in found) < MAX_PAGES:
                return not await self._find_pause(standing.account)
            await anyio.sleep(TURN_SECONDS)

    async def close(self) -> None:
        """Stop serving; open pages say so."""
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        await asyncio.gather(self._serving, return_exceptions=True)
        self._server = self._serving = None

    def _start(self) -> None:
        """Start serving; the socket queues connections until the server accepts them."""
        if self._serving is not None and not self._serving.done():
            return
        from conekta_mcp.pages.loopback.app import create_loopback_app

        listening = socket.create_server((HOST, 0))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as in cli/starting/listening.py
        self._port = listening.getsockname()[1]
        app = create_loopback_app(
            pending=self._find_pending(),
            access=self._access,
            read_time=self._read_time,
            language=self._language,
            port=self._port,
        )
        self._server = _create_server(app)
        self._serving = asyncio.get_running_loop().create_task(self._server.serve(sockets=[listening]))


def _create_server(app: "ASGIApp") -> "uvicorn.Server":
    import uvicorn

    class PageServer(uvicorn.Server):
        """A uvicorn server that does not handle the signals of the process."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        # Logging is set up already; what uvicorn says of its start would name the port.
        log_config=None,
        log_level="warning",
        access_log=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return PageServer(config)
