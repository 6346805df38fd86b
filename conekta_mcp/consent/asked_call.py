"""A call that needs an approval, and the approval that it was given."""

import json
from dataclasses import dataclass
from hashlib import sha256

from conekta_mcp.consent.approvals import ApprovalScope
from conekta_mcp.consent.client import Client
from conekta_mcp.consent.pending.record import Channel, PendingApproval
from conekta_mcp.consent.question import ApprovalRequest, write_questions


@dataclass(frozen=True, kw_only=True)
class GrantedApproval:
    how: Channel
    """The channel; docs/approvals.md says how strong each one is."""
    id: str
    by: str | None = None
    """Who approved, as far as the channel knows."""

    @property
    def description(self) -> str:
        """Who approved and how, for the audit log."""
        if self.how == "client":
            return "approved"
        return f"{self.how}: {self.by}" if self.by and self.how in {"inbox", "terminal"} else self.how


@dataclass(frozen=True)
class AskedCall:
    """A call that needs an approval: the question, the client, and what the approval would allow."""

    request: ApprovalRequest
    client: Client
    text: str
    bound: ApprovalScope

    @property
    def call(self) -> str:
        """The digest that two calls must share to share an approval."""
        return _hash_parts([self.bound.call, self.request.caller, self.request.key])

    @property
    def effect(self) -> str:
        return _hash_parts([self.bound.question, dict(self.request.warning)])

    def draft_approval(
        self, approval_id: str, now: float, lifetime: float, channels: tuple[Channel, ...], *, four_eyes: bool
    ) -> PendingApproval:
        """Return the pending approval to store, which can be answered on `channels`."""
        return PendingApproval(
            id=approval_id,
            call=self.call,
            effect=self.effect,
            tool=self.request.tool,
            account=self.request.account,
            caller=self.request.caller,
            question=write_questions(self.request),
            facts=self.request.facts,
            created_at=now,
            expires_at=now + lifetime,
            channels=channels,
            caller_key=self.request.caller_key,
            four_eyes=four_eyes,
        )


def _hash_parts(parts: list[object]) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
