"""Lua scripts of the Redis store, each atomic across all replicas (Redis, "Scripting with Lua").

Claims that are to be settled are fields of one hash that never expires; settled ones are keys of their own,
and when these expire, a tombstone still says that the key was used.
"""

import math
from collections.abc import Sequence

from conekta_mcp.storage.audit_chain.redis import CHAIN_FUNCTIONS
from conekta_mcp.storage.records import Cap
from conekta_mcp.storage.serialization import SKEW_SECONDS

STANDING = """
local function standing()
  return redis.call('HGET', KEYS[1], ARGV[1]) or redis.call('GET', KEYS[2]) or redis.call('GET', KEYS[3])
end
"""
"""KEYS unsettled, settled, tombstone; ARGV place."""

PUT = """
local function put(text, unsettled, stone, event, at, made, now)
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('DEL', KEYS[2], KEYS[3])
  if unsettled == '1' then redis.call('HSET', KEYS[1], ARGV[1], text)
  else
    redis.call('SET', KEYS[2], text, 'EX', ARGV[2])
    redis.call('SET', KEYS[3], stone, 'EX', ARGV[3])
  end
  redis.call('RPUSH', KEYS[4], event)
  redis.call('EXPIRE', KEYS[4], ARGV[3])
  redis.call('ZADD', KEYS[5], at, ARGV[1])
  redis.call('EXPIRE', KEYS[5], ARGV[4])
  for id in string.gmatch(made, '%S+') do redis.call('ZADD', KEYS[6], now, id) end
  if made ~= '' then redis.call('EXPIRE', KEYS[6], ARGV[4]) end
end
"""
"""KEYS also history, equal, made; ARGV also seconds that a claim, a tombstone and an index stay."""

ADD_CAPS = """
local function exceeded(first, caps)
  local amounts, counts = {}, {}
  for i = first, #KEYS do
    local key, at = KEYS[i], caps + 3 * (i - first)
    local amount, most, most_calls = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    local spent = tonumber(redis.call('HGET', key, 'amount') or 0)
    local calls = tonumber(redis.call('HGET', key, 'calls') or 0)
    amounts[key] = (amounts[key] or 0) + amount
    counts[key] = (counts[key] or 0) + 1
    if (most and spent + amounts[key] > most) or (most_calls and calls + counts[key] > most_calls) then
      return {i - first, spent, calls}
    end
  end
end
local function add(reservation, first, caps, seconds)
  for i = first, #KEYS do
    local amount = ARGV[caps + 3 * (i - first)]
    redis.call('HINCRBY', KEYS[i], 'amount', amount)
    redis.call('HINCRBY', KEYS[i], 'calls', 1)
    redis.call('EXPIRE', KEYS[i], seconds)
    redis.call('RPUSH', reservation, KEYS[i], amount)
    redis.call('EXPIRE', reservation, seconds)
  end
end
"""
"""Counters from KEYS[first] on; ARGV from `caps` on, of each: amount, most, most_calls ("": no bound)."""

RELEASE_FUNCTION = """
local function release(reservation)
  local added = redis.call('LRANGE', reservation, 0, -1)
  for i = 1, #added, 2 do
    if redis.call('EXISTS', added[i]) == 1 then
      redis.call('HINCRBY', added[i], 'amount', string.format('%d', -tonumber(added[i + 1])))
      redis.call('HINCRBY', added[i], 'calls', -1)
    end
  end
  redis.call('DEL', reservation)
end
"""

CLAIM = f"""
{STANDING} {PUT} {ADD_CAPS} {CHAIN_FUNCTIONS}
local there = standing()
if (there or '') ~= ARGV[10] then return {{'standing', there or ''}} end
local over = exceeded(11, 16)
if over then return {{'exceeded', over[1], over[2], over[3]}} end
local other = other_head(8, 11)
if other then return other end
add(KEYS[7], 11, 16, ARGV[15])
put(ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], '', '')
chain(8, 11)
return false
"""
"""KEYS unsettled, settled, tombstone, history, equal, made, reservation, the three of CHAIN_FUNCTIONS, then
counters; ARGV place, seconds of a claim, of a tombstone, of an index, then claim, whether it is unsettled,
tombstone, event, at, the text that stands there ("": none), the four of CHAIN_FUNCTIONS, seconds of a
counter, caps."""

FIND = f"{STANDING} return standing()"
"""KEYS unsettled, settled, tombstone; ARGV place."""

REPLACE = f"""
{STANDING} {PUT} {RELEASE_FUNCTION} {CHAIN_FUNCTIONS}
if standing() ~= ARGV[10] then return 0 end
local other = other_head(8, 11)
if other then return other end
put(ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[15], ARGV[17])
if ARGV[16] == '1' then release(KEYS[7]) end
chain(8, 11)
return 1
"""
"""KEYS and ARGV up to 14 as of CLAIM; then the ids that it made, whether KEYS[7] is taken back, the time."""

RESERVE = f"""
{ADD_CAPS}
local over = exceeded(2, 2)
if over then return over end
add(KEYS[1], 2, 2, ARGV[1])
return false
"""
"""KEYS reservation, counters; ARGV seconds, then caps."""

RELEASE = f"{RELEASE_FUNCTION} release(KEYS[1])"
"""KEYS reservation."""

LIST_EQUAL = """
local found = {}
for _, place in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[1])) do
  local claim = redis.call('HGET', KEYS[2], place) or redis.call('GET', ARGV[2] .. place)
  if claim then table.insert(found, claim) end
end
return found
"""
"""KEYS equal, unsettled; ARGV since, the prefix of settled claims, which lie on the same node."""

LIST_MADE = """
if #ARGV == 1 then return redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf') end
local found = {}
for place = 2, #ARGV do
  local at = redis.call('ZSCORE', KEYS[1], ARGV[place])
  if at and tonumber(at) >= tonumber(ARGV[1]) then table.insert(found, ARGV[place]) end
end
return found
"""
"""KEYS made; ARGV since, then the ids that are asked about, none for all."""

TIME = "local now = redis.call('TIME') return {now[1], now[2]}"

LOCK = """
local holder = redis.call('HGET', KEYS[1], 'until')
if holder and tonumber(holder) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
"""KEYS lock; ARGV owner, now, until, seconds that the key stays."""

RENEW_LOCK = """
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
"""KEYS lock; ARGV owner, until, seconds that the key stays."""

UNLOCK = """
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""
"""KEYS lock; ARGV owner."""


def list_bounds(caps: Sequence[Cap]) -> list[str | float]:
    return [
        "" if value is None else value for cap in caps for value in (cap.amount, cap.most, cap.most_calls)
    ]


def to_expiry_seconds(wanted: float) -> int:
    return max(0, math.ceil(wanted)) + SKEW_SECONDS
