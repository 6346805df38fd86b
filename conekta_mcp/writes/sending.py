"""The one request of a write, and what is noted of how it ended."""

import logging
from collections.abc import Awaitable

from conekta_mcp.audit.log import AuditLog, Entry
from conekta_mcp.catalog import Verification
from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.redaction import redact_value
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.call import Call, build_result_entry
from conekta_mcp.writes.idempotency import IdempotentSender, WriteResult, to_failure_json
from conekta_mcp.writes.intents import ClaimVerifier, Intents

log = logging.getLogger(__name__)

WriteOutcome = WriteResult | Failure
"""How a write that was sent ended."""


async def send(
    call: Call, claim: Claim, entry: Entry, intents: Intents, audit: AuditLog, prove: ClaimVerifier | None
) -> WriteOutcome:
    """Send once what is claimed; read what became of it if the answer is lost; note and record the end."""
    ending = await _send_and_verify(call, claim, prove)
    at = intents.clock
    if isinstance(ending, WriteResult):
        await ignore_store_failure(intents.finish(claim, "applied", redact_value(vars(ending))))
        await audit.record(build_result_entry(entry, at(), "applied", answer=ending.raw))
        return ending
    await ignore_store_failure(_note_failure(claim, ending, intents))
    await audit.record(build_result_entry(entry, at(), ending.outcome, failure=ending))
    return ending


async def ignore_store_failure(noting: Awaitable[object]) -> None:
    """Note what happened; a store that fails now does not turn what is done into a failure."""
    try:
        await noting
    except StoreUnavailable as failure:
        log.error("what became of a write could not be noted; settle it: %s", failure)


async def _send_and_verify(call: Call, claim: Claim, prove: ClaimVerifier | None) -> WriteOutcome:
    """Give the object, be it that reading shows it after its answer was lost; else the failure."""
    try:
        sender = IdempotentSender(call.account.sender, call.tool.name, call.key)
        return WriteResult(await call.tool.call(sender, call.arguments))
    except Failure as failure:
        lost = failure
    if lost.outcome == "unknown":
        proof = await prove(claim) if prove else Verification(outcome="unknown")
        if proof.outcome == "applied":
            return WriteResult(dict(proof.answer or {}), settled=True)
        lost.look, lost.idempotency_key = proof.lookup, call.key
    return lost


async def _note_failure(claim: Claim, failure: Failure, intents: Intents) -> None:
    if failure.outcome == "unknown":
        await intents.mark_unknown(claim)
    elif failure.outcome == "applied":
        await intents.finish(claim, "applied", {"failure": to_failure_json(failure)})
    else:
        await intents.release_claim(claim)
