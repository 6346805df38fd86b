"""Lua scripts of the Redis store, each atomic across all replicas (Redis, "Scripting with Lua").

Claims that are to be settled are fields of one hash that never expires; done ones are keys of their own.
"""

CLAIM = """
local standing = redis.call('HGET', KEYS[1], ARGV[1]) or redis.call('GET', KEYS[2])
if standing then return standing end
if ARGV[3] == 'done' then redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
return false
"""
"""KEYS unsettled, done; ARGV place, claim, its state, seconds that it stays once it is done."""

FIND = "return redis.call('HGET', KEYS[1], ARGV[1]) or redis.call('GET', KEYS[2])"
"""KEYS unsettled, done; ARGV place."""

REPLACE = """
local standing = redis.call('HGET', KEYS[1], ARGV[1]) or redis.call('GET', KEYS[2])
if standing ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
if ARGV[4] == 'done' then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[5])
elseif ARGV[4] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
"""
"""KEYS unsettled, done; ARGV place, the text that stands, the new one, its state ("": none), seconds."""

RESERVE = """
local amounts, counts = {}, {}
for i = 2, #KEYS do
  local key, at = KEYS[i], 2 + 3 * (i - 2)
  local amount, most, most_calls = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local spent = tonumber(redis.call('HGET', key, 'amount') or 0)
  local calls = tonumber(redis.call('HGET', key, 'calls') or 0)
  amounts[key] = (amounts[key] or 0) + amount
  counts[key] = (counts[key] or 0) + 1
  if (most and spent + amounts[key] > most) or (most_calls and calls + counts[key] > most_calls) then
    return {i - 2, spent, calls}
  end
end
for i = 2, #KEYS do
  local amount = ARGV[2 + 3 * (i - 2)]
  redis.call('HINCRBY', KEYS[i], 'amount', amount)
  redis.call('HINCRBY', KEYS[i], 'calls', 1)
  redis.call('EXPIRE', KEYS[i], ARGV[1])
  redis.call('RPUSH', KEYS[1], KEYS[i], amount)
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return false
"""
"""KEYS reservation, counters; ARGV seconds, then of each: amount, most, most_calls ("": no bound)."""

RELEASE = """
local added = redis.call('LRANGE', KEYS[1], 0, -1)
for i = 1, #added, 2 do
  if redis.call('EXISTS', added[i]) == 1 then
    redis.call('HINCRBY', added[i], 'amount', string.format('%d', -tonumber(added[i + 1])))
    redis.call('HINCRBY', added[i], 'calls', -1)
  end
end
redis.call('DEL', KEYS[1])
"""
"""KEYS reservation."""

LOCK = """
local holder = redis.call('HGET', KEYS[1], 'until')
if holder and tonumber(holder) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
"""KEYS lock; ARGV owner, now, until, seconds that the key stays."""

UNLOCK = """
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""
"""KEYS lock; ARGV owner."""
