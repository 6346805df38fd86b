"""What is known of one write while it is made: the call, what is at stake, its claim and its records."""

import json
from dataclasses import dataclass
from typing import Any

from conekta_mcp.accounts.active_account import Acting
from conekta_mcp.audit.log import Entry
from conekta_mcp.audit.redaction import ids_in
from conekta_mcp.catalog import (
    Care,
    Operation,
    Own,
    Proof,
    Stakes,
    Tool,
)
from conekta_mcp.consent.client import Client
from conekta_mcp.consent.question import Asked
from conekta_mcp.errors import Failure
from conekta_mcp.policy.policy import Decision
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.idempotency import Json, Keyed
from conekta_mcp.writes.intents import Again, Prove, canonical, fingerprint_of


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a tool that writes or tells secrets."""

    id: str
    tool: Tool[Any]
    own: Own
    arguments: Any
    acting: Acting
    client: Client

    @property
    def key(self) -> str:
        """The idempotency key of its intent: the one that came with it, or one of its own."""
        return self.own.idempotency_key or self.id


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a call would do, read just now, and what the policy says of it."""

    stakes: Stakes
    decision: Decision
    asked: Asked
    consent: str = "not_due"


def claim_of(call: Call, now: float) -> Claim:
    """Give the claim of a call, before it is known what is at stake."""
    return Claim(
        account=call.acting.fingerprint,
        tool=call.tool.name,
        key=call.key,
        fingerprint=fingerprint_of(call.tool, call.arguments),
        arguments=canonical(call.arguments),
        owner=call.id,
        at=now,
        until=now,
    )


def asked_of(call: Call, stakes: Stakes) -> Asked:
    """Give what a person would be asked about a call."""
    return Asked(
        tool=call.tool.name,
        arguments=canonical(call.arguments),
        amount=stakes.amount,
        currency=stakes.currency,
        account=call.acting.fingerprint,
        profile=call.acting.profile,
        mode=call.acting.known_mode,
        question=stakes.said,
    )


def proving(call: Call, care: Care | None) -> Prove | None:
    """Give how a lost call is proved, None where nothing that can be read tells."""
    prove = care.prove if care else None
    if prove is None:
        return None

    async def proved(claim: Claim) -> Proof:
        return await prove(call.acting.sender, call.arguments, json.loads(claim.witness))

    return proved


def again(call: Call) -> Again | None:
    """Give how a lost call is sent again, None where Conekta does not act once for one key."""
    if not (isinstance(call.tool, Operation) and call.tool.endpoint.keyed):
        return None

    async def sent(claim: Claim) -> Json:
        return await call.tool.call(Keyed(call.acting.sender, claim.tool, claim.key), call.arguments)

    return sent


def intent(call: Call, look: Look, now: float) -> Entry:
    """Give the record of a write that is about to be sent."""
    stakes = look.stakes
    return _entry(call, "intent", now, amount=stakes.amount, currency=stakes.currency, consent=look.consent,
                  rule=look.decision.rule)  # fmt: skip


def ended(
    entry: Entry,
    now: float,
    outcome: str | None,
    *,
    failure: Failure | None = None,
    answer: Json | None = None,
) -> Entry:
    """Give the record of how it ended."""
    return entry.ended(
        at=now,
        duration_ms=round((now - entry.at) * 1000),
        outcome=outcome,
        ids=ids_in([dict(entry.arguments), answer or (failure.created if failure else {})]),
        **(_of(failure) if failure else {}),
    )


def refusal(call: Call, failure: Failure, now: float) -> Entry:
    """Give the record of a call that was refused before anything was sent."""
    consent = failure.type.removeprefix("consent_") if failure.type.startswith("consent_") else None
    return _entry(call, "refusal", now, outcome="refused", consent=consent, **_of(failure))


def _entry(call: Call, event: Any, now: float, **more: Any) -> Entry:
    arguments = call.arguments.model_dump(mode="json", exclude_none=True)
    return Entry(
        event=event,
        at=now,
        call=call.id,
        tool=call.tool.name,
        arguments=arguments,
        account=call.acting.fingerprint,
        profile=call.acting.profile,
        mode=call.acting.known_mode,
        client=call.client.name,
        ids=ids_in([arguments]),
        idempotency_key=call.own.idempotency_key,
        **more,
    )


def _of(failure: Failure) -> dict[str, Any]:
    return {"http_status": failure.http_status, "code": failure.details[0].code, "log_id": failure.log_id}
