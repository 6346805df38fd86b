"""Requests are spread over connection pools: the least loaded first, more as needed, idle ones closed."""

from contextlib import AsyncExitStack

import httpx
import pytest

from conekta_mcp.api.pools import IDLE_SECONDS, REQUESTS_PER_POOL, TransportPools

pytestmark = pytest.mark.anyio


class CountedTransport(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1


class Pools:
    """Pools whose time a test moves, and the transports that they opened."""

    def __init__(self, most: int = 128) -> None:
        self.now = 0.0
        self.opened: list[CountedTransport] = []
        self.pools = TransportPools(self._create, lambda: self.now, most=most)

    def _create(self) -> httpx.AsyncBaseTransport:
        self.opened.append(CountedTransport())
        return self.opened[-1]

    async def hold(self, stack: AsyncExitStack, count: int) -> list[int]:
        """Begin `count` requests that stay in flight; returns which pool took each."""
        taken = [await stack.enter_async_context(self.pools.lend_transport()) for _ in range(count)]
        return [self.opened.index(one) for one in taken]  # type: ignore[arg-type]


async def test_one_pool_serves_until_it_is_full() -> None:
    pools = Pools()
    async with AsyncExitStack() as stack:
        assert set(await pools.hold(stack, REQUESTS_PER_POOL)) == {0}
        assert await pools.hold(stack, 1) == [1]


async def test_the_least_loaded_pool_takes_the_next_request() -> None:
    pools = Pools()
    async with AsyncExitStack() as long, AsyncExitStack() as short:
        await pools.hold(short, REQUESTS_PER_POOL)
        await pools.hold(long, 3)
        await short.aclose()
        assert await pools.hold(long, 4) == [0, 0, 0, 0]
        assert sorted(await pools.hold(long, 2)) == [0, 1]


async def test_beyond_the_most_pools_share_the_load() -> None:
    pools = Pools(most=2)
    async with AsyncExitStack() as stack:
        taken = await pools.hold(stack, 4 * REQUESTS_PER_POOL)
    assert (taken.count(0), taken.count(1)) == (2 * REQUESTS_PER_POOL, 2 * REQUESTS_PER_POOL)


async def test_a_transport_that_may_be_opened_once_is_opened_once() -> None:
    pools = Pools(most=1)
    async with AsyncExitStack() as stack:
        await pools.hold(stack, 100)
    assert len(pools.opened) == 1


async def test_idle_pools_are_closed_and_the_first_stays() -> None:
    pools = Pools()
    async with AsyncExitStack() as stack:
        await pools.hold(stack, 3 * REQUESTS_PER_POOL)
    pools.now = IDLE_SECONDS - 1
    async with AsyncExitStack() as stack:
        await pools.hold(stack, 1)
    assert [one.closed for one in pools.opened] == [0, 0, 0]
    pools.now = IDLE_SECONDS
    async with AsyncExitStack() as stack:
        await pools.hold(stack, 1)
    assert [one.closed for one in pools.opened] == [0, 1, 1]


@pytest.mark.parametrize("failing", [httpx.ConnectError("no"), RuntimeError("defect")], ids=repr)
async def test_a_request_that_fails_frees_its_place(failing: Exception) -> None:
    pools = Pools()
    for _ in range(3 * REQUESTS_PER_POOL):
        with pytest.raises(type(failing)):
            async with pools.pools.lend_transport():
                raise failing
    assert len(pools.opened) == 1


async def test_closing_closes_every_pool_once_and_it_can_be_used_again() -> None:
    pools = Pools()
    async with AsyncExitStack() as stack:
        await pools.hold(stack, REQUESTS_PER_POOL + 1)
    await pools.pools.close()
    await pools.pools.close()
    assert [one.closed for one in pools.opened] == [1, 1]
    async with pools.pools.lend_transport():
        assert len(pools.opened) == 3
