"""The interface of an MCP client that can ask a person; server/elicitation.py implements it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conekta_mcp.consent.pending.record import PendingApproval

Answer = Literal["approve", "decline", "closed", "unclear"]
"""What a person answered; a form that is closed is a no, and unclear is whatever is neither yes nor no."""


@dataclass(frozen=True, kw_only=True)
class PendingQuestion:
    """A question returned as the result of a call; the same call, repeated, brings the answer."""

    text: str
    form: Mapping[str, Any]
    """JSON schema of the answer."""
    state: str
    """The sealed approval that has to come back with the answer."""


@dataclass(frozen=True, kw_only=True)
class PendingCard:
    """A question returned on a card: the client shows it, and its buttons answer with the secret."""

    approval: PendingApproval
    secret: str
    """Stands only where the model does not read: in the `_meta` of the result."""
    asked_at: float
    """Unix seconds, by the store's clock."""
    message: str
    """What the model is told."""
    hint: str
    retry_after_s: int


AwaitedAnswer = PendingQuestion | PendingCard


class Client(Protocol):
    @property
    def name(self) -> str | None:
        """Return the client and its version as it reports them, None if it does not."""
        ...

    @property
    def session(self) -> str:
        """Return the name of its session: of this process over stdio, of caller and session over HTTP."""
        ...

    @property
    def can_ask(self) -> bool: ...

    @property
    def shows_cards(self) -> bool:
        """Return whether it declared that it shows cards (the extension MCP Apps)."""
        ...

    @property
    def is_patient(self) -> bool:
        """Return whether it waits for a call that takes a person's time: it asked for progress, say."""
        ...

    @property
    def has_departed(self) -> bool:
        """Return whether the client is known to have hung up, so that it will not see the answer."""
        ...

    @property
    def asks_by_result(self) -> bool:
        """Return whether a question is a result of the call, as in MCP from 2026-07-28 on."""
        ...

    @property
    def returned_state(self) -> str | None:
        """Return the state of a `PendingQuestion` that this call brings back, None on a first call."""
        ...

    def read_answer(self) -> Answer: ...

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        """Ask during the call, without a timeout; raise NotApproved if the client asked nobody."""
        ...

    async def report_waiting(self, message: str, seconds: float) -> None:
        """Tell whoever watches the call that it waits for a person, `seconds` after it began to."""
        ...
