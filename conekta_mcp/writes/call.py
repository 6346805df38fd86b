"""The data of one write: the call, its assessment, its claim, and its records for the audit log."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.audit.log import Entry
from conekta_mcp.audit.redaction import find_ids
from conekta_mcp.catalog import Effect, ServerArguments, Tool
from conekta_mcp.consent.client import Client
from conekta_mcp.consent.question import ApprovalRequest
from conekta_mcp.errors import Failure, NotApproved
from conekta_mcp.policy.policy import Decision
from conekta_mcp.redaction import has_card_number
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.equal_calls import fingerprint_call
from conekta_mcp.writes.idempotency import Json, to_canonical_json
from conekta_mcp.writes.intent_sender import begin_attempt


@dataclass(frozen=True)
class Call:
    """One call of a tool that writes or shows secrets."""

    id: str
    tool: Tool[Any]
    server_arguments: ServerArguments
    arguments: Any
    account: ActiveAccount
    client: Client
    effects: list[Effect] = field(default_factory=list, compare=False, repr=False)
    """Every effect that was computed; the audit record of a refusal has the last amount."""

    @property
    def identity(self) -> str:
        """The id of the account at Conekta, as far as it is known."""
        known = self.account.known_identity
        return known.name if known else self.account.fingerprint

    @property
    def is_keyed(self) -> bool:
        """Whether the caller sent an idempotency key; without one, each call is a new intent."""
        return self.server_arguments.idempotency_key is not None

    @property
    def key(self) -> str:
        """The idempotency key of the intent: the caller's, or a generated one."""
        return self.server_arguments.idempotency_key or self.id


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What a call would do, as just read, and the decision of the policy."""

    effect: Effect
    decision: Decision
    approval_request: ApprovalRequest
    is_state_read: bool = True
    """Whether the object was read; not every call needs that if nobody is asked."""
    earlier: Claim | None = None
    """The claim of an earlier call with the same key, of which nothing was applied."""
    is_after_loss: bool = False
    """Whether a lost request of the same call may still arrive, although no read found it."""
    equal_call: Json | None = None
    """The equal call made just before: its id, and how many seconds ago."""
    equal_done: Claim | None = None
    """The newest equal call of the last day that was done, for the question."""
    consent: str = "not_due"
    confirm_locks: Callable[[], Awaitable[bool]] | None = None
    """Returns whether the locks under which it was made are still held."""

    def copy_history_to(self, read: "Assessment") -> "Assessment":
        """Return what was `read` anew, with what is known of earlier calls."""
        names = ("earlier", "is_after_loss", "equal_call", "equal_done", "confirm_locks")
        return replace(read, **{name: getattr(self, name) for name in names})


def build_resumption(
    call: Call, run: Callable[[Call], Awaitable[Any]]
) -> Callable[[Client], Awaitable[Json]]:
    """Return the function that makes `call` again for another client and returns how it ended."""

    async def resume(client: Client) -> Json:
        try:
            made = await run(replace(call, client=client, effects=[]))
        except NotApproved:
            raise
        except Failure as failure:
            outcome = failure.outcome or "not_applied"
            return {"outcome": outcome, "id": failure.created.get("id"), "message": str(failure)}
        return {"outcome": "applied", "id": made.raw.get("id")}

    return resume


def build_claim(call: Call, now: float, identity: str) -> Claim:
    """Return the claim of a call before its assessment; `now` is the store's time."""
    return Claim(
        account=identity,
        tool=call.tool.name,
        key=call.key,
        fingerprint=fingerprint_call(call.tool, call.arguments),
        arguments=to_canonical_json(call.arguments),
        call=call.id,
        owner=call.id,
        at=now,
        until=now,
    )


def begin_claim(
    claim: Claim, look: Assessment, now: float, wall: float, lease: float, *, spent: str, mark: str
) -> Claim:
    """Return the claim with its next attempt, as it is stored before the request is sent.

    `now` is the store's time, `wall` unix seconds, `spent` the name of its reservation of limits, and `mark`
    the mark in the request.
    """
    earlier = look.earlier
    return replace(
        claim,
        witness=json.dumps(dict(look.effect.state_before)),
        subject=look.effect.subject,
        mark=mark,
        at=now,
        until=now + lease,
        attempts=(*(earlier.attempts if earlier else ()), begin_attempt(now, wall)),
        fence=earlier.fence + 1 if earlier else 1,
        reopened=earlier.reopened + 1 if earlier else 0,
        spent=spent,
    )


def build_intent_entry(call: Call, look: Assessment, now: float) -> Entry:
    """Return the audit record of a write that is about to be sent."""
    effect = look.effect
    return _build_entry(
        call,
        "intent",
        now,
        amount=effect.amount,
        currency=effect.currency,
        consent=look.consent,
        rule=look.decision.rule,
    )


def build_yes_entry(call: Call, consent: str, now: float) -> Entry:
    """Return the audit record of an approval of a call that shows a secret and writes nothing."""
    return _build_entry(call, "decision", now, consent=consent, outcome="approved")


def build_result_entry(
    entry: Entry,
    now: float,
    outcome: str | None,
    *,
    failure: Failure | None = None,
    answer: Json | None = None,
) -> Entry:
    """Return the audit record of the outcome."""
    return entry.to_result(
        at=now,
        duration_ms=round((now - entry.at) * 1000),
        outcome=outcome,
        ids=find_ids([dict(entry.arguments), answer or (failure.created if failure else {})]),
        **(_get_failure_fields(failure) if failure else {}),
    )


def build_settlement_entry(call: Call, claim: Claim, now: float) -> Entry:
    """Return the audit record of how a lost write, of this call or an equal one, ended."""
    entry = _build_entry(call, "settlement", now, outcome=claim.outcome, settled_by=claim.settled_by)
    return replace(entry, call=claim.call, ids=(*entry.ids, *claim.made), idempotency_key=claim.key)


def build_refusal_entry(call: Call, failure: Failure, now: float) -> Entry:
    """Return the audit record of a call that was refused before anything was sent."""
    consent = failure.type.removeprefix("consent_") if failure.type.startswith("consent_") else None
    if isinstance(failure, NotApproved) and failure.decision:
        consent = f"{consent} ({failure.decision})"
    arguments = call.arguments.model_dump(mode="json", exclude_none=True)
    money = read_amount(arguments)
    if call.effects:
        money = {"amount": call.effects[-1].amount, "currency": call.effects[-1].currency}
    return _build_entry(
        call, "refusal", now, outcome="refused", consent=consent, **money, **_get_failure_fields(failure)
    )


def build_early_refusal_entry(
    call_id: str,
    tool: str,
    arguments: Mapping[str, Any],
    account: ActiveAccount | None,
    client: str | None,
    failure: Failure,
    now: float,
) -> Entry:
    """Return the audit record of a refusal before the arguments were checked."""
    return Entry(
        event="refusal",
        at=now,
        call=call_id,
        tool=tool,
        arguments=arguments,
        account=account.fingerprint if account else None,
        profile=account.profile if account else None,
        mode=account.known_mode if account else None,
        client=client,
        ids=find_ids([dict(arguments)]),
        outcome="refused",
        **read_amount(arguments),
        **_get_failure_fields(failure),
    )


def read_amount(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `amount` in centavos and `currency` from the arguments, without card numbers."""
    amount, currency = arguments.get("amount"), arguments.get("currency")
    is_sum = isinstance(amount, int) and not isinstance(amount, bool) and not has_card_number(amount)
    is_code = isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) is not None
    return {"amount": amount if is_sum else None, "currency": currency if is_code else None}


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
