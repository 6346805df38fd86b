"""The states of an intent: claimed, repeated, taken over, ended. Lost ones are settled by settling.py."""

import json
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import anyio

from conekta_mcp.api.server_time import ServerTimes
from conekta_mcp.catalog import Verification
from conekta_mcp.effects.reading.new_rows import list_made_ids
from conekta_mcp.settings.table import Settings
from conekta_mcp.settings.terms import DUPLICATE_SECONDS
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import REOPENED_STATES, Claim, Record
from conekta_mcp.writes.idempotency import build_raw_answer
from conekta_mcp.writes.intent_sender import end_attempt, may_still_end, read_boot_time
from conekta_mcp.writes.unsettled import build_expired_key, build_in_progress, build_key_conflict

WAIT_SECONDS = 60.0
POLL_SECONDS = 0.05
LEASE_SECONDS = 90.0
"""Seconds of a lease besides two requests to Conekta: pauses between attempts, and reads."""

Sleep = Callable[[float], Awaitable[None]]
ClaimVerifier = Callable[[Claim], Awaitable[Verification]]
ClaimResender = Callable[[Claim, float], Awaitable[Mapping[str, Any]]]
"""Sends a lost request again with its Idempotency-Key; its wait counts from a monotonic time before that."""
ClaimSettler = Callable[[Claim, float], Awaitable[Claim]]
"""Settles a claim that was taken over, lost at a time of the store's clock."""


