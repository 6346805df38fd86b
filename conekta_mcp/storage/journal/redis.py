"""The journal of events in Redis: a sorted set by number, and a set of ids."""

from collections.abc import Awaitable, Callable
from typing import Any

from conekta_mcp.storage.journal import JournalEvent

PRUNED_AT_ONCE = 100
ADD = f"""
local function prune(below)
  local old = redis.call('ZRANGE', KEYS[1], 0, {PRUNED_AT_ONCE - 1}, 'WITHSCORES')
  for place = 1, #old, 2 do
    local over, field = string.match(old[place], '^(%S+) (%S+) ')
    if tonumber(over) > tonumber(ARGV[3]) and tonumber(old[place + 1]) > below then return end
    redis.call('ZREM', KEYS[1], old[place])
    redis.call('HDEL', KEYS[2], field)
  end
end
prune(0)
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
local number = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[2], ARGV[1], number)
redis.call('ZADD', KEYS[1], number, ARGV[4] .. ' ' .. ARGV[1] .. ' ' .. ARGV[2])
prune(number - tonumber(ARGV[5]))
return 1
"""
"""KEYS events, ids, number; ARGV account and id, event, now, until, how many are kept."""
END = "return redis.call('GET', KEYS[1])"
AFTER = """
local found = {}
local rows = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for place = 1, #rows, 2 do
  local over, event = string.match(rows[place], '^(%S+) %S+ (.*)$')
  if tonumber(over) > tonumber(ARGV[2]) then
    table.insert(found, event)
    table.insert(found, tonumber(rows[place + 1]))
  end
end
return found
"""
"""KEYS events; ARGV number, now, limit. Returns events and numbers in turn."""
LATEST = "return redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')"


class RedisJournal:
    """The journal in Redis, through `run_script`, under the keys `build_key` returns."""

    def __init__(
        self,
        run_script: Callable[..., Awaitable[Any]],
        build_key: Callable[..., str],
        clock: Callable[[], float],
    ) -> None:
        self._run_script, self._clock = run_script, clock
        self._events, self._ids = build_key("webhook-events"), build_key("webhook-event-ids")
        self._number = build_key("webhook-event-number")

    async def add(self, event: JournalEvent, seconds: float, most: int) -> bool:
        now = self._clock()
        values = (f"{event.account}:{event.id}", event.to_text(), now, now + seconds, most)
        return bool(await self._run_script(ADD, [self._events, self._ids, self._number], *values))

    async def read_end(self) -> int:
        return int(await self._run_script(END, [self._number]) or 0)

    async def list_after(self, number: int, limit: int) -> list[JournalEvent]:
        found = await self._run_script(AFTER, [self._events], number, self._clock(), limit)
        return [JournalEvent.from_text(*row) for row in zip(found[::2], found[1::2], strict=True)]

    async def find_latest(self) -> JournalEvent | None:
        found = await self._run_script(LATEST, [self._events])
        if not found:
            return None
        until, _, text = found[0].split(" ", 2)
        return JournalEvent.from_text(text, int(found[1])) if float(until) > self._clock() else None
