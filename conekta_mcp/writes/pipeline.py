"""The path of every write: policy, effect, approval, limits, claim, one request, verification, audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import anyio.lowlevel

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.audit.log import Entry
from conekta_mcp.catalog import ServerArguments, Tool, WriteHandler
from conekta_mcp.consent.client import AwaitedAnswer, Client, PendingCard, PendingQuestion
from conekta_mcp.effects.write_plan import list_touched_ids
from conekta_mcp.errors import Failure, StoreUnavailable
from conekta_mcp.policy.limits import build_limit_failure
from conekta_mcp.storage.records import Claim, LimitExceeded
from conekta_mcp.writes.assessment import WriteSafeguards, add_current_state, assess, require_question
from conekta_mcp.writes.call import (
    Assessment,
    Call,
    begin_claim,
    build_claim,
    build_intent_entry,
    build_resumption,
    build_yes_entry,
)
from conekta_mcp.writes.equal_calls import (
    EqualClaims,
    answer_for_abandoned,
    find_equal_claims,
    note_equal_call,
)
from conekta_mcp.writes.idempotency import Json, WriteResult, replay_answer
from conekta_mcp.writes.intent_sender import Fence, choose_mark
from conekta_mcp.writes.locks import hold_locks
from conekta_mcp.writes.sending import WriteOutcome, ignore_store_failure, send
from conekta_mcp.writes.settling import Settler, build_settler
from conekta_mcp.writes.unsettled import build_busy_subject, doubting_repeats

T = TypeVar("T")

MAX_LOOKS = 3
"""How often a read may name another id to lock before the call is refused as busy."""


class WritePipeline:
    """Makes writes, each at most once and only as far as the operator and a person allow."""

    def __init__(self, safeguards: WriteSafeguards, language: str) -> None:
        self.safeguards, self._intents, self._language = safeguards, safeguards.intents, language

    @property
    def handlers(self) -> Mapping[str, WriteHandler]:
        return self.safeguards.handlers

    def create_call(
        self,
        tool: Tool[Any],
        server_arguments: ServerArguments,
        arguments: Any,
        account: ActiveAccount,
        client: Client,
    ) -> Call:
        return Call(self.safeguards.random(), tool, server_arguments, arguments, account, client)

    async def run(self, call: Call) -> WriteResult | AwaitedAnswer:
        """Make one write; return Conekta's object, or the question that a person has to answer first.

        Raises:
            Failure: anything but a success; `outcome` says what happened.
        """
        try:
            made = await self._run_write(call)
        except Failure as failure:
            if isinstance(failure, StoreUnavailable):
                failure.outcome = failure.outcome or "not_applied"
            # What was sent is returned, also as a failure; what is raised was refused before.
            if failure.outcome in {None, "not_applied"}:
                await self.record_refusal(call, failure)
            raise
        if isinstance(made, Failure):
            raise await add_current_state(self.safeguards, call, made)
        return made

    async def record_refusal(self, call: Call, failure: Failure) -> None:
        await self.safeguards.record_refusal(call, failure)

    async def permit(self, call: Call) -> AwaitedAnswer | None:
        """Ask policy and person about a call that changes nothing but shows a secret."""
        try:
            look = await assess(self.safeguards, call, self._language)
            if look.decision.verdict == "allow":
                return None
            look = await self._read_question(call, look)
            approved = await self.safeguards.obtain_yes(call, look, self._language)
        except Failure as failure:
            await self.record_refusal(call, failure)
            raise
        if isinstance(approved, PendingQuestion | PendingCard):
            return approved
        yes = build_yes_entry(call, approved.description, self._intents.clock())
        await self.safeguards.audit.record(yes)  # where it cannot be recorded, nothing is shown
        return None

    async def _run_write(self, call: Call) -> WriteOutcome | AwaitedAnswer:
        with doubting_repeats(call.key if call.is_keyed else None):
            now = await self._intents.store.read_time()
        claim = build_claim(call, now, await call.account.read_identity())
        if known := await self._find_known_result(call, claim):
            return known

        async def execute_if_allowed(look: Assessment) -> WriteOutcome | Assessment:
            if look.decision.verdict == "allow":
                return await self._execute(call, claim, look)
            return look if look.is_state_read else await self._read_question(call, look)

        touches = list_touched_ids(self.handlers[call.tool.name], call.arguments, {})
        look = await self._act_under_locks(call, claim, touches, execute_if_allowed)
        return await self._ask_and_execute(call, claim, look) if isinstance(look, Assessment) else look

    async def _ask_and_execute(
        self, call: Call, claim: Claim, look: Assessment
    ) -> WriteOutcome | AwaitedAnswer:
        resume = build_resumption(call, self.run)
        approved = await self.safeguards.obtain_yes(call, look, self._language, resume)
        if isinstance(approved, PendingQuestion | PendingCard):
            return approved

        async def execute_same(now: Assessment) -> WriteOutcome:
            self.safeguards.consent.refuse_changed_effect(look.approval_request, now.approval_request)
            return await self._execute(call, claim, replace(now, consent=approved.description))

        return await self._act_under_locks(call, claim, look.effect.touches, execute_same, read_state=True)

    async def _read_question(self, call: Call, look: Assessment) -> Assessment:
        """Read what only the question needs; skipped if nobody is asked."""
        read = await assess(self.safeguards, call, self._language, read_state=True)
        return require_question(self.safeguards, call, look.copy_history_to(read))

    async def _act_under_locks(
        self,
        call: Call,
        claim: Claim,
        touches: frozenset[str],
        act: Callable[[Assessment], Awaitable[T]],
        *,
        read_state: bool = False,
    ) -> T | WriteResult:
        """Assess the call, and act on it while every id that it touches is locked."""
        for _ in range(MAX_LOOKS):
            async with hold_locks(self._intents, claim, touches) as held:
                earlier = await self._await_standing_claim(call, claim)
                if earlier and earlier.state == "done":
                    return replay_answer(earlier)
                equal = await find_equal_claims(self._intents, claim)
                settle = self._create_settler(call, resend=False).settle
                if known := await answer_for_abandoned(
                    self._intents, claim, equal.relevant, settle, call.client, keyed=call.is_keyed
                ):
                    return known
                look = await assess(self.safeguards, call, self._language, read_state=read_state)
                if look.effect.touches <= touches:
                    look = replace(look, confirm_locks=held.confirm)
                    return await act(await self._compare_with_earlier(call, look, earlier, equal))
            # The object names more ids. It is read again under their locks, since it may have changed.
            touches |= look.effect.touches
        raise build_busy_subject(call.tool.name)

    async def _compare_with_earlier(
        self, call: Call, look: Assessment, earlier: Claim | None, equal: EqualClaims
    ) -> Assessment:
        """Add what an earlier call of the same intent, or an equal call, means for this one."""
        noted = None if call.is_keyed else await note_equal_call(self._intents, equal.relevant, look.effect)
        others = [earlier, *equal.relevant]
        absent = any(one.settled_by == "reading" for one in others if one and one.state == "refused")
        known: Json = {"earlier": earlier, "equal_call": noted, "equal_done": equal.find_done(look.effect)}
        return require_question(self.safeguards, call, replace(look, **known, is_after_loss=absent))

    async def _find_known_result(self, call: Call, claim: Claim) -> WriteResult | None:
        """Return the answer that a call with the same key got; a lost one is settled under its locks."""
        standing = await self._await_standing_claim(call, claim, locked=False)
        return replay_answer(standing) if standing and standing.state == "done" else None

    async def _await_standing_claim(self, call: Call, claim: Claim, *, locked: bool = True) -> Claim | None:
        """Return what an earlier call with the same key left; a call without a key is a new intent."""
        if not call.is_keyed:
            return None
        settle = self._create_settler(call).settle if locked else None
        with doubting_repeats(call.key):
            await self._intents.refuse_key_of_twin(claim, self.handlers[call.tool.name].twins)
            return await self._intents.await_standing_claim(claim, settle)

    async def _execute(self, call: Call, claim: Claim, look: Assessment) -> WriteOutcome:
        """Claim, reserve, record and send; shielded from cancellation from the claim on."""
        made: WriteOutcome | None = None
        with anyio.CancelScope(shield=True):
            made = await self._claim_and_send(call, claim, look)
        assert made is not None  # noqa: S101 - a scope that is shielded ends with its body
        try:
            await anyio.lowlevel.checkpoint_if_cancelled()
        except anyio.get_cancelled_exc_class():
            await self._mark_abandoned(claim)
            raise
        if call.client.has_departed:
            await self._mark_abandoned(claim)
        return made

    async def _mark_abandoned(self, claim: Claim) -> None:
        """Mark that the caller does not see the answer; a repeat without a key is then the same call."""
        with anyio.CancelScope(shield=True):
            await ignore_store_failure(self._intents.mark_abandoned(claim))

    async def _claim_and_send(self, call: Call, claim: Claim, look: Assessment) -> WriteOutcome:
        store = self._intents.store
        while True:
            begun_at, lease = self._intents.monotonic(), self._intents.lease
            now = await store.read_time()
            spent = self.safeguards.random() if look.decision.caps else ""
            server_time = self._intents.read_server_time(call.account.fingerprint)
            wall = self._intents.clock() if server_time is None else server_time
            mark = choose_mark(call.tool, call.arguments, claim, look.effect.mark)
            wanted = begin_claim(claim, look, now, wall, lease, spent=spent, mark=mark)
            entry = build_intent_entry(call, look, self._intents.clock())
            record = self.safeguards.audit.build_joint_record(entry, store)
            stands = await store.claim(wanted, look.decision.caps, over=look.earlier, record=record)
            if stands is None:
                if record is None:
                    await self._record_intent(entry, wanted)
                fence = Fence(store, wanted, lease, self._intents.monotonic, begun_at, look.confirm_locks)
                verify = self._create_settler(call).verify
                return await send(call, fence, look, entry, self._intents, self.safeguards.audit, verify)
            if isinstance(stands, LimitExceeded):
                raise build_limit_failure(stands, self._language, self.safeguards.policy.times)
            # Another call with this key stored its claim first.
            earlier = await self._await_standing_claim(call, claim)
            if earlier and earlier.state == "done":
                return replay_answer(earlier)
            look = replace(look, earlier=earlier)

    async def _record_intent(self, entry: Entry, claim: Claim) -> None:
        try:
            await self.safeguards.audit.record(entry)
        except StoreUnavailable:
            await ignore_store_failure(self._intents.end_unapplied(claim, left=False))
            raise

    def _create_settler(self, call: Call, *, resend: bool = True) -> Settler:
        return build_settler(call, self.safeguards, resend=resend)
