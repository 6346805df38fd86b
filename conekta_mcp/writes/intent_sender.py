"""Sends the request of an intent with its key and its mark, unless another call took the intent over."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import MarkPlace, Operation, Request, Sender, Tool
from conekta_mcp.effects.intent_mark import build_mark, is_marked, write_mark
from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import REOPENED_STATES, Attempt, Claim
from conekta_mcp.writes.unsettled import build_lost_fence, build_waited_too_long

FENCE_SECONDS = 5.0
"""How long a confirmation of the fence is valid, by a monotonic clock."""
MAX_WAIT_SECONDS = 60.0
"""How long a call may wait between claim and request: audit, store, connection."""


def read_boot_time() -> float:
    """Return seconds from a clock that goes on while the machine sleeps, if the system has one."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Fence:
    """Confirms, before a request is sent, that the store still holds this claim."""

    def __init__(
        self,
        store: Store,
        claim: Claim,
        lease: float,
        monotonic: Callable[[], float],
        begun_at: float,
        confirm_locks: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Count from `begun_at` of the monotonic clock, which is read before the claim is stored.

        A process that is stopped just after it would else take the moment in which it wakes for the claim's.
        `confirm_locks` returns whether the call still holds the locks under which it was judged.
        """
        self.claim = claim
        """The claim as it stands in the store, for who notes how it ended."""
        self._store, self._lease, self._monotonic = store, lease, monotonic
        self._begun_at = self._confirmed_at = begun_at
        self._confirm_locks = confirm_locks
        self.has_sent = False
        self.is_lost = False
        """Whether another call has taken the intent over."""

    async def confirm(self) -> None:
        """Confirm fence number and locks, unless that was done just now; called before each request leaves.

        Raises:
            Unreachable: another call took the intent over, or this one waited too long. Nothing is sent.
            StoreUnavailable: the store does not confirm it. Nothing is sent either.
        """
        try:
            await self._confirm_claim()
        except StoreUnavailable as failure:
            failure.outcome = "not_applied"  # of this request: an earlier one of the call may have arrived
            raise
        self.has_sent = True

    async def _confirm_claim(self) -> None:
        now = self._monotonic()
        if not self.has_sent and now - self._begun_at > MAX_WAIT_SECONDS:
            await self._renew_lease()  # whoever took it over may have made it: then it is not for us to say
            raise build_waited_too_long(self.claim.key)
        if now - self._confirmed_at > FENCE_SECONDS:
            await self._renew_lease()
            self._confirmed_at = now  # read before: the process may have been stopped since
        if self._confirm_locks and not await self._confirm_locks():
            raise build_waited_too_long(self.claim.key)

    async def _renew_lease(self) -> None:
        # Compare-and-set succeeds only with our fence number, so nobody took the claim over.
        renewed = replace(self.claim, until=await self._store.read_time() + self._lease)
        if not await self._store.replace(self.claim, renewed):
            self.is_lost = True
            raise build_lost_fence(self.claim.key)
        self.claim = renewed


class IntentSender:
    """Sends the requests of one intent."""

    def __init__(self, api: Sender, claim: Claim, mark_place: MarkPlace | None, fence: Fence | None) -> None:
        self._api, self._mark_place, self._fence = api, mark_place, fence
        self._key = digest_key(claim.account, claim.tool, claim.key, claim.reopened)
        self._mark = claim.mark

    async def send(self, request: Request) -> dict[str, Any]:
        """Send `request`; a write carries the intent's key, if Conekta accepts one, and its mark."""
        if not request.writes:
            return await self._api.send(request)
        confirm = self._fence.confirm if self._fence else None
        written = replace(request, before_sending=confirm)
        if request.accepts_key:
            written = replace(written, idempotency_key=self._key)
        if self._mark_place and self._mark:
            written = write_mark(written, self._mark_place, self._mark)
        return await self._api.send(written)


def choose_mark(tool: Tool[Any], arguments: Any, claim: Claim, place: MarkPlace | None) -> str:
    """Return the mark for the request of an intent; "" if its body has no place for one."""
    if place is None or not isinstance(tool, Operation):
        return ""
    mark = build_mark(claim.account, claim.tool, claim.key)
    return mark if is_marked(write_mark(tool.build_request(arguments), place, mark), place, mark) else ""


def digest_key(account: str, tool: str, key: str, reopened: int = 0) -> str:
    """Return the Idempotency-Key of an intent; a retry after a refusal gets another one.

    The account is part of it: Conekta may keep the keys of all children of a holding company together, and
    would answer one child with the order of another.
    """
    again = f" {reopened}" if reopened else ""
    return hashlib.sha256(f"{account} {tool} {key}{again}".encode()).hexdigest()[:40]


def begin_attempt(now: float, wall: float) -> Attempt:
    return Attempt(at=now, wall=wall)


def end_attempt(claim: Claim, now: float, outcome: str) -> tuple[Attempt, ...]:
    """Return the attempts of a claim with the last one ended at `now` of the store's clock."""
    if not claim.attempts:
        return ()
    return (*claim.attempts[:-1], replace(claim.attempts[-1], ended=now, outcome=outcome))


def may_still_end(standing: Claim, claim: Claim, ended: Claim) -> bool:
    """Tell whether what stands in the place of `claim` is still to be ended as `ended`.

    The answer to a renewal may have been lost. And others may have given the claim up while its process was
    stopped: if it was answered all the same, neither a reading nor a person's word outweighs that.
    """
    if (standing.owner, standing.fence) == (claim.owner, claim.fence):
        return standing.state == "claimed"
    is_given_up = standing.state == "unknown" or standing.state in REOPENED_STATES
    return ended.state == "done" and is_given_up and len(standing.attempts) == len(claim.attempts)
