"""What is known of one writing tool, and the Care that is made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.catalog import Care, Kind, Sender, Stakes
from conekta_mcp.effects.question_text import Facts, Saying
from conekta_mcp.effects.state_reading import Raw, Reading
from conekta_mcp.effects.verify_object import Proving


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an object that is read anew tells of a call."""

    amount: int | None = None
    """Centavos, where the arguments do not say them."""
    currency: str = "MXN"
    ceiling: int | None = None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How one tool is handled."""

    said: Saying
    kind: Kind | Callable[[Any], Kind] = Kind.CHANGE
    subject: str | None = None
    """The argument that names what is acted on."""
    amount: Callable[[Any], int | None] = lambda _: None
    """Centavos, as far as the arguments tell."""
    read: Reading | None = None
    """Reads what is acted on anew."""
    see: Callable[[Any, Raw], Seen] = lambda _, __: Seen()
    """Tells what is at stake, given what was read, {} where nothing is."""
    proof: Proving | None = None

    def kind_of(self, arguments: Any) -> Kind:
        """Give the class of the write."""
        return self.kind if isinstance(self.kind, Kind) else self.kind(arguments)

    @property
    def care(self) -> Care:
        """Give the Care of it."""
        return Care(stakes=self.stakes, prove=self.proof.prove if self.proof else None)

    async def stakes(self, api: Sender, arguments: Any) -> Stakes:
        """Read what is at stake, and note what a proof will need."""
        raw = await self.read(api, arguments) if self.read else None
        witness = await self.proof.witness(api, arguments, raw) if self.proof else {}
        seen = self.see(arguments, raw or {})
        given = self.amount(arguments)
        return Stakes(
            kind=self.kind_of(arguments),
            amount=seen.amount if given is None else given,
            currency=seen.currency,
            ceiling=seen.ceiling,
            subject=getattr(arguments, self.subject) if self.subject else None,
            said=self.said(arguments, seen.facts),
            witness=witness,
        )


def facts_only(facts: Callable[[Any, Raw], Facts]) -> Callable[[Any, Raw], Seen]:
    """Tell what is at stake where no money is: words for the question."""
    return lambda arguments, raw: Seen(facts=facts(arguments, raw))
