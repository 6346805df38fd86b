"""What is known of one write while it is made: the call, what is at stake, its claim and its records."""

import json
from dataclasses import dataclass
from typing import Any

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.audit.log import Entry
from conekta_mcp.audit.redaction import find_ids
from conekta_mcp.catalog import (
    Effect,
    LostWrite,
    Operation,
    ServerArguments,
    Tool,
    Verification,
    WriteHandler,
)
from conekta_mcp.consent.client import Client
from conekta_mcp.consent.question import ApprovalRequest
from conekta_mcp.effects.write_plan import pin_arguments
from conekta_mcp.errors import Failure
from conekta_mcp.policy.policy import Decision
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.idempotency import IdempotentSender, Json
from conekta_mcp.writes.intents import ClaimResender, ClaimVerifier, fingerprint_call, to_canonical_json


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a tool that writes or tells secrets."""

    id: str
    tool: Tool[Any]
    server_arguments: ServerArguments
    arguments: Any
    account: ActiveAccount
    client: Client

    @property
    def key(self) -> str:
        """The idempotency key of its intent: the one that came with it, or one of its own."""
        return self.server_arguments.idempotency_key or self.id


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What a call would do, read just now, and what the policy says of it."""

    effect: Effect
    decision: Decision
    approval_request: ApprovalRequest
    consent: str = "not_due"


def build_claim(call: Call, now: float) -> Claim:
    """Give the claim of a call, before it is known what is at stake."""
    return Claim(
        account=call.account.fingerprint,
        tool=call.tool.name,
        key=call.key,
        fingerprint=fingerprint_call(call.tool, call.arguments),
        arguments=to_canonical_json(call.arguments),
        owner=call.id,
        at=now,
        until=now,
    )


def build_approval_request(call: Call, stakes: Effect) -> ApprovalRequest:
    """Give what a person would be asked about a call."""
    return ApprovalRequest(
        tool=call.tool.name,
        arguments=to_canonical_json(call.arguments),
        amount=stakes.amount,
        currency=stakes.currency,
        account=call.account.fingerprint,
        profile=call.account.profile,
        mode=call.account.known_mode,
        question=stakes.question,
    )


def build_claim_verifier(call: Call, care: WriteHandler | None) -> ClaimVerifier | None:
    """Give how a lost call is proved, None where nothing that can be read tells."""
    prove = care.verify if care else None
    if prove is None:
        return None

    async def verify_claim(claim: Claim) -> Verification:
        return await prove(call.account.sender, call.arguments, describe_loss(claim))

    return verify_claim


def describe_loss(claim: Claim) -> LostWrite:
    """Return what a verification of a lost write compares with."""
    return LostWrite(state_before=json.loads(claim.witness))


def build_claim_resender(call: Call) -> ClaimResender | None:
    """Give how a lost call is sent again, None where Conekta does not act once for one key."""
    if not (isinstance(call.tool, Operation) and call.tool.endpoint.accepts_key):
        return None

    async def resend_claim(claim: Claim) -> Json:
        return await call.tool.call(
            IdempotentSender(call.account.sender, claim.tool, claim.key),
            pin_arguments(call.arguments, json.loads(claim.witness)),
        )

    return resend_claim


def build_intent_entry(call: Call, look: Assessment, now: float) -> Entry:
    """Give the record of a write that is about to be sent."""
    stakes = look.effect
    return _build_entry(
        call,
        "intent",
        now,
        amount=stakes.amount,
        currency=stakes.currency,
        consent=look.consent,
        rule=look.decision.rule,
    )


def build_result_entry(
    entry: Entry,
    now: float,
    outcome: str | None,
    *,
    failure: Failure | None = None,
    answer: Json | None = None,
) -> Entry:
    """Give the record of how it ended."""
    return entry.to_result(
        at=now,
        duration_ms=round((now - entry.at) * 1000),
        outcome=outcome,
        ids=find_ids([dict(entry.arguments), answer or (failure.created if failure else {})]),
        **(_get_failure_fields(failure) if failure else {}),
    )


def build_refusal_entry(call: Call, failure: Failure, now: float) -> Entry:
    """Give the record of a call that was refused before anything was sent."""
    consent = failure.type.removeprefix("consent_") if failure.type.startswith("consent_") else None
    return _build_entry(
        call, "refusal", now, outcome="refused", consent=consent, **_get_failure_fields(failure)
    )


def _build_entry(call: Call, event: Any, now: float, **more: Any) -> Entry:
    arguments = call.arguments.model_dump(mode="json", exclude_none=True)
    return Entry(
        event=event,
        at=now,
        call=call.id,
        tool=call.tool.name,
        arguments=arguments,
        account=call.account.fingerprint,
        profile=call.account.profile,
        mode=call.account.known_mode,
        client=call.client.name,
        ids=find_ids([arguments]),
        idempotency_key=call.server_arguments.idempotency_key,
        **more,
    )


def _get_failure_fields(failure: Failure) -> dict[str, Any]:
    return {"http_status": failure.http_status, "code": failure.details[0].code, "log_id": failure.log_id}
