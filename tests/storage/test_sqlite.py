"""The SQLite file: who may read it, what is taken for a store, how long things stay, and faults."""

import errno
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage import sqlite_file
from conekta_mcp.storage.records import Cap, Claim
from conekta_mcp.storage.serialization import to_tombstone
from conekta_mcp.storage.sqlite import SqliteStore
from conekta_mcp.storage.sqlite_file import open_database, read_anchor
from conekta_mcp.storage.store_time import TimeAnchor, advance_anchor
from tests.storage.fixtures import MovableClock
from tests.storage.test_stores import CLAIM, DONE, UNKNOWN, counted

pytestmark = pytest.mark.anyio
DAY = 86_400


@asynccontextmanager
async def opened(path: Path, clock: MovableClock) -> AsyncIterator[SqliteStore]:
    """A store in a file."""
    store = SqliteStore(str(path), clock)
    yield store
    await store.close()


async def refusal(path: Path, clock: MovableClock) -> tuple[str | None, str, bool]:
    """Code, text and whether a retry may help, of what a store in `path` says."""
    async with opened(path, clock) as store:
        with pytest.raises(StoreUnavailable) as down:
            await store.claim(CLAIM)
    assert (down.value.type, down.value.outcome) == ("store_unavailable", None)
    assert down.value.hint == (
        "Ask the person who runs this server to look at its store (--store, CONEKTA_MCP_STORE)."
    )
    return down.value.details[0].code, str(down.value), down.value.retryable


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def test_the_file_is_for_its_owner_only_and_so_is_a_folder_made_for_it(
    tmp_path: Path, clock: MovableClock
) -> None:
    file = tmp_path / "missing" / "state" / "safety.sqlite3"
    before = os.umask(0)
    try:
        async with opened(file, clock) as store:
            assert not file.parent.exists()
            await store.claim(CLAIM)
            files = sorted(file.parent.iterdir())
            assert [one.name for one in files] == [
                "safety.sqlite3", "safety.sqlite3-shm", "safety.sqlite3-wal",
            ]  # fmt: skip
            assert [mode(one) for one in files] == [0o600] * 3
    finally:
        os.umask(before)
    assert mode(file.parent) == 0o700


async def test_a_name_with_signs_of_addresses_is_a_name(tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "a b?mode=memory#%41ñ"
    async with opened(file, clock) as store:
        await store.claim(CLAIM)
    async with opened(file, clock) as store:
        assert await store.list_unsettled() == [CLAIM]


async def test_every_commit_is_written_through(tmp_path: Path, clock: MovableClock) -> None:
    async with opened(tmp_path / "safety", clock) as store:
        await store.claim(CLAIM)
        connection = store._connection
        assert connection is not None
        settings = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "fullfsync", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 10_000]


async def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, clock: MovableClock
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("buy milk\n" * 500)
    assert await refusal(file, clock) == (
        "conekta_mcp.errors.store_not_ours",
        "What the store's setting names was not made by conekta-mcp: name another file.",
        False,
    )
    assert file.read_text() == "buy milk\n" * 500


@pytest.mark.parametrize(
    "mark", ["CREATE TABLE t (a)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"]
)
async def test_a_database_of_something_else_is_refused_and_left_alone(
    tmp_path: Path, clock: MovableClock, mark: str
) -> None:
    file = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute(mark)
    before = file.read_bytes()
    assert (await refusal(file, clock))[0] == "conekta_mcp.errors.store_not_ours"
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("rights", [0o604, 0o640, 0o602, 0o666])
@pytest.mark.parametrize("made", [False, True], ids=["empty", "in use"])
async def test_a_file_that_others_may_read_or_write_is_refused(
    tmp_path: Path, clock: MovableClock, rights: int, made: bool
) -> None:
    file = tmp_path / "safety"
    if made:
        async with opened(file, clock) as store:
            await store.claim(CLAIM)
    file.touch()
    file.chmod(rights)
    before = file.read_bytes()
    assert await refusal(file, clock) == (
        "conekta_mcp.errors.store_open_to_others",
        "Other users of this machine can read or write the store's file: chmod 600 it.",
        False,
    )
    assert file.read_bytes() == before


