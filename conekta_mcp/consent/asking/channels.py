"""The channels on which this process can ask a person, and how long a call waits for an answer."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from conekta_mcp.consent.client import Client
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.settings.approvals import CHANNELS, Channel

PATIENT_SECONDS, HASTY_SECONDS = 45.0, 4.0
"""How long a call waits for a person, unless the operator sets it.

Clients that wait give up after 60 s at the earliest; others after 5 s, and lose the answer with the call.
"""
FORM_SECONDS = 5.0
"""How long a form or card may take to appear before a browser is opened as well."""


class BrowserPage(Protocol):
    """The page that this process opens on the computer it runs on (pages/loopback/page.py)."""

    async def show(self, approval: PendingApproval) -> bool:
        """Open the page of an approval; return False if no browser can be opened."""
        ...

    async def close(self) -> None:
        """Stop serving pages, at the end of the process."""
        ...


class TerminalPrompt(Protocol):
    """The terminal in which the waiting call was made (conekta-mcp call)."""

    async def ask(self, approval: PendingApproval) -> None:
        """Ask and store the answer; return without one if nobody answers."""
        ...


class Inbox(Protocol):
    """The inbox of an HTTP server (pages/approvers/presence.py): a channel while an approver can sign in."""

    @property
    def is_open(self) -> bool: ...

    async def refresh(self) -> bool:
        """Look up whether an approver can sign in now."""
        ...


class Announcer(Protocol):
    """Announces a pending approval (--approval-webhook) without delaying the call."""

    def announce(self, approval: PendingApproval) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Channels:
    """The channels of one process."""

    allowed: frozenset[Channel] = frozenset(CHANNELS)
    """The channels that the operator allows (--approval-channels); a channel also has to exist."""
    four_eyes: bool = False
    """Whether the caller may not approve their own call (--four-eyes)."""
    browser: BrowserPage | None = None
    has_inbox: bool = False
    """Whether there is always an inbox; `inbox` may open and close."""
    inbox: Inbox | None = None
    root_path: str = ""
    """The prefix under which a proxy serves the inbox, such as /conekta."""
    has_terminal: bool = False
    has_preview: bool = False
    announcer: Announcer | None = None
    prompt: TerminalPrompt | None = None
    wait_seconds: float | None = None
    """How long a call waits; None depends on the client."""

    async def refresh(self) -> None:
        """Look up which channels exist now; called before `list_for`."""
        if self.inbox is not None and "inbox" in self.allowed:
            await self.inbox.refresh()

    @property
    def is_inbox_open(self) -> bool:
        return self.has_inbox or (self.inbox is not None and self.inbox.is_open)

    def may_act_on(self, approval: PendingApproval) -> bool:
        """Return whether this process may act on an approval that was asked under other settings."""
        if self.four_eyes and not approval.four_eyes:
            return False
        if approval.state == "approved":
            return approval.channel in self.allowed
        return self.allowed.issuperset(approval.channels)

    def list_for(self, client: Client, silent: Collection[str] = ()) -> list[Channel]:
        """Return the channels that exist for a client, in order; `silent` names sessions that never answer.

        Where a client's own form is the only channel, it is asked again though it was silent.
        """
        exists: dict[Channel, bool] = {
            "client": client.can_ask and client.session not in silent,
            "card": client.shows_cards,
            "browser": self.browser is not None,
            "inbox": self.is_inbox_open,
            "terminal": self.has_terminal or self.prompt is not None,
            "preview": self.has_preview and not client.can_ask,
        }
        found = [one for one in CHANNELS if exists[one] and one in self.allowed]
        return found or (["client"] if client.can_ask and "client" in self.allowed else [])

    def choose_wait(self, client: Client, offered: list[Channel], lifetime: float) -> float:
        """Return how many seconds a call waits for an answer."""
        if offered == ["client"]:  # nothing else could bring an answer later
            return lifetime
        if self.prompt and "terminal" in offered:  # the person is there
            return lifetime
        if self.wait_seconds is not None:
            return self.wait_seconds
        # A client that shows a form of its own waits for it, whatever it is called.
        return PATIENT_SECONDS if client.is_patient or "client" in offered else HASTY_SECONDS
