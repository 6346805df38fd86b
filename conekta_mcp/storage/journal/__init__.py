"""The journal of events received by webhook: each event once, numbered, with a maximum age and number."""

import json
from dataclasses import dataclass
from typing import Any, Protocol, Self


@dataclass(frozen=True)
class JournalEvent:
    """What is stored of an event: its type, and the ids it touches, but none of its content."""

    account: str
    """The identity of the account whose webhook key signed it (accounts/identity.py)."""
    id: str
    type: str
    """Such as order.paid."""
    ids: tuple[str, ...]
    """The object of the event, and the ids in it: order, customer, link, subscription."""
    at: float
    """Unix seconds at which it was received."""
    created_at: int | None = None
    """Unix seconds at Conekta; events arrive in any order."""
    number: int = 0
    """The number in the journal; later events have greater numbers."""

    def to_text(self) -> str:
        kept = {"type": self.type, "ids": self.ids, "at": self.at, "created_at": self.created_at}
        return json.dumps({"account": self.account, "id": self.id, **kept})

    @classmethod
    def from_text(cls, text: str, number: int) -> Self:
        kept: dict[str, Any] = json.loads(text)
        return cls(**{**kept, "ids": tuple(kept["ids"])}, number=number)


class EventJournal(Protocol):
    """The journal of a store; every method is atomic across processes and replicas."""

    async def add(self, event: JournalEvent, seconds: float, most: int) -> bool:
        """Add `event` for `seconds`, durable when it returns; False if the account had one of its id.

        Only the newest `most` events are kept.
        """
        ...

    async def read_end(self) -> int:
        """Return the number of the event that was added last, 0 before the first."""
        ...

    async def list_after(self, number: int, limit: int) -> list[JournalEvent]:
        """Return at most `limit` events after `number`, in the order in which they were added."""
        ...

    async def find_latest(self) -> JournalEvent | None: ...
