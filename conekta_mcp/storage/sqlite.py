"""The durable store in one SQLite file, which several processes of one machine may share."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import anyio.to_thread

from conekta_mcp.storage.audit_chain.chain import unlink_record
from conekta_mcp.storage.audit_chain.sqlite import append_record, read_chain
from conekta_mcp.storage.records import Cap, Claim, LimitExceeded
from conekta_mcp.storage.serialization import (
    COUNTER_SECONDS,
    DONE_SECONDS,
    SKEW_SECONDS,
    build_store_failure,
    format_claim,
    format_place,
    hash_token,
    parse_claim,
    sort_claims,
)
from conekta_mcp.storage.sqlite_file import (
    Begin,
    get_error_name,
    is_busy,
    open_database,
    prune_expired,
    transaction,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

Result = TypeVar("Result")
PRUNING_SECONDS = 3600
COUNT = (
    "INSERT INTO counters VALUES (?, ?, 1, ?) ON CONFLICT (name) DO UPDATE"
    " SET amount = amount + excluded.amount, calls = calls + 1, until = excluded.until"
)
UNCOUNT = "UPDATE counters SET amount = amount - ?, calls = calls - 1 WHERE name = ?"
NAMED_VALUE = "SELECT value FROM named_values WHERE name = ? AND until > ?"
LATEST_RECORDS = "SELECT record FROM audit WHERE at >= ? ORDER BY at DESC, number DESC LIMIT ?"


class SqliteStore:
    """The store in the file `path`, or in the memory of this process (":memory:").

    `clock` returns unix seconds. The file is opened when it is first needed.
    """

    def __init__(self, path: str | Callable[[], str], clock: Callable[[], float]) -> None:
        self._path, self._clock = path, clock
        # One thread at a time: tasks wait here without blocking the event loop.
        self._limiter = anyio.CapacityLimiter(1)
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._closed = False
        self._prune_at = 0.0

    async def claim(self, wanted: Claim) -> Claim | None:
        def add_claim(connection: "Connection") -> Claim | None:
            standing = _find_claim(connection, wanted.place)
            if standing is None:
                self._put_claim(connection, wanted)
            return standing

        return await self._run_write(add_claim)

    async def find(self, place: tuple[str, str, str]) -> Claim | None:
        return await self._run_read(lambda connection: _find_claim(connection, place))

    async def replace(self, old: Claim, new: Claim) -> bool:
        def replace_claim(connection: "Connection") -> bool:
            equal = _find_claim(connection, old.place) == old
            if equal:
                self._put_claim(connection, new)
            return equal

        return await self._run_write(replace_claim)

    async def delete_claim(self, old: Claim) -> bool:
        def delete_equal(connection: "Connection") -> bool:
            equal = _find_claim(connection, old.place) == old
            if equal:
                connection.execute("DELETE FROM claims WHERE place = ?", (format_place(old.place),))
            return equal

        return await self._run_write(delete_equal)

    async def list_unsettled(self, account: str | None = None) -> list[Claim]:
        rows = await self._run_read(
            lambda connection: connection.execute("SELECT claim FROM claims WHERE until IS NULL").fetchall()
        )
        return sort_claims((text for (text,) in rows), account)

    async def reserve(self, name: str, caps: Sequence[Cap]) -> LimitExceeded | None:
        def add_reservation(connection: "Connection") -> LimitExceeded | None:
            passed = _find_exceeded_cap(connection, caps)
            if passed is None:
                until = self._clock() + COUNTER_SECONDS
                added = [(cap.counter, cap.amount, until) for cap in caps]
                connection.executemany(COUNT, added)
                noted = [(name, *one) for one in added]
                connection.executemany("INSERT INTO reservations VALUES (?, ?, ?, ?)", noted)
            return passed

        return await self._run_write(add_reservation)

    async def release(self, name: str) -> None:
        def remove_reservation(connection: "Connection") -> None:
            added = connection.execute("SELECT amount, counter FROM reservations WHERE name = ?", (name,))
            connection.executemany(UNCOUNT, added.fetchall())
            connection.execute("DELETE FROM reservations WHERE name = ?", (name,))

        await self._run_write(remove_reservation)

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        def take_lock(connection: "Connection") -> bool:
            connection.execute("DELETE FROM locks WHERE name = ? AND until <= ?", (name, now))
            given = connection.execute("INSERT OR IGNORE INTO locks VALUES (?, ?, ?)", (name, owner, until))
            return given.rowcount == 1

        return await self._run_write(take_lock)

    async def unlock(self, name: str, owner: str) -> None:
        await self._execute_change("DELETE FROM locks WHERE name = ? AND owner = ?", name, owner)

    async def use_token_once(self, token: str, until: float) -> bool:
        return await self._execute_change(
            "INSERT OR IGNORE INTO tokens VALUES (?, ?)", hash_token(token), until + SKEW_SECONDS
        )

    async def remember(self, name: str, value: str, seconds: float) -> None:
        until = self._clock() + seconds
        await self._execute_change("INSERT OR REPLACE INTO named_values VALUES (?, ?, ?)", name, value, until)

    async def recall(self, name: str) -> str | None:
        wanted = (name, self._clock())
        row = await self._run_read(lambda connection: connection.execute(NAMED_VALUE, wanted).fetchone())
        return row[0] if row else None

    async def append(self, record: dict[str, Any]) -> None:
        await self._run_write(lambda connection: append_record(connection, record))

    async def read_records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        rows = await self._run_read(
            lambda connection: connection.execute(LATEST_RECORDS, (since, limit)).fetchall()
        )
        return [unlink_record(json.loads(text)) for (text,) in reversed(rows)]

    async def read_chain(self) -> list[str]:
        return await self._run_read(read_chain)

    async def close(self) -> None:
        """Close it for good; what was in memory is lost."""
        await anyio.to_thread.run_sync(self._close, limiter=self._limiter)

    async def _execute_change(self, statement: str, *values: str | float) -> bool:
        return await self._run_write(lambda connection: connection.execute(statement, values).rowcount == 1)

    async def _run_read(self, work: "Callable[[Connection], Result]") -> Result:
        return await anyio.to_thread.run_sync(self._run_transaction, work, "BEGIN", limiter=self._limiter)

    async def _run_write(self, work: "Callable[[Connection], Result]") -> Result:
        return await anyio.to_thread.run_sync(
            # IMMEDIATE waits for its turn to write at once; two readers that began to write would block each
            # other.
            self._run_transaction,
            work,
            "BEGIN IMMEDIATE",
            limiter=self._limiter,
        )

    def _run_transaction(self, work: "Callable[[Connection], Result]", begin: Begin) -> Result:
        import sqlite3

        with self._lock:  # the thread of a cancelled task may still be at work
            try:
                connection = self._open()
                with transaction(connection, begin):
                    self._prune(connection, begin)
                    return work(connection)
            except (sqlite3.Error, OSError) as cause:
                word = get_error_name(cause)
                code = "store_not_ours" if word == "SQLITE_NOTADB" else "store_unavailable"
                raise build_store_failure(code, word, passing=is_busy(cause)) from cause

    def _open(self) -> "Connection":
        if self._closed:
            raise build_store_failure("store_unavailable", "closed")
        if self._connection is None:
            self._connection = open_database(self._path if isinstance(self._path, str) else self._path())
        return self._connection

    def _prune(self, connection: "Connection", begin: Begin) -> None:
        now = self._clock()
        # Only within a write: a read that began to write could fail as busy without waiting.
        if begin == "BEGIN IMMEDIATE" and now >= self._prune_at:
            prune_expired(connection, now)
            self._prune_at = now + PRUNING_SECONDS

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _put_claim(self, connection: "Connection", claim: Claim) -> None:
        # An unsettled claim never expires: whether it was applied has yet to be found out.
        until = self._clock() + DONE_SECONDS if claim.state == "done" else None
        values = (format_place(claim.place), format_claim(claim), until)
        connection.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", values)


def _find_claim(connection: "Connection", place: tuple[str, str, str]) -> Claim | None:
    row = connection.execute("SELECT claim FROM claims WHERE place = ?", (format_place(place),)).fetchone()
    return parse_claim(row[0]) if row else None


def _find_exceeded_cap(connection: "Connection", caps: Sequence[Cap]) -> LimitExceeded | None:
    """Return the first cap that would be exceeded if all of `caps` were added one after the other."""
    added: dict[str, tuple[int, int]] = {}
    for cap in caps:
        row = connection.execute("SELECT amount, calls FROM counters WHERE name = ?", (cap.counter,))
        spent, calls = row.fetchone() or (0, 0)
        amount, count = added.get(cap.counter, (0, 0))
        added[cap.counter] = amount, count = amount + cap.amount, count + 1
        over = cap.most is not None and spent + amount > cap.most
        if over or (cap.most_calls is not None and calls + count > cap.most_calls):
            return LimitExceeded(cap=cap, spent=spent, calls=calls)
    return None
