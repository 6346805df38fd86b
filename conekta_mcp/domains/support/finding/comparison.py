"""Compares an order with the clues of its payer: which match, and which do not."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conekta_mcp.domains.folding import fold_email, fold_text
from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.support.clues.clue import Clue, Reading
from conekta_mcp.domains.support.clues.parsing import PHONE_DIGITS
from conekta_mcp.domains.support.clues.words import list_words
from conekta_mcp.domains.support.finding.order_facts import OrderFacts, list_clabes
from conekta_mcp.domains.support.finding.similar import is_mistyped, is_similar

Raw = Mapping[str, Any]
NAMES_ONE = frozenset({"order_id", "charge_id"})
NAMES_FEW = frozenset({"clabe", "reference", "link_id"})
SOFT = frozenset({"words", "method"})
"""Kinds of clues that are too weak if another clue does not match."""
WEIGHTS = {
    **{"order_id": 100, "charge_id": 100, "link_id": 40, "clabe": 40, "reference": 40, "email": 20},
    **{"phone": 20, "customer_id": 20, "last4": 10, "name": 10, "amount": 8, "day": 6, "words": 2},
    **{"digits": 10, "method": 1, "hour": 1},
}


@dataclass(frozen=True)
class Comparison:
    """The kinds of clues that match an order, and those that do not."""

    order: Raw
    fits: tuple[str, ...]
    differs: tuple[str, ...]
    missed: tuple[Clue, ...] = ()
    """Words that the order does not have."""
    taken_for: Mapping[str, str] = field(default_factory=dict)
    """Words that match only as misspelt names or short forms, with the matching words."""
    is_name_unread: bool = False
    """Whether there is a name that may not be compared."""
    whole_words: int = 0
    """The matching words that are complete in it: "Ana" is also the start of Anabel."""

    names: int = 0
    """The matching words that look like a name."""
    exact_amounts: int = 0
    """The amounts that match to the centavo, while others match a range."""

    @property
    def misses_name(self) -> bool:
        return self.is_name_unread or any(clue.is_name for clue in self.missed)

    @property
    def score(self) -> int:
        return sum(WEIGHTS[kind] for kind in self.fits) - 3 * len(self.differs)

    @property
    def is_whole(self) -> bool:
        """Tell whether all clues match; of words alone, all of them, or two words of a name."""
        hard = [kind for kind in self.fits if kind not in SOFT]
        is_named = self.names > 1 and not self.misses_name
        return bool(self.fits) and not self.differs and (bool(hard) or not self.missed or is_named)

    @property
    def names_one(self) -> bool:
        return not NAMES_ONE.isdisjoint(self.fits)

    @property
    def names_few(self) -> bool:
        return not NAMES_FEW.isdisjoint(self.fits)


@dataclass(frozen=True)
class Asked:
    """All clues, and what was looked up for them before orders are compared."""

    clues: Sequence[Clue]
    people: Mapping[str, Collection[str]] = field(default_factory=dict)
    """The customers with the given phone or e-mail."""
    whole_values_only: bool = False
    is_lenient: bool = False
    """Whether similar words and short forms of names match."""

    def compare(self, facts: OrderFacts) -> Comparison:
        fits: list[str] = []
        differs: list[str] = []
        missed: list[Clue] = []
        taken_for: dict[str, str] = {}
        is_name_unread, names, exact_amounts = False, 0, 0
        for clue in self.clues:
            kind = clue.readings[0].kind
            if self.whole_values_only and kind == "name":
                is_name_unread = True
                continue
            found = next((one for one in clue.readings if self._is_fitting(one, facts)), None)
            if found:
                fits.append(found.kind)
                names += clue.is_name
                exact_amounts += found.kind == "amount" and not found.most
            elif self.is_lenient and (similar := self._find_similar(clue, facts)):
                fits.append(kind)
                names += clue.is_name
                taken_for.update(similar)
            elif kind == "words":
                missed += [] if clue.is_optional else [clue]
            elif kind != "method" or facts.methods:
                differs.append(kind)
        if "day" in fits:  # of several days that were said, a payment is of one
            differs = [kind for kind in differs if kind != "day"]
        if "day" in differs:  # then its hour is of another day
            differs = [kind for kind in differs if kind != "hour"]
        return Comparison(
            facts.order,
            tuple(fits),
            tuple(differs),
            tuple(missed),
            taken_for,
            is_name_unread=is_name_unread,
            names=names,
            exact_amounts=exact_amounts,
            whole_words=len(self._said_words.intersection(self._list_words(facts))),
        )

    @cached_property
    def _said_words(self) -> frozenset[str]:
        return frozenset(word for clue in self.clues for word in _list_clue_words(clue))

    def _list_words(self, facts: OrderFacts) -> list[str]:
        return facts.public_words if self.whole_values_only else facts.words

    def _find_similar(self, clue: Clue, facts: OrderFacts) -> dict[str, str]:
        """Return the words of a clue with similar words in the order; {} if one has none."""
        kind, text = clue.readings[0].kind, clue.readings[0].text
        if kind == "email" and not self.whole_values_only and is_mistyped(text, get_email(facts.order)):
            return {text: get_email(facts.order)}
        if kind not in {"words", "name"}:
            return {}
        there = facts.list_spellings(personal=not self.whole_values_only, names_only=kind == "name")
        found = {}
        for word in re.findall(r"\w+", text):
            typed = fold_text(word)
            alike = (one for one, folded in there if is_similar(typed, folded) or folded.startswith(typed))
            if (similar := next(alike, None)) is None:
                return {}
            found[word] = similar
        return found

    def _is_fitting(self, reading: Reading, facts: OrderFacts) -> bool:
        text, order = reading.text, facts.order
        match reading.kind:
            case "order_id":
                return order.get("id") == text
            case "charge_id":
                return any(charge.get("id") == text for charge in facts.charges)
            case "customer_id":
                return facts.payer.get("customer_id") == text
            case "link_id":
                return text in list_link_ids(order)
            case "clabe":
                return any(text in list_clabes(method) for method in facts.methods)
            case "reference":
                return any(str(method.get("reference")) == text for method in facts.methods)
            case "last4":
                return any(method.get("last4") == text for method in facts.methods)
            case "digits" if reading.of_phone:
                phone = get_last_digits(facts.payer.get("phone"))
                return not self.whole_values_only and phone.endswith(text)
            case "digits":
                return any(text in number for number in facts.list_account_numbers())
            case "method":
                return any(get_method_name(method) == text for method in facts.methods)
            case "amount":
                most = reading.most or reading.amount
                is_sum = any(reading.amount <= one <= most for one in facts.amounts)
                return is_sum and reading.currency in ("", order.get("currency"))
            case "day":
                return any(reading.start <= moment < reading.end for moment in facts.moments)
            case "hour":
                return facts.has_moment_in(reading.windows) or any(
                    reading.start <= moment < reading.end for moment in facts.moments
                )
            case "email":
                return get_email(order) == text or self._is_theirs(text, facts)
            case "phone":
                return get_last_digits(facts.payer.get("phone")) == text or self._is_theirs(text, facts)
            case "name":
                return not self.whole_values_only and _has_words(text, facts.name_words)
            case "words":
                return _has_words(text, self._list_words(facts))

    def _is_theirs(self, person: str, facts: OrderFacts) -> bool:
        return facts.payer.get("customer_id") in self.people.get(person, ())


def _list_clue_words(clue: Clue) -> list[str]:
    return [word for one in clue.readings if one.kind in {"words", "name"} for word in list_words(one.text)]


def get_email(order: Raw) -> str:
    payer = order.get("customer_info")
    return fold_email(payer.get("email")) if isinstance(payer, Mapping) else ""


def get_last_digits(phone: object) -> str:
    """Return the last ten digits of a phone; "" if it has fewer."""
    digits = re.sub(r"\D", "", str(phone or ""))
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _has_words(text: str, there: Sequence[str]) -> bool:
    words = list_words(text)
    return bool(words) and all(any(one.startswith(word) for one in there) for word in words)


def list_link_ids(order: Raw) -> list[str]:
    channel, checkout = order.get("channel"), order.get("checkout")
    found = [channel.get("checkout_request_id")] if isinstance(channel, Mapping) else []
    found += [checkout.get("id")] if isinstance(checkout, Mapping) else []
    return [str(one) for one in found if one]
