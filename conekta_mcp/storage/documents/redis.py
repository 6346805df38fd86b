"""Documents in Redis: one hash per folder, whose values start with their expiry time."""

from collections.abc import Awaitable, Callable
from typing import Any

FIND_FUNCTION = """
local function find(name, now)
  local kept = redis.call('HGET', KEYS[1], name)
  if kept and tonumber(string.match(kept, '^%S+')) > tonumber(now) then
    return string.sub(kept, string.find(kept, ' ', 1, true) + 1)
  end
  return ''
end
"""
CHANGE = f"""
{FIND_FUNCTION}
if find(ARGV[1], ARGV[4]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[5] .. ' ' .. ARGV[3]) end
return 1
"""
"""KEYS folder; ARGV name, the text that stands there ("": none), the new one ("": none), now, until."""
FIND = f"{FIND_FUNCTION} return find(ARGV[1], ARGV[2])"
"""KEYS folder; ARGV name, now."""
LIST = f"""
{FIND_FUNCTION}
local found = {{}}
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  local value = find(name, ARGV[1])
  if value == '' then redis.call('HDEL', KEYS[1], name)
  else
    table.insert(found, name)
    table.insert(found, value)
  end
end
return found
"""
"""KEYS folder; ARGV now. Returns names and texts in turn, and removes what is over."""


class RedisDocuments:
    """Documents in Redis, through `run_script`; each folder is under the key `build_key` returns."""

    def __init__(
        self,
        run_script: Callable[..., Awaitable[Any]],
        build_key: Callable[..., str],
        clock: Callable[[], float],
    ) -> None:
        self._run_script, self._build_key, self._clock = run_script, build_key, clock

    async def change(
        self,
        folder: str,
        name: str,
        old: str | None,
        new: str | None,
        seconds: float,
        *,
        durable: bool = True,  # noqa: ARG002 - one write to Redis is as durable as another
    ) -> bool:
        now = self._clock()
        values = (name, old or "", new or "", now, now + seconds)
        return bool(await self._run_script(CHANGE, [self._build_key("documents", folder)], *values))

    async def find(self, folder: str, name: str) -> str | None:
        key = self._build_key("documents", folder)
        return await self._run_script(FIND, [key], name, self._clock()) or None

    async def list_all(self, folder: str) -> dict[str, str]:
        found = await self._run_script(LIST, [self._build_key("documents", folder)], self._clock())
        return dict(sorted(zip(found[::2], found[1::2], strict=True)))
