"""What a write is about to do, by the state that was just read, and how its outcome is verified."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from conekta_mcp.catalog.sender import Sender
from conekta_mcp.errors import Failure, Outcome


class EffectKind(Enum):
    """The kind of a write, for limits and policies."""

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
    SECRET = "secret"  # noqa: S105 - the name of a class of writes
    """Shows or creates access to the account: an API key, a portal link, the key of a webhook."""
    MESSAGE = "message"
    """Sends something to a person or to a webhook."""


MarkPlace = Literal["metadata", "order_template.metadata", "reference_id"]
"""The field in which an intent writes its mark, so that a lost object can be found."""


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """How often an amount is charged or billed."""

    amount: int | None
    """Centavos each time; None if it is not known."""
    interval: str | None
    """week, half_month, month or year; None if somebody decides each time."""
    frequency: int = 1
    """The number of intervals between two payments."""
    times: int | None = None
    """The maximum number of payments; None means without end."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What one call does: its kind, amount, object, payer and payee, and the question about it."""

    kind: EffectKind
    amount: int | None = None
    """Centavos that the call moves or asks for; None if it names no money."""
    is_amount_knowable: bool = True
    """False if money is moved and nothing says how much; a limit then refuses the call."""
    currency: str = "MXN"
    is_currency_known: bool = True
    """False if only Conekta's object has it and was not read; `currency` is then assumed."""
    ceiling: int | None = None
    """The most centavos that can be moved now, such as what can still be refunded; None if unknown."""
    recurrence: Recurrence | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    """For a change: amounts in centavos, currency and owner before it; limits measure the rise."""
    after: Mapping[str, Any] = field(default_factory=dict)
    """For a change: the same fields after it."""
    payer: str | None = None
    """The id of the payer, or else the name."""
    payee: str | None = None
    """The id of who gets the money, or else the name."""
    is_reversible: bool = True
    """Whether another call can undo it."""
    decides_destination: bool = False
    """Whether it decides who gets money or data: a payee, a webhook's address, an antifraud rule."""
    expected: Mapping[str, Any] = field(default_factory=dict)
    """What the answer has to show before it counts as a success (effects/answer_check.py)."""
    mark: MarkPlace | None = None
    makes_object: bool = True
    """Whether the answer names a new object, and not one that existed before."""
    current: Mapping[str, Any] = field(default_factory=dict)
    """The state of the object that was read, for refusals; without personal data."""
    pinned: Mapping[str, Any] = field(default_factory=dict)
    """Omitted arguments that are sent with the values that were shown, such as an amount."""
    subject: str | None = None
    """The id of the object, for records."""
    touches: frozenset[str] = frozenset()
    """The ids that the call names or changes; calls that share one are made one after another."""
    question: Mapping[str, str] = field(default_factory=dict)
    """What will happen, as a question to a person, by language ("es", "en")."""
    rests_on: str = ""
    """A digest of other state that an approval covers; another digest needs another approval."""
    state_before: Mapping[str, Any] = field(default_factory=dict)
    """JSON facts from before the call, for a verification."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """JSON fields from before the call that the answer adds to Conekta's."""


@dataclass(frozen=True, kw_only=True)
class LostWrite:
    """What is known of a write whose answer was lost, besides its arguments."""

    state_before: Mapping[str, Any]
    """`Effect.state_before` of the call."""
    mark: str = ""
    """The intent's mark, which the call wrote at `Effect.mark`."""
    since: float = 0.0
    """Unix seconds at Conekta; nothing of this intent is older."""
    until: float = float("inf")
    """Unix seconds at Conekta; nothing of this intent is newer."""
    read_at: float = float("inf")
    """Unix seconds at Conekta when it is read; a later date shows that its time is not known."""
    local_window: tuple[float, float] | None = None
    """The time of sending by this machine's clock, in case Conekta's time is wrong."""
    owned_ids: frozenset[str] = frozenset()
    """Ids of objects that other intents made."""

    @property
    def is_dated(self) -> bool:
        """Whether the time of sending is known by Conekta's clock."""
        return self.since > 0


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a read says about a write whose answer was lost."""

    outcome: Outcome
    answer: Mapping[str, Any] | None = None
    """Conekta's object, if the outcome is applied."""
    declined: Failure | None = None
    """The failure of the lost answer, if the outcome is applied and no money was taken."""
    lookup: str | None = None
    """The exact call that will tell, if the outcome is unknown: a tool and its arguments."""


@dataclass(frozen=True, kw_only=True)
class WriteHandler:
    """What the path of a write needs of one tool.

    `compute_effect(arguments, state)` tells what the call does, given what was read for it, None where
    nothing was; `list_touches(arguments, state)` gives its ids, for locks. `read_effect(api, arguments)`
    reads that state first; it raises Failure where it cannot.
    `verify(api, arguments, lost)` reads whether a lost write was applied: "applied" only when
    found, "not_applied" when it is absent. It is asked again later, since absent now may be applied a
    moment later; the caller decides how long absent has to last before it counts.
    """

    compute_effect: Callable[[Any, Mapping[str, Any] | None], Effect]
    list_touches: Callable[[Any, Mapping[str, Any] | None], frozenset[str]]
    read_effect: Callable[[Sender, Any], Awaitable[Effect]]
    verify: Callable[[Sender, Any, LostWrite], Awaitable[Verification]] | None = None
    needs_state: Callable[[Any], bool] = lambda _: True
    """Whether the object has to be read even if nobody is asked and the amount is known."""
    makes_object: bool = True
    """Whether the call makes an object, and does not only change one."""
    twins: tuple[str, ...] = ()
    """Equivalent tools, which share idempotency keys."""
