"""The resources that a subscriber watches, and which of them an event touches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conekta_mcp.storage.journal import JournalEvent

LIST_EVENTS = frozenset({"customer.created", "customer.updated", "customer.deleted"})
"""resources/list shows the customers by name (domains/all_resources.py)."""


@dataclass(eq=False)
class Watched:
    """The resources that a session or stream of `account` watches, with the id of each."""

    account: str
    subjects: dict[str, str] = field(default_factory=dict)
    has_list: bool = False
    """Whether it wants to be notified of changes of the list."""

    def find_touched(self, event: JournalEvent) -> list[str]:
        """Return the addresses that an event touches; none for another account's event."""
        if event.account != self.account:
            return []
        return [address for address, subject in self.subjects.items() if subject in event.ids]

    def is_list_touched(self, event: JournalEvent) -> bool:
        return self.has_list and event.account == self.account and event.type in LIST_EVENTS
