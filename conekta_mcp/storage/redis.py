"""The durable store in Redis, for replicas on several machines."""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from conekta_mcp.storage import redis_scripts as lua
from conekta_mcp.storage.audit_chain.chain import unlink_record
from conekta_mcp.storage.audit_chain.redis import APPEND, ChainEnd, read_chain
from conekta_mcp.storage.documents.redis import RedisDocuments
from conekta_mcp.storage.journal.redis import RedisJournal
from conekta_mcp.storage.records import UNSETTLED_STATES, Cap, Claim, LimitExceeded, Record
from conekta_mcp.storage.redis_connection import RedisConnection
from conekta_mcp.storage.serialization import (
    COUNTER_SECONDS,
    DONE_SECONDS,
    EQUAL_INDEX_SECONDS,
    TOMBSTONE_SECONDS,
    format_claim,
    format_event,
    format_place,
    hash_token,
    parse_claim,
    sort_claims,
    to_tombstone,
)
from conekta_mcp.storage.store_time import TimeAnchor

ANCHOR_SECONDS = 60.0
"""How long Redis's time is extrapolated before it is read again."""


class RedisStore:
    """The store in the Redis at `url`, under keys that start with `prefix`; `clock` returns unix seconds.

    Time is Redis's own, unless `clock` is another one than the system's. Nothing is sent twice by itself: a
    command whose answer is lost is StoreUnavailable.
    """

    def __init__(
        self,
        url: str,
        clock: Callable[[], float],
        prefix: str = "conekta-mcp",
        monotonic: Callable[[], float] = time.monotonic,
        kept_seconds: float = DONE_SECONDS,
    ) -> None:
        self._clock, self._monotonic, self._kept_seconds = clock, monotonic, kept_seconds
        self._anchor: TimeAnchor | None = None
        self._prefix = f"{{{prefix}}}"  # braces keep all keys on one node of a cluster
        self._chain_end = ChainEnd()
        self._connection = RedisConnection(url, self._build_key("schema"), self._build_key("name"), monotonic)
        self.documents = RedisDocuments(self._connection.run_script, self._build_key, clock)
        self.journal = RedisJournal(self._connection.run_script, self._build_key, clock)

    async def read_time(self) -> float:
        """Return Redis's time; between two requests this machine's monotonic clock counts on."""
        if self._clock is not time.time:
            return self._clock()
        if self._anchor is None or self._monotonic() - self._anchor.monotonic > ANCHOR_SECONDS:
            seconds, micros = await self._connection.run_script(lua.TIME, [])
            told = TimeAnchor(int(seconds) + int(micros) / 1e6, self._monotonic(), "redis")
            before = self._anchor.read(self._monotonic) if self._anchor else 0.0
            # Should Redis's clock step back, this process waits for it instead of following.
            self._anchor = replace(told, wall=max(told.wall, before))
        return self._anchor.read(self._monotonic)

    async def claim(
        self,
        wanted: Claim,
        caps: Sequence[Cap] = (),
        *,
        over: Claim | None = None,
        record: Record = None,
    ) -> Claim | LimitExceeded | None:
        there = await self._read_claim_text(over.place) if over else None
        if over and (there is None or parse_claim(there) != over):
            return parse_claim(there) if there else over
        keys = self._get_claim_keys(wanted, wanted.spent)
        keys += [self._build_key("counter", cap.counter) for cap in caps]
        values, bounds = self._get_claim_values(wanted, there), (COUNTER_SECONDS, *lua.list_bounds(caps))
        found = await self._chain_end.run(
            lambda *linked: self._connection.run_script(lua.CLAIM, keys, *values, *linked, *bounds), record
        )
        if not found:
            return None
        if found[0] == "exceeded":
            return LimitExceeded(cap=caps[found[1]], spent=found[2], calls=found[3])
        return parse_claim(found[1]) if found[1] else over

    async def find(self, place: tuple[str, str, str]) -> Claim | None:
        standing = await self._read_claim_text(place)
        return parse_claim(standing) if standing else None

    async def replace(self, old: Claim, new: Claim, *, release: str = "", record: Record = None) -> bool:
        standing = await self._read_claim_text(old.place)
        # Compared as claims, not as texts; the script replaces it only if the stored text is unchanged.
        if standing is None or parse_claim(standing) != old:
            return False
        keys, values = self._get_claim_keys(new, release), self._get_claim_values(new, standing)
        more = (" ".join(new.made), "1" if release else "", await self.read_time())
        replaced = await self._chain_end.run(
            lambda *linked: self._connection.run_script(lua.REPLACE, keys, *values, *linked, *more), record
        )
        return bool(replaced)

    async def list_unsettled(self, account: str | None = None) -> list[Claim]:
        return sort_claims(
            await self._connection.run_script("return redis.call('HVALS', KEYS[1])", [self._unsettled_key]),
            account,
        )

    async def list_equal(self, account: str, fingerprint: str, since: float) -> list[Claim]:
        keys = [self._build_key("equal", account, fingerprint), self._unsettled_key]
        found = await self._connection.run_script(lua.LIST_EQUAL, keys, since, self._build_key("settled", ""))
        claims = [parse_claim(text) for text in found]
        # The index also names claims that had this fingerprint in an earlier form.
        return [one for one in claims if one.fingerprint == fingerprint and one.at >= since]

    async def list_made_ids(self, account: str, since: float, among: Sequence[str] = ()) -> frozenset[str]:
        keys = [self._build_key("made", account)]
        return frozenset(await self._connection.run_script(lua.LIST_MADE, keys, since, *among))

    async def read_history(self, place: tuple[str, str, str]) -> list[dict[str, Any]]:
        script = "return redis.call('LRANGE', KEYS[1], 0, -1)"
        events = await self._connection.run_script(script, [self._build_key("history", format_place(place))])
        return [json.loads(text) for text in events]

    async def reserve(self, name: str, caps: Sequence[Cap]) -> LimitExceeded | None:
        keys = [self._build_key("reservation", name)]
        keys += [self._build_key("counter", cap.counter) for cap in caps]
        bounds = (COUNTER_SECONDS, *lua.list_bounds(caps))
        exceeded = await self._connection.run_script(lua.RESERVE, keys, *bounds)
        return (
            LimitExceeded(cap=caps[exceeded[0]], spent=exceeded[1], calls=exceeded[2]) if exceeded else None
        )

    async def release(self, name: str) -> None:
        await self._connection.run_script(lua.RELEASE, [self._build_key("reservation", name)])

    async def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        keys, stays = [self._build_key("lock", name)], lua.to_expiry_seconds(until - now)
        return bool(await self._connection.run_script(lua.LOCK, keys, owner, now, until, stays))

    async def renew_lock(self, name: str, owner: str, until: float) -> bool:
        keys, stays = [self._build_key("lock", name)], lua.to_expiry_seconds(until - await self.read_time())
        return bool(await self._connection.run_script(lua.RENEW_LOCK, keys, owner, until, stays))

    async def unlock(self, name: str, owner: str) -> None:
        await self._connection.run_script(lua.UNLOCK, [self._build_key("lock", name)], owner)

    async def use_token_once(self, token: str, until: float) -> bool:
        stays = lua.to_expiry_seconds(until - self._clock())
        key = self._build_key("token", hash_token(token))
        marked = await self._connection.run_script(
            "return redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1])", [key], stays
        )
        return marked is not None

    async def remember(
        self,
        name: str,
        value: str,
        seconds: float,
        *,
        durable: bool = True,  # noqa: ARG002 - one write to Redis is as durable as another
    ) -> None:
        key, stays = self._build_key("value", name), max(1, math.ceil(seconds))
        await self._connection.run_script(
            "redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])", [key], value, stays
        )

    async def recall(self, name: str) -> str | None:
        found = await self._connection.run_script(
            "return redis.call('GET', KEYS[1])", [self._build_key("value", name)]
        )
        return str(found) if found else None

    async def append(self, record: dict[str, Any]) -> None:
        await self._chain_end.run(
            lambda *linked: self._connection.run_script(APPEND, self._get_audit_keys(), *linked), record
        )

    async def read_records(self, since: float = 0, limit: int = 1000) -> list[dict[str, Any]]:
        latest = "return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[1], 'LIMIT', 0, ARGV[2])"
        members = await self._connection.run_script(latest, [self._build_key("audit")], since, limit)
        return [unlink_record(json.loads(member.partition(":")[2])) for member in reversed(members)]

    async def read_chain(self) -> list[str]:
        return await read_chain(self._connection.run_script, self._build_key("audit"))

    async def has_append_log(self) -> bool | None:
        """Tell whether Redis writes each change to disk (appendonly); None if it does not say."""
        return await self._connection.has_append_log()

    async def close(self) -> None:
        await self._connection.close()

    @property
    def _unsettled_key(self) -> str:
        return self._build_key("unsettled")

    def _build_key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    def _get_audit_keys(self) -> list[str]:
        return [self._build_key(name) for name in ("audit", "audit-number", "audit-head")]

    def _get_claim_keys(self, claim: Claim, reservation: str) -> list[str]:
        """Return the KEYS of both scripts, CLAIM and REPLACE, in their order."""
        return [
            *self._get_standing_keys(claim.place),
            self._build_key("history", format_place(claim.place)),
            self._build_key("equal", claim.account, claim.fingerprint),
            self._build_key("made", claim.account),
            self._build_key("reservation", reservation),
            *self._get_audit_keys(),
        ]

    def _get_standing_keys(self, place: tuple[str, str, str]) -> list[str]:
        text = format_place(place)
        return [self._unsettled_key, self._build_key("settled", text), self._build_key("tombstone", text)]

    def _get_claim_values(self, claim: Claim, standing: str | None) -> list[str | float]:
        """Return the ARGV of both scripts, CLAIM and REPLACE, in their order."""
        kept = math.ceil(self._kept_seconds)
        stays = (kept, kept + TOMBSTONE_SECONDS, EQUAL_INDEX_SECONDS)
        unsettled = "1" if claim.state in UNSETTLED_STATES else ""
        stone = format_claim(to_tombstone(claim))
        text = (format_claim(claim), unsettled, stone, format_event(claim), claim.at, standing or "")
        return [format_place(claim.place), *stays, *text]

    async def _read_claim_text(self, place: tuple[str, str, str]) -> str | None:
        found: str | None = await self._connection.run_script(
            lua.FIND, self._get_standing_keys(place), format_place(place)
        )
        return found
