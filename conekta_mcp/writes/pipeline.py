"""The path of every write: policy, stakes, consent, limits, claim, one request, proof, audit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import anyio

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.audit.log import AuditLog
from conekta_mcp.catalog import (
    Effect,
    EffectKind,
    ServerArguments,
    Tool,
    WriteHandler,
)
from conekta_mcp.consent.client import Client, PendingQuestion
from conekta_mcp.consent.consent import Consent
from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.policy.limits import build_limit_failure
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.call import (
    Assessment,
    Call,
    build_approval_request,
    build_claim,
    build_claim_resender,
    build_claim_verifier,
    build_intent_entry,
    build_refusal_entry,
)
from conekta_mcp.writes.idempotency import WriteResult, replay_answer
from conekta_mcp.writes.intents import ClaimVerifier, Intents
from conekta_mcp.writes.sending import WriteOutcome, ignore_store_failure, send

LIVEMODE = {"test": False, "live": True, "unknown": None}


@dataclass(frozen=True, kw_only=True)
class WriteSafeguards:
    """What writes are kept safe with."""

    policy: Policy
    intents: Intents
    audit: AuditLog
    consent: Consent
    handlers: Mapping[str, WriteHandler]
    """What is at stake in each tool."""
    random: Callable[[], str]


class WritePipeline:
    """Makes writes, each at most once and only as far as the operator and a person allow."""

    def __init__(self, safety: WriteSafeguards, language: str) -> None:
        self._safeguards, self._language = safety, language
        self._intents = safety.intents

    @property
    def handlers(self) -> Mapping[str, WriteHandler]:
        """What is at stake in each tool."""
        return self._safeguards.handlers

    def create_call(
        self,
        tool: Tool[Any],
        server_arguments: ServerArguments,
        arguments: Any,
        account: ActiveAccount,
        client: Client,
    ) -> Call:
        """Give a call of a tool, with a name of its own."""
        name = self._safeguards.random()
        return Call(
            id=name,
            tool=tool,
            server_arguments=server_arguments,
            arguments=arguments,
            account=account,
            client=client,
        )

    async def run(self, call: Call) -> WriteResult | PendingQuestion:
        """Make one write, and give Conekta's object, or the question that a person has to answer first.

        Raises:
            Failure: for anything but a success; `outcome` says what happened.
        """
        try:
            made = await self._run_write(call)
        except StoreUnavailable as failure:
            failure.outcome = failure.outcome or "not_applied"
            raise
        except Failure as failure:
            if failure.outcome == "not_applied" and not failure.http_status:
                await self.record_refusal(call, failure)
            raise
        if isinstance(made, Failure):
            raise made
        return made

    async def record_refusal(self, call: Call, failure: Failure) -> None:
        """Record that a call was refused before anything was sent."""
        await self._safeguards.audit.record(build_refusal_entry(call, failure, self._intents.clock()))

    async def permit(self, call: Call) -> PendingQuestion | None:
        """Let a call that changes nothing but tells secrets pass, if policy and person allow it."""
        try:
            look = await self._assess(call)
            if look.decision.verdict == "allow":
                return None
            approved = await self._safeguards.consent.obtain(
                look.approval_request, call.client, call.server_arguments.approval
            )
        except Failure as failure:
            if not failure.http_status:
                await self.record_refusal(call, failure)
            raise
        return approved if isinstance(approved, PendingQuestion) else None

    async def _run_write(self, call: Call) -> WriteOutcome | PendingQuestion:
        claim = build_claim(call, self._intents.clock())
        if known := await self._find_known_result(call, claim):
            return known
        async with self._intents.hold_lock(claim, call.arguments):
            if known := await self._find_known_result(call, claim):
                return known
            await self._intents.refuse_unresolved_duplicate(claim, self._get_verifier(call))
            look = await self._assess(call)
            if look.decision.verdict == "allow":
                return await self._execute(call, claim, look)
        approved = await self._safeguards.consent.obtain(
            look.approval_request, call.client, call.server_arguments.approval
        )
        if isinstance(approved, PendingQuestion):
            return approved
        async with self._intents.hold_lock(claim, call.arguments):
            if known := await self._find_known_result(call, claim):
                return known
            await self._intents.refuse_unresolved_duplicate(claim, self._get_verifier(call))
            now = await self._assess(call)
            self._safeguards.consent.refuse_changed_effect(look.approval_request, now.approval_request)
            how = "approved" if approved.how == "elicited" else approved.how
            return await self._execute(call, claim, replace(now, consent=how))

    async def _find_known_result(self, call: Call, claim: Claim) -> WriteResult | None:
        """Give the answer that a call with the same key got; one without a key is an intent of its own."""
        if not call.server_arguments.idempotency_key:
            return None
        try:
            known = await self._intents.await_finished_claim(
                claim, self._get_verifier(call), build_claim_resender(call)
            )
        except StoreUnavailable as failure:  # an earlier call may have made it
            failure.outcome, failure.idempotency_key = "unknown", call.key
            raise
        return replay_answer(known) if known else None

    async def _assess(self, call: Call) -> Assessment:
        """Read what is at stake, and decide.

        Raises:
            Forbidden: the policy or a limit does not allow it.
        """
        policy, profile = self._safeguards.policy, call.account.profile
        await self._decide(call, lambda livemode: policy.find_denial(call.tool, profile, livemode))
        care = self._safeguards.handlers.get(call.tool.name)
        stakes = await self._read_effect(call, care) if care else Effect(kind=EffectKind.CHANGE)
        decision = await self._decide(
            call,
            lambda livemode: policy.decide(
                call.tool,
                stakes,
                profile=profile,
                livemode=livemode,
                at=self._intents.clock(),
                account=call.account.fingerprint,
            ),
        )
        assert decision is not None  # noqa: S101 - decide always decides
        return Assessment(
            effect=stakes, decision=decision, approval_request=build_approval_request(call, stakes)
        )

    async def _read_effect(self, call: Call, care: WriteHandler) -> Effect:
        try:
            return await care.read_effect(call.account.sender, call.arguments)
        except Failure as failure:
            failure.outcome = None if call.tool.risk.read_only else "not_applied"
            raise

    async def _decide(self, call: Call, decide: Callable[[bool | None], Decision | None]) -> Decision | None:
        """Decide, asking for the mode of the account only where it makes a difference."""
        known = LIVEMODE[call.account.known_mode]
        differs = _get_verdict(decide(False)) != _get_verdict(decide(True))
        if call.account.expected_mode or (known is None and differs):
            known = LIVEMODE[await call.account.read_mode()]
        decision = decide(known)
        if decision and decision.verdict == "deny":
            raise decision.to_failure(self._language)
        return decision

    async def _execute(self, call: Call, claim: Claim, look: Assessment) -> WriteOutcome:
        """Reserve, claim, record, send; none of it is torn off by a call that is cancelled."""
        made: WriteOutcome | None = None
        with anyio.CancelScope(shield=True):
            claim = await self._reserve_limits(claim, look)
            made = await self._claim_or_replay(call, claim) or await self._record_and_send(call, claim, look)
        assert made is not None  # noqa: S101 - a scope that is shielded ends with its body
        return made

    async def _claim_or_replay(self, call: Call, claim: Claim) -> WriteResult | None:
        """Claim; where another call was quicker, give back what was reserved and give its answer."""
        while await self._intents.store.claim(claim):
            try:
                known = await self._find_known_result(call, claim)
            except Failure:
                await ignore_store_failure(self._intents.store.release(claim.spent))
                raise
            if known:
                await ignore_store_failure(self._intents.store.release(claim.spent))
                return known
        return None

    async def _record_and_send(self, call: Call, claim: Claim, look: Assessment) -> WriteOutcome:
        entry = build_intent_entry(call, look, self._intents.clock())
        try:
            await self._safeguards.audit.record(entry)
        except StoreUnavailable:
            await ignore_store_failure(self._intents.release_claim(claim))
            raise
        return await send(call, claim, entry, self._intents, self._safeguards.audit, self._get_verifier(call))

    async def _reserve_limits(self, claim: Claim, look: Assessment) -> Claim:
        now = self._intents.clock()
        claim = replace(
            claim,
            witness=json.dumps(dict(look.effect.state_before)),
            subject=look.effect.subject,
            at=now,
            until=now + self._intents.lease,
            spent=self._safeguards.random() if look.decision.caps else "",
        )
        passed = await self._intents.store.reserve(claim.spent, look.decision.caps) if claim.spent else None
        if passed:
            raise build_limit_failure(passed, self._language)
        return claim

    def _get_verifier(self, call: Call) -> ClaimVerifier | None:
        return build_claim_verifier(call, self._safeguards.handlers.get(call.tool.name))


def _get_verdict(decision: Decision | None) -> tuple[object, ...] | None:
    return (decision.verdict, decision.rule, decision.limit) if decision else None
