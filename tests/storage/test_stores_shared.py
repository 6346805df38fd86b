"""Many callers at once: tasks, replicas, processes, and processes that are killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

import conekta_mcp
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Cap, LimitExceeded
from tests.storage.redis_server import running_redis
from tests.storage.store_worker import ROUNDS, claim_of
from tests.storage.test_stores import CLAIM, DONE, counted

pytestmark = pytest.mark.anyio

WORKER = Path(__file__).with_name("store_worker.py")


@contextmanager
def worker(where: str, job: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """A process that waits to be told to begin."""
    environment = {**os.environ, "PYTHONPATH": str(Path(conekta_mcp.__file__).parents[1])}
    command = [sys.executable, "-W", "error", str(WORKER), where, job, name]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said_by_two(where: str, job: str) -> list[object]:
    """What two processes say at the end that do the same at the same moment."""
    with ExitStack() as stack:
        both = [stack.enter_context(worker(where, job, name)) for name in ("one", "two")]
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in both:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=180)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0]
    return [json.loads(text) for text in said]


@asynccontextmanager
async def opened(where: str) -> AsyncIterator[Store]:
    """A store of this process at the same place."""
    store = open_store(where, sandbox_state=None, sandbox=False, clock=time.time)
    yield store
    await store.close()


async def at_once(number: int, call: Callable[[int], Awaitable[object]]) -> list[object]:
    """What `number` tasks get that call at the same moment."""
    got: list[object] = [None] * number

    async def one(position: int) -> None:
        got[position] = await call(position)

    async with anyio.create_task_group() as tasks:
        for position in range(number):
            tasks.start_soon(one, position)
    return got


async def test_64_callers_never_pass_a_cap_by_a_centavo(replicas: tuple[Store, Store]) -> None:
    amount = Cap(counter="refund:live", amount=333, most=10_000)
    calls = Cap(counter="calls:live", amount=333, most_calls=50)

    async def reserve(position: int) -> LimitExceeded | None:
        return await replicas[position % 2].reserve(f"r-{position}", [calls, amount])

    got = await at_once(64, reserve)
    assert got.count(None) == 30
    assert {one for one in got if one is not None} == {LimitExceeded(cap=amount, spent=9990, calls=30)}
    assert [await counted(replicas[0], name) for name in ("refund:live", "calls:live")] == [(9990, 30)] * 2


async def test_64_callers_in_one_process_never_pass_a_cap_and_releases_come_out_even(store: Store) -> None:
    cap = Cap(counter="c", amount=7, most=70)

    async def reserve_and_release(position: int) -> bool:
        given = await store.reserve(f"r-{position}", [cap]) is None
        if given:
            spent, calls = await counted(store, "c")
            assert spent <= 70
            assert spent == 7 * calls
            await store.release(f"r-{position}")
        return given

    assert sum(map(bool, await at_once(64, reserve_and_release))) >= 10
    assert await counted(store, "c") == (0, 0)


async def test_one_of_50_callers_gets_a_claim_a_lock_and_a_token(replicas: tuple[Store, Store]) -> None:
    async def claim(position: int) -> bool:
        return await replicas[position % 2].claim(replace(CLAIM, owner=f"call-{position}")) is None

    async def lock(position: int) -> bool:
        return await replicas[position % 2].lock("ord_1", f"call-{position}", now=1.0, until=60.0)

    async def use_once(position: int) -> bool:
        return await replicas[position % 2].use_token_once("t-1", 1_790_000_300.0)

    for method in (claim, lock, use_once):
        assert sorted(map(bool, await at_once(50, method))) == [False] * 49 + [True]


async def test_one_of_50_callers_exchanges_a_claim(replicas: tuple[Store, Store]) -> None:
    await replicas[0].claim(CLAIM)

    async def exchange(position: int) -> bool:
        return await replicas[position % 2].replace(CLAIM, replace(DONE, answer=f'"{position}"'))

    got = await at_once(50, exchange)
    assert got.count(True) == 1
    assert await replicas[1].find(CLAIM.place) == replace(DONE, answer=f'"{got.index(True)}"')


async def test_what_one_replica_keeps_the_other_sees(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    await one.claim(CLAIM)
    await one.reserve("r-1", [Cap(counter="c", amount=5)])
    await one.append({"at": 1.0, "by": "one"})
    await other.append({"at": 1.0, "by": "other"})
    assert await other.list_unsettled() == [CLAIM]
    await other.release("r-1")
    assert await counted(one, "c") == (0, 0)
    assert await one.read_records() == [{"at": 1.0, "by": "one"}, {"at": 1.0, "by": "other"}]


@pytest.mark.system
async def test_of_two_processes_one_wins_each_claim(shared: str) -> None:
    one, two = said_by_two(shared, "win_claims")
    assert isinstance(one, list)
    assert isinstance(two, list)
    assert sorted(one + two) == list(range(ROUNDS))
    async with opened(shared) as store:
        owners = [claim.owner for claim in await store.list_unsettled()]
    assert owners == ["one" if number in one else "two" for number in range(ROUNDS)]


@pytest.mark.system
async def test_two_processes_count_exactly_and_stay_under_the_cap(shared: str) -> None:
    one, two = said_by_two(shared, "spend")
    assert isinstance(one, int)
    assert isinstance(two, int)
    async with opened(shared) as store:
        spent, calls = await counted(store, "c")
        assert (spent, calls) == (one + two, (await counted(store, "all"))[1])
    assert 6_000 - 101 - ROUNDS < spent <= 6_000


@pytest.mark.system
async def test_two_processes_lose_no_exchange(shared: str) -> None:
    first = claim_of("", 0)
    async with opened(shared) as store:
        await store.claim(first)
        assert said_by_two(shared, "add_up") == [ROUNDS, ROUNDS]
        last = await store.find(first.place)
    assert last is not None
    assert json.loads(last.witness)["sum"] == 2 * ROUNDS


async def assert_kept(store: Store, rounds: int) -> None:
    """Every round that was said is there whole; of the one in which it was killed, a beginning."""
    keys = [claim.key for claim in await store.list_unsettled()]
    assert keys[:rounds] == [f"k-{number}" for number in range(rounds)]
    assert len(keys) <= rounds + 1
    spent, calls = await counted(store, "c")
    assert spent == 100 * calls
    assert rounds <= calls <= rounds + 1
    assert not [number for number in range(rounds) if await store.use_token_once(f"x-{number}", time.time())]
    numbers = [record["number"] for record in await store.read_records()]
    assert numbers == list(range(len(numbers)))
    assert rounds <= len(numbers) <= rounds + 1


def rounds_until_killed(process: subprocess.Popen[str], rounds: int, kill: Callable[[], None]) -> int:
    """How many rounds the process said that it had done, when `kill` came after about `rounds`."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()
    said = [process.stdout.readline() for _ in range(rounds)]
    kill()
    said += process.stdout.read().splitlines(keepends=True)
    return len([line for line in said if line.endswith("\n")])


@pytest.mark.system
@pytest.mark.parametrize("rounds", [1, 7, 30])
async def test_a_killed_process_loses_nothing_that_a_method_had_returned(shared: str, rounds: int) -> None:
    with worker(shared, "go_on", "x") as process:
        done = rounds_until_killed(process, rounds, process.kill)
    assert done >= rounds
    async with opened(shared) as store:
        await assert_kept(store, done)


@pytest.mark.system
async def test_a_redis_with_appendonly_that_is_killed_loses_nothing_that_a_method_had_returned(
    redis_url: str,
) -> None:
    with running_redis("--appendfsync", "always", appendonly=True) as server:
        assert server.url != redis_url
        with worker(server.url, "go_on", "x") as process:
            done = rounds_until_killed(process, 20, lambda: server.stop(brutally=True))
            assert process.wait(30) == 1  # StoreDown
        server.start()
        async with opened(server.url) as store:
            await assert_kept(store, done)
