"""Passes new events of the journal to listeners in this process, whichever process received them."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

from conekta_mcp.errors import Failure
from conekta_mcp.storage.journal import EventJournal, JournalEvent

POLL_SECONDS = 1.0
PAGE = 100

Listener = Callable[[JournalEvent], None]

log = logging.getLogger(__name__)


class EventFeed:
    """Follows a journal while there are listeners."""

    def __init__(self, journal: EventJournal, poll_seconds: float = POLL_SECONDS) -> None:
        self._journal, self._poll_seconds = journal, poll_seconds
        self._listeners: dict[object, Listener] = {}
        self._lock = asyncio.Lock()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._number = 0
        self._is_away = False

    @property
    def has_listeners(self) -> bool:
        return bool(self._listeners)

    @property
    def is_followed(self) -> bool:
        """Whether the store is looked at; that ends shortly after the last listener has gone."""
        return self._task is not None

    async def start(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for each new event, on the event loop; return a function that stops it.

        Raises:
            StoreUnavailable: the journal cannot be read.
        """
        async with self._lock:
            if self._task is None:
                self._number = await self._journal.read_end()
                # In a separate context, without the key of the request that starts it and ends earlier.
                loop = asyncio.get_running_loop()
                self._task = loop.create_task(self._run(), name="events", context=contextvars.Context())
            token = object()
            self._listeners[token] = listener

        def stop() -> None:
            self._listeners.pop(token, None)

        return stop

    @asynccontextmanager
    async def follow(self, listener: Listener) -> AsyncIterator[None]:
        """Call `listener` for each event inside the context; see `start`."""
        stop = await self.start(listener)
        try:
            yield
        finally:
            stop()

    def wake(self) -> None:
        """Read the journal now."""
        self._woken.set()

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while self._listeners:
            with anyio.move_on_after(self._poll_seconds):
                await self._woken.wait()
            self._woken.clear()
            try:
                await self._tell_new()
            except Failure as problem:
                if not self._is_away:
                    log.warning("events cannot be followed: %s", problem)
                self._is_away = True
            except Exception:  # a defect with one event must not silence all that follow
                log.exception("events cannot be followed")
            else:
                self._is_away = False
        # No await between the last check and this line: a listener that comes now starts a new task.
        self._task = None

    async def _tell_new(self) -> None:
        end = await self._journal.read_end()
        # An emptied store counts from the start again.
        self._number = min(self._number, end)
        while self._number < end:
            page = await self._journal.list_after(self._number, PAGE)
            for event in page:
                self._tell(event)
            self._number = page[-1].number if page else end

    def _tell(self, event: JournalEvent) -> None:
        for listener in list(self._listeners.values()):
            try:
                listener(event)
            except Exception:  # one listener must not keep the event from the others
                log.exception("an event could not be told")
