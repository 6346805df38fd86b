"""The durable store in one SQLite file, which several processes of one machine may share."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import anyio.to_thread

from conekta_mcp.storage.audit_chain.sqlite import append_record, read_chain, read_records
from conekta_mcp.storage.documents.sqlite import SqliteDocuments
from conekta_mcp.storage.journal.sqlite import SqliteJournal
from conekta_mcp.storage.records import Cap, Claim, LimitExceeded, Record
from conekta_mcp.storage.serialization import (
    CODES_BY_ERROR,
    DONE_SECONDS,
    SKEW_SECONDS,
    build_store_failure,
    get_error_name,
    hash_token,
    sort_claims,
)
from conekta_mcp.storage.sqlite_claims import (
    Pruning,
    find_claim,
    list_equal,
    list_made_ids,
    list_unsettled,
    put_claim,
    read_history,
    remove_reservation,
    reserve_caps,
    take_lock,
)
from conekta_mcp.storage.sqlite_file import (
    MEMORY,
    Begin,
    OpenedFile,
    is_busy,
    open_anchored,
    set_durability,
    transaction,
    without_waiting,
)
from conekta_mcp.storage.store_time import TimeAnchor, read_both

if TYPE_CHECKING:
    from sqlite3 import Connection

Result = TypeVar("Result")
NAMED_VALUE = "SELECT value FROM named_values WHERE name = ? AND until > ?"


class SqliteStore:
    """The store in the file `path`, or in the memory of this process (":memory:").

    `clock` returns unix seconds, `monotonic` (by default the same) counts on without steps. Answers of done
    claims are kept for `kept_seconds`. The file is opened when it is first needed.
    """

    def __init__(
        self,
        path: str | Callable[[], str],
        clock: Callable[[], float],
        monotonic: Callable[[], float] | None = None,
        kept_seconds: float = DONE_SECONDS,
    ) -> None:
        self._path, self._clock, self._monotonic = path, clock, monotonic or clock
        self._kept_seconds = kept_seconds
        self._anchor: TimeAnchor | None = None
        # One thread at a time: tasks wait here without blocking the event loop.
        self._limiter = anyio.CapacityLimiter(1)
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._file: OpenedFile | None = None
        self._closed, self._pruning = False, Pruning()
        self.documents = SqliteDocuments(self._run_read, self._run_write, clock)
        self.journal = SqliteJournal(self._run_read, self._run_write, clock)

    async def read_time(self) -> float:
        if self._anchor is None:
            await self._run_write(lambda _: None, durable=False)
        assert self._anchor is not None  # noqa: S101 - each opening sets it
        return self._anchor.read(self._monotonic)

    async def claim(
        self, wanted: Claim, caps: Sequence[Cap] = (), *, over: Claim | None = None, record: Record = None
    ) -> Claim | LimitExceeded | None:
        def add_claim(connection: "Connection") -> Claim | LimitExceeded | None:
            standing = find_claim(connection, wanted.place, self._now_early())
            if standing != over:
                return standing or over
            exceeded = reserve_caps(connection, wanted.spent, caps, self._now_late())
            if exceeded is None:
                put_claim(connection, wanted, self._now_late(), self._kept_seconds, record)
            return exceeded

        return await self._run_write(add_claim)

    async def find(self, place: tuple[str, str, str]) -> Claim | None:
        return await self._run_read(
            lambda connection: find_claim(connection, place, self._now_early()), quick=True
        )

    async def replace(self, old: Claim, new: Claim, *, release: str = "", record: Record = None) -> bool:
        def replace_claim(connection: "Connection") -> bool:
            equal = find_claim(connection, old.place, self._now_early()) == old
            if equal:
                put_claim(connection, new, self._now_late(), self._kept_seconds, record)
                remove_reservation(connection, release)
            return equal

        return await self._run_write(replace_claim)

    async def list_unsettled(self, account: str | None = None) -> list[Claim]:
        return sort_claims(await self._run_read(list_unsettled), account)

    async def list_equal(self, account: str, fingerprint: str, since: float) -> list[Claim]:
        return await self._run_read(
            lambda connection: list_equal(connection, account, fingerprint, since, self._now_early()),
            quick=True,
        )

    async def list_made_ids(self, account: str, since: float, among: Sequence[str] = ()) -> frozenset[str]:
        return await self._run_read(lambda one: list_made_ids(one, account, since, among), quick=bool(among))

    async def read_history(self, place: tuple[str, str, str]) -> list[dict[str, Any]]:
        return await self._run_read(lambda connection: read_history(connection, place))

    async def reserve(self, name: str, caps: Sequence[Cap]) -> LimitExceeded | None:
        return await self._run_write(lambda one: reserve_caps(one, name, caps, self._now_late()))

    async def release(self, name: str) -> None:
        await self._run_write(lambda connection: remove_reservation(connection, name))

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        # A lock that is lost with the machine was held by a process that died with it.
        return await self._run_write(lambda one: take_lock(one, name, owner, now, until), durable=False)

    async def renew_lock(self, name: str, owner: str, until: float) -> bool:
        statement = "UPDATE locks SET until = ? WHERE name = ? AND owner = ?"
        return await self._execute_change(statement, until, name, owner, durable=False)

    async def unlock(self, name: str, owner: str) -> None:
        statement = "DELETE FROM locks WHERE name = ? AND owner = ?"
        await self._execute_change(statement, name, owner, durable=False)

    async def use_token_once(self, token: str, until: float) -> bool:
        return await self._execute_change(
            "INSERT OR IGNORE INTO tokens VALUES (?, ?)", hash_token(token), until + SKEW_SECONDS
        )

    async def remember(self, name: str, value: str, seconds: float, *, durable: bool = True) -> None:
        until = self._clock() + seconds
        statement = "INSERT OR REPLACE INTO named_values VALUES (?, ?, ?)"
        await self._execute_change(statement, name, value, until, durable=durable)

    async def recall(self, name: str) -> str | None:
        wanted = (name, self._clock())
        row = await self._run_read(lambda connection: connection.execute(NAMED_VALUE, wanted).fetchone())
        return row[0] if row else None

    async def append(self, record: dict[str, Any]) -> None:
        await self._run_write(lambda connection: append_record(connection, record))

    async def read_records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        return await self._run_read(lambda connection: read_records(connection, since, limit))

    async def read_chain(self) -> list[str]:
        return await self._run_read(read_chain)

    async def has_append_log(self) -> bool:
        return self._path != MEMORY

    async def close(self) -> None:
        """Close the store for good; a store in memory is lost."""
        await anyio.to_thread.run_sync(self._close, limiter=self._limiter)

    async def _execute_change(self, statement: str, *values: str | float, durable: bool = True) -> bool:
        return await self._run_write(
            lambda connection: connection.execute(statement, values).rowcount == 1, durable=durable
        )

    async def _run_read(self, work: "Callable[[Connection], Result]", *, quick: bool = False) -> Result:
        return await self._run(work, "BEGIN", durable=False, quick=quick)

    async def _run_write(self, work: "Callable[[Connection], Result]", *, durable: bool = True) -> Result:
        # IMMEDIATE waits for its turn at once; two readers that began to write would block each other.
        return await self._run(work, "BEGIN IMMEDIATE", durable=durable, quick=not durable)

    async def _run(
        self, work: "Callable[[Connection], Result]", begin: Begin, *, durable: bool, quick: bool
    ) -> Result:
        # What touches a few rows and does not wait for the disk takes less time than to change threads. A
        # file that is busy, or fails, is left to a thread, which may wait.
        if quick and self._lock.acquire(blocking=False):
            import sqlite3

            try:
                if self._connection is not None:
                    with suppress(sqlite3.Error, OSError), without_waiting(self._connection):
                        return self._run_transaction(self._connection, work, begin, durable=False)
            finally:
                self._lock.release()
        return await anyio.to_thread.run_sync(self._wait_and_run, work, begin, durable, limiter=self._limiter)

    def _wait_and_run(self, work: "Callable[[Connection], Result]", begin: Begin, durable: bool) -> Result:
        import sqlite3

        with self._lock:  # the thread of a cancelled task may still be at work
            try:
                return self._run_transaction(self._open(), work, begin, durable=durable)
            except (sqlite3.Error, OSError) as cause:
                code = CODES_BY_ERROR.get(word := get_error_name(cause), "store_unavailable")
                raise build_store_failure(code, word, passing=is_busy(cause)) from cause

    def _open(self) -> "Connection":
        if self._closed:
            raise build_store_failure("store_unavailable", "closed")
        if self._connection is None:
            path = self._path if isinstance(self._path, str) else self._path()
            self._connection, self._anchor = open_anchored(path, self._clock, self._monotonic)
            self._file = OpenedFile(path)
        return self._connection

    def _run_transaction(
        self, connection: "Connection", work: "Callable[[Connection], Result]", begin: Begin, *, durable: bool
    ) -> Result:
        if begin == "BEGIN IMMEDIATE":
            set_durability(connection, durable=durable)
        with transaction(connection, begin):
            if self._file:
                self._file.refuse_replaced()
            if durable:
                self._pruning.prune(connection, *read_both(self._anchor, self._clock, self._monotonic))
            return work(connection)

    def _now_early(self) -> float:
        return min(read_both(self._anchor, self._clock, self._monotonic))

    def _now_late(self) -> float:
        return max(read_both(self._anchor, self._clock, self._monotonic))

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
            self._connection = None
