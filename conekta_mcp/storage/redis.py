"""The durable store in Redis, which replicas on several machines share."""

import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage import redis_scripts as lua
from conekta_mcp.storage.records import Cap, Claim, Passed
from conekta_mcp.storage.serialization import (
    COUNTER_SECONDS,
    DONE_SECONDS,
    SCHEMA,
    SKEW_SECONDS,
    claim_text,
    in_order,
    place_text,
    read_claim,
    store_down,
    token_text,
)

if TYPE_CHECKING:
    from redis.asyncio import Redis

ANSWER_SECONDS = 5
MOST_CONNECTIONS = 32


class RedisStore:
    """The store in the Redis at `url`, under keys that start with `prefix`; `clock` tells unix seconds.

    Nothing is sent twice by itself: a command whose answer is lost is StoreDown.
    """

    def __init__(self, url: str, clock: Callable[[], float], prefix: str = "conekta-mcp") -> None:
        self._url, self._clock = url, clock
        self._prefix = f"{{{prefix}}}"  # braces keep all keys on one node of a cluster
        self._client: Redis | None = None
        self._closed = self._checked = False

    async def claim(self, wanted: Claim) -> Claim | None:
        """Note `wanted` if its place is free and give None; else give the claim that stands there."""
        place, keys = self._of(wanted.place)
        standing = await self._run(lua.CLAIM, keys, place, claim_text(wanted), wanted.state, DONE_SECONDS)
        return read_claim(standing) if standing else None

    async def find(self, place: tuple[str, str, str]) -> Claim | None:
        """Give the claim at `place`."""
        standing = await self._text(place)
        return read_claim(standing) if standing else None

    async def replace(self, old: Claim, new: Claim) -> bool:
        """Put `new` in the place of `old` if the stored claim still equals `old` (compare and set)."""
        return await self._exchange(old, claim_text(new), new.state)

    async def forget(self, old: Claim) -> bool:
        """Remove `old` if the stored claim still equals it."""
        return await self._exchange(old, "", "")

    async def unsettled(self, account: str | None = None) -> list[Claim]:
        """Give the claims that are claimed or unknown, oldest first; of one account if it is named."""
        return in_order(await self._run("return redis.call('HVALS', KEYS[1])", [self._unsettled]), account)

    async def reserve(self, name: str, caps: Sequence[Cap]) -> Passed | None:
        """Add to all counters of `caps`, as reservation `name`, or to none; give the cap that hinders."""
        counters = [self._key("counter", cap.counter) for cap in caps]
        bounds = [
            "" if value is None else value for cap in caps for value in (cap.amount, cap.most, cap.most_calls)
        ]
        passed = await self._run(
            lua.RESERVE, [self._key("reservation", name), *counters], COUNTER_SECONDS, *bounds
        )
        return Passed(cap=caps[passed[0]], spent=passed[1], calls=passed[2]) if passed else None

    async def release(self, name: str) -> None:
        """Take back what reservation `name` added; nothing if there is none."""
        await self._run(lua.RELEASE, [self._key("reservation", name)])

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        """Give `name` to `owner` until `until`, if it is free or its holder's time is over at `now`."""
        stays = _seconds(until - now)
        return bool(await self._run(lua.LOCK, [self._key("lock", name)], owner, now, until, stays))

    async def unlock(self, name: str, owner: str) -> None:
        """Free `name` if `owner` holds it."""
        await self._run(lua.UNLOCK, [self._key("lock", name)], owner)

    async def use_once(self, token: str, until: float) -> bool:
        """Mark `token` as used, remembered at least until `until`; False if it was used before."""
        stays = _seconds(until - self._clock())
        key = self._key("token", token_text(token))
        marked = await self._run("return redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1])", [key], stays)
        return marked is not None

    async def append(self, record: dict[str, Any]) -> None:
        """Add a record of the audit; it has "at" in unix seconds. There is no way to change one."""
        keys = [self._key("audit"), self._key("audit-number")]
        await self._run(lua.APPEND, keys, record["at"], json.dumps(record))

    async def records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """Give the latest `limit` records of the audit from `since` on, oldest first."""
        latest = "return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[1], 'LIMIT', 0, ARGV[2])"
        members = await self._run(latest, [self._key("audit")], since, limit)
        return [json.loads(member.partition(":")[2]) for member in reversed(members)]

    async def logs_writes(self) -> bool | None:
        """Tell whether Redis writes each change to its disk (appendonly); None where it does not say.

        Raises:
            StoreDown: it does not answer.
        """
        await self._run("return 1", [])
        from redis.exceptions import RedisError

        try:
            told = await self._connected().info("persistence")
        except (RedisError, OSError, ValueError):
            return None
        enabled = told.get("aof_enabled")
        return None if enabled is None else bool(enabled)

    async def close(self) -> None:
        """Close its connections for good."""
        self._closed = True
        if self._client is not None:
            await self._client.aclose()
        self._client = None

    @property
    def _unsettled(self) -> str:
        return self._key("unsettled")

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    def _of(self, place: tuple[str, str, str]) -> tuple[str, list[str]]:
        text = place_text(place)
        return text, [self._unsettled, self._key("done", text)]

    async def _text(self, place: tuple[str, str, str]) -> str | None:
        text, keys = self._of(place)
        found: str | None = await self._run(lua.FIND, keys, text)
        return found

    async def _exchange(self, old: Claim, text: str, state: str) -> bool:
        standing = await self._text(old.place)
        if standing is None or read_claim(standing) != old:
            return False
        place, keys = self._of(old.place)
        return bool(await self._run(lua.REPLACE, keys, place, standing, text, state, DONE_SECONDS))

    async def _run(self, script: str, keys: Sequence[str], *values: str | float) -> Any:
        """Run a script once.

        Raises:
            StoreDown: no answer, or a refusal; it says no more of the cause than a word, for its text may
                hold the address with its password.
        """
        client = self._connected()
        from redis.exceptions import RedisError  # after the client, which tells whether the package is there

        try:
            if not self._checked:
                await self._check(client)
            return await client.eval(script, len(keys), *keys, *values)
        except (RedisError, OSError, ValueError) as cause:
            raise _down(cause) from None

    def _connected(self) -> "Redis":
        if self._closed:
            raise store_down("store_unavailable", "closed")
        if self._client is None:
            self._client = _client(self._url)
        return self._client

    async def _check(self, client: "Redis") -> None:
        """Refuse a store that a newer version wrote, and one that forgets: a limit would start again."""
        version = await client.eval(VERSION, 1, self._key("schema"), SCHEMA)
        if int(version) > SCHEMA:
            raise store_down("store_too_new")
        if await _forgets(client):
            raise store_down("store_forgetful")
        self._checked = True


