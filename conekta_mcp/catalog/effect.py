"""What a call is about to do, read anew from Conekta just before it acts, and how it is proved afterwards."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from conekta_mcp.catalog.sender import Sender
from conekta_mcp.errors import Outcome


class EffectKind(Enum):
    """The class of a write, for limits and for policies."""

    CHARGE = "charge"
    """Takes money from a card, now or by subscription."""
    BILL = "bill"
    """Asks a payer for money: SPEI, cash, a link. Nothing moves until they pay."""
    REFUND = "refund"
    PAYOUT = "payout"
    CHANGE = "change"
    """Creates or changes records; no money moves."""
    REMOVAL = "removal"
    """Deletes, cancels or ends something."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What is at stake in one call."""

    kind: EffectKind
    amount: int | None = None
    """Centavos that the call would move or ask for; None where no money is named."""
    currency: str = "MXN"
    is_currency_known: bool = True
    """False where only Conekta's object tells it, which was not read; `currency` is then assumed."""
    ceiling: int | None = None
    """The most centavos that can be moved now, such as what is still refundable; None where unknown."""
    subject: str | None = None
    """The id of what is acted on, as records name it."""
    touches: frozenset[str] = frozenset()
    """The ids that the call names or changes; calls that share one are made one after another."""
    question: Mapping[str, str] = field(default_factory=dict)
    """What will happen, as a question to a person, by language ("es", "en")."""
    state_before: Mapping[str, Any] = field(default_factory=dict)
    """JSON facts from before the call, which a proof compares with those after it."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What reading tells of a write whose answer was lost."""

    outcome: Outcome
    answer: Mapping[str, Any] | None = None
    """Conekta's object, where the outcome is applied."""
    lookup: str | None = None
    """The exact call that will tell, where the outcome is unknown: a tool and its arguments."""


@dataclass(frozen=True, kw_only=True)
class WriteHandler:
    """How one writing tool is handled with care.

    `compute_effect(arguments, state)` tells what the call does, given what was read for it, None where
    nothing was. `read_effect(api, arguments)` reads that state first; it raises Failure where it cannot.
    `verify(api, arguments, state_before)` reads whether a lost write was applied: "applied" only when
    found, "not_applied" when it is absent. It is asked again later, since absent now may be applied a
    moment later; the caller decides how long absent has to last before it counts.
    """

    compute_effect: Callable[[Any, Mapping[str, Any] | None], Effect]
    read_effect: Callable[[Sender, Any], Awaitable[Effect]]
    verify: Callable[[Sender, Any, Mapping[str, Any]], Awaitable[Verification]] | None = None
