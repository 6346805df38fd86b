"""Assesses a write before it is sent: reads its effect, and asks policy and limits about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.audit.log import AuditLog
from conekta_mcp.catalog import Effect, Operation, WriteHandler
from conekta_mcp.catalog.files import UploadOperation
from conekta_mcp.consent.asking.resumption import Resume
from conekta_mcp.consent.client import AwaitedAnswer
from conekta_mcp.consent.consent import Consent, GrantedApproval
from conekta_mcp.consent.question import ApprovalRequest
from conekta_mcp.errors import Failure, Forbidden
from conekta_mcp.policy.limits import build_limit_failure
from conekta_mcp.policy.messages import format_texts
from conekta_mcp.policy.past_times import refuse_later_birth, refuse_past_times
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.policy.spent_today import find_exceeded_cap
from conekta_mcp.writes.call import Assessment, Call, build_early_refusal_entry, build_refusal_entry
from conekta_mcp.writes.equal_calls import describe_equal_call
from conekta_mcp.writes.idempotency import to_canonical_json
from conekta_mcp.writes.intents import Intents

LOST_WARNING = {
    "es": "OJO: un intento anterior de lo mismo se perdió; no aparece en Conekta, pero aún podría llegar.",
    "en": "NOTE: an earlier try of the same was lost; Conekta does not show it, but it may still arrive.",
}
LIVEMODE = {"test": False, "live": True, "unknown": None}


@dataclass(frozen=True, kw_only=True)
class WriteSafeguards:
    """What every write of a server shares: policy, consent, store, audit log and clock."""

    policy: Policy
    intents: Intents
    audit: AuditLog
    consent: Consent
    handlers: Mapping[str, WriteHandler]
    """The handler of each writing tool by its name."""
    random: Callable[[], str]
    refuse_unsafe_live_write: Callable[[], Awaitable[None]] | None = None
    """Raises Forbidden if the configuration is not safe for live money."""
    writes_marks: bool = True
    """Whether an intent writes its name into what it makes."""
    may_record: Callable[[str], bool] = lambda _: True
    """Whether the refusal of a call is recorded, given the fingerprint of its key, "" where it has none."""

    async def obtain_yes(
        self, call: Call, look: Assessment, language: str, resume: Resume | None = None
    ) -> GrantedApproval | AwaitedAnswer:
        """Return a person's approval, or the question that they have to answer first.

        Nobody is asked, and no approval is used, for a call that a daily limit would refuse afterwards. An
        answer that the call brings back is read in any case, because a no has to be recorded.

        Raises:
            Forbidden: a limit does not allow it now.
            NotApproved: there is no approval, or not yet.
        """
        if call.client.returned_state is None:
            hindered = await find_exceeded_cap(self.intents.store, look.decision.caps)
            if hindered:
                raise build_limit_failure(hindered, language, self.policy.times)
        preview = call.server_arguments.approval
        return await self.consent.obtain(look.approval_request, call.client, preview, resume)

    async def record_refusal(self, call: Call, failure: Failure) -> None:
        if self.may_record(call.account.key.key_fingerprint):
            await self.audit.record(build_refusal_entry(call, failure, self.intents.clock()))

    async def record_early_refusal(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        account: ActiveAccount | None,
        client: str | None,
        failure: Failure,
    ) -> None:
        """Record a call that was refused before its effect was assessed."""
        if not self.may_record(account.key.key_fingerprint if account else ""):
            return
        name, now = self.random(), self.intents.clock()
        entry = build_early_refusal_entry(name, tool, arguments, account, client, failure, now)
        await self.audit.record(entry)


async def assess(
    safeguards: WriteSafeguards, call: Call, language: str, *, read_state: bool = False
) -> Assessment:
    """Compute what a call does, and decide. The object is read if the plan or a question needs it.

    Raises:
        Forbidden: the policy or a limit does not allow it.
        InvalidArguments: it is meant to last until a time that is over, or names a birth that is to come.
    """
    policy, profile = safeguards.policy, call.account.profile
    server_time = safeguards.intents.read_server_time(call.account.fingerprint)
    now = safeguards.intents.clock() if server_time is None else server_time
    given = call.arguments.model_dump(exclude_none=True)
    refuse_past_times(given, now, policy.times, language)
    refuse_later_birth(given, now, policy.times, language)
    await _decide(call, language, lambda livemode: policy.find_denial(call.tool, profile, livemode))
    handler = safeguards.handlers[call.tool.name]
    reads = read_state or handler.needs_state(call.arguments)
    effect = await _read_effect(call, handler) if reads else handler.compute_effect(call.arguments, None)
    effect = effect if safeguards.writes_marks else replace(effect, mark=None)
    call.effects.append(effect)
    identity = await call.account.read_identity()
    if safeguards.refuse_unsafe_live_write and call.account.known_mode != "test":
        await safeguards.refuse_unsafe_live_write()
    decide = partial(
        policy.decide,
        call.tool,
        effect,
        profile=profile,
        at=safeguards.intents.clock(),
        account=identity,
    )
    try:
        decision = await _decide(call, language, lambda livemode: decide(livemode=livemode))
        if decision and decision.caps:
            # Only what is counted by day needs the day of the store's clock too.
            decide = partial(decide, store_time=await safeguards.intents.store.read_time())
            decision = await _decide(call, language, lambda livemode: decide(livemode=livemode))
    except Forbidden as failure:
        failure.current = dict(effect.current)
        raise
    assert decision is not None  # noqa: S101 - decide always decides
    request = build_approval_request(call, effect)
    return Assessment(effect=effect, decision=decision, approval_request=request, is_state_read=reads)


async def add_current_state(safeguards: WriteSafeguards, call: Call, failure: Failure) -> Failure:
    """Add the current state of the object to a refusal by Conekta, if that explains it."""
    if failure.outcome == "not_applied" and call.effects and call.effects[-1].current:
        with suppress(Failure):
            read = await safeguards.handlers[call.tool.name].read_effect(call.account.sender, call.arguments)
            failure.current = dict(read.current)
    return failure


def require_question(safeguards: WriteSafeguards, call: Call, look: Assessment) -> Assessment:
    """Require an approval before something is sent that an earlier attempt may also have sent.

    The question also mentions an equal call that was done. Nobody is asked if Conekta accepts an
    Idempotency-Key, because a second request then does no harm, or if the operator never asks anybody.
    """
    if look.equal_done:
        warning = describe_equal_call(look.equal_done, safeguards.policy.times)
        look = replace(look, approval_request=replace(look.approval_request, warning=warning))
    accepts_key = isinstance(call.tool, Operation) and call.tool.endpoint.accepts_key
    if not look.is_after_loss or accepts_key or not safeguards.policy.has_questions(call.account.known_mode):
        return look
    decision = replace(look.decision, verdict="confirm", why=format_texts("lost_before"))
    told = look.approval_request.warning
    warning = {
        language: " ".join(filter(None, (lost, told.get(language))))
        for language, lost in LOST_WARNING.items()
    }
    return replace(look, decision=decision, approval_request=replace(look.approval_request, warning=warning))


async def _read_effect(call: Call, handler: WriteHandler) -> Effect:
    try:
        return await handler.read_effect(call.account.sender, call.arguments)
    except Failure as failure:
        failure.outcome = None if call.tool.risk.read_only else "not_applied"
        raise


async def _decide(
    call: Call, language: str, decide: Callable[[bool | None], Decision | None]
) -> Decision | None:
    """Ask the policy; the mode of the account is looked up only if it changes the decision."""
    known = LIVEMODE[call.account.known_mode]
    if call.account.expected_mode or (
        known is None and _get_verdict(decide(False)) != _get_verdict(decide(True))
    ):
        known = LIVEMODE[await call.account.read_mode()]
    decision = decide(known)
    if decision and decision.verdict == "deny":
        raise decision.to_failure(language)
    return decision


def _get_verdict(decision: Decision | None) -> tuple[object, ...] | None:
    return (decision.verdict, decision.rule, decision.limit) if decision else None


def build_approval_request(call: Call, effect: Effect) -> ApprovalRequest:
    """Return what a person is asked about a call."""
    return ApprovalRequest(
        tool=call.tool.name,
        arguments=to_canonical_json(call.arguments),
        amount=effect.amount,
        currency=effect.currency,
        account=call.identity,
        caller=call.account.fingerprint,
        caller_key=call.account.key.key_fingerprint,
        key=call.server_arguments.idempotency_key or "",
        profile=call.account.profile,
        company=(known.company_name or "") if (known := call.account.known_identity) else "",
        mode=call.account.known_mode,
        question=effect.question,
        rests_on=effect.rests_on + _digest_files(call),
        facts=_list_facts(call, effect),
    )


def _digest_files(call: Call) -> str:
    """Return digests of the files to send: they could be replaced while a person decides."""
    if not isinstance(call.tool, UploadOperation):
        return ""
    request = call.tool.build_request(call.arguments)
    body = json.dumps(request.body, sort_keys=True).encode()
    parts = (body, *(one.content for one in request.files.values()))
    return "".join(hashlib.sha256(one).hexdigest() for one in parts)


def _list_facts(call: Call, effect: Effect) -> dict[str, Any]:
    """Return the figures of an effect, for the page that asks."""
    rhythm = effect.recurrence
    return {
        "kind": effect.kind.value,
        "amount": effect.amount,
        "currency": effect.currency,
        "recurrence": asdict(rhythm) if rhythm else None,
        "before": dict(effect.before),
        "after": dict(effect.after),
        "is_reversible": effect.is_reversible,
        "account": call.account.profile or call.identity,
        "profile": call.account.profile,
        "mode": call.account.known_mode,
    }
