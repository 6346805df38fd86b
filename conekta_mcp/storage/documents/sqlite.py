"""Documents in SQLite."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite3 import Connection

TABLE = (
    "CREATE TABLE IF NOT EXISTS documents "
    "(folder TEXT, name TEXT, value TEXT, until REAL, PRIMARY KEY (folder, name))"
)
"""Created if missing: a store of the same schema may be older than documents."""
FIND = "SELECT value FROM documents WHERE folder = ? AND name = ? AND until > ?"
LIST = "SELECT name, value FROM documents WHERE folder = ? AND until > ? ORDER BY name"


class SqliteDocuments:
    """Documents in SQLite, inside the transactions of `run_read` and `run_write`."""

    def __init__(
        self, run_read: Callable[..., Any], run_write: Callable[..., Any], clock: Callable[[], float]
    ) -> None:
        self._run_read, self._run_write, self._clock = run_read, run_write, clock

    async def change(
        self,
        folder: str,
        name: str,
        old: str | None,
        new: str | None,
        seconds: float,
        *,
        durable: bool = True,
    ) -> bool:
        now, place = self._clock(), (folder, name)

        def change_document(connection: "Connection") -> bool:
            row = connection.execute(FIND, (*place, now)).fetchone()
            if (row[0] if row else None) != old:
                return False
            if new is None:
                connection.execute("DELETE FROM documents WHERE folder = ? AND name = ?", place)
            else:
                values = (*place, new, now + seconds)
                connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", values)
            return True

        return bool(await self._run_write(change_document, durable=durable))

    async def find(self, folder: str, name: str) -> str | None:
        wanted = (folder, name, self._clock())
        row = await self._run_read(lambda connection: connection.execute(FIND, wanted).fetchone(), quick=True)
        return row[0] if row else None

    async def list_all(self, folder: str) -> dict[str, str]:
        wanted = (folder, self._clock())
        return dict(await self._run_read(lambda connection: connection.execute(LIST, wanted).fetchall()))