async def test_a_store_of_a_newer_version_is_refused(tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "safety"
    async with opened(file, clock) as store:
        await store.claim(CLAIM)
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("PRAGMA user_version = 3")
    assert await refusal(file, clock) == (
        "conekta_mcp.errors.store_too_new",
        "A newer conekta-mcp made this store: use that version, or name another store.",
        False,
    )


async def test_an_empty_file_becomes_a_store(tmp_path: Path, clock: MovableClock) -> None:
    (tmp_path / "safety").touch(mode=0o600)
    async with opened(tmp_path / "safety", clock) as store:
        assert await store.claim(CLAIM) is None


NOT_OPENED = (
    "The store's file cannot be opened or created: let the user who runs this read and write it, and its "
    "folder. conekta-mcp doctor names it."
)


async def test_a_place_that_cannot_be_a_file_is_told_without_its_name(
    tmp_path: Path, clock: MovableClock
) -> None:
    (tmp_path / "file").touch()
    reasons = [await refusal(tmp_path, clock), await refusal(tmp_path / "file" / "safety", clock)]
    assert reasons == [
        (
            "conekta_mcp.errors.store_not_opened",
            NOT_OPENED,
            False,
        ),
        (
            "conekta_mcp.errors.store_not_opened",
            NOT_OPENED,
            False,
        ),
    ]


@pytest.mark.parametrize(
    "problem",
    [
        PermissionError(13, "no"),
        NotADirectoryError(20, "no"),
        FileNotFoundError(2, "no"),
        OSError(errno.EROFS, "no"),
    ],
)
async def test_a_folder_that_this_user_may_not_write_is_told_as_that(
    problem: OSError, tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    code, text, _ = await refusal(tmp_path / "state" / "safety", clock)
    assert (code, text) == ("conekta_mcp.errors.store_not_opened", NOT_OPENED)


async def test_a_dangling_link_is_not_followed_to_make_a_file(tmp_path: Path, clock: MovableClock) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert (await refusal(tmp_path / "link", clock))[0] == "conekta_mcp.errors.store_not_opened"
    assert not (tmp_path / "elsewhere").exists()


async def test_a_store_that_was_down_is_used_once_it_can_be(tmp_path: Path, clock: MovableClock) -> None:
    (tmp_path / "safety").mkdir()
    async with opened(tmp_path / "safety", clock) as store:
        with pytest.raises(StoreUnavailable):
            await store.claim(CLAIM)
        (tmp_path / "safety").rmdir()
        assert await store.claim(CLAIM) is None


async def test_a_database_that_another_process_holds_is_down_for_now(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    async with opened(tmp_path / "safety", clock) as store:
        await store.claim(CLAIM)
        with closing(sqlite3.connect(tmp_path / "safety", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable) as down:
                await store.replace(CLAIM, DONE)
            assert await store.find(CLAIM.place) == CLAIM
            other.execute("ROLLBACK")
        assert (str(down.value), down.value.retryable) == (
            "The store that remembers intents and limits does not answer (SQLITE_BUSY).", True,
        )  # fmt: skip
        assert await store.replace(CLAIM, DONE) is True


async def test_a_file_that_others_are_opening_is_tried_again(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, left = sqlite_file._prepare, [1, 2, 3]

    def busy_at_first(connection: sqlite3.Connection) -> None:
        if left:
            busy = sqlite3.OperationalError("database is locked")
            busy.sqlite_errorname = "SQLITE_BUSY_RECOVERY"
            left.pop()
            raise busy
        prepare(connection)

    monkeypatch.setattr(sqlite_file, "_prepare", busy_at_first)
    async with opened(tmp_path / "safety", clock) as store:
        assert await store.claim(CLAIM) is None


async def test_a_file_that_stays_in_use_while_it_is_opened_is_down_for_now(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    file = tmp_path / "safety"
    async with opened(file, clock) as store:
        await store.claim(CLAIM)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await refusal(file, clock) == (
            "conekta_mcp.errors.store_unavailable",
            "The store that remembers intents and limits does not answer (SQLITE_BUSY).",
            True,
        )


async def test_a_defect_in_the_middle_leaves_no_trace(tmp_path: Path, clock: MovableClock) -> None:
    async with opened(tmp_path / "safety", clock) as store:
        wrong = Cap(counter="c", amount="much")  # type: ignore[arg-type]  # that is the defect
        with pytest.raises(TypeError):
            await store.reserve("r-1", [Cap(counter="c", amount=5), wrong])
        assert await counted(store, "c") == (0, 0)


async def test_the_audit_can_be_neither_changed_nor_removed(tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "safety"
    async with opened(file, clock) as store:
        await store.append({"at": 1.0})
    with closing(sqlite3.connect(file)) as other:
        for statement in ("UPDATE audit SET record = '{}'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                other.execute(statement)


async def test_a_cancelled_call_is_whole_or_not_at_all(tmp_path: Path, clock: MovableClock) -> None:
    async with opened(tmp_path / "safety", clock) as store:
        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(store.reserve, f"r-{number}", [Cap(counter=one, amount=3) for one in "ab"])
            await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        assert await counted(store, "a") == await counted(store, "b")


async def kept(store: SqliteStore) -> tuple[Claim | None, list[Claim], tuple[int, int], bool, bool]:
    """What is there of everything: the done claim, the others, a counter, whether token and lock are free."""
    now = store._clock()
    free = await store.use_token_once("t-1", now), await store.lock("ord_1", "me", now=0.0, until=1.0)
    return await store.find(DONE.place), await store.list_unsettled(), await counted(store, "c"), *free


@pytest.mark.parametrize("again", [True, False], ids=["opened again", "kept open"])
async def test_what_is_over_is_pruned_and_what_is_unsettled_stays(
    tmp_path: Path, clock: MovableClock, again: bool
) -> None:
    file, start = tmp_path / "safety", clock.now
    others = [replace(one, key=one.state) for one in (CLAIM, UNKNOWN)]
    store = SqliteStore(str(file), clock)
    await store.claim(CLAIM)
    await store.replace(CLAIM, DONE)
    for one in others:
        await store.claim(one)
    await store.reserve("r-1", [Cap(counter="c", amount=5)])
    await store.use_token_once("t-1", start + 3 * DAY)
    await store.lock("ord_1", "call-1", now=start, until=start + 3 * DAY)
    for days, expected in (
        (3, (DONE, others, (5, 1), False, False)),
        (3.1, (DONE, others, (0, 0), True, True)),
        (30, (DONE, others, (0, 0), True, True)),
        (30.1, (to_tombstone(DONE), others, (0, 0), True, True)),
    ):
        clock.now = start + days * DAY
        if again:
            await store.close()
            store = SqliteStore(str(file), clock)
        assert await kept(store) == expected
    await store.release("r-1")
    assert await counted(store, "c") == (0, 0)
    await store.close()


async def test_a_store_of_an_older_version_is_refused(tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "safety"
    async with opened(file, clock) as store:
        await store.claim(CLAIM)
    with closing(sqlite3.connect(file)) as older:
        older.execute("PRAGMA user_version = 1")
    assert (await refusal(file, clock))[0] == "conekta_mcp.errors.store_too_old"


async def test_a_tombstone_is_gone_after_400_days_more(tmp_path: Path, clock: MovableClock) -> None:
    start = clock.now
    async with opened(tmp_path / "safety", clock) as store:
        await store.claim(DONE)
        for days, state in ((31, "expired"), (429, "expired"), (431, None)):
            clock.now = start + days * DAY
            await store.reserve(f"r-{days}", [])  # a write, which prunes
            left = await store.find(DONE.place)
            assert (left.state if left else None) == state


async def test_a_lock_waits_for_a_file_that_another_process_holds_and_keeps_no_task_waiting(
    tmp_path: Path, clock: MovableClock
) -> None:
    file, locked = tmp_path / "safety", anyio.Event()
    async with opened(file, clock) as store:
        await store.claim(CLAIM)

        async def lock() -> None:
            assert await store.lock("ord_1", "one", clock.now, clock.now + 60)
            locked.set()

        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            async with anyio.create_task_group() as group:
                group.start_soon(lock)
                for _ in range(50):
                    await anyio.lowlevel.checkpoint()
                assert not locked.is_set()
                other.execute("ROLLBACK")
        assert locked.is_set()


async def test_a_write_of_the_store_waits_for_the_disk_and_a_lock_does_not(
    tmp_path: Path, clock: MovableClock
) -> None:
    async with opened(tmp_path / "safety", clock) as store:
        await store.claim(CLAIM)
        connection = store._connection
        assert connection is not None
        said: list[str] = []
        connection.set_trace_callback(said.append)
        await store.lock("ord_1", "one", clock.now, clock.now + 60)
        await store.replace(CLAIM, DONE)
        await store.unlock("ord_1", "one")
    levels = [one for one in said if "synchronous" in one or "checkpoint" in one]
    low, high = (
        ["PRAGMA synchronous = NORMAL", "PRAGMA wal_autocheckpoint = 0"],
        ["PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 1000"],
    )
    assert levels == [*low, *high, *low]


async def test_the_clock_of_a_file_is_shared_and_does_not_step(tmp_path: Path) -> None:
    wall, ticks = [1000.0], [50.0]

    def open_store() -> SqliteStore:
        return SqliteStore(str(tmp_path / "safety"), lambda: wall[0], lambda: ticks[0])

    one, other, later = open_store(), open_store(), open_store()
    try:
        assert await one.read_time() == 1000.0
        wall[0], ticks[0] = 9_999_999.0, 60.0  # somebody sets the clock of the machine
        assert (await one.read_time(), await other.read_time()) == (1010.0, 1010.0)
        wall[0] = 5.0
        assert await later.read_time() == 1010.0
    finally:
        for store in (one, other, later):
            await store.close()


def test_after_a_restart_of_the_machine_the_clock_goes_on_from_what_it_showed() -> None:
    before = TimeAnchor(1000.0, 50.0, "boot-1")
    assert advance_anchor(before, 1005.0, 0.0, 60.0, "boot-1") == before
    assert advance_anchor(before, 1500.0, 1400.0, 3.0, "boot-2") == TimeAnchor(1500.0, 3.0, "boot-2")
    assert advance_anchor(before, 1500.0, 1600.0, 3.0, "boot-2") == TimeAnchor(1600.0, 3.0, "boot-2")
    # Where the system does not name its starts, a clock that would show less than before is not gone by.
    assert advance_anchor(TimeAnchor(1000.0, 50.0, ""), 1500.0, 1600.0, 60.0, "") == TimeAnchor(
        1600.0, 60.0, ""
    )
    assert advance_anchor(None, 0.0, 7.0, 3.0, "") == TimeAnchor(7.0, 3.0, "")


def test_the_clock_is_read_once_no_other_process_can_write(tmp_path: Path) -> None:
    """What another process noted after it was read would else look like a clock that went backwards."""
    connection = open_database(str(tmp_path / "safety"))
    first = read_anchor(connection, lambda: 1000.0, lambda: 50.0)
    in_turn: list[bool] = []

    def read_monotonic() -> float:
        in_turn.append(connection.in_transaction)
        return 60.0

    again = read_anchor(connection, lambda: 5000.0, read_monotonic)
    connection.close()
    assert (again, in_turn) == (first, [True])


async def test_a_value_is_forgotten_when_its_time_is_over(tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "safety"
    store = SqliteStore(str(file), clock)
    await store.remember("mode:a", "test", 60.0)
    clock.now += 59
    found = await store.recall("mode:a")
    clock.now += 1
    assert (found, await store.recall("mode:a")) == ("test", None)
    await store.close()


@pytest.mark.parametrize("ahead", [10 * DAY, 1_000 * DAY])
async def test_a_wall_clock_that_is_set_forward_and_back_forgets_nothing(
    ahead: float, tmp_path: Path, clock: MovableClock
) -> None:
    steady = MovableClock(50.0)
    store = SqliteStore(str(tmp_path / "safety.sqlite3"), clock, steady)
    cap = Cap(counter="refunds", amount=600, most=1_000, most_calls=None)
    await store.claim(CLAIM, (cap,))
    await store.replace(CLAIM, DONE)
    assert await store.use_token_once("token", clock.now + 60)
    clock.now += ahead
    for _ in range(3):  # what is over is removed in two steps, once an hour
        await store.claim(replace(CLAIM, key=f"later-{clock.now}"))
        clock.now += 3_700
        steady.now += 5
    assert await store.find(CLAIM.place) == DONE
    clock.now -= ahead + 3 * 3_700
    assert await store.find(CLAIM.place) == DONE
    assert not await store.use_token_once("token", clock.now + 60)
    assert await store.reserve("another", (cap,)) is not None
    await store.close()


async def test_a_file_that_is_damaged_further_down_is_down_at_each_call(
    tmp_path: Path, clock: MovableClock
) -> None:
    file = tmp_path / "safety.sqlite3"
    async with opened(file, clock) as store:
        await store.claim(CLAIM)
    with closing(sqlite3.connect(file)) as kept:
        kept.execute("DROP TABLE clock")
    async with opened(file, clock) as store:
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await store.read_time()
