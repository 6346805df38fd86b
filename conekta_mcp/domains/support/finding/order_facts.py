"""The facts of one order that clues are compared with: from its charges, payer and products."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conekta_mcp.domains.support.clues.words import spell_words
from conekta_mcp.domains.support.reading.hours import Window
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.times import get_times

Raw = Mapping[str, Any]
PROOFS = ("tracking_code", "auth_code")
"""Numbers on a bank's receipt: tracking key of a transfer (clave de rastreo), approval."""


@dataclass(frozen=True)
class OrderFacts:
    order: Raw

    @cached_property
    def charges(self) -> Sequence[Raw]:
        return get_rows(self.order.get("charges")) or []

    @cached_property
    def methods(self) -> list[Raw]:
        found = (charge.get("payment_method") for charge in self.charges)
        return [one for one in found if isinstance(one, Mapping)]

    @cached_property
    def payer(self) -> Raw:
        payer = self.order.get("customer_info")
        return payer if isinstance(payer, Mapping) else {}

    @cached_property
    def amounts(self) -> set[int]:
        """Centavos of the order, its charges, refunds and returned transfers."""
        found = [self.order, *self.charges, *self._list_nested("refunds")]
        attempts = [one for method in self.methods for one in get_rows(method.get("payment_attempts")) or []]
        return {abs(one["amount"]) for one in (*found, *attempts) if isinstance(one.get("amount"), int)}

    @cached_property
    def moments(self) -> list[float]:
        """Unix seconds of the events of the order."""
        names = ("created_at", "paid_at")
        dated = [self.order, *self.charges, *self._list_nested("refunds")]
        attempts = [one for method in self.methods for one in get_rows(method.get("payment_attempts")) or []]
        found = [one.get(name) for one in (*dated, *attempts) for name in names]
        return [float(one) for one in found if isinstance(one, int) and one > 0]

    def has_moment_in(self, windows: Iterable[Window]) -> bool:
        """Tell whether an event was at one of these times of day, in the merchant's time zone."""
        windows = list(windows)
        locals_ = filter(None, map(get_times().find_local, self.moments if windows else ()))
        return any(window.contains(local) for local in locals_ for window in windows)

    @cached_property
    def public_words(self) -> list[str]:
        return [folded for _, folded in self._public_spellings]

    @cached_property
    def words(self) -> list[str]:
        return [folded for _, folded in self._spellings]

    @cached_property
    def name_words(self) -> list[str]:
        return [folded for _, folded in self._name_spellings]

    def list_spellings(self, *, personal: bool, names_only: bool) -> list[tuple[str, str]]:
        """Return the words as written, and each without case and accents."""
        if names_only:
            return self._name_spellings
        return self._spellings if personal else self._public_spellings

    @cached_property
    def _spellings(self) -> list[tuple[str, str]]:
        return spell_words(self.list_texts(personal=True))

    @cached_property
    def _public_spellings(self) -> list[tuple[str, str]]:
        return spell_words(self.list_texts(personal=False))

    @cached_property
    def _name_spellings(self) -> list[tuple[str, str]]:
        return spell_words(self.list_names())

    def list_texts(self, *, personal: bool) -> Iterator[str]:
        """Return the texts in which words are searched; `personal` ones only if allowed."""
        for line in get_rows(self.order.get("line_items")) or []:
            yield from (str(line.get(name) or "") for name in ("name", "description", "sku"))
        for charge in self.charges:
            yield str(charge.get("reference_id") or "")
        for method in self.methods:
            yield from (str(method.get(name) or "") for name in PROOFS)
        if personal:
            yield str(self.payer.get("name") or "")
            metadata = self.order.get("metadata")
            if isinstance(metadata, Mapping):
                yield from (str(value) for value in metadata.values())

    def list_names(self) -> list[str]:
        return [str(self.payer.get("name") or "")]

    def list_account_numbers(self) -> list[str]:
        """Return the CLABEs and cash references that can pay it, and the numbers that prove a payment."""
        found = [
            one
            for method in self.methods
            for one in (*list_clabes(method), method.get("reference"), *map(method.get, PROOFS))
        ]
        return [str(one) for one in found if one]

    def _list_nested(self, name: str) -> list[Raw]:
        return [row for charge in self.charges for row in get_rows(charge.get(name)) or []]


def list_clabes(method: Raw) -> tuple[object, ...]:
    return method.get("clabe"), method.get("receiving_account_number")
