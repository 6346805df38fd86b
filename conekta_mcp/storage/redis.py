"""The durable store in Redis, for replicas on several machines."""

import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage import redis_scripts as lua
from conekta_mcp.storage.audit_chain.chain import unlink_record
from conekta_mcp.storage.audit_chain.redis import append_record, read_chain
from conekta_mcp.storage.records import Cap, Claim, LimitExceeded
from conekta_mcp.storage.serialization import (
    COUNTER_SECONDS,
    DONE_SECONDS,
    SCHEMA,
    SKEW_SECONDS,
    build_store_failure,
    format_claim,
    format_place,
    hash_token,
    parse_claim,
    sort_claims,
)

if TYPE_CHECKING:
    from redis.asyncio import Redis

ANSWER_SECONDS = 5
MAX_CONNECTIONS = 32


class RedisStore:
    """The store in the Redis at `url`, under keys that start with `prefix`; `clock` returns unix seconds.

    Nothing is sent twice by itself: a command whose answer is lost is StoreUnavailable.
    """

    def __init__(self, url: str, clock: Callable[[], float], prefix: str = "conekta-mcp") -> None:
        self._url, self._clock = url, clock
        self._prefix = f"{{{prefix}}}"  # braces keep all keys on one node of a cluster
        self._client: Redis | None = None
        self._closed = self._checked = False

    async def claim(self, wanted: Claim) -> Claim | None:
        place, keys = self._get_claim_keys(wanted.place)
        standing = await self._run_script(
            lua.CLAIM, keys, place, format_claim(wanted), wanted.state, DONE_SECONDS
        )
        return parse_claim(standing) if standing else None

    async def find(self, place: tuple[str, str, str]) -> Claim | None:
        standing = await self._read_claim_text(place)
        return parse_claim(standing) if standing else None

    async def replace(self, old: Claim, new: Claim) -> bool:
        return await self._replace_text(old, format_claim(new), new.state)

    async def delete_claim(self, old: Claim) -> bool:
        return await self._replace_text(old, "", "")

    async def list_unsettled(self, account: str | None = None) -> list[Claim]:
        return sort_claims(
            await self._run_script("return redis.call('HVALS', KEYS[1])", [self._unsettled_key]), account
        )

    async def reserve(self, name: str, caps: Sequence[Cap]) -> LimitExceeded | None:
        counters = [self._build_key("counter", cap.counter) for cap in caps]
        bounds = [
            "" if value is None else value for cap in caps for value in (cap.amount, cap.most, cap.most_calls)
        ]
        passed = await self._run_script(
            lua.RESERVE, [self._build_key("reservation", name), *counters], COUNTER_SECONDS, *bounds
        )
        return LimitExceeded(cap=caps[passed[0]], spent=passed[1], calls=passed[2]) if passed else None

    async def release(self, name: str) -> None:
        await self._run_script(lua.RELEASE, [self._build_key("reservation", name)])

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        stays = _to_expiry_seconds(until - now)
        return bool(
            await self._run_script(lua.LOCK, [self._build_key("lock", name)], owner, now, until, stays)
        )

    async def unlock(self, name: str, owner: str) -> None:
        await self._run_script(lua.UNLOCK, [self._build_key("lock", name)], owner)

    async def use_token_once(self, token: str, until: float) -> bool:
        stays = _to_expiry_seconds(until - self._clock())
        key = self._build_key("token", hash_token(token))
        marked = await self._run_script(
            "return redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1])", [key], stays
        )
        return marked is not None

    async def remember(self, name: str, value: str, seconds: float) -> None:
        key, stays = self._build_key("value", name), max(1, math.ceil(seconds))
        await self._run_script("redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])", [key], value, stays)

    async def recall(self, name: str) -> str | None:
        found = await self._run_script("return redis.call('GET', KEYS[1])", [self._build_key("value", name)])
        return str(found) if found else None

    async def append(self, record: dict[str, Any]) -> None:
        keys = [self._build_key(name) for name in ("audit", "audit-number", "audit-head")]
        if not await append_record(self._run_script, keys, record):
            raise build_store_failure("store_unavailable", "busy", passing=True)

    async def read_records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        latest = "return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[1], 'LIMIT', 0, ARGV[2])"
        members = await self._run_script(latest, [self._build_key("audit")], since, limit)
        return [unlink_record(json.loads(member.partition(":")[2])) for member in reversed(members)]

    async def read_chain(self) -> list[str]:
        return await read_chain(self._run_script, self._build_key("audit"))

    async def has_append_log(self) -> bool | None:
        """Return whether Redis writes each change to its disk (appendonly); None where it does not say.

        Raises:
            StoreUnavailable: it does not answer.
        """
        # Raises if Redis is away; INFO below may also fail because a service forbids it.
        await self._run_script("return 1", [])
        from redis.exceptions import RedisError

        try:
            told = await self._get_client().info("persistence")
        except (RedisError, OSError, ValueError):
            return None
        enabled = told.get("aof_enabled")
        return None if enabled is None else bool(enabled)

    async def close(self) -> None:
        self._closed = True
        if self._client is not None:
            await self._client.aclose()
        self._client = None

    @property
    def _unsettled_key(self) -> str:
        return self._build_key("unsettled")

    def _build_key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    def _get_claim_keys(self, place: tuple[str, str, str]) -> tuple[str, list[str]]:
        text = format_place(place)
        return text, [self._unsettled_key, self._build_key("done", text)]

    async def _read_claim_text(self, place: tuple[str, str, str]) -> str | None:
        text, keys = self._get_claim_keys(place)
        found: str | None = await self._run_script(lua.FIND, keys, text)
        return found

    async def _replace_text(self, old: Claim, text: str, state: str) -> bool:
        standing = await self._read_claim_text(old.place)
        # Equal as claims, not as texts; the script then replaces only if this very text still stands.
        if standing is None or parse_claim(standing) != old:
            return False
        place, keys = self._get_claim_keys(old.place)
        return bool(await self._run_script(lua.REPLACE, keys, place, standing, text, state, DONE_SECONDS))

    async def _run_script(self, script: str, keys: Sequence[str], *values: str | float) -> Any:
        """Run a script once.

        Raises:
            StoreUnavailable: no answer, or a refusal; it names the cause in one word, for the cause's text
                may
                hold the address with its password.
        """
        client = self._get_client()
        from redis.exceptions import RedisError  # after the client, which tells whether the package is there

        try:
            if not self._checked:
                await self._check_server(client)
            return await client.eval(script, len(keys), *keys, *values)
        except (RedisError, OSError, ValueError) as cause:
            raise _to_store_failure(cause) from None

    def _get_client(self) -> "Redis":
        if self._closed:
            raise build_store_failure("store_unavailable", "closed")
        if self._client is None:
            self._client = _create_client(self._url)
        return self._client

    async def _check_server(self, client: "Redis") -> None:
        """Refuse a store that a newer version wrote, and one that forgets: a limit would start again."""
        # Sets the version of a new store, so that the first replica decides.
        version = await client.eval(SCHEMA_VERSION_SCRIPT, 1, self._build_key("schema"), SCHEMA)
        if int(version) > SCHEMA:
            raise build_store_failure("store_too_new")
        if await _can_drop_keys(client):
            raise build_store_failure("store_forgetful")
        self._checked = True


