"""The path of every write: policy, stakes, consent, limits, claim, one request, proof, audit."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import anyio

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.catalog import (
    ServerArguments,
    Tool,
    WriteHandler,
)
from conekta_mcp.consent.client import Client, PendingQuestion
from conekta_mcp.effects.write_plan import list_touched_ids, pin_arguments
from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.policy.limits import build_limit_failure
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.assessment import WriteSafeguards, assess
from conekta_mcp.writes.call import (
    Assessment,
    Call,
    build_claim,
    build_claim_resender,
    build_claim_verifier,
    build_intent_entry,
    build_refusal_entry,
)
from conekta_mcp.writes.idempotency import WriteResult, replay_answer
from conekta_mcp.writes.intents import ClaimVerifier
from conekta_mcp.writes.locks import hold_locks
from conekta_mcp.writes.sending import WriteOutcome, ignore_store_failure, send
from conekta_mcp.writes.unsettled import build_busy_subject

T = TypeVar("T")

MAX_LOOKS = 3
"""How often what was read may name yet another id before a call is refused as busy."""


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
        """Make one write; return Conekta's object, or the question that a person has to answer first.

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
        await self._safeguards.audit.record(build_refusal_entry(call, failure, self._intents.clock()))

    async def permit(self, call: Call) -> PendingQuestion | None:
        """Ask policy and person about a call that changes nothing but shows a secret."""
        try:
            look = await assess(self._safeguards, call, self._language)
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

        async def execute_if_allowed(look: Assessment) -> WriteOutcome | Assessment:
            if look.decision.verdict == "allow":
                return await self._execute(call, claim, look)
            return look

        touches = list_touched_ids(self._safeguards.handlers[call.tool.name], call.arguments, {})
        look = await self._act_under_locks(call, claim, touches, execute_if_allowed)
        return await self._ask_and_execute(call, claim, look) if isinstance(look, Assessment) else look

    async def _ask_and_execute(
        self, call: Call, claim: Claim, look: Assessment
    ) -> WriteOutcome | PendingQuestion:
        approved = await self._safeguards.consent.obtain(
            look.approval_request, call.client, call.server_arguments.approval
        )
        if isinstance(approved, PendingQuestion):
            return approved
        how = "approved" if approved.how == "elicited" else approved.how

        async def execute_if_unchanged(now: Assessment) -> WriteOutcome:
            self._safeguards.consent.refuse_changed_effect(look.approval_request, now.approval_request)
            return await self._execute(call, claim, replace(now, consent=how))

        return await self._act_under_locks(call, claim, look.effect.touches, execute_if_unchanged)

    async def _act_under_locks(
        self,
        call: Call,
        claim: Claim,
        touches: frozenset[str],
        act: Callable[[Assessment], Awaitable[T]],
    ) -> T | WriteResult:
        """Read the effect and act on it while every id that the call touches is locked."""
        for _ in range(MAX_LOOKS):
            async with hold_locks(self._intents, claim, touches):
                if known := await self._find_known_result(call, claim):
                    return known
                await self._intents.refuse_unresolved_duplicate(claim, self._get_verifier(call))
                look = await assess(self._safeguards, call, self._language)
                if look.effect.touches <= touches:
                    return await act(look)
            # What was read names more ids. It is read again under their locks: it may have changed before.
            touches |= look.effect.touches
        raise build_busy_subject(call.tool.name)

    async def _find_known_result(self, call: Call, claim: Claim) -> WriteResult | None:
        """Return the answer that a call with the same key got; a call without a key is a new intent."""
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

    async def _execute(self, call: Call, claim: Claim, look: Assessment) -> WriteOutcome:
        """Reserve, claim, record, send; shielded from cancellation from the reservation on."""
        made: WriteOutcome | None = None
        with anyio.CancelScope(shield=True):
            claim = await self._reserve_limits(claim, look)
            made = await self._claim_or_replay(call, claim) or await self._record_and_send(call, claim, look)
        assert made is not None  # noqa: S101 - a scope that is shielded ends with its body
        return made

    async def _claim_or_replay(self, call: Call, claim: Claim) -> WriteResult | None:
        """Claim; where another call was quicker, release what was reserved and return its answer."""
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
        call = replace(call, arguments=pin_arguments(call.arguments, look.effect.state_before))
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
        return build_claim_verifier(call, self._safeguards.handlers[call.tool.name])
