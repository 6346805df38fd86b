"""The journal of events in SQLite."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conekta_mcp.storage.journal import JournalEvent

if TYPE_CHECKING:
    from sqlite3 import Connection

EVENTS = (
    "CREATE TABLE IF NOT EXISTS webhook_events (number INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, "
    "id TEXT, event TEXT NOT NULL, until REAL NOT NULL, UNIQUE (account, id))"
)
TABLES = (EVENTS, "CREATE INDEX IF NOT EXISTS webhook_events_until ON webhook_events (until)")
"""Created if missing: a store of the same schema may be older than the journal."""
# AUTOINCREMENT gives no number twice, also after the newest event has been removed.
END = "SELECT seq FROM sqlite_sequence WHERE name = 'webhook_events'"
AFTER = "SELECT event, number FROM webhook_events WHERE number > ? AND until > ? ORDER BY number LIMIT ?"
LATEST = "SELECT event, number FROM webhook_events WHERE until > ? ORDER BY number DESC LIMIT 1"
ADD = "INSERT OR IGNORE INTO webhook_events (account, id, event, until) VALUES (?, ?, ?, ?)"


class SqliteJournal:
    """The journal in SQLite, inside the transactions of `run_read` and `run_write`."""

    def __init__(
        self, run_read: Callable[..., Any], run_write: Callable[..., Any], clock: Callable[[], float]
    ) -> None:
        self._run_read, self._run_write, self._clock = run_read, run_write, clock

    async def add(self, event: JournalEvent, seconds: float, most: int) -> bool:
        now = self._clock()

        def add_event(connection: "Connection") -> bool:
            # First, so that an expired event does not block a new one with its id.
            connection.execute("DELETE FROM webhook_events WHERE until <= ?", (now,))
            added = connection.execute(ADD, (event.account, event.id, event.to_text(), now + seconds))
            if added.rowcount != 1:
                return False
            connection.execute(
                "DELETE FROM webhook_events WHERE number <= ?", ((added.lastrowid or 0) - most,)
            )
            return True

        return bool(await self._run_write(add_event))

    async def read_end(self) -> int:
        row = await self._run_read(lambda connection: connection.execute(END).fetchone(), quick=True)
        return row[0] if row else 0

    async def list_after(self, number: int, limit: int) -> list[JournalEvent]:
        wanted = (number, self._clock(), limit)
        rows = await self._run_read(lambda connection: connection.execute(AFTER, wanted).fetchall())
        return [JournalEvent.from_text(*row) for row in rows]

    async def find_latest(self) -> JournalEvent | None:
        wanted = (self._clock(),)
        row = await self._run_read(lambda connection: connection.execute(LATEST, wanted).fetchone())
        return JournalEvent.from_text(*row) if row else None
