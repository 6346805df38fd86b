"""The SQLite file of the store: private to its owner, checked before use, pruned."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from conekta_mcp.storage.documents.sqlite import TABLE as DOCUMENTS
from conekta_mcp.storage.journal.sqlite import TABLES as JOURNAL
from conekta_mcp.storage.serialization import SCHEMA, SKEW_SECONDS, build_store_failure, get_error_name
from conekta_mcp.storage.store_time import TimeAnchor, advance_anchor, read_boot_id

if TYPE_CHECKING:
    from sqlite3 import Connection

Begin = Literal["BEGIN", "BEGIN IMMEDIATE"]
MEMORY = ":memory:"
APPLICATION_ID = 0x434B5453
"""Marks the file as ours in its header (SQLite's application_id)."""
OTHERS_ACCESS = 0o077
FILE_ENDS = ("", "-wal", "-shm")
"""The database, its log, and the index of the log, which exist while any process has it open."""
BUSY_SECONDS = 10.0
PAUSE_SECONDS = 0.02
CHECKPOINT_PAGES = 1000
"""SQLite's default: of so many pages, the log of the file is written back into it."""


def append_only(table: str) -> tuple[str, str]:
    """Return the triggers that forbid changing or removing rows of `table`."""
    refusal = "BEGIN SELECT RAISE(ABORT, 'append only'); END"
    return (
        f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} {refusal}",
        f"CREATE TRIGGER {table}_not_removed BEFORE DELETE ON {table} {refusal}",
    )


MADE_BY_ID = "CREATE INDEX IF NOT EXISTS made_by_id ON made (account, id)"
NAMED_VALUES = "CREATE TABLE named_values (name TEXT PRIMARY KEY, value TEXT, until REAL)"
TABLES = (
    "CREATE TABLE claims (place TEXT PRIMARY KEY, claim TEXT NOT NULL, until REAL, equal TEXT, at REAL)",
    "CREATE INDEX claims_unsettled ON claims (place) WHERE until IS NULL",
    "CREATE INDEX claims_equal ON claims (equal, at)",
    "CREATE TABLE history (number INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, event TEXT)",
    "CREATE INDEX history_by_place ON history (place, number)",
    *append_only("history"),
    "CREATE TABLE made (account TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX made_by_account ON made (account, at)",
    "CREATE TABLE clock (one INTEGER PRIMARY KEY, wall REAL, monotonic REAL, boot TEXT, seen REAL)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, amount INTEGER, calls INTEGER, until REAL NOT NULL)",
    "CREATE TABLE reservations (name TEXT NOT NULL, counter TEXT, amount INTEGER, until REAL NOT NULL)",
    "CREATE INDEX reservations_by_name ON reservations (name)",
    "CREATE TABLE locks (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL NOT NULL)",
    "CREATE TABLE tokens (token TEXT PRIMARY KEY, until REAL NOT NULL)",
    NAMED_VALUES,
    "CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, record TEXT NOT NULL)",
    "CREATE INDEX audit_by_time ON audit (at, number)",
    *append_only("audit"),
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA}",
)

DURABLE_PRAGMAS = ("PRAGMA synchronous = FULL", "PRAGMA fullfsync = ON", "PRAGMA journal_mode = WAL")
"""Every commit reaches the disk, and readers do not wait for writers (sqlite.org/wal.html)."""


def open_database(path: str) -> "Connection":
    """Open the store at `path`, which is created if it is missing; ":memory:" is a store of this process.

    Raises:
        StoreUnavailable: the file belongs to something else, or to a newer version.
        sqlite3.Error, OSError: it cannot be opened.
    """
    import sqlite3

    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return _connect(path)
        except sqlite3.OperationalError as cause:  # SQLite does not always wait while others open or close it
            if not is_busy(cause) or time.monotonic() > until:
                raise
            time.sleep(PAUSE_SECONDS)


def open_anchored(
    path: str, clock: Callable[[], float], monotonic: Callable[[], float]
) -> "tuple[Connection, TimeAnchor]":
    """Open the store at `path` with its clock; close it again if the file is damaged."""
    connection = open_database(path)
    try:
        return connection, read_anchor(connection, clock, monotonic)
    except BaseException:
        connection.close()
        raise


