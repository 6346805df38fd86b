"""The plan of one writing tool, and the one computation of what a call of it does."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any

from conekta_mcp.catalog import Effect, EffectKind, MarkPlace, Recurrence, Sender, WriteHandler
from conekta_mcp.effects.comparison import digest_value
from conekta_mcp.effects.question_text import UNKNOWN_CURRENCY, Facts, QuestionWriter, to_currency
from conekta_mcp.effects.state_reading import Raw, StateReader
from conekta_mcp.effects.touched_ids import collect_ids
from conekta_mcp.effects.verify_object import Verifier

NOTED_IDS = "touches"
"""The key, in the state before a call, of the ids that were read: settling the call locks them too."""
PINNED = "pinned"
"""The key of `Effect.pinned`, which is needed if the call is sent again."""
CONTENT = "content"
"""The key of the digest of a message's content."""


class Unasked(Enum):
    """Why a write with a live key needs no approval by default, in Spanish and English.

    The text only explains: the effect decides. docs/policy.md has a table of these.
    """

    DELETABLE = (
        "un registro sin dinero, que se puede borrar otra vez",
        "a record without money, which can be deleted again",
    )
    CHANGEABLE = (
        "se puede cambiar de vuelta, y nadie paga otra suma",
        "it can be changed back, and nobody pays another sum",
    )
    RESUMABLE = (
        "detiene cobros; se pueden reanudar, y eso se pregunta",
        "it stops billing, which can be resumed, and that is asked about",
    )


@dataclass(frozen=True, kw_only=True)
class ObservedState:
    """What the object, read just before the call, says about the effect of the call."""

    amount: int | None = None
    """Centavos, if the arguments do not have them."""
    currency: str | None = "MXN"
    """None if only the object has it, and it was not read."""
    ceiling: int | None = None
    is_amount_knowable: bool = True
    recurrence: Recurrence | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    payer: str | None = None
    payee: str | None = None
    current: Mapping[str, Any] = field(default_factory=dict)
    """How the object is now; a refusal shows it."""
    facts: Facts = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    """What the answer adds, so that it is told even if nobody was asked."""


