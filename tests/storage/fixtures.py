"""Stores to run the same tests over: SQLite in a file, SQLite in memory, and a real Redis."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.redis import RedisStore
from conekta_mcp.storage.sqlite import SqliteStore
from conekta_mcp.writes.intents import Intents
from tests.storage.redis_server import RedisServer, found_or_installed, running_redis
from tests.writes.intending import LEASE


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class MovableClock:
    """Unix seconds that a test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    """What the stores take for the time."""
    return MovableClock(1_790_000_000.0)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis that keeps nothing on disk, for all tests of this worker."""
    try:
        found_or_installed()
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(params=["file", "memory", "redis"])
async def store(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: MovableClock,
    anyio_backend: str,  # noqa: ARG001  so that it is made in the loop of the test
) -> AsyncIterator[Store]:
    """An empty store, of each kind in turn."""
    opened: Store
    if request.param == "redis":
        opened = RedisStore(request.getfixturevalue("redis_url"), clock)
    else:
        opened = SqliteStore(str(tmp_path / "safety") if request.param == "file" else ":memory:", clock)
    yield opened
    await opened.close()


@pytest.fixture(params=["file", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where several processes can keep the same things: for `open_store` and --store."""
    where: str = (
        request.getfixturevalue("redis_url") if request.param == "redis" else str(tmp_path / "safety")
    )
    return where


@pytest.fixture
async def replicas(
    shared: str,
    clock: MovableClock,
    anyio_backend: str,  # noqa: ARG001  as above
) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores that keep the same things, as two servers would open them."""
    both = [open_store(shared, sandbox_state=None, sandbox=False, clock=clock) for _ in range(2)]
    yield both[0], both[1]
    for one in both:
        await one.close()


@pytest.fixture
def intents(store: Store, clock: MovableClock) -> Intents:
    """The intents of a server whose waiting moves the clock."""

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    return Intents(store=store, clock=clock, lease=LEASE, sleep=sleep, monotonic=clock)