VERSION = "redis.call('SET', KEYS[1], ARGV[1], 'NX') return redis.call('GET', KEYS[1])"
"""KEYS schema; ARGV the version of this code."""


def _client(url: str) -> "Redis":
    try:
        from redis.asyncio import BlockingConnectionPool, Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError:
        raise store_down("store_package_missing") from None
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            decode_responses=True,
            protocol=2,
            retry=Retry(NoBackoff(), 0),  # a script that was run and whose answer was lost must not run again
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            max_connections=MOST_CONNECTIONS,
            timeout=2 * ANSWER_SECONDS,
        )
    except ValueError as cause:
        raise _down(cause) from None
    return Redis.from_pool(pool)


async def _forgets(client: "Redis") -> bool:
    """Tell whether keys may be dropped for want of memory; where a service does not say, they are not."""
    from redis.exceptions import ResponseError

    try:
        memory = await client.info("memory")
    except ResponseError:
        return False
    return bool(memory.get("maxmemory")) and memory.get("maxmemory_policy") != "noeviction"


def _down(cause: Exception) -> StoreUnavailable:
    from redis.exceptions import AuthenticationError, ResponseError
    from redis.exceptions import ConnectionError as Lost
    from redis.exceptions import TimeoutError as Late

    word = str(cause).partition(" ")[0]  # such as MISCONF
    said = isinstance(cause, ResponseError) and word.isalpha() and word.isupper()
    passing = isinstance(cause, Lost | Late | OSError) and not isinstance(cause, AuthenticationError)
    return store_down("store_unavailable", word if said else type(cause).__name__, passing=passing)


def _seconds(wanted: float) -> int:
    return max(0, math.ceil(wanted)) + SKEW_SECONDS