@dataclass(frozen=True, kw_only=True)
class WritePlan:
    """How one tool is asked about, limited, locked and verified."""

    question: QuestionWriter
    kind: EffectKind | Callable[[Any], EffectKind] = EffectKind.CHANGE
    subject: str | None = None
    """The argument that names the object, for the audit log."""
    touches: Callable[[Any], Iterable[str]] = collect_ids
    """The ids among the arguments: every value whose type is an id."""
    touches_read: Callable[[Raw], Iterable[str]] = lambda _: ()
    """More ids that the call changes, found in what was read."""
    amount: Callable[[Any], int | None] = lambda _: None
    """Centavos, as far as the arguments say."""
    read: StateReader | None = None
    """Reads the object just before the call."""
    observe: Callable[[Any, Raw], ObservedState] = lambda _, __: ObservedState()
    """What the call does to the object that was read; {} if nothing was read."""
    verifier: Verifier | None = None
    unproved: str = ""
    """Why no read can tell whether the call was applied; set only if there is no verifier."""
    is_reversible: bool | Callable[[Any], bool] = True
    """Whether another call can undo it."""
    unasked: Unasked | None = None
    """Why nobody is asked about it by default; None if a person is asked."""
    asked_about: tuple[str, ...] = ()
    """With `unasked`: the arguments about which a person is asked all the same."""
    decides_destination: bool | Callable[[Any], bool] = False
    """Whether it decides who gets money or data."""
    pin: Callable[[Any, Raw], Mapping[str, Any]] = lambda _, __: {}
    """Omitted arguments, with the values of the object that was read: sending them fixes the amount."""
    mark: MarkPlace | None = None
    """The field of the body for the mark of the intent."""
    content: Callable[[Raw], Any] | None = None
    """For a message: its content, given what was read. Other content makes it another message."""
    rests_on: Callable[[Any, Raw], Any] = lambda _, __: None
    """What an approval covers besides the question, such as the card of a subscription."""
    needs_state: bool | Callable[[Any], bool] = True
    """Whether the object is read even if nobody is asked; False if only the question needs it."""
    expect_answer: Callable[[Any, Raw], Mapping[str, Any]] = lambda _, __: {}
    """What the answer has to show, given the arguments and what was read; {} if nothing was read."""

    @property
    def handler(self) -> WriteHandler:
        """What the path of a write needs of this plan."""
        return WriteHandler(
            compute_effect=self.compute_effect,
            read_effect=self.read_effect,
            list_touches=self.list_touches,
            verify=self.verifier.verify if self.verifier else None,
            needs_state=partial(_decide, self.needs_state),
            makes_object=self.makes_object,
        )

    @property
    def makes_object(self) -> bool:
        """Whether the call makes an object, which reading finds as a new row."""
        return self.verifier is not None and self.verifier.new_row is not None

    def compute_effect(self, arguments: Any, state: Raw | None) -> Effect:
        """Compute what a call does; without the state, as far as its arguments say."""
        seen, given = self.observe(arguments, state or {}), self.amount(arguments)
        is_read = self.read is None or state is not None
        return Effect(
            kind=self.kind if isinstance(self.kind, EffectKind) else self.kind(arguments),
            amount=seen.amount if given is None else given,
            currency=_get_currency(seen, state),
            is_currency_known=is_read or seen.currency is not None,
            is_amount_knowable=seen.is_amount_knowable,
            ceiling=seen.ceiling,
            recurrence=seen.recurrence,
            before=seen.before,
            after=seen.after,
            payer=seen.payer,
            payee=seen.payee,
            current=seen.current,
            is_reversible=_decide(self.is_reversible, arguments),
            decides_destination=_decide(self.decides_destination, arguments),
            expected=self.expect_answer(arguments, state or {}),
            mark=self.mark,
            makes_object=self.makes_object,
            pinned=self.pin(arguments, state) if state else {},
            subject=getattr(arguments, self.subject) if self.subject else None,
            touches=self.list_touches(arguments, state),
            question=self.question(arguments, seen.facts) if is_read else {},
            rests_on=self._digest_ground(arguments, state),
            told=seen.told,
        )

    def _digest_ground(self, arguments: Any, state: Raw | None) -> str:
        if state is None:
            return ""
        ground = [self.content(state) if self.content else None, self.rests_on(arguments, state)]
        return "" if ground == [None, None] else digest_value(ground)

    def list_touches(self, arguments: Any, state: Raw | None) -> frozenset[str]:
        """Return the ids that a call touches: those of its arguments, and those in the object read."""
        return frozenset((*self.touches(arguments), *self.touches_read(state or {})))

    async def read_effect(self, api: Sender, arguments: Any) -> Effect:
        """Read the object, compute the effect, and note what a later verification needs."""
        state = await self.read(api, arguments) if self.read else None
        noted = await self.verifier.read_state_before(api, arguments, state) if self.verifier else {}
        effect = self.compute_effect(arguments, state)
        more = {
            NOTED_IDS: sorted(self.touches_read(state or {})),
            PINNED: dict(effect.pinned),
            CONTENT: digest_value(self.content(state)) if self.content and state else "",
        }
        kept = {name: value for name, value in more.items() if value}
        return replace(effect, state_before={**noted, **kept} if kept else noted)


def pin_arguments(arguments: Any, state_before: Mapping[str, Any]) -> Any:
    """Return the arguments to send: omitted ones get the values of the object that was judged."""
    return arguments.model_copy(update=state_before.get(PINNED, {}))


def has_same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two equal calls send the same content, as far as both noted it."""
    contents = {state[CONTENT] for state in (one, other) if state.get(CONTENT)}
    return len(contents) <= 1


def list_touched_ids(
    handler: WriteHandler, arguments: Any, state_before: Mapping[str, Any]
) -> frozenset[str]:
    """Return the ids that a call touches: those among its arguments, and those noted before it."""
    return handler.list_touches(arguments, None).union(state_before.get(NOTED_IDS, ()))


def _decide(rule: bool | Callable[[Any], bool], arguments: Any) -> bool:
    return rule if isinstance(rule, bool) else rule(arguments)


def _get_currency(seen: ObservedState, state: Raw | None) -> str:
    """Return the currency; MXN is assumed only if the object that has it was not read."""
    if seen.currency is None:
        return "MXN" if state is None else UNKNOWN_CURRENCY
    return to_currency(seen.currency)


def observe_facts(facts: Callable[[Any, Raw], Facts]) -> Callable[[Any, Raw], ObservedState]:
    """Return an `observe` function for a call that moves no money: it returns only texts for the question."""
    return lambda arguments, raw: ObservedState(facts=facts(arguments, raw))
