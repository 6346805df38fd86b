"""Verifies lost calls on subscriptions: by the subscription's id, and by the attempts at its bill."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import LostWrite, Sender, Verification
from conekta_mcp.domains.orders.tools import get_order
from conekta_mcp.domains.subscriptions.tools import get_subscription, list_subscriptions
from conekta_mcp.effects.comparison import digest_fields, measure_extent
from conekta_mcp.effects.question_facts import get_charges
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    get_object,
    is_truncated,
)
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    Verifier,
    add_lookup,
    build_decline,
    build_verification,
)
from conekta_mcp.errors import Outcome
from conekta_mcp.results.declines import is_declined
from conekta_mcp.results.statuses import CANCELED, normalize_status

OutcomeJudge = Callable[[Mapping[str, Any], Raw, StateBefore, list[Raw]], Outcome]
"""Decides by the wanted fields, the subscription now and before, and the new charges of its bill."""
CHANGE_FIELDS = {"plan_id": None, "card_id": None, "trial_end": None}
STAMP_FIELDS = dict.fromkeys(("paused_at", "canceled_at", "canceled_reason"))
"""What a pause, a resumption or a cancellation leaves besides the status."""
RUNNING_STATUSES = ("in_trial", "active", "past_due")
"""Statuses of a subscription that bills, now or after its trial."""
SUBSCRIPTIONS_LOOKUP = create_lookup(list_subscriptions, "customer_id")


async def read_bill(api: Sender, subscription: Raw) -> Raw:
    last = subscription.get("last_billing_cycle_order_id")
    return await call_read_tool(api, get_order, order_id=str(last)) if last else {}


def _note_subscription(raw: Raw) -> StateBefore:
    subscription = get_object(raw, "subscription")
    return {
        "id": subscription.get("id"),
        "status": normalize_status(subscription.get("status")),
        "before": digest_fields(subscription, CHANGE_FIELDS),
        "stamps": digest_fields(subscription, STAMP_FIELDS),
        "charges": [str(charge.get("id")) for charge in get_charges(get_object(raw, "order"))],
    }


def verify_subscription(judge_outcome: OutcomeJudge) -> Verifier:
    """Verify by the subscription whose id was noted, because a later one may have replaced it."""

    async def read_state_before(_: Sender, __: Any, raw: Raw | None) -> StateBefore:
        return _note_subscription(raw or {})

    async def verify(api: Sender, arguments: Any, lost: LostWrite) -> Verification:
        noted = lost.state_before
        known = {"customer_id": arguments.customer_id, "subscription_id": str(noted.get("id"))}
        subscription = await call_read_tool(api, get_subscription, **known)
        new: list[Raw] = []
        if judge_outcome is judge_retry:
            bill = await read_bill(api, subscription)
            charges = get_charges(bill)
            is_told = not is_truncated(bill) and shows_attempts(charges, noted)
            if noted["status"] == "past_due" and not is_told:
                return UNKNOWN
            new = [charge for charge in charges if charge["id"] not in noted["charges"]]
        outcome = judge_outcome(expect_changes(arguments), subscription, noted, new)
        is_same_status = normalize_status(subscription.get("status")) == noted["status"]
        has_other_stamps = noted.get("stamps") != digest_fields(subscription, STAMP_FIELDS)
        if outcome == "not_applied" and is_same_status and has_other_stamps:
            return UNKNOWN
        found = build_verification(outcome, subscription)
        if outcome == "applied" and any(map(is_declined, new)):
            return replace(found, declined=build_decline(subscription))
        return found

    return Verifier(read_state_before=read_state_before, verify=add_lookup(verify, SUBSCRIPTIONS_LOOKUP))


def shows_attempts(charges: list[Raw], noted: StateBefore) -> bool:
    """Tell whether a bill shows all its charges, including those from before the call."""
    ids = [one.get("id") for one in charges]
    before = set(noted["charges"])  # of a bill that is past due there was one attempt at least
    return all(isinstance(one, str) for one in ids) and bool(before) and set(ids) >= before


def expect_changes(arguments: Any) -> Mapping[str, Any]:
    """Return the fields that a change sends; {} for a call that only acts on a subscription."""
    return arguments.model_dump(exclude_none=True, include=set(CHANGE_FIELDS))  # type: ignore[no-any-return] # Any


def judge_update(wanted: Mapping[str, Any], now: Raw, noted: StateBefore, _: list[Raw]) -> Outcome:
    if measure_extent(now, wanted) == "all":
        return "applied"
    return "not_applied" if noted["before"] == digest_fields(now, CHANGE_FIELDS) else "unknown"


def judge_cancellation(_: Mapping[str, Any], now: Raw, __: StateBefore, ___: list[Raw]) -> Outcome:
    status = normalize_status(now.get("status"))
    if status == CANCELED:
        return "applied"
    return "not_applied" if status in (*RUNNING_STATUSES, "paused") else "unknown"


def judge_resumption(_: Mapping[str, Any], now: Raw, noted: StateBefore, __: list[Raw]) -> Outcome:
    status = normalize_status(now.get("status"))
    if noted["status"] != "paused" or status == "paused":
        return "not_applied"
    return "applied" if status in RUNNING_STATUSES else "unknown"


def judge_retry(_: Mapping[str, Any], now: Raw, noted: StateBefore, new: list[Raw]) -> Outcome:
    """Decide a retry by the attempts at the bill: one more is ours, two may be Conekta's."""
    if noted["status"] != "past_due":
        return "not_applied"
    if len(new) == 1:
        return "applied"
    return "not_applied" if not new and normalize_status(now.get("status")) == "past_due" else "unknown"
