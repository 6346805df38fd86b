"""Sends the one request of a write, and stores how it ended."""

import logging
from collections.abc import Awaitable
from dataclasses import replace

from conekta_mcp.accounts.livemode import find_other_mode
from conekta_mcp.audit.log import AuditLog, Entry
from conekta_mcp.catalog import Effect, Verification
from conekta_mcp.effects.answer_check import find_difference
from conekta_mcp.effects.intent_mark import find_marks
from conekta_mcp.effects.write_plan import pin_arguments
from conekta_mcp.errors import Failure, StoreUnavailable, UnreadableAnswer
from conekta_mcp.storage.records import Claim, Record
from conekta_mcp.writes.call import Assessment, Call, build_result_entry
from conekta_mcp.writes.idempotency import Json, WriteResult, build_failure_answer, build_raw_answer
from conekta_mcp.writes.intent_sender import Fence, IntentSender
from conekta_mcp.writes.intents import (
    ClaimVerifier,
    Intents,
    list_own_ids,
)
from conekta_mcp.writes.unsettled import build_other_answer

log = logging.getLogger(__name__)

RATE_LIMITED = 429
ANSWER_SECONDS = 3600.0
"""How long a cached answer to an earlier call may be returned again."""

COMPARED = ("amount", "currency")
"""What a declined order shows of the call that made it."""

WriteOutcome = WriteResult | Failure
"""How a write that was sent ended."""


async def send(
    call: Call,
    fence: Fence,
    look: Assessment,
    entry: Entry,
    intents: Intents,
    audit: AuditLog,
    verify: ClaimVerifier | None,
) -> WriteOutcome:
    """Send a claimed request once; verify it if the answer is lost; store and record the outcome."""
    ending = await _send_and_verify(call, fence, look, intents, verify)
    if isinstance(ending, WriteResult):
        ending = replace(ending, equal_call=look.equal_call)
        result = build_result_entry(entry, intents.clock(), "applied", answer=ending.raw)
        ending = replace(ending, raw={**ending.raw, **look.effect.told})
    else:
        result = build_result_entry(entry, intents.clock(), ending.outcome, failure=ending)
    record = audit.build_joint_record(result, intents.store)
    noted = await ignore_store_failure(_note_end(fence, look, ending, intents, record))
    if record is None or not (noted or await _is_recorded(result, intents)):
        await audit.record(result)
    return ending


async def _is_recorded(result: Entry, intents: Intents) -> bool:
    """Tell whether a store that failed has the record all the same: only its answer may be lost."""
    try:
        kept = await intents.store.read_records(result.at)
    except StoreUnavailable:
        return False
    return any((one["call"], one["event"]) == (result.call, result.event) for one in kept)


async def ignore_store_failure(noting: Awaitable[object]) -> bool:
    """Store an outcome; return False if the store fails, since the write itself is done."""
    try:
        await noting
    except StoreUnavailable as failure:
        log.error("what became of a write could not be noted; settle it: %s", failure)
        return False
    return True


async def _send_and_verify(
    call: Call, fence: Fence, look: Assessment, intents: Intents, verify: ClaimVerifier | None
) -> WriteOutcome:
    """Return the object, from the answer or from a verification; else raise the failure."""
    mode = call.account.known_mode  # as of before: an answer may change what is known
    try:
        sender = IntentSender(call.account.sender, fence.claim, look.effect.mark, fence)
        raw = await call.tool.call(sender, pin_arguments(call.arguments, look.effect.state_before))
        difference = (
            find_difference(raw, look.effect.expected)
            or find_other_mode(call.tool, raw, mode)
            or await find_other_maker(intents, fence.claim, look.effect, raw)
        )
        if difference is None:
            return WriteResult(raw)
        lost: Failure = build_other_answer(difference)
    except Failure as failure:
        await doubt_decline(intents, fence.claim, look.effect, failure)
        lost = failure
    if lost.outcome == "unknown" and not fence.is_lost:
        proof = await _verify(fence.claim, verify)
        if proof.outcome == "applied":
            return proof.declined or WriteResult(dict(proof.answer or {}), settled="reading")
        if proof.outcome == "not_applied" and lost.refused_by_status:
            # An answer came, so nothing is under way any more: once is enough, where the status says so too.
            lost.outcome, lost.retryable = "not_applied", lost.http_status == RATE_LIMITED
            return lost
        lost.look, lost.idempotency_key = proof.lookup, call.key
    return lost


async def _verify(claim: Claim, verify: ClaimVerifier | None) -> Verification:
    """Read what became of a lost request; a store that fails meanwhile leaves it as unknown as it was."""
    if verify is None:
        return Verification(outcome="unknown")
    try:
        return await verify(claim)
    except StoreUnavailable as failure:
        log.error("what became of a write could not be read; settle it: %s", failure)
        return Verification(outcome="unknown")


async def find_other_maker(intents: Intents, claim: Claim, effect: Effect, answer: Json) -> str | None:
    """Tell whether the answer shows what another call made, such as an earlier answer sent again."""
    if not effect.makes_object:
        return None
    if effect.mark and claim.mark and find_marks(answer, effect.mark) - {claim.mark}:
        return "the mark of another call"
    made = list_own_ids(claim, answer)
    if not made:
        return None
    try:
        since = await intents.store.read_time() - ANSWER_SECONDS
        owned = await intents.store.list_made_ids(claim.account, since, made)
    except StoreUnavailable as failure:
        log.error("whether an earlier call made what was answered could not be read: %s", failure)
        return None
    return "id: what an earlier call made" if owned else None


async def doubt_decline(intents: Intents, claim: Claim, effect: Effect, failure: Failure) -> None:
    """Set a decline to unknown if what it says was created is not what the call asked for."""
    shown = failure.created
    if failure.outcome != "applied":
        return
    expected = {name: effect.expected[name] for name in COMPARED if {name} <= effect.expected.keys() & shown}
    if find_difference(shown, expected) or await find_other_maker(intents, claim, effect, shown):
        failure.outcome, failure.created = "unknown", {}


async def _note_end(
    fence: Fence, look: Assessment, ending: WriteOutcome, intents: Intents, record: Record
) -> None:
    """Store how a claim ended, with `record` in the same transaction."""
    claim, makes = fence.claim, look.effect.makes_object
    if isinstance(ending, WriteResult):
        answer = build_raw_answer(ending.raw, settled=bool(ending.settled))
        by = ending.settled or None
        done = await intents.finish(claim, answer, makes_object=makes, settled_by=by, record=record)
        if claim.spent and not done.spent:
            # It had been given up, and its reservation with it. What was applied all the same counts, even
            # where it passes a limit.
            counted = [replace(cap, most=None, most_calls=None) for cap in look.decision.caps]
            await intents.store.reserve(claim.spent, counted)
    elif fence.is_lost:
        # The call that took the intent over stores how it ended.
        if record:
            await intents.store.append(record)
    elif ending.outcome == "unknown":
        difference = str(ending) if isinstance(ending, UnreadableAnswer) else None
        await intents.mark_unknown(claim, difference, record=record)
    elif ending.outcome == "applied":
        await intents.finish(claim, build_failure_answer(ending), makes_object=makes, record=record)
    else:
        await intents.end_unapplied(claim, left=fence.has_sent, record=record)
