"""Settles an intent whose answer was lost: reads, sends again under its key, or waits for absence."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conekta_mcp.accounts.livemode import Mode, find_other_mode
from conekta_mcp.catalog import LostWrite, MarkPlace, Operation, Sender, Tool, Verification, WriteHandler
from conekta_mcp.effects.answer_check import find_difference
from conekta_mcp.effects.intent_mark import has_mark
from conekta_mcp.effects.write_plan import pin_arguments
from conekta_mcp.errors import Failure
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.assessment import WriteSafeguards
from conekta_mcp.writes.call import Call, build_settlement_entry
from conekta_mcp.writes.idempotency import build_failure_answer, build_raw_answer
from conekta_mcp.writes.intent_sender import Fence, IntentSender, begin_attempt
from conekta_mcp.writes.intents import (
    ClaimResender,
    ClaimVerifier,
    Intents,
)
from conekta_mcp.writes.sending import doubt_decline, find_other_maker
from conekta_mcp.writes.unsettled import build_other_answer, build_unknown_outcome

QUIET_SECONDS = 120.0
"""How long after its last attempt a lost write may still arrive; earlier reads prove nothing."""
ABSENCE_SECONDS = 60.0
"""How much time has to lie between two reads before absence counts."""
KEY_SECONDS = 3600.0
"""How long we rely on Conekta to remember an Idempotency-Key, which is not documented."""
EARLY_SECONDS, LATE_SECONDS = 30.0, 300.0
"""How far before the first and after the last attempt Conekta may date the object."""
DAY_SECONDS = 86_400.0

SettlementNoter = Callable[[Claim], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Settler:
    """Settles lost claims of one tool and one account."""

    intents: Intents
    verify: ClaimVerifier | None
    """None if no read can tell."""
    resend: ClaimResender | None = None
    """None if Conekta ignores the key, or if nothing may be sent."""
    note: SettlementNoter | None = None
    """Records a settlement in the audit log."""
    makes_object: bool = True
    """Whether the lost call makes the object, and does not only change it."""

    async def settle(self, taken: Claim, lost_at: float) -> Claim:
        """Return the settled claim: done, or refused if it was not applied.

        Raises:
            Unreachable: the outcome is not known yet.
        """
        proof = await self.verify(taken) if self.verify else Verification(outcome="unknown")
        ended = await self._end(taken, proof, lost_at)
        if ended is None:
            raise build_unknown_outcome(taken.key, proof.lookup)
        if self.note:
            await self.note(ended)
        return ended

    async def _end(self, taken: Claim, proof: Verification, lost_at: float) -> Claim | None:
        if proof.outcome == "applied":
            return await self._finish(taken, build_settled_answer(proof), "reading")
        if self.resend and await self.intents.store.read_time() - taken.at < KEY_SECONDS:
            if done := await self._resend(taken, self.resend):
                return done
            lost_at = await self.intents.store.read_time()  # this attempt may arrive too
        elif proof.outcome == "not_applied":
            return await self._note_absence(taken, lost_at)
        await self._keep_unknown(taken, lost_at, None)
        return None

    async def _resend(self, taken: Claim, resend: ClaimResender) -> Claim | None:
        """Send again, and note what Conekta did for this key; None where its answer does not tell."""
        begun_at, now = self.intents.monotonic(), await self.intents.store.read_time()
        attempts = (*taken.attempts, begin_attempt(now, self.intents.clock()))
        begun = replace(taken, attempts=attempts, until=now + self.intents.lease)
        if not await self.intents.store.replace(taken, begun):
            return None
        try:
            answer = build_raw_answer(await resend(begun, begun_at), settled=True)
        except Failure as failure:
            if failure.outcome != "applied":
                return None
            answer = build_failure_answer(failure)
        held = await self.intents.find_held(begun)  # its lease may have been renewed
        return await self._finish(held, answer, "resending") if held else None

    async def _finish(self, taken: Claim, answer: Mapping[str, Any], settled_by: str) -> Claim:
        return await self.intents.finish(taken, answer, makes_object=self.makes_object, settled_by=settled_by)

    async def _note_absence(self, taken: Claim, lost_at: float) -> Claim | None:
        """Count absence after two readings, far enough from the last attempt and from each other."""
        now = await self.intents.store.read_time()
        since = taken.absent_since
        if now - lost_at < QUIET_SECONDS:
            await self._keep_unknown(taken, lost_at, None)
            return None
        if since is None or now - since < ABSENCE_SECONDS:
            await self._keep_unknown(taken, lost_at, now if since is None else since)
            return None
        gone = replace(
            taken, state="refused", outcome="not_applied", settled_by="reading", spent="", absent_since=now
        )
        # Another call may have taken it over while this one was held up, and found more.
        return gone if await self.intents.store.replace(taken, gone, release=taken.spent) else None

    async def _keep_unknown(self, taken: Claim, lost_at: float, absent_since: float | None) -> None:
        if held := await self.intents.find_held(taken):
            kept = replace(held, state="unknown", until=lost_at, absent_since=absent_since)
            await self.intents.store.replace(held, kept)


def build_settled_answer(proof: Verification) -> Mapping[str, Any]:
    """Return the answer of a claim that was found applied; a failure if its charge was declined."""
    if proof.declined:
        return build_failure_answer(proof.declined)
    return build_raw_answer(proof.answer or {}, settled=True)


def build_settler(call: Call, safeguards: WriteSafeguards, *, resend: bool = True) -> Settler:
    """Return the settler of a call; without `resend` it sends nothing."""
    handler, intents, one = safeguards.handlers[call.tool.name], safeguards.intents, call.account
    lost = LostCall(
        intents, handler, call.tool, call.arguments, one.sender, one.fingerprint, lambda: one.known_mode
    )

    async def resend_claim(claim: Claim, begun_at: float) -> Mapping[str, Any]:
        pinned = pin_arguments(call.arguments, json.loads(claim.witness))
        fence = Fence(intents.store, claim, intents.lease, intents.monotonic, begun_at)
        sender = IntentSender(one.sender, claim, lost.find_mark_place(), fence)
        effect, mode = handler.compute_effect(pinned, None), one.known_mode
        try:
            answer = await call.tool.call(sender, pinned)
        except Failure as failure:
            await doubt_decline(intents, claim, effect, failure)
            raise
        difference = find_other_mode(call.tool, answer, mode) or find_difference(answer, effect.expected)
        difference = difference or await find_other_maker(intents, claim, effect, answer)
        if difference:
            raise build_other_answer(difference)
        return answer

    async def note_settlement(claim: Claim) -> None:
        await safeguards.audit.record(build_settlement_entry(call, claim, intents.clock()))

    accepts_key = isinstance(call.tool, Operation) and call.tool.endpoint.accepts_key
    return Settler(
        intents=intents,
        verify=lost.verify if handler.verify else None,
        resend=resend_claim if resend and accepts_key else None,
        note=note_settlement,
        makes_object=handler.makes_object,
    )


@dataclass(frozen=True)
class LostCall:
    """A call whose answer was lost, with what is needed to read what became of it."""

    intents: Intents
    handler: WriteHandler
    tool: Tool[Any]
    arguments: Any
    sender: Sender
    key: str
    """The fingerprint of the key that reads."""
    read_mode: Callable[[], Mode] = lambda: "unknown"
    """Returns the known mode of that key."""

    def find_mark_place(self) -> MarkPlace | None:
        return self.handler.compute_effect(self.arguments, None).mark

    async def verify(self, claim: Claim) -> Verification:
        """Read what became of the call; "unknown" if no read tells."""
        prove, intents = self.handler.verify, self.intents
        if prove is None:
            return Verification(outcome="unknown")
        loss = await describe_loss(intents, claim, self.key)
        older = intents.count_older_answers(self.key)
        found = await prove(self.sender, self.arguments, loss)
        if found.outcome == "unknown" and not loss.is_dated:
            # A new process or key did not know Conekta's time; the answers just read have shown it.
            loss = await describe_loss(intents, claim, self.key)
            if loss.is_dated:
                found = await prove(self.sender, self.arguments, loss)
        # A cached answer from before the call cannot show what was made since.
        is_older = found.outcome == "not_applied" and intents.count_older_answers(self.key) > older
        if is_older or find_other_mode(self.tool, found.answer or {}, self.read_mode()):
            return Verification(outcome="unknown", lookup=found.lookup)
        now = await intents.store.read_time()
        return doubt_likeness(self.tool, self.find_mark_place(), claim, found, now)


def doubt_likeness(
    tool: Tool[Any], place: MarkPlace | None, claim: Claim, found: Verification, now: float
) -> Verification:
    """Accept only the mark as proof while Conekta still remembers the key, since a resend is certain.

    Something that only looks the same may have been made by another lost call.
    """
    accepts_key = isinstance(tool, Operation) and tool.endpoint.accepts_key
    if not accepts_key or found.outcome != "applied" or now - claim.at >= KEY_SECONDS:
        return found
    if place and claim.mark and has_mark(found.answer or {}, place, claim.mark):
        return found
    return Verification(outcome="unknown", lookup=found.lookup)


async def describe_loss(intents: Intents, claim: Claim, key: str) -> LostWrite:
    """Return what the verification of a lost write compares with; `key` is the fingerprint that reads.

    The time window is measured back from Conekta's own time by the store's clock, which never jumps. If
    Conekta's time is not known there is no window: then any row could be the lost one.
    """
    since, until, local_window = 0.0, float("inf"), None
    server_now, now = intents.read_server_time(key), await intents.store.read_time()
    if server_now is not None and claim.attempts:
        # By the noted time and by the time passed since; the wider window, if they differ.
        begun, ends = [], []
        for one in claim.attempts:
            end = one.at + intents.lease if one.ended is None else one.ended
            begun += [one.wall, server_now - (now - one.at)]
            ends += [one.wall + (end - one.at), server_now - (now - end)]
        since, until = min(begun) - EARLY_SECONDS, max(ends) + LATE_SECONDS
        differs = intents.clock() - server_now
        local_window = (since + differs, until + differs)
    # Not from `at`, which every take-over moves. Of a link Conekta tells the day only. Without a window rows
    # of any age are compared, and whose they are is known of all that is kept.
    first = min((one.at for one in claim.attempts), default=claim.at)
    owned_since = first - DAY_SECONDS - LATE_SECONDS if since > 0 else 0.0
    return LostWrite(
        state_before=json.loads(claim.witness),
        mark=claim.mark,
        since=since,
        until=until,
        read_at=float("inf") if server_now is None else server_now,
        local_window=local_window,
        owned_ids=await intents.store.list_made_ids(claim.account, owned_since),
    )
