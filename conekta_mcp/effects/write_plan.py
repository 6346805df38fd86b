"""What is known of one writing tool, and the Care that is made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.catalog import Effect, EffectKind, Sender, WriteHandler
from conekta_mcp.effects.question_text import Facts, QuestionWriter
from conekta_mcp.effects.state_reading import Raw, StateReader
from conekta_mcp.effects.verify_object import Verifier


@dataclass(frozen=True, kw_only=True)
class ObservedState:
    """What an object that is read anew tells of a call."""

    amount: int | None = None
    """Centavos, where the arguments do not say them."""
    currency: str = "MXN"
    ceiling: int | None = None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WritePlan:
    """How one tool is handled."""

    question: QuestionWriter
    kind: EffectKind | Callable[[Any], EffectKind] = EffectKind.CHANGE
    subject: str | None = None
    """The argument that names what is acted on."""
    amount: Callable[[Any], int | None] = lambda _: None
    """Centavos, as far as the arguments tell."""
    read: StateReader | None = None
    """Reads what is acted on anew."""
    observe: Callable[[Any, Raw], ObservedState] = lambda _, __: ObservedState()
    """Tells what is at stake, given what was read, {} where nothing is."""
    verifier: Verifier | None = None

    def get_kind(self, arguments: Any) -> EffectKind:
        """Give the class of the write."""
        return self.kind if isinstance(self.kind, EffectKind) else self.kind(arguments)

    @property
    def handler(self) -> WriteHandler:
        """Give the Care of it."""
        return WriteHandler(
            read_effect=self.read_effect, verify=self.verifier.verify if self.verifier else None
        )

    async def read_effect(self, api: Sender, arguments: Any) -> Effect:
        """Read what is at stake, and note what a proof will need."""
        raw = await self.read(api, arguments) if self.read else None
        witness = await self.verifier.read_state_before(api, arguments, raw) if self.verifier else {}
        seen = self.observe(arguments, raw or {})
        given = self.amount(arguments)
        return Effect(
            kind=self.get_kind(arguments),
            amount=seen.amount if given is None else given,
            currency=seen.currency,
            ceiling=seen.ceiling,
            subject=getattr(arguments, self.subject) if self.subject else None,
            question=self.question(arguments, seen.facts),
            state_before=witness,
        )


def observe_facts(facts: Callable[[Any, Raw], Facts]) -> Callable[[Any, Raw], ObservedState]:
    """Tell what is at stake where no money is: words for the question."""
    return lambda arguments, raw: ObservedState(facts=facts(arguments, raw))
