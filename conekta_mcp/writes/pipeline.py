"""The path of every write: policy, stakes, consent, limits, claim, one request, proof, audit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import anyio

from conekta_mcp.accounts.active_account import Acting
from conekta_mcp.audit.log import Audit
from conekta_mcp.catalog import (
    Care,
    Kind,
    Own,
    Stakes,
    Tool,
)
from conekta_mcp.consent.client import Client, PendingQuestion
from conekta_mcp.consent.consent import Consent
from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.policy.limits import exceeded
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.call import (
    Call,
    Look,
    again,
    asked_of,
    claim_of,
    intent,
    proving,
    refusal,
)
from conekta_mcp.writes.idempotency import Made, replayed
from conekta_mcp.writes.intents import Intents, Prove
from conekta_mcp.writes.sending import Ended, quietly, send

LIVEMODE = {"test": False, "live": True, "unknown": None}


@dataclass(frozen=True, kw_only=True)
class Safety:
    """What writes are kept safe with."""

    policy: Policy
    intents: Intents
    audit: Audit
    consent: Consent
    care: Mapping[str, Care]
    """What is at stake in each tool."""
    random: Callable[[], str]


class Writes:
    """Makes writes, each at most once and only as far as the operator and a person allow."""

    def __init__(self, safety: Safety, language: str) -> None:
        self._safety, self._language = safety, language
        self._intents = safety.intents

    @property
    def care(self) -> Mapping[str, Care]:
        """What is at stake in each tool."""
        return self._safety.care

    def call(self, tool: Tool[Any], own: Own, arguments: Any, acting: Acting, client: Client) -> Call:
        """Give a call of a tool, with a name of its own."""
        name = self._safety.random()
        return Call(id=name, tool=tool, own=own, arguments=arguments, acting=acting, client=client)

    async def run(self, call: Call) -> Made | PendingQuestion:
        """Make one write, and give Conekta's object, or the question that a person has to answer first.

        Raises:
            Failure: for anything but a success; `outcome` says what happened.
        """
        try:
            made = await self._made(call)
        except StoreUnavailable as failure:
            failure.outcome = failure.outcome or "not_applied"
            raise
        except Failure as failure:
            if failure.outcome == "not_applied" and not failure.http_status:
                await self.refused(call, failure)
            raise
        if isinstance(made, Failure):
            raise made
        return made

    async def refused(self, call: Call, failure: Failure) -> None:
        """Record that a call was refused before anything was sent."""
        await self._safety.audit.record(refusal(call, failure, self._intents.clock()))

    async def permit(self, call: Call) -> PendingQuestion | None:
        """Let a call that changes nothing but tells secrets pass, if policy and person allow it."""
        try:
            look = await self._looked(call)
            if look.decision.verdict == "allow":
                return None
            approved = await self._safety.consent.obtain(look.asked, call.client, call.own.approval)
        except Failure as failure:
            if not failure.http_status:
                await self.refused(call, failure)
            raise
        return approved if isinstance(approved, PendingQuestion) else None

    async def _made(self, call: Call) -> Ended | PendingQuestion:
        claim = claim_of(call, self._intents.clock())
        if known := await self._known(call, claim):
            return known
        async with self._intents.turn(claim, call.arguments):
            if known := await self._known(call, claim):
                return known
            await self._intents.alone(claim, self._proof(call))
            look = await self._looked(call)
            if look.decision.verdict == "allow":
                return await self._act(call, claim, look)
        approved = await self._safety.consent.obtain(look.asked, call.client, call.own.approval)
        if isinstance(approved, PendingQuestion):
            return approved
        async with self._intents.turn(claim, call.arguments):
            if known := await self._known(call, claim):
                return known
            await self._intents.alone(claim, self._proof(call))
            now = await self._looked(call)
            self._safety.consent.unchanged(look.asked, now.asked)
            how = "approved" if approved.how == "elicited" else approved.how
            return await self._act(call, claim, replace(now, consent=how))

    async def _known(self, call: Call, claim: Claim) -> Made | None:
        """Give the answer that a call with the same key got; one without a key is an intent of its own."""
        if not call.own.idempotency_key:
            return None
        try:
            known = await self._intents.earlier(claim, self._proof(call), again(call))
        except StoreUnavailable as failure:  # an earlier call may have made it
            failure.outcome, failure.idempotency_key = "unknown", call.key
            raise
        return replayed(known) if known else None

    async def _looked(self, call: Call) -> Look:
        """Read what is at stake, and decide.

        Raises:
            Forbidden: the policy or a limit does not allow it.
        """
        policy, profile = self._safety.policy, call.acting.profile
        await self._decided(call, lambda livemode: policy.forbids(call.tool, profile, livemode))
        care = self._safety.care.get(call.tool.name)
        stakes = await self._stakes(call, care) if care else Stakes(kind=Kind.CHANGE)
        decision = await self._decided(
            call,
            lambda livemode: policy.decide(
                call.tool,
                stakes,
                profile=profile,
                livemode=livemode,
                at=self._intents.clock(),
                account=call.acting.fingerprint,
            ),
        )
        assert decision is not None  # noqa: S101 - decide always decides
        return Look(stakes=stakes, decision=decision, asked=asked_of(call, stakes))

    async def _stakes(self, call: Call, care: Care) -> Stakes:
        try:
            return await care.stakes(call.acting.sender, call.arguments)
        except Failure as failure:
            failure.outcome = None if call.tool.risk.read_only else "not_applied"
            raise

    async def _decided(self, call: Call, decide: Callable[[bool | None], Decision | None]) -> Decision | None:
        """Decide, asking for the mode of the account only where it makes a difference."""
        known = LIVEMODE[call.acting.known_mode]
        differs = _verdict(decide(False)) != _verdict(decide(True))
        if call.acting.expected or (known is None and differs):
            known = LIVEMODE[await call.acting.mode()]
        decision = decide(known)
        if decision and decision.verdict == "deny":
            raise decision.refusal(self._language)
        return decision

    async def _act(self, call: Call, claim: Claim, look: Look) -> Ended:
        """Reserve, claim, record, send; none of it is torn off by a call that is cancelled."""
        made: Ended | None = None
        with anyio.CancelScope(shield=True):
            claim = await self._reserved(claim, look)
            made = await self._standing(call, claim) or await self._recorded(call, claim, look)
        assert made is not None  # noqa: S101 - a scope that is shielded ends with its body
        return made

    async def _standing(self, call: Call, claim: Claim) -> Made | None:
        """Claim; where another call was quicker, give back what was reserved and give its answer."""
        while await self._intents.store.claim(claim):
            try:
                known = await self._known(call, claim)
            except Failure:
                await quietly(self._intents.store.release(claim.spent))
                raise
            if known:
                await quietly(self._intents.store.release(claim.spent))
                return known
        return None

    async def _recorded(self, call: Call, claim: Claim, look: Look) -> Ended:
        entry = intent(call, look, self._intents.clock())
        try:
            await self._safety.audit.record(entry)
        except StoreUnavailable:
            await quietly(self._intents.forget(claim))
            raise
        return await send(call, claim, entry, self._intents, self._safety.audit, self._proof(call))

    async def _reserved(self, claim: Claim, look: Look) -> Claim:
        now = self._intents.clock()
        claim = replace(
            claim,
            witness=json.dumps(dict(look.stakes.witness)),
            subject=look.stakes.subject,
            at=now,
            until=now + self._intents.lease,
            spent=self._safety.random() if look.decision.caps else "",
        )
        passed = await self._intents.store.reserve(claim.spent, look.decision.caps) if claim.spent else None
        if passed:
            raise exceeded(passed, self._language)
        return claim

    def _proof(self, call: Call) -> Prove | None:
        return proving(call, self._safety.care.get(call.tool.name))


def _verdict(decision: Decision | None) -> tuple[object, ...] | None:
    return (decision.verdict, decision.rule, decision.limit) if decision else None
