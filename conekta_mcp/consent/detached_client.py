"""The client of a call that is carried out after the real client stopped waiting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conekta_mcp.consent.client import Answer
from conekta_mcp.consent.refusals import build_unasked_question


@dataclass(frozen=True, kw_only=True)
class DetachedClient:
    """Implements `conekta_mcp.consent.client.Client` with an approval already given; never asks."""

    session: str
    name: str | None = None
    can_ask: bool = False
    shows_cards: bool = False
    is_patient: bool = False
    has_departed: bool = True
    """True: nobody sees the answer, so an equal call will get it."""
    asks_by_result: bool = False
    returned_state: str | None = None

    def read_answer(self) -> Answer:
        return "unclear"

    async def ask(self, _question: str, _form: Mapping[str, Any]) -> Answer:
        raise build_unasked_question()

    async def report_waiting(self, _message: str, _seconds: float) -> None:
        return
