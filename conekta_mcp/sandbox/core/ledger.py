"""The sandbox's SQLite store: records of all accounts, a counter for ids, the references ever issued."""

import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from conekta_mcp.sandbox.refusals.envelope import Declined

SCHEMA = """
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS accounts (fingerprint TEXT PRIMARY KEY, clock_offset INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT NOT NULL,
    due_at INTEGER, body TEXT NOT NULL,
    UNIQUE (account, kind, id)
);
CREATE INDEX IF NOT EXISTS records_by_parent ON records (account, kind, parent, position);
CREATE INDEX IF NOT EXISTS records_by_due_at ON records (account, kind, due_at, position);
CREATE INDEX IF NOT EXISTS records_due ON records (due_at, account) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS minted (reference TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS counter (value INTEGER NOT NULL);
INSERT INTO counter (value) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter);
"""

TABLES = frozenset({"accounts", "records", "minted", "counter"})


class ForeignFile(Exception):
    """A database that some other program made; it is left as it is."""


class Ledger:
    """All state of a sandbox; in memory, or in a file that survives restarts.

    `clock` returns unix seconds; each account adds its own offset.
    """

    def __init__(
        self, path: str = ":memory:", *, clock: Callable[[], float] = time.time, seed: int | None = None
    ) -> None:
        self.clock = clock
        self.random = random.Random(seed)  # noqa: S311  repeatable with a seed, guards nothing
        # Reentrant: every statement inside of a transaction takes it again.
        self._lock = threading.RLock()
        # One connection for all threads, used under the lock only; transactions are begun by hand.
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # Tests drop sandboxes without closing them, and from 3.13 on Python warns of each database left open.
        weakref.finalize(self, self._connection.close)
        try:
            self._refuse_foreign_file()
            self._connection.executescript(SCHEMA)
        except BaseException:
            self._connection.close()
            raise

    def _refuse_foreign_file(self) -> None:
        found = {row[0] for row in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if found and not found >= TABLES:
            raise ForeignFile

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def execute(self, statement: str, values: Sequence[str | int | None] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def list_due_accounts(self) -> list[str]:
        rows = self.execute(
            "SELECT DISTINCT account FROM records LEFT JOIN accounts ON fingerprint = account"
            " WHERE due_at IS NOT NULL AND due_at <= ? + COALESCE(clock_offset, 0)",
            (int(self.clock()),),
        )
        return [row[0] for row in rows]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the ledger exclusively; an exception rolls everything back."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what a refused request did, except the declined order Conekta keeps."""
        self.execute("SAVEPOINT attempt")
        try:
            yield
        # The only refusal after which the order stays (see refusals.envelope).
        except Declined:
            self.execute("RELEASE attempt")
            raise
        except BaseException:
            self.execute("ROLLBACK TO attempt")
            self.execute("RELEASE attempt")
            raise
        self.execute("RELEASE attempt")

    def take_next_number(self) -> int:
        with self._lock:
            self.execute("UPDATE counter SET value = value + 1")
            return int(self.execute("SELECT value FROM counter")[0][0])

    def mint_reference(self, make: Callable[[random.Random], str]) -> str:
        """Return a payment reference that no order or source of any account ever had."""
        while True:
            reference = make(self.random)
            if not self.execute("SELECT 1 FROM minted WHERE reference = ?", (reference,)):
                self.execute("INSERT INTO minted (reference) VALUES (?)", (reference,))
                return reference
