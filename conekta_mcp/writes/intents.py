"""Exactly once: the claim of an intent, what a repeat of it is told, and what became of one that was lost."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import anyio

from conekta_mcp.catalog import Input, Tool, Verification
from conekta_mcp.errors import Failure, Unreachable
from conekta_mcp.redaction import redact, redact_value
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.idempotency import to_failure_json
from conekta_mcp.writes.unsettled import (
    build_in_progress,
    build_key_conflict,
    build_lost_duplicate,
    build_unknown_outcome,
)

QUIET_SECONDS = 120.0
"""How long a lost write has to stay absent before absence counts: Conekta may still be at work on it."""
WAIT_SECONDS = 60.0
KEY_SECONDS = 3600.0
"""How long Conekta is trusted to remember an Idempotency-Key; its lifetime is not documented."""
POLL_SECONDS = 0.05
EQUAL_SECONDS = 86_400.0
"""How long a lost write holds equal ones with other keys back: what they made could be taken for its own."""
MAX_ARGUMENT_LENGTH = 4000

Sleep = Callable[[float], Awaitable[None]]
ClaimVerifier = Callable[[Claim], Awaitable[Verification]]
ClaimResender = Callable[[Claim], Awaitable[Mapping[str, Any]]]
"""Sends a lost request again with its Idempotency-Key, for which Conekta acts once."""


@dataclass(frozen=True, kw_only=True)
class Intents:
    """The intents of one server, in a store that replicas share; `lease` is how long one call may take."""

    store: Store
    clock: Callable[[], float]
    lease: float
    sleep: Sleep = anyio.sleep

    async def await_finished_claim(
        self, wanted: Claim, prove: ClaimVerifier | None, again: ClaimResender | None = None
    ) -> Claim | None:
        """Give the finished claim at the place of `wanted`, None if it is to be made now.

        Waits for one that is at work; settles one that was lost.

        Raises:
            Clash: it was made with other arguments.
            Unreachable: it is still at work, or whether it was applied is not known.
        """
        patience = self.clock() + WAIT_SECONDS
        while True:
            standing = await self.store.find(wanted.place)
            if standing is None:
                return None
            if standing.fingerprint != wanted.fingerprint:
                raise build_key_conflict()
            if standing.state == "done":
                return standing
            if standing.state == "unknown" or self.clock() >= standing.until:
                taken = await self.take_claim(standing, wanted.owner)
                if taken:
                    return await self.settle(taken, standing.until, prove, again)
            elif self.clock() >= patience:
                raise build_in_progress(wanted.key)
            await self.sleep(POLL_SECONDS)

    async def refuse_unresolved_duplicate(self, wanted: Claim, prove: ClaimVerifier | None) -> None:
        """Let a call pass unless an equal one with another key was lost and cannot be settled now.

        Called while the turn of `wanted` is held, so that no equal one is at work.

        Raises:
            Unreachable: it cannot; its key settles it later.
        """
        for lost in await self.store.list_unsettled(wanted.account):
            equal = lost.fingerprint == wanted.fingerprint and lost.key != wanted.key
            if equal and self.clock() - lost.at < EQUAL_SECONDS:
                await self._settle_duplicate(lost, wanted.owner, prove)

    async def _settle_duplicate(self, lost: Claim, owner: str, prove: ClaimVerifier | None) -> None:
        """Settle a lost claim by reading alone; its request is its own call's to repeat."""
        if lost.state == "claimed" and self.clock() < lost.until:
            raise build_lost_duplicate(lost.key)
        taken = await self.take_claim(lost, owner)
        if taken is None:
            raise build_lost_duplicate(lost.key)
        try:
            await self.settle(taken, lost.until, prove)
        except Unreachable:
            raise build_lost_duplicate(lost.key) from None

    async def take_claim(self, standing: Claim, owner: str) -> Claim | None:
        """Take a lost claim over, so that one settles it; None if another one was quicker."""
        taken = replace(standing, owner=owner, state="claimed", until=self.clock() + self.lease)
        return taken if await self.store.replace(standing, taken) else None

    async def settle(
        self, taken: Claim, since: float, prove: ClaimVerifier | None, again: ClaimResender | None = None
    ) -> Claim | None:
        """Find out what became of a claim lost at `since`; None if it was not applied and is forgotten.

        Raises:
            Unreachable: it is not known yet.
        """
        proof = await prove(taken) if prove else Verification(outcome="unknown")
        if proof.outcome == "applied":
            seen = redact_value(dict(proof.answer or {}))
            return await self.finish(taken, "applied", {"raw": seen, "settled": True})
        if again and self.clock() - taken.at < KEY_SECONDS and (done := await self._resend(taken, again)):
            return done
        if proof.outcome == "not_applied" and self.clock() - since >= QUIET_SECONDS:
            await self.release_claim(taken)
            return None
        await self.store.replace(taken, replace(taken, state="unknown", until=since))
        raise build_unknown_outcome(taken.key, proof.lookup)

    async def _resend(self, taken: Claim, again: ClaimResender) -> Claim | None:
        """Send again, and note what Conekta did for this key; None where its answer does not tell."""
        try:
            answer: Mapping[str, Any] = {"raw": await again(taken), "settled": True}
        except Failure as failure:
            if failure.outcome != "applied":
                return None
            answer = {"failure": to_failure_json(failure)}
        return await self.finish(taken, "applied", answer)

    async def finish(self, claim: Claim, outcome: str, answer: Mapping[str, Any]) -> Claim:
        """Note how a claim ended, and the answer that a repeat gets."""
        done = replace(claim, state="done", outcome=outcome, answer=json.dumps(answer, ensure_ascii=False))
        await self.store.replace(claim, done)
        return done

    async def mark_unknown(self, claim: Claim) -> None:
        """Note that whether a claim was applied is not known."""
        await self.store.replace(claim, replace(claim, state="unknown", until=self.clock()))

    async def release_claim(self, claim: Claim) -> None:
        """Take a claim back that was not applied, with what it reserved of the limits."""
        if claim.spent:
            await self.store.release(claim.spent)
        await self.store.delete_claim(claim)


def to_canonical_json(arguments: Input) -> str:
    """Write the tool's own arguments as JSON, the same for the same; what is huge or secret is a digest."""
    whole = arguments.model_dump(mode="json", exclude_none=True)
    return json.dumps({name: _shorten_value(value) for name, value in whole.items()}, sort_keys=True)


def fingerprint_call(tool: Tool[Any], arguments: Input) -> str:
    """Name a call of a tool with these arguments."""
    whole = json.dumps(arguments.model_dump(mode="json", exclude_none=True), sort_keys=True)
    return hashlib.sha256(f"{tool.name} {whole}".encode()).hexdigest()


def _shorten_value(value: Any) -> Any:
    if isinstance(value, str) and (len(value) > MAX_ARGUMENT_LENGTH or redact(value) != value):
        return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    if isinstance(value, list):
        return [_shorten_value(item) for item in value]
    return {name: _shorten_value(item) for name, item in value.items()} if isinstance(value, dict) else value
