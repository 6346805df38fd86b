"""The audit in Redis: a sorted set by time, whose members begin with their number."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from conekta_mcp.storage.audit_chain.chain import GENESIS, Head, link_record
from conekta_mcp.storage.records import Record
from conekta_mcp.storage.serialization import build_store_failure

MAX_TRIES = 200
RunScript = Callable[..., Awaitable[Any]]

CHAIN_FUNCTIONS = """
local function other_head(key, argument)
  if ARGV[argument + 3] == '' then return nil end
  local head = redis.call('GET', KEYS[key + 2]) or ''
  if head ~= ARGV[argument] then return {'head', head} end
end
local function chain(key, argument)
  if ARGV[argument + 3] == '' then return end
  local number = redis.call('INCR', KEYS[key + 1])
  redis.call('ZADD', KEYS[key], ARGV[argument + 2], string.format('%015d:', number) .. ARGV[argument + 3])
  redis.call('SET', KEYS[key + 2], ARGV[argument + 1])
end
"""
"""KEYS from `key` on: audit, its counter, its head; ARGV from `argument` on: the head that the record
follows, the new one, at, record ("": none).

A script that is told another head writes nothing: Lua in Redis has no sha256, so the caller links anew.
"""

APPEND = f"""
{CHAIN_FUNCTIONS}
local other = other_head(1, 1)
if other then return other end
chain(1, 1)
return false
"""
"""KEYS and ARGV as of CHAIN_FUNCTIONS."""


class ChainEnd:
    """Links records to the head of the chain, as far as this process knows it."""

    def __init__(self) -> None:
        self._head = ""

    async def run(self, run_linked: RunScript, record: Record) -> Any:
        """Run a script that appends `record`, given its four ARGV, until no other head is in the way.

        Raises:
            StoreUnavailable: other processes always came first.
        """
        if record is None:
            return await run_linked("", "", "", "")
        standing = self._head
        for _ in range(MAX_TRIES):
            number, _, known = standing.partition(":")
            linked = link_record(record, Head(int(number), known) if standing else GENESIS)
            head = f"{linked['sequence']}:{linked['hash']}"
            told = await run_linked(standing, head, record["at"], json.dumps(linked))
            if not (isinstance(told, list) and told[0] == "head"):
                # It may not have been appended, if the script refused for another reason.
                self._head = head
                return told
            standing = self._head = told[1]
        raise build_store_failure("store_unavailable", "busy", passing=True)


async def read_chain(run_script: RunScript, key: str) -> list[str]:
    """Return all records as they are kept, in the order in which they were appended."""
    members = await run_script("return redis.call('ZRANGE', KEYS[1], 0, -1)", [key])
    return [member.partition(":")[2] for member in sorted(members)]
