"""The connection of the Redis store: runs each script once, and refuses a Redis that may lose data."""

import time
from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage.serialization import SCHEMA, build_store_failure

if TYPE_CHECKING:
    from redis.asyncio import Redis

ANSWER_SECONDS = 5
MAX_CONNECTIONS = 32
CHECK_SECONDS = 60.0
"""How long a Redis that dropped no keys is trusted: its settings can be changed while it runs."""


class RedisConnection:
    """The connections to the Redis at `url`, opened on first use and checked now and then."""

    def __init__(
        self, url: str, schema_key: str, name_key: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._url, self._schema_key, self._name_key = url, schema_key, name_key
        self._monotonic = monotonic
        self._name: str | None = None
        """The name of the store that this process opened: a Redis that lost its data has another, or none."""
        self._client: Redis | None = None
        self._closed = False
        self._checked_at = float("-inf")

    async def run_script(self, script: str, keys: Sequence[str], *values: str | float) -> Any:
        """Run a script once.

        Raises:
            StoreUnavailable: no answer, or a refusal. It names the cause in one word, because the text of the
                cause may contain the address with its password.
        """
        client = self._get_client()
        from redis.exceptions import RedisError  # after the client, which tells whether the package is there

        try:
            if self._monotonic() - self._checked_at > CHECK_SECONDS:
                await self._check_server(client)
            return await client.eval(self._guard + script, len(keys), *keys, *values)
        except (RedisError, OSError, ValueError) as cause:
            self._checked_at = float("-inf")  # another server may answer next
            raise _to_store_failure(cause) from None

    @property
    def _guard(self) -> str:
        return GUARD.format(key=self._name_key, name=self._name)

    def _get_client(self) -> "Redis":
        if self._closed:
            raise build_store_failure("store_unavailable", "closed")
        if self._client is None:
            self._client = _create_client(self._url)
        return self._client

    async def _check_server(self, client: "Redis") -> None:
        """Refuse a store of a newer version, and one that evicts keys: a limit would start again."""
        now = self._monotonic()
        if self._name is None:
            # Sets the version of a new store, so that the first replica decides.
            version = await client.eval(SET_IF_NEW, 1, self._schema_key, SCHEMA)
            if int(version) != SCHEMA:
                raise build_store_failure("store_too_new" if int(version) > SCHEMA else "store_too_old")
        if await _can_drop_keys(client):
            raise build_store_failure("store_forgetful")
        if self._name is None:
            self._name = str(await client.eval(SET_IF_NEW, 1, self._name_key, token_hex(16)))
        self._checked_at = now

    async def has_append_log(self) -> bool | None:
        """Return whether Redis writes each change to its disk (appendonly); None where it does not say.

        Raises:
            StoreUnavailable: it does not answer.
        """
        # Raises if Redis is away; INFO below may also fail because a service forbids it.
        await self.run_script("return 1", [])
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


GUARD = "if redis.call('GET', '{key}') ~= '{name}' then return redis.error_reply('REPLACED') end "
"""Run before each script: a Redis that was emptied or replaced is neither read nor written."""
SET_IF_NEW = "redis.call('SET', KEYS[1], ARGV[1], 'NX') return redis.call('GET', KEYS[1])"
"""KEYS the version or the name of the store; ARGV what it is in a new one."""


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
    """Tell whether Redis may evict keys when memory is full; False if the service does not say."""
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
    if word == "REPLACED":
        return build_store_failure("store_replaced")
    is_named = isinstance(cause, ResponseError) and word.isalpha() and word.isupper()
    passing = isinstance(cause, Lost | Late | OSError) and not isinstance(cause, AuthenticationError)
    return build_store_failure(
        "store_unavailable", word if is_named else type(cause).__name__, passing=passing
    )
