"""The interface of an MCP client that can ask a person; server/elicitation.py implements it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conekta_mcp.consent.pending.record import PendingApproval

Answer = Literal["approve", "decline", "closed", "unclear"]
"""A person's answer; a closed form is a no, and anything but yes and no is unclear."""


@dataclass(frozen=True, kw_only=True)
class PendingQuestion:
    """A question returned as the result of a call; the same call, repeated, brings the answer."""

    text: str
    form: Mapping[str, Any]
    """JSON schema of the answer."""
    state: str
    """The sealed approval that has to be returned with the answer."""


@dataclass(frozen=True, kw_only=True)
class PendingCard:
    """A question returned on a card: the client shows it, and its buttons answer with the secret."""

    approval: PendingApproval
    secret: str
    """Written only to the result's `_meta`, which the model does not read."""
    asked_at: float
    """Unix seconds, by the store's clock."""
    message: str
    """The text for the model."""
    hint: str
    retry_after_s: int


AwaitedAnswer = PendingQuestion | PendingCard


class Client(Protocol):
    @property
    def name(self) -> str | None:
        """Name and version of the client as it reports them; None if it does not."""
        ...

    @property
    def session(self) -> str:
        """The name of its session: of this process over stdio, of caller and session over HTTP."""
        ...

    @property
    def can_ask(self) -> bool: ...

    @property
    def shows_cards(self) -> bool:
        """Whether it declared that it shows cards (the MCP Apps extension)."""
        ...

    @property
    def is_patient(self) -> bool:
        """Whether it waits for a call that takes minutes, for example because it asked for progress."""
        ...

    @property
    def has_departed(self) -> bool:
        """Whether the client is known to have disconnected, so that it will not see the answer."""
        ...

    @property
    def asks_by_result(self) -> bool:
        """Whether a question is returned as the result of the call (MCP from 2026-07-28 on)."""
        ...

    @property
    def returned_state(self) -> str | None:
        """The state of a `PendingQuestion` that this call brings back; None on a first call."""
        ...

    def read_answer(self) -> Answer: ...

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        """Ask during the call, without a timeout; raise NotApproved if the client did not ask anybody."""
        ...

    async def report_waiting(self, message: str, seconds: float) -> None:
        """Report progress: the call has waited for a person for `seconds`."""
        ...
