"""Waits for an event about an order, a link or a customer."""

import asyncio
from collections.abc import Callable, Collection

import anyio

from conekta_mcp.errors import Failure
from conekta_mcp.events.feed import EventFeed
from conekta_mcp.storage.journal import JournalEvent

LINGER_SECONDS = 10.0
"""How long after a wait an event still counts for the next one, since callers read in between."""


class Watch:
    """The ids that are waited for, and whether an event touched them since the last wait."""

    def __init__(self, ids: frozenset[str]) -> None:
        self.ids, self.touched = ids, anyio.Event()
        self.waiting, self.is_started = 0, False
        self.stop: Callable[[], None] | None = None
        self.ending: asyncio.TimerHandle | None = None

    def notice(self, event: JournalEvent) -> None:
        if self.ids.intersection(event.ids):
            self.touched.set()


class EventNews:
    """Wakes waiting reports when an event touches their ids; they read the state themselves."""

    def __init__(self, feed: EventFeed) -> None:
        self._feed = feed
        self._watches: dict[frozenset[str], Watch] = {}

    async def wait(self, ids: Collection[str], seconds: float) -> bool:
        """Return True once an event touches one of `ids`, also since the last wait; else False."""
        watch = self._watches.setdefault(frozenset(ids), Watch(frozenset(ids)))
        watch.waiting += 1
        if watch.ending:
            watch.ending.cancel()
        try:
            with anyio.move_on_after(seconds):
                await self._start(watch)
                touched = watch.touched
                await touched.wait()
                # The next wait is for the next event; other current waits get this one too.
                watch.touched = anyio.Event() if watch.touched is touched else watch.touched
                return True
            return False
        finally:
            watch.waiting -= 1
            if not watch.waiting:
                watch.ending = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._end, watch)

    async def _start(self, watch: Watch) -> None:
        if watch.is_started:
            return
        watch.is_started = True
        try:
            watch.stop = await self._feed.start(watch.notice)
        except BaseException as problem:
            watch.is_started = False
            # The store is away: the wait lasts its time, and its caller reads again.
            if not isinstance(problem, Failure):
                raise

    def _end(self, watch: Watch) -> None:
        if self._watches.get(watch.ids) is watch:
            del self._watches[watch.ids]
        if watch.stop:
            watch.stop()
