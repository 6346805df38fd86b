"""The one request of a write, and what is noted of how it ended."""

import logging
from collections.abc import Awaitable

from conekta_mcp.audit.log import Audit, Entry
from conekta_mcp.catalog import Proof
from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.redaction import redact_value
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.call import Call, ended
from conekta_mcp.writes.idempotency import Keyed, Made, told
from conekta_mcp.writes.intents import Intents, Prove

log = logging.getLogger(__name__)

Ended = Made | Failure
"""How a write that was sent ended."""


async def send(
    call: Call, claim: Claim, entry: Entry, intents: Intents, audit: Audit, prove: Prove | None
) -> Ended:
    """Send once what is claimed; read what became of it if the answer is lost; note and record the end."""
    ending = await _sent(call, claim, prove)
    at = intents.clock
    if isinstance(ending, Made):
        await quietly(intents.finish(claim, "applied", redact_value(vars(ending))))
        await audit.record(ended(entry, at(), "applied", answer=ending.raw))
        return ending
    await quietly(_noted(claim, ending, intents))
    await audit.record(ended(entry, at(), ending.outcome, failure=ending))
    return ending


async def quietly(noting: Awaitable[object]) -> None:
    """Note what happened; a store that fails now does not turn what is done into a failure."""
    try:
        await noting
    except StoreUnavailable as failure:
        log.error("what became of a write could not be noted; settle it: %s", failure)


async def _sent(call: Call, claim: Claim, prove: Prove | None) -> Ended:
    """Give the object, be it that reading shows it after its answer was lost; else the failure."""
    try:
        sender = Keyed(call.acting.sender, call.tool.name, call.key)
        return Made(await call.tool.call(sender, call.arguments))
    except Failure as failure:
        lost = failure
    if lost.outcome == "unknown":
        proof = await prove(claim) if prove else Proof(outcome="unknown")
        if proof.outcome == "applied":
            return Made(dict(proof.answer or {}), settled=True)
        lost.look, lost.idempotency_key = proof.look, call.key
    return lost


async def _noted(claim: Claim, failure: Failure, intents: Intents) -> None:
    if failure.outcome == "unknown":
        await intents.leave(claim)
    elif failure.outcome == "applied":
        await intents.finish(claim, "applied", {"failure": told(failure)})
    else:
        await intents.forget(claim)