SCHEMA_VERSION_SCRIPT = "redis.call('SET', KEYS[1], ARGV[1], 'NX') return redis.call('GET', KEYS[1])"
"""KEYS schema; ARGV the version of this code."""


def _create_client(url: str) -> "Redis":
    try:
        from redis.asyncio import BlockingConnectionPool, Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError:
        raise build_store_failure("store_package_missing") from None
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            decode_responses=True,
            protocol=2,
            retry=Retry(NoBackoff(), 0),  # a script that was run and whose answer was lost must not run again
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            max_connections=MAX_CONNECTIONS,
            timeout=2 * ANSWER_SECONDS,
        )
    except ValueError as cause:
        raise _to_store_failure(cause) from None
    return Redis.from_pool(pool)


async def _can_drop_keys(client: "Redis") -> bool:
    """Return whether keys may be dropped for want of memory; False where a service does not say."""
    from redis.exceptions import ResponseError

    try:
        memory = await client.info("memory")
    except ResponseError:
        return False
    return bool(memory.get("maxmemory")) and memory.get("maxmemory_policy") != "noeviction"


def _to_store_failure(cause: Exception) -> StoreUnavailable:
    from redis.exceptions import AuthenticationError, ResponseError
    from redis.exceptions import ConnectionError as Lost
    from redis.exceptions import TimeoutError as Late

    word = str(cause).partition(" ")[0]  # such as MISCONF
    said = isinstance(cause, ResponseError) and word.isalpha() and word.isupper()
    passing = isinstance(cause, Lost | Late | OSError) and not isinstance(cause, AuthenticationError)
    return build_store_failure("store_unavailable", word if said else type(cause).__name__, passing=passing)


def _to_expiry_seconds(wanted: float) -> int:
    return max(0, math.ceil(wanted)) + SKEW_SECONDS
