"""The record of one approval, from the question to its one use."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from conekta_mcp.settings.approvals import CHANNELS, Channel

__all__ = ["Channel", "PendingApproval", "format_approval", "parse_approval"]

ApprovalState = Literal["created", "shown", "approved", "declined", "expired", "spent"]
"""created: nobody saw it yet; shown: a person sees it; spent: the approved call was carried out."""
OPEN_STATES: frozenset[ApprovalState] = frozenset({"created", "shown"})


@dataclass(frozen=True, kw_only=True)
class PendingApproval:
    """One question to a person, and its outcome; times in unix seconds by the store's clock."""

    id: str
    """24 hexadecimal digits; neither a secret nor a right to answer."""
    call: str
    """The digest of caller, account, tool, arguments and key: an equal call shares this approval."""
    effect: str
    """The digest of what the person is shown; another effect needs another approval."""
    tool: str
    account: str
    """The account at Conekta, by its name in the store."""
    caller: str
    """The fingerprint of the acting key; with --four-eyes its holder may not approve."""
    caller_key: str = ""
    """The fingerprint of the key without the child company."""
    four_eyes: bool = False
    """Whether the asking server refuses an approval by the caller (--four-eyes), on every channel."""
    question: Mapping[str, str]
    """The complete question by language."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further facts for a page: kind, amount, currency, recurrence, before, after, profile, mode."""
    state: ApprovalState = "created"
    created_at: float
    expires_at: float
    shown_at: float | None = None
    decided_at: float | None = None
    decided_by: str | None = None
    """Who decided: the name of an approver, or the user of a terminal."""
    channel: Channel | None = None
    """Where it was decided."""
    channels: tuple[Channel, ...] = CHANNELS
    """The channels on which it may be decided: those that the asking process allows."""
    result: Mapping[str, Any] | None = None
    """The outcome if this server carried it out (--approval-executes): outcome, id, message."""
    card_secrets: tuple[str, ...] = ()
    """The digests of the secrets of cards (consent/pending/cards.py)."""

    def is_call_of(self, keys: Collection[str]) -> bool:
        """Tell whether it was asked with one of these keys, given their fingerprints in any case."""
        return not {self.caller, self.caller_key}.isdisjoint(one.lower() for one in keys)

    def is_open(self, now: float) -> bool:
        """Tell whether a person can still answer."""
        return self.state in OPEN_STATES and now < self.expires_at

    def is_usable(self, now: float) -> bool:
        """Tell whether the call may be carried out."""
        return self.state == "approved" and now < self.expires_at

    @property
    def stage(self) -> str:
        """The state, and whether the outcome is known; a page with another value is out of date."""
        return f"{self.state}-ended" if self.result is not None else self.state

    def may_go_on(self, now: float) -> bool:
        """Tell whether an approval can still change: be used, or get the outcome of its call."""
        return self.state in {"approved", "spent"} and self.result is None and now < self.expires_at

    def describe_decision(self) -> str:
        """Return who decided and where; without a decision, where it could be answered."""
        if self.channel is None:
            return f"no answer by {', '.join(self.channels)}"
        # Pages and cards do not know who answers.
        return self.channel if self.decided_by == self.channel else f"{self.channel}: {self.decided_by}"

    def decide(self, *, approved: bool, at: float, by: str, channel: Channel) -> "PendingApproval":
        state: ApprovalState = "approved" if approved else "declined"
        return replace(self, state=state, decided_at=at, decided_by=by, channel=channel)


def format_approval(approval: PendingApproval) -> str:
    return json.dumps(vars(approval), ensure_ascii=False, sort_keys=True)


def parse_approval(text: str) -> PendingApproval:
    kept = json.loads(text)
    lists = {name: tuple(kept[name]) for name in ("card_secrets", "channels") if name in kept}
    return PendingApproval(**{**kept, **lists})
