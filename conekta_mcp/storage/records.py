"""The records of the durable store: claims, caps and exceeded limits."""

from dataclasses import dataclass
from typing import Any, Literal

ClaimState = Literal["claimed", "done", "unknown", "refused", "released", "expired"]
REOPENED_STATES = frozenset({"refused", "released"})
"""States in which nothing was applied: the same intent may be made once more."""
Record = dict[str, Any] | None
"""The audit record as JSON; None for none."""
UNSETTLED_STATES = frozenset({"claimed", "unknown"})


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request of an intent; it is stored before the request leaves."""

    at: float
    """Seconds of the store's clock."""
    wall: float
    """Unix seconds at Conekta, or of this machine where no answer has shown Conekta's."""
    ended: float | None = None
    """Seconds of the store's clock when its end was known; None while running, or if its process died."""
    outcome: str | None = None
    """applied, not_applied or unknown."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One intent to write, stored before its request is sent; its earlier forms stay in its history."""

    account: str
    """The identity of Conekta's account, whichever key acts for it."""
    tool: str
    key: str
    """The idempotency key of the intent."""
    fingerprint: str
    """SHA-256 of what it asks of Conekta: the same key with another digest is a conflict."""
    arguments: str
    """The tool's arguments as JSON, for settling."""
    call: str = ""
    """The id of the call in the audit log."""
    witness: str = "{}"
    """JSON facts from before the request."""
    subject: str | None = None
    owner: str
    """The random id of the call that holds it."""
    fence: int = 1
    """Rises each time another call takes the intent over; an owner with an older number sends nothing."""
    at: float
    """Seconds of the store's clock when it was claimed."""
    until: float
    """Seconds until which its owner may be running; afterwards any call may settle it."""
    state: ClaimState = "claimed"
    """claimed: at work, or its process died; done: `outcome` is final; unknown: to be settled; refused:
    Conekta said no, or it was never applied; released: nothing left this machine; expired: only the key is
    remembered."""
    attempts: tuple[Attempt, ...] = ()
    mark: str = ""
    """The mark in its request; "" if it has none."""
    reopened: int = 0
    """How often it was made again after nothing was applied; part of the key for Conekta."""
    absent_since: float | None = None
    """Seconds since which reads after the last attempt have not found it."""
    outcome: str | None = None
    """applied or not_applied, once it is settled."""
    settled_by: str | None = None
    """reading, resending or a person, if the answer was lost."""
    answer: str = ""
    """The answer as JSON, once it is done, for repeats."""
    made: tuple[str, ...] = ()
    """The ids of what it created: no other intent can have created them."""
    is_abandoned: bool = False
    """Whether its caller left before the answer."""
    spent: str = ""
    """The name of its reservation of limits."""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.account, self.tool, self.key


@dataclass(frozen=True, kw_only=True)
class Cap:
    """One counter that a call adds to, and the most that it may reach."""

    counter: str
    """The name of a counter, such as "refund:test:2026-11-21"."""
    amount: int
    """Centavos to add."""
    most: int | None = None
    """The most centavos that the counter may reach; None if only calls are counted."""
    most_calls: int | None = None


@dataclass(frozen=True, kw_only=True)
class LimitExceeded:
    """A cap that a call would exceed."""

    cap: Cap
    spent: int
    """Centavos counted so far."""
    calls: int
