"""The records of the durable store: claims, caps and exceeded limits."""

from dataclasses import dataclass
from typing import Literal

ClaimState = Literal["claimed", "done", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One intent to write, stored before its request is sent."""

    account: str
    """The fingerprint of the key that acts."""
    tool: str
    key: str
    """The idempotency key of the intent."""
    fingerprint: str
    """SHA-256 of the tool and its arguments: the same key with other arguments is a conflict."""
    arguments: str
    """The tool's own arguments as JSON, to settle it by."""
    witness: str = "{}"
    """JSON facts from before the request."""
    subject: str | None = None
    owner: str
    """The random name of the call that holds it."""
    at: float
    """Unix seconds when it was claimed."""
    until: float
    """Unix seconds until which its owner may be at work; after that anybody may settle it."""
    state: ClaimState = "claimed"
    """claimed: at work, or its process died; done: `outcome` is final; unknown: to be settled."""
    outcome: str | None = None
    """applied or not_applied, once it is done."""
    answer: str = ""
    """The answer as JSON, once it is done: what a repeat is given."""
    spent: str = ""
    """The reservation of limits that it holds."""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.account, self.tool, self.key


@dataclass(frozen=True, kw_only=True)
class Cap:
    """One counter that a call adds to, and the most that it may reach."""

    counter: str
    """Such as "refund:test:2026-11-21"."""
    amount: int
    """Centavos to add."""
    most: int | None = None
    """Centavos that the counter may reach; None where only calls are counted."""
    most_calls: int | None = None


@dataclass(frozen=True, kw_only=True)
class LimitExceeded:
    """A cap that a call would exceed."""

    cap: Cap
    spent: int
    """Centavos counted so far."""
    calls: int
