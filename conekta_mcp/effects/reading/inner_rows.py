"""What an answer has to show in a list inside one of its rows, such as a refund in its charge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conekta_mcp.effects.comparison import normalize_value
from conekta_mcp.effects.state_reading import is_truncated
from conekta_mcp.results.base import get_rows


@dataclass(frozen=True, kw_only=True)
class EndedRow:
    """How the end of a row shows.

    The row has one of `statuses`, or the row `inside` is shown with its list, and the list no longer has the
    row. If `inside` is None, the row was not seen before the call, so its absence means nothing.
    """

    id: str
    inside: str | None
    name: str
    statuses: tuple[str, ...]

    def find_difference(self, seen: Any, path: str) -> str | None:
        for outer in get_rows(seen) or ():
            inner = outer.get(self.name)
            for row in get_rows(inner) or ():
                if row.get("id") == self.id:
                    has_ended = normalize_value(row.get("status")) in self.statuses
                    return None if has_ended else f"{path}.{self.name}.status: another"
            is_whole = self.name in outer and not is_truncated({self.name: inner})
            if self.inside is not None and outer.get("id") == self.inside and is_whole:
                return None
        return f"{path}.{self.name}: missing"


@dataclass(frozen=True, kw_only=True)
class NoRowOf:
    """Statuses that no row of a list has, such as that of a paid charge in an order that was cancelled."""

    statuses: tuple[str, ...]

    def find_difference(self, seen: Any, path: str) -> str | None:
        shown = [normalize_value(row.get("status")) for row in get_rows(seen) or ()]
        return next((f"{path}.status: {one}" for one in shown if one in self.statuses), None)


NO_CHARGE_TAKEN = NoRowOf(statuses=("paid", "partially_refunded"))
"""Of the charges of an order that was cancelled or released: no money of it was taken."""


@dataclass(frozen=True, kw_only=True)
class NewRowOfSum:
    """A new row of a sum, or one on each of several rows; without any rows, exactly that sum more in all."""

    outer: str
    name: str
    known: frozenset[str]
    """The ids of the rows before the call."""
    amount: int
    failed: tuple[str, ...]
    """Statuses that it must not have."""
    total: str
    """The field of the whole answer that has the sum of all rows."""
    total_before: int

    def find_difference(self, answer: Mapping[str, Any], path: str) -> str | None:
        place = f"{path}{self.outer}.{self.name}"
        rows = [
            row
            for one in get_rows(answer.get(self.outer)) or ()
            for row in get_rows(one.get(self.name)) or ()
        ]
        new = [row for row in rows if str(row.get("id")) not in self.known]
        if any(normalize_value(row.get("status")) in self.failed for row in new):
            return f"{place}.status: of a failure"
        if not new:
            return self._compare_total(answer, path) or (f"{place}: no new row" if rows else None)
        sums = [abs(row["amount"]) for row in new if isinstance(row.get("amount"), int | float)]
        if len(sums) < len(new) or not sums or self.amount in (*sums, sum(sums)):
            return None
        return f"{place}.amount: {sums[0]}, not {self.amount}"

    def _compare_total(self, answer: Mapping[str, Any], path: str) -> str | None:
        """Compare the sum of all: what is more than this one may be somebody else's alone."""
        meant, shown = self.total_before + self.amount, answer.get(self.total)
        is_whole = isinstance(shown, int | float) and not isinstance(shown, bool)
        return None if is_whole and shown == meant else f"{path}{self.total}: another, not {meant}"
