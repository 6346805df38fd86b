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
    """Shows or makes something that opens the account: an API key, a portal link, a webhook's key."""
    MESSAGE = "message"
    """Sends something to a person or to a webhook."""


MarkPlace = Literal["metadata", "order_template.metadata", "reference_id"]
"""Where an intent writes its name into what it makes, so that a lost one is found by identity."""


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """How often an amount is charged or billed."""

    amount: int | None
    """Centavos each time; None where it is not known."""
    interval: str | None
    """week, half_month, month or year; None for whenever somebody wants."""
    frequency: int = 1
    """Every so many intervals."""
    times: int | None = None
    """How many times at most; None means without end."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What one call does: its kind, amount, object, payer and payee, and the question about it."""

    kind: EffectKind
    amount: int | None = None
    """Centavos that the call would move or ask for; None where no money is named."""
    is_amount_knowable: bool = True
    """False where money is moved or asked for and nothing tells how much: refused where a limit holds."""
    currency: str = "MXN"
    is_currency_known: bool = True
    """False where only Conekta's object tells it, which was not read; `currency` is then assumed."""
    ceiling: int | None = None
    """The most centavos that can be moved now, such as what is still refundable; None where unknown."""
    recurrence: Recurrence | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    """Of a change: sums in centavos, currency and owner before it; limits see the rise."""
    after: Mapping[str, Any] = field(default_factory=dict)
    """Of a change: the same fields after it."""
    payer: str | None = None
    """The id, or else the name, of who pays."""
    payee: str | None = None
    """The id, or else the name, of who gets the money."""
    is_reversible: bool = True
    """Whether another call can undo it."""
    decides_destination: bool = False
    """Whether it decides who gets money or data: a payee, a webhook's address, an antifraud rule."""
    expected: Mapping[str, Any] = field(default_factory=dict)
    """What the answer has to show before it counts as a success (effects/answer_check.py)."""
    mark: MarkPlace | None = None
    makes_object: bool = True
    """Whether its answer names what it made, and not what was there before, as a change of it does."""
    current: Mapping[str, Any] = field(default_factory=dict)
    """How the object that was read stands, as it is told where the call is refused; nobody's data."""
    pinned: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that were left out and are sent as they were read and shown, such as the sum of a charge."""
    subject: str | None = None
    """The id of what is acted on, as records name it."""
    touches: frozenset[str] = frozenset()
    """The ids that the call names or changes; calls that share one are made one after another."""
    question: Mapping[str, str] = field(default_factory=dict)
    """What will happen, as a question to a person, by language ("es", "en")."""
    rests_on: str = ""
    """A digest of what a yes rests on besides the question; with another it is a yes to something else."""
    state_before: Mapping[str, Any] = field(default_factory=dict)
    """JSON facts from before the call, which a proof compares with those after it."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """JSON fields that the answer has besides Conekta's, of what was read before the call."""


@dataclass(frozen=True, kw_only=True)
class LostWrite:
    """What is known of a write whose answer was lost, besides its arguments."""

    state_before: Mapping[str, Any]
    """`Effect.state_before` of the call."""
    mark: str = ""
    """The intent's name, as the call wrote it at `Effect.mark`."""
    since: float = 0.0
    """Unix seconds at Conekta; nothing of this intent was made earlier."""
    until: float = float("inf")
    """Unix seconds at Conekta; nothing of this intent was made later."""
    read_at: float = float("inf")
    """Unix seconds at Conekta when it is read; what is dated later shows that its time is not known."""
    local_window: tuple[float, float] | None = None
    """When it was sent by this machine's clock, should Conekta's time have come from another one."""
    owned_ids: frozenset[str] = frozenset()
    """Ids of what other intents made."""

    @property
    def is_dated(self) -> bool:
        """Whether the time of sending is known by Conekta's clock."""
        return self.since > 0


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a read says about a write whose answer was lost."""

    outcome: Outcome
    answer: Mapping[str, Any] | None = None
    """Conekta's object, where the outcome is applied."""
    declined: Failure | None = None
    """Where the outcome is applied and no money was taken: the failure that the lost answer was."""
    lookup: str | None = None
    """The exact call that will tell, where the outcome is unknown: a tool and its arguments."""


@dataclass(frozen=True, kw_only=True)
class WriteHandler:
    """How one writing tool is handled with care.

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
    """Whether a call's state has to be read even where nobody is asked and the amount is known."""
    twins: tuple[str, ...] = ()
    """The tools by which the same can be done: an idempotency key of one of them is one of all."""
