"""The sums of movements of the balance, in centavos."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from conekta_mcp.domains.support.walking import Raw
from conekta_mcp.effects.question_text import to_currency
from conekta_mcp.results.order_sums import read_amount

KINDS = {"capture": "taken", "refund": "refunds", "chargeback": "chargebacks"}
"""What a type of transaction is counted as, also its reversal (conekta-api.md 4.11)."""


@dataclass
class Sums:
    """The movements of one group and currency, in centavos: net = taken - fees - refunds - chargebacks."""

    currency: str
    taken: int = 0
    fees: int = 0
    refunds: int = 0
    chargebacks: int = 0
    other: int = 0
    payments: int = 0
    refund_count: int = 0
    chargeback_count: int = 0

    def add(self, transaction: Raw) -> None:
        amount, fee = read_int(transaction, "amount"), read_int(transaction, "fee")
        kind = classify(str(transaction.get("type") or ""))
        if kind == "other":
            self.other += amount - fee
            return
        self.fees += fee
        if kind == "taken":
            self.taken += amount
            self.payments += 1 if amount > 0 else -1
        elif kind == "refunds":
            self.refunds -= amount
            self.refund_count += 1 if amount < 0 else -1
        else:
            self.chargebacks -= amount
            self.chargeback_count += 1 if amount < 0 else -1

    @property
    def net(self) -> int:
        return self.taken - self.fees - self.refunds - self.chargebacks

    def to_fields(self) -> dict[str, Any]:
        return {**vars(self), "net": self.net, "balance_change": self.net + self.other}


def classify(kind: str) -> str:
    """Return what a type of transaction is counted as: taken, refunds, chargebacks or other."""
    return KINDS.get(kind.removesuffix("_reversal").removeprefix("won_"), "other")


def sum_groups(rows: Iterable[Raw], name: Callable[[Raw], str]) -> dict[tuple[str, str], Sums]:
    """Sum movements by group and currency: currencies are never added up."""
    groups: dict[tuple[str, str], Sums] = {}
    for row in rows:
        currency = to_currency(row.get("currency"))
        groups.setdefault((name(row), currency), Sums(currency)).add(row)
    return groups


def read_int(row: Raw, name: str) -> int:
    """Return an integer, 0 where it cannot be read: `is_readable` tells."""
    return read_amount(row, name) or 0


def is_readable(row: Raw) -> bool:
    """Tell whether a movement says when it was and how much; one without a fee has none."""
    has_fee = row.get("fee") is None or read_amount(row, "fee") is not None
    return has_fee and all(read_amount(row, name) is not None for name in ("amount", "created_at"))