class OpenedFile:
    """The identity of the opened file: writes to a file that was replaced would be lost.

    Its log and the log's index belong to it: what is written to a removed log is never read by others.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._identity = self._identify()

    def refuse_replaced(self) -> None:
        """Raise StoreUnavailable if a path now names another file, or none."""
        if self._identity != self._identify():
            raise build_store_failure("store_replaced")

    def _identify(self) -> list[tuple[int, int] | None]:
        return [] if self._path == MEMORY else [_identify_file(self._path + end) for end in FILE_ENDS]


def _identify_file(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - three for each transaction, and a Path takes as long again
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def is_busy(cause: Exception) -> bool:
    """Tell whether the only problem is that another process held the file for too long."""
    return get_error_name(cause).startswith("SQLITE_BUSY")


@contextmanager
def transaction(connection: "Connection", begin: Begin) -> Iterator[None]:
    """Run a transaction; an exception rolls it back."""
    import sqlite3

    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite itself has undone it after some faults
            connection.execute("ROLLBACK")
        raise


def prune_expired(connection: "Connection", now: float) -> None:
    """Remove what has expired at `now` (unix seconds), but no unsettled claim, history or audit record."""
    for table in ("counters", "reservations", "tokens", "named_values", "documents", "webhook_events"):
        connection.execute(f"DELETE FROM {table} WHERE until < ?", (now,))  # noqa: S608  names of ours
    connection.execute("DELETE FROM locks WHERE until < ?", (now - SKEW_SECONDS,))


def set_durability(connection: "Connection", *, durable: bool) -> None:
    """Choose whether the next commit waits for the disk; locks need not survive a crash."""
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    # A checkpoint waits for the disk too.
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES if durable else 0}")


@contextmanager
def without_waiting(connection: "Connection") -> Iterator[None]:
    """Raise SQLITE_BUSY at once if another process holds the file."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def read_anchor(
    connection: "Connection", read_wall: Callable[[], float], read_monotonic: Callable[[], float]
) -> TimeAnchor:
    """Return the anchor of the clock that all processes of this file share; create it if needed."""
    boot = read_boot_id()
    with transaction(connection, "BEGIN IMMEDIATE"):
        # Read while no other process can write: what another one notes meanwhile would pass for the future.
        wall, monotonic = read_wall(), read_monotonic()
        row = connection.execute("SELECT wall, monotonic, boot, seen FROM clock").fetchone()
        stored = TimeAnchor(*row[:3]) if row else None
        anchor = advance_anchor(stored, row[3] if row else wall, wall, monotonic, boot)
        if anchor != stored:
            values = (1, anchor.wall, anchor.monotonic, anchor.boot, anchor.wall)
            connection.execute("INSERT OR REPLACE INTO clock VALUES (?, ?, ?, ?, ?)", values)
    return anchor


def note_seen_time(connection: "Connection", now: float) -> None:
    """Store that the clock has shown `now`, so that it never goes back after a restart."""
    connection.execute("UPDATE clock SET seen = max(seen, ?)", (now,))


def _connect(path: str) -> "Connection":
    import sqlite3

    address = path
    if path != MEMORY:
        _create_file(Path(path))
        address = f"{Path(path).absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        with transaction(connection, "BEGIN IMMEDIATE"):
            _prepare(connection)
            _refuse_file_of_others(path)  # undoes what was prepared in a file that was empty
        for durable in DURABLE_PRAGMAS:
            connection.execute(durable)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_file_of_others(path: str) -> None:
    """Refuse a file that other users may read or write: its rows are the limits."""
    if path != MEMORY and os.name == "posix" and Path(path).stat().st_mode & OTHERS_ACCESS:
        raise build_store_failure("store_open_to_others")


def _create_file(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # another process was quicker
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare(connection: "Connection") -> None:
    made_by = _query_number(connection, "PRAGMA application_id")
    version = _query_number(connection, "PRAGMA user_version")
    # An empty file: new, whoever created it.
    if (made_by, version) == (0, 0) and not _query_number(connection, "SELECT count(*) FROM sqlite_master"):
        for statement in TABLES:
            connection.execute(statement)
    elif made_by != APPLICATION_ID:
        raise build_store_failure("store_not_ours")
    elif version != SCHEMA:
        raise build_store_failure("store_too_new" if version > SCHEMA else "store_too_old")
    for statement in (DOCUMENTS, *JOURNAL, MADE_BY_ID):
        connection.execute(statement)


def _query_number(connection: "Connection", question: str) -> int:
    return int(connection.execute(question).fetchone()[0])
