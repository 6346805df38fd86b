"""A fake client for tests of consent: what it declares, and what its person answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio

from conekta_mcp.consent.client import Answer


@dataclass
class FakeClient:
    """Implements `conekta_mcp.consent.client.Client`; by default it declares nothing, as Claude Desktop."""

    name: str | None = "a-client 1.0"
    session: str = "session-1"
    can_ask: bool = False
    shows_cards: bool = False
    is_patient: bool = False
    has_departed: bool = False
    asks_by_result: bool = False
    returned_state: str | None = None
    answer: Answer | None = None
    """What its form answers; None: nobody ever does."""
    before: Callable[[], Any] = lambda: None
    """What happens before its form is answered."""
    asked: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)

    def read_answer(self) -> Answer:
        return self.answer or "unclear"

    async def ask(self, question: str, form: Mapping[str, Any]) -> Answer:
        assert form["required"] == ["approve"]
        self.asked.append(question)
        if self.answer is None:
            await anyio.sleep_forever()
        self.before()
        return self.answer or "unclear"

    async def report_waiting(self, message: str, seconds: float) -> None:
        assert seconds >= 0
        self.reported.append(message)
