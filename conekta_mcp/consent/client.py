"""What asking a person needs of the client that made the call; server/elicitation.py has the real one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Answer = Literal["approve", "decline", "unclear"]
"""What a person said; unclear is whatever is neither a plain yes nor a plain no."""


@dataclass(frozen=True, kw_only=True)
class PendingQuestion:
    """A question that is given back as the result of a call; the same call, made anew, brings the answer."""

    text: str
    form: Mapping[str, Any]
    """JSON schema of the answer."""
    state: str
    """The sealed approval that has to come back with the answer."""


class Client(Protocol):
    """The client of one call."""

    @property
    def name(self) -> str | None:
        """The client and its version, as it says; None where it says nothing."""
        ...

    @property
    def can_ask(self) -> bool:
        """Whether the client can put a form to a person."""
        ...

    @property
    def asks_by_result(self) -> bool:
        """Whether a question is a result of the call, as in MCP from 2026-07-28 on."""
        ...

    @property
    def returned_state(self) -> str | None:
        """The state of a `PendingQuestion` that this call brings back; None on a first call."""
        ...

    def read_answer(self) -> Answer:
        """Return what a call that brings a state back says the person answered."""
        ...

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        """Ask during the call, without a time limit of its own.

        Raises:
            NotApproved: the client did not put the question to anybody.
        """
        ...
