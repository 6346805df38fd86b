"""Claims and counters in the SQLite store, as statements inside a transaction of its caller."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from conekta_mcp.storage.audit_chain.sqlite import append_record
from conekta_mcp.storage.records import UNSETTLED_STATES, Cap, Claim, LimitExceeded, Record
from conekta_mcp.storage.serialization import (
    COUNTER_SECONDS,
    EQUAL_INDEX_SECONDS,
    TOMBSTONE_SECONDS,
    format_claim,
    format_event,
    format_place,
    parse_claim,
    to_tombstone,
)
from conekta_mcp.storage.sqlite_file import note_seen_time, prune_expired

if TYPE_CHECKING:
    from sqlite3 import Connection

PUT = "INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?)"
NOTE = "INSERT INTO history (place, event) VALUES (?, ?)"
PRUNING_SECONDS = 3600
EQUAL = "SELECT claim, until FROM claims WHERE equal = ? AND at >= ? ORDER BY at DESC"
COUNT = (
    "INSERT INTO counters VALUES (?, ?, 1, ?) ON CONFLICT (name) DO UPDATE"
    " SET amount = amount + excluded.amount, calls = calls + 1, until = excluded.until"
)
UNCOUNT = "UPDATE counters SET amount = amount - ?, calls = calls - 1 WHERE name = ?"
MAX_PRUNED = 500


def put_claim(
    connection: "Connection", claim: Claim, now: float, kept_seconds: float, record: Record = None
) -> None:
    """Store a claim, its history entry and the audit `record`; `now` is in unix seconds."""
    # An unsettled claim never expires: whether it was applied has yet to be found out.
    until = None if claim.state in UNSETTLED_STATES else now + kept_seconds
    place = format_place(claim.place)
    connection.execute(PUT, (place, format_claim(claim), until, _format_equal(claim), claim.at))
    connection.execute(NOTE, (place, format_event(claim)))
    if claim.made:
        # By the time it is stored, not asked for: a claim may be settled days later.
        rows = [(claim.account, one, now) for one in claim.made]
        connection.executemany("INSERT INTO made VALUES (?, ?, ?)", rows)
    if record is not None:
        append_record(connection, record)


def find_claim(connection: "Connection", place: tuple[str, str, str], now: float) -> Claim | None:
    """Return the claim at `place`; an expired one is marked as expired."""
    found = connection.execute("SELECT claim, until FROM claims WHERE place = ?", (format_place(place),))
    row = found.fetchone()
    return _parse_row(row, now) if row else None


def list_unsettled(connection: "Connection") -> list[str]:
    return [text for (text,) in connection.execute("SELECT claim FROM claims WHERE until IS NULL")]


def list_equal(
    connection: "Connection", account: str, fingerprint: str, since: float, now: float
) -> list[Claim]:
    rows = connection.execute(EQUAL, (f"{account} {fingerprint}", since)).fetchall()
    return [_parse_row(row, now) for row in rows]


def list_made_ids(
    connection: "Connection", account: str, since: float, among: Sequence[str]
) -> frozenset[str]:
    if not among:
        found = connection.execute("SELECT id FROM made WHERE account = ? AND at >= ?", (account, since))
        return frozenset(one for (one,) in found)
    one_of = "SELECT id FROM made WHERE account = ? AND id = ? AND at >= ?"
    rows = [connection.execute(one_of, (account, one, since)).fetchone() for one in among]
    return frozenset(row[0] for row in rows if row)


def read_history(connection: "Connection", place: tuple[str, str, str]) -> list[dict[str, Any]]:
    rows = connection.execute(
        "SELECT event FROM history WHERE place = ? ORDER BY number", (format_place(place),)
    )
    return [json.loads(text) for (text,) in rows]


class Pruning:
    """Removes expired rows once an hour."""

    def __init__(self) -> None:
        self._due_at = 0.0

    def prune(self, connection: "Connection", wall: float, own: float) -> None:
        """Remove what has expired by wall time and by the store's `own` time."""
        now = min(wall, own)
        if now >= self._due_at:
            prune_store(connection, now, own)
            self._due_at = now + PRUNING_SECONDS


def prune_store(connection: "Connection", now: float, seen: float) -> None:
    """Remove what has expired at `now`, and store that the clock has shown `seen`."""
    prune_expired(connection, now)
    prune_claims(connection, now)
    note_seen_time(connection, seen)


def prune_claims(connection: "Connection", now: float) -> None:
    """Reduce expired claims to the fact that their keys were used, and later remove them."""
    over = connection.execute(
        "SELECT claim, until FROM claims WHERE until < ? LIMIT ?", (now, MAX_PRUNED)
    ).fetchall()
    for text, until in over:
        claim = parse_claim(text)
        if claim.state == "expired":
            connection.execute("DELETE FROM claims WHERE place = ?", (format_place(claim.place),))
            continue
        stone = to_tombstone(claim)
        values = (
            format_place(claim.place),
            format_claim(stone),
            until + TOMBSTONE_SECONDS,
            _format_equal(claim),
        )
        connection.execute(PUT, (*values, claim.at))
    connection.execute("DELETE FROM made WHERE at < ?", (now - EQUAL_INDEX_SECONDS,))


def _parse_row(row: tuple[str, float | None], now: float) -> Claim:
    claim, until = parse_claim(row[0]), row[1]
    return to_tombstone(claim) if until is not None and until < now else claim


def _format_equal(claim: Claim) -> str:
    return f"{claim.account} {claim.fingerprint}"


def add_reservation(connection: "Connection", name: str, caps: Sequence[Cap], now: float) -> None:
    """Add to the counters of `caps`; `now` is in unix seconds."""
    until = now + COUNTER_SECONDS
    added = [(cap.counter, cap.amount, until) for cap in caps]
    connection.executemany(COUNT, added)
    connection.executemany("INSERT INTO reservations VALUES (?, ?, ?, ?)", [(name, *one) for one in added])


def reserve_caps(
    connection: "Connection", name: str, caps: Sequence[Cap], now: float
) -> LimitExceeded | None:
    """Add all of `caps` as reservation `name`, or none; return the exceeded cap."""
    exceeded = find_exceeded_cap(connection, caps)
    if exceeded is None:
        add_reservation(connection, name, caps, now)
    return exceeded


def take_lock(connection: "Connection", name: str, owner: str, now: float, until: float) -> bool:
    connection.execute("DELETE FROM locks WHERE name = ? AND until <= ?", (name, now))
    given = connection.execute("INSERT OR IGNORE INTO locks VALUES (?, ?, ?)", (name, owner, until))
    return given.rowcount == 1


def remove_reservation(connection: "Connection", name: str) -> None:
    if name:
        added = connection.execute("SELECT amount, counter FROM reservations WHERE name = ?", (name,))
        connection.executemany(UNCOUNT, added.fetchall())
        connection.execute("DELETE FROM reservations WHERE name = ?", (name,))


def find_exceeded_cap(connection: "Connection", caps: Sequence[Cap]) -> LimitExceeded | None:
    """Return the first cap that would be exceeded if all of `caps` were added in order."""
    added: dict[str, tuple[int, int]] = {}
    for cap in caps:
        row = connection.execute("SELECT amount, calls FROM counters WHERE name = ?", (cap.counter,))
        spent, calls = row.fetchone() or (0, 0)
        amount, count = added.get(cap.counter, (0, 0))
        added[cap.counter] = amount, count = amount + cap.amount, count + 1
        over = cap.most is not None and spent + amount > cap.most
        if over or (cap.most_calls is not None and calls + count > cap.most_calls):
            return LimitExceeded(cap=cap, spent=spent, calls=calls)
    return None
