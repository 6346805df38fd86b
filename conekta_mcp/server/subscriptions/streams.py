"""Streams of the 2026-07-28 protocol (subscriptions/listen), each notified of its own resources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ResourcesListChanged,
    ResourceUpdated,
    ServerEvent,
)

from conekta_mcp.server.subscriptions.watched import Watched

if TYPE_CHECKING:
    from conekta_mcp.events.feed import EventFeed
    from conekta_mcp.storage.journal import JournalEvent

Deliver = Callable[[ServerEvent], None]


class Stream:
    """One stream: what it watches, and the queue of its notifications."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self.deliver: Deliver | None = None

    def tell(self, event: JournalEvent) -> None:
        if self.deliver is None:
            return
        for address in self._watched.find_touched(event):
            self.deliver(ResourceUpdated(uri=address))
        if self._watched.is_list_touched(event):
            self.deliver(ResourcesListChanged())


class StreamBus(InMemorySubscriptionBus):
    """The bus of the SDK's handler, on which nothing is published.

    A bus notifies every stream of an address, also those of other accounts. So each stream that is opened
    within `open_stream` is notified by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._opening: ContextVar[Stream | None] = ContextVar("opening", default=None)

    def subscribe(self, listener: Deliver) -> Callable[[], None]:
        if stream := self._opening.get():
            stream.deliver = listener
        return super().subscribe(listener)

    @asynccontextmanager
    async def open_stream(self, watched: Watched, feed: EventFeed) -> AsyncIterator[None]:
        """Notify the stream that the SDK opens in this context of the events in `watched`."""
        stream = Stream(watched)
        token = self._opening.set(stream)
        try:
            async with feed.follow(stream.tell):
                yield
        finally:
            self._opening.reset(token)
