"""The audit in Redis: a sorted set by time, whose members begin with their number."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from conekta_mcp.storage.audit_chain.chain import GENESIS, Head, link_record

MAX_TRIES = 200
RunScript = Callable[..., Awaitable[Any]]

APPEND = """
local head = redis.call('GET', KEYS[3]) or ''
if head ~= ARGV[1] then return head end
local number = redis.call('INCR', KEYS[2])
redis.call('ZADD', KEYS[1], ARGV[3], string.format('%015d:', number) .. ARGV[4])
redis.call('SET', KEYS[3], ARGV[2])
return false
"""
"""KEYS audit, its counter, its head; ARGV the head that the record follows, the new one, at, record.

Returns the head that stands if it is another: Lua in Redis has no sha256, so the caller links anew.
"""


async def append_record(run_script: RunScript, keys: Sequence[str], record: dict[str, Any]) -> bool:
    """Append the record after the head, whoever else appends; False if others always came first."""
    standing = await run_script("return redis.call('GET', KEYS[1]) or ''", [keys[2]])
    for _ in range(MAX_TRIES):
        number, _, known = standing.partition(":")
        linked = link_record(record, Head(int(number), known) if standing else GENESIS)
        head = f"{linked['sequence']}:{linked['hash']}"
        told = await run_script(APPEND, keys, standing, head, record["at"], json.dumps(linked))
        if told is None:
            return True
        standing = told
    return False


async def read_chain(run_script: RunScript, key: str) -> list[str]:
    """Return all records as they are kept, in the order in which they were appended."""
    members = await run_script("return redis.call('ZRANGE', KEYS[1], 0, -1)", [key])
    return [member.partition(":")[2] for member in sorted(members)]
