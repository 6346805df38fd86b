"""Spreads requests through a proxy over several small pools, which keeps each request cheap under load."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx

REQUESTS_PER_POOL = 8
"""A new pool is opened when every open one has this many requests in flight."""
MAX_POOLS = 128
"""With this many pools, further requests share them; httpcore queues above 100 connections."""
IDLE_SECONDS = 30.0


@dataclass
class Pool:
    """One transport and the number of its requests."""

    transport: httpx.AsyncBaseTransport
    in_flight: int = 0
    idle_since: float = 0.0


class TransportPools:
    """Lends the least loaded transport; opens more as needed and closes idle ones.

    `most` is 1 if `create` must be called only once, as for the sandbox, which opens its ledger.
    """

    def __init__(
        self,
        create: Callable[[], httpx.AsyncBaseTransport],
        clock: Callable[[], float],
        *,
        most: int = MAX_POOLS,
    ) -> None:
        self._create, self._clock, self._most = create, clock, most
        self._pools: list[Pool] = []

    @asynccontextmanager
    async def lend_transport(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Lend a transport for one request; its load counts until the answer has been read."""
        pool = self._choose_pool()
        pool.in_flight += 1
        try:
            yield pool.transport
        finally:
            pool.in_flight -= 1
            pool.idle_since = self._clock()
            await self._close_idle_pools()

    async def close(self) -> None:
        pools, self._pools = self._pools, []
        for pool in pools:
            await pool.transport.aclose()

    def _choose_pool(self) -> Pool:
        least = min(self._pools, key=lambda pool: pool.in_flight, default=None)
        if least is None or (least.in_flight >= REQUESTS_PER_POOL and len(self._pools) < self._most):
            least = Pool(self._create())
            self._pools.append(least)
        return least

    async def _close_idle_pools(self) -> None:
        """Close pools that were idle for a while, except the first."""
        now = self._clock()
        idle = [
            pool for pool in self._pools[1:] if pool.in_flight == 0 and now - pool.idle_since >= IDLE_SECONDS
        ]
        # Taken out before the first await: a request that comes meanwhile must not be lent a closing pool.
        self._pools = [pool for pool in self._pools if pool not in idle]
        for pool in idle:
            await pool.transport.aclose()
