"""Sessions of protocols up to 2025-11-25 with subscriptions (resources/subscribe)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from conekta_mcp.server.subscriptions.watched import Watched

if TYPE_CHECKING:
    from mcp.server.connection import Connection
    from mcp.server.session import ServerSession

    from conekta_mcp.events.feed import EventFeed
    from conekta_mcp.storage.journal import JournalEvent

log = logging.getLogger(__name__)


class WatchingSession:
    """One session; notifications are sent by a task, so that a slow reader delays nobody.

    A waiting notification is sent once, however often its resource changed.
    """

    def __init__(self, session: ServerSession, watched: Watched) -> None:
        self.watched = watched
        self._session = session
        self._waiting: dict[str | None, None] = {}
        self._sending: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._stop: Callable[[], None] | None = None

    async def start(self, feed: EventFeed) -> None:
        """Follow events from now on; raise StoreUnavailable if that is not possible."""
        async with self._starting:  # two requests of the session may come at once
            if self._stop is None:
                self._stop = await feed.start(self.tell)

    def stop(self) -> None:
        if self._stop:
            self._stop()
        self._stop = None
        if self._sending:
            self._sending.cancel()

    def tell(self, event: JournalEvent) -> None:
        touched: list[str | None] = [*self.watched.find_touched(event)]
        if self.watched.is_list_touched(event):
            touched.append(None)  # the list itself
        self._waiting.update(dict.fromkeys(touched))
        if self._waiting and self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        try:
            while self._waiting:
                address = next(iter(self._waiting))
                del self._waiting[address]
                if address is None:
                    await self._session.send_resource_list_changed()
                else:
                    await self._session.send_resource_updated(address)
        except Exception as problem:  # noqa: BLE001  whatever it is, the session cannot be told any more
            log.debug("a session was not told: %s", type(problem).__name__)
            self._waiting.clear()
        finally:
            self._sending = None


class WatchingSessions:
    """The sessions of this process that are notified of events."""

    def __init__(self) -> None:
        self._by_connection: WeakKeyDictionary[Connection, WatchingSession] = WeakKeyDictionary()

    def find(self, session: ServerSession) -> WatchingSession | None:
        return self._by_connection.get(get_connection(session))

    def open(self, session: ServerSession, account: str) -> WatchingSession:
        """Return what `session` watches; it ends with the session."""
        connection = get_connection(session)
        found = self._by_connection.get(connection)
        if found is not None and found.watched.account != account:
            # Over stdio a key can be exchanged while the session goes on.
            found.stop()
            found = None
        if found is None:
            found = WatchingSession(session, Watched(account))
            self._by_connection[connection] = found
            connection.exit_stack.callback(found.stop)
        return found


def get_connection(session: ServerSession) -> Connection:
    # A ServerSession lives as long as its request. The SDK gives the connection no other name; hence the pin.
    return session._connection