@dataclass(frozen=True, kw_only=True)
class Intents:
    """The intents of one server, in a store that replicas share; `lease` is the longest time of one call."""

    store: Store
    clock: Callable[[], float]
    """Unix seconds, for records."""
    lease: float
    sleep: Sleep = anyio.sleep
    monotonic: Callable[[], float] = read_boot_time
    read_server_time: Callable[[str], float | None] = lambda _: None
    """Returns Conekta's unix seconds for the fingerprint of a key; None before its first answer."""
    count_older_answers: Callable[[str], int] = lambda _: 0
    """Returns how many answers to that key were cached: older than others before them."""
    duplicate_window: float = DUPLICATE_SECONDS
    """Seconds; 0 disables the search for equal calls."""

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        store: Store,
        clock: Callable[[], float],
        server_times: ServerTimes,
    ) -> Self:
        return cls(
            store=store,
            clock=clock,
            # Longer than any call: otherwise another process would settle a write that is still being sent.
            lease=2 * settings.timeout + LEASE_SECONDS,
            monotonic=read_boot_time if clock is time.time else clock,
            read_server_time=server_times.read,
            count_older_answers=server_times.count_older_answers,
            duplicate_window=settings.duplicate_window,
        )

    async def await_standing_claim(self, wanted: Claim, settle: ClaimSettler | None) -> Claim | None:
        """Return what stands at the place of `wanted`: done, or one that may be made once more; else None.

        Waits for one that is at work; settles one that was lost. Without `settle` it does neither.

        Raises:
            IdempotencyConflict: it was made with other arguments, or too long ago.
            Unreachable: it is still being made, or its outcome is not known.
        """
        patience = self.monotonic() + WAIT_SECONDS
        while True:
            standing = await self.store.find(wanted.place)
            if standing is None:
                return None
            if standing.state == "expired":
                raise build_expired_key()
            # After a refusal the call may be corrected and repeated: nothing was applied under this key.
            if standing.state in REOPENED_STATES:
                return standing
            if standing.fingerprint != wanted.fingerprint:
                raise build_key_conflict()
            if standing.state == "done":
                return standing
            # A resend or a search needs the arguments exactly as they were sent, not another spelling.
            if standing.arguments != wanted.arguments:
                raise build_key_conflict()
            if settle is None:
                return None
            if settled := await self.settle_if_lost(standing, wanted.owner, settle):
                return settled
            if self.monotonic() >= patience:
                raise build_in_progress(wanted.key)
            await self.sleep(POLL_SECONDS)

    async def refuse_key_of_twin(self, wanted: Claim, twins: Iterable[str]) -> None:
        """Raise IdempotencyConflict if an equivalent tool used this key: it would be done twice."""
        for tool in twins:
            standing = await self.store.find((wanted.account, tool, wanted.key))
            if standing and standing.state not in REOPENED_STATES:
                raise build_key_conflict(tool)

    async def settle_if_lost(self, standing: Claim, owner: str, settle: ClaimSettler) -> Claim | None:
        """Settle a claim that no call works on; None if one does, or settled it first."""
        if standing.state == "claimed" and await self.store.read_time() < standing.until:
            return None
        taken = await self.take_claim(standing, owner)
        if taken is None:
            return None
        try:
            return await settle(taken, standing.until)
        finally:
            with anyio.CancelScope(shield=True):
                await self._give_back(taken, standing.until)

    async def _give_back(self, taken: Claim, lost_at: float) -> None:
        """Leave a claim that was taken, and not settled, to whoever comes next: this one may be cancelled."""
        current = await self.find_held(taken)
        if current and current.state == "claimed":
            # An attempt that was begun since may arrive later than the one that was lost.
            is_new = len(current.attempts) > len(taken.attempts)
            until = await self.store.read_time() if is_new else lost_at
            await self.store.replace(current, replace(current, state="unknown", until=until))

    async def find_held(self, claim: Claim) -> Claim | None:
        """Return a claim as it is in the store, or None if another call has taken it over."""
        current = await self.store.find(claim.place)
        is_held = current is not None and (current.owner, current.fence) == (claim.owner, claim.fence)
        return current if is_held else None

    async def take_claim(self, standing: Claim, owner: str) -> Claim | None:
        """Take over a lost claim in order to settle it; None if another call did so first."""
        until = await self.store.read_time() + self.lease
        taken = replace(standing, owner=owner, state="claimed", until=until, fence=standing.fence + 1)
        return taken if await self.store.replace(standing, taken) else None

    async def finish(
        self,
        claim: Claim,
        answer: Mapping[str, Any],
        *,
        makes_object: bool = True,
        settled_by: str | None = None,
        record: Record = None,
    ) -> Claim:
        """Mark a claim as applied, with what it created and the answer for repeats.

        A failure that took no money gives its reservation back. `record`, here and below, is the same fact
        for the audit log.
        """
        failure = answer.get("failure")
        shown = failure["created"] if failure else answer["raw"]
        done = replace(
            claim,
            state="done",
            outcome="applied",
            settled_by=settled_by,
            attempts=end_attempt(claim, await self.store.read_time(), "applied"),
            # A changed object may have been made by another call whose answer was lost.
            made=list_own_ids(claim, shown) if makes_object else (),
            answer=json.dumps(answer, ensure_ascii=False),
            spent="" if failure else claim.spent,
        )
        return await self._end(claim, done, record, release=claim.spent if failure else "") or done

    async def mark_unknown(
        self, claim: Claim, difference: str | None = None, *, record: Record = None
    ) -> None:
        """Mark that a claim may have been applied; `difference` is what its answer showed instead."""
        outcome = f"unknown: {difference}" if difference else "unknown"
        now = await self.store.read_time()
        lost = replace(
            claim,
            state="unknown",
            until=now,
            attempts=end_attempt(claim, now, outcome),
            absent_since=None,
        )
        await self._end(claim, lost, record)

    async def end_unapplied(self, claim: Claim, *, left: bool, record: Record = None) -> Claim:
        """Mark that nothing was applied and give the reservation back; `left` says whether it was sent."""
        ended = replace(
            claim,
            state="refused" if left else "released",
            outcome="not_applied",
            attempts=end_attempt(claim, await self.store.read_time(), "not_applied"),
            spent="",
        )
        await self._end(claim, ended, record, release=claim.spent)
        return ended

    async def _end(self, claim: Claim, ended: Claim, record: Record, *, release: str = "") -> Claim | None:
        """Return the claim as it ended; None if another call stored its end."""
        old = claim
        for _ in range(2):
            if await self.store.replace(old, ended, release=release, record=record):
                return ended
            standing = await self.store.find(claim.place)
            if standing is None or standing.fence < claim.fence:
                # A Redis may have failed over to a replica that was behind: its maker knows it still.
                if await self.store.claim(claim, over=standing) is not None:
                    break
            elif may_still_end(standing, claim, ended):
                spent = ended.spent and standing.spent
                old, ended = standing, replace(ended, owner=standing.owner, fence=standing.fence, spent=spent)
            else:
                break
        if record:
            # The call that took the claim over stores its end; the audit log still has this call's result.
            await self.store.append(record)
        return None

    async def settle_by_person(self, taken: Claim, *, applied: bool) -> Claim | None:
        """Mark a lost claim as settled by what a person says; None if another call took it over since."""
        told = replace(
            taken,
            state="done" if applied else "refused",
            outcome="applied" if applied else "not_applied",
            settled_by="person",
            answer=json.dumps(build_raw_answer({}, settled=True)) if applied else "",
            spent=taken.spent if applied else "",
        )
        is_ours = await self.store.replace(taken, told, release="" if applied else taken.spent)
        return told if is_ours else None

    async def mark_abandoned(self, claim: Claim) -> None:
        """Mark that the caller left before the answer: an equal call may be a repeat of it."""
        standing = await self.store.find(claim.place)
        if standing and standing.owner == claim.owner:
            await self.store.replace(standing, replace(standing, is_abandoned=True))


def list_own_ids(claim: Claim, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of what a call created, without the ids among its arguments."""
    made = list_made_ids(raw, json.loads(claim.witness))
    return tuple(one for one in made if one not in claim.arguments)
