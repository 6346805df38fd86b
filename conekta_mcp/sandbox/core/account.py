"""One account: the records and the clock that its key can see.

In the sandbox `find_` returns None where nothing is stored, and `load_` raises NotFound.
"""

import json
from dataclasses import dataclass
from typing import Any

from conekta_mcp.sandbox.core import ids
from conekta_mcp.sandbox.core.ledger import Ledger

Json = dict[str, Any]


@dataclass(frozen=True)
class Account:
    """Everything one key can see; `fingerprint` is the sha256 of the key."""

    ledger: Ledger
    fingerprint: str

    def now(self) -> int:
        """Return the account's time in unix seconds."""
        rows = self.ledger.execute(
            "SELECT clock_offset FROM accounts WHERE fingerprint = ?", (self.fingerprint,)
        )
        return int(self.ledger.clock()) + (int(rows[0][0]) if rows else 0)

    def advance_clock(self, seconds: int) -> None:
        # An account has no row of its own until its clock is moved.
        self.ledger.execute("INSERT OR IGNORE INTO accounts VALUES (?, 0)", (self.fingerprint,))
        self.ledger.execute(
            "UPDATE accounts SET clock_offset = clock_offset + ? WHERE fingerprint = ?",
            (seconds, self.fingerprint),
        )

    def make_id(self, prefix: str) -> str:
        """Return a prefixed id that sorts after all earlier ones."""
        return prefix + ids.make_base58_id(self.now(), self.ledger.take_next_number(), self.ledger.random)

    def make_object_id(self) -> str:
        return ids.make_object_id(self.now(), self.ledger.take_next_number(), self.ledger.random)

    def add(self, kind: str, record: Json, *, parent: str = "", due_at: int | None = None) -> None:
        self.ledger.execute(
            "INSERT INTO records (account, kind, id, parent, due_at, body) VALUES (?, ?, ?, ?, ?, ?)",
            (self.fingerprint, kind, record["id"], parent, due_at, json.dumps(record)),
        )

    def save(self, kind: str, record: Json, *, due_at: int | None = None) -> None:
        self.ledger.execute(
            "UPDATE records SET body = ?, due_at = ? WHERE account = ? AND kind = ? AND id = ?",
            (json.dumps(record), due_at, self.fingerprint, kind, record["id"]),
        )

    def find(self, kind: str, record_id: str, *, parent: str = "") -> Json | None:
        rows = self.ledger.execute(
            "SELECT body FROM records WHERE account = ? AND kind = ? AND id = ? AND parent = ?",
            (self.fingerprint, kind, record_id, parent),
        )
        return json.loads(rows[0][0]) if rows else None

    def list_records(self, kind: str, *, parent: str = "") -> list[Json]:
        """Return the records of a kind under `parent`, in order of creation."""
        rows = self.ledger.execute(
            "SELECT body FROM records WHERE account = ? AND kind = ? AND parent = ? ORDER BY position",
            (self.fingerprint, kind, parent),
        )
        return [json.loads(row[0]) for row in rows]

    def list_all(self, kind: str) -> list[Json]:
        """Return the records of a kind under any parent, in order of creation."""
        rows = self.ledger.execute(
            "SELECT body FROM records WHERE account = ? AND kind = ? ORDER BY position",
            (self.fingerprint, kind),
        )
        return [json.loads(row[0]) for row in rows]

    def list_due(self, kind: str, moment: int) -> list[Json]:
        """Return the records that are due at `moment` (unix seconds), earliest first."""
        rows = self.ledger.execute(
            "SELECT body FROM records WHERE account = ? AND kind = ? AND due_at <= ?"
            " ORDER BY due_at, position",
            (self.fingerprint, kind, moment),
        )
        return [json.loads(row[0]) for row in rows]

    def remove(self, kind: str, record_id: str) -> None:
        self.ledger.execute(
            "DELETE FROM records WHERE account = ? AND kind = ? AND id = ?",
            (self.fingerprint, kind, record_id),
        )

    def remove_children(self, parent: str) -> None:
        self.ledger.execute(
            "DELETE FROM records WHERE account = ? AND parent = ?", (self.fingerprint, parent)
        )

    def keep_last(self, kind: str, count: int) -> None:
        self.ledger.execute(
            "DELETE FROM records WHERE account = ? AND kind = ? AND position <= (SELECT position FROM records"
            " WHERE account = ? AND kind = ? ORDER BY position DESC LIMIT 1 OFFSET ?)",
            (self.fingerprint, kind, self.fingerprint, kind, count),
        )

    def reset(self) -> None:
        self.ledger.execute("DELETE FROM records WHERE account = ?", (self.fingerprint,))
        self.ledger.execute("DELETE FROM accounts WHERE fingerprint = ?", (self.fingerprint,))


@dataclass(frozen=True)
class BackdatedAccount(Account):
    """The account at an earlier `moment` (unix seconds), to which everything done through it is dated."""

    moment: int

    def now(self) -> int:
        return self.moment
