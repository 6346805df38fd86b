"""One call that needs a yes, and the yes that it was given."""

import json
from dataclasses import dataclass
from hashlib import sha256

from conekta_mcp.consent.approvals import ApprovalScope
from conekta_mcp.consent.client import Client
from conekta_mcp.consent.pending.record import Channel
from conekta_mcp.consent.question import ApprovalRequest


@dataclass(frozen=True, kw_only=True)
class GrantedApproval:
    """A person's yes."""

    how: Channel
    """On which channel; docs/approvals.md says how strong each is."""
    id: str
    by: str | None = None
    """Who said it, as far as the channel knows."""

    @property
    def description(self) -> str:
        """What the audit says of it."""
        if self.how == "client":
            return "approved"
        return f"{self.how}: {self.by}" if self.by and self.how in {"inbox", "terminal"} else self.how


@dataclass(frozen=True)
class AskedCall:
    """One call that needs a yes: what is asked, of which client, and what a yes to it allows."""

    request: ApprovalRequest
    client: Client
    text: str
    bound: ApprovalScope

    @property
    def call(self) -> str:
        """The digest of what has to be the same for a call to join a standing approval."""
        return _hash_parts([self.bound.call, self.request.caller, self.request.key])

    @property
    def effect(self) -> str:
        return _hash_parts([self.bound.question, dict(self.request.warning)])


def _hash_parts(parts: list[object]) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
