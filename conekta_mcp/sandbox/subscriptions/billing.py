"""Bills subscriptions: cycles, retries, pauses and their ends (conekta-api.md 4.9, 5.3).

in_trial -> active <-> past_due; active, in_trial <-> paused; past_due -> canceled; active -> expired.
"""

from conekta_mcp.sandbox.core.account import Account, BackdatedAccount, Json
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.refusals.policies import CANCELED_BY_USER, CANCELED_UNPAID
from conekta_mcp.sandbox.refusals.subscriptions import impossible_action
from conekta_mcp.sandbox.subscriptions import recurrent_orders
from conekta_mcp.sandbox.subscriptions.billing_calendar import compute_cycle_end
from conekta_mcp.sandbox.subscriptions.plans import load_plan
from conekta_mcp.sandbox.subscriptions.subscribers import BILLING_STATE, KIND, is_live, set_status

HOUR = 3600


def process_due_subscriptions(account: Account) -> None:
    """Bill and retry everything due, in the order and with the dates in which it came due."""
    now = account.now()
    while due := account.list_due(KIND, now):
        # One at a time: billing a cycle can make its next retry or cycle due as well.
        moment = due[0][BILLING_STATE]["due_at"]
        _process_subscription(BackdatedAccount(account.ledger, account.fingerprint, moment), due[0])


def start_billing(account: Account, subscription: Json) -> None:
    subscription[BILLING_STATE].update(anchor=account.now(), cycles=0)
    _start_next_cycle(account, subscription)


def pause_subscription(account: Account, subscription: Json) -> None:
    refuse_wrong_status(subscription, "pause", "active", "in_trial")
    subscription["paused_at"] = account.now()
    subscription[BILLING_STATE]["due_at"] = None
    set_status(account, subscription, "paused", "paused")


def resume_subscription(account: Account, subscription: Json) -> None:
    """Resume; where a cycle or trial ended meanwhile, the next begins, and is charged, now."""
    refuse_wrong_status(subscription, "resume", "paused")
    now = account.now()
    del subscription["paused_at"]
    subscription[BILLING_STATE]["due_at"] = subscription["billing_cycle_end"]
    status = "in_trial" if subscription["trial_end"] > now else "active"
    set_status(account, subscription, status, "resumed")
    # The cycle is paid, or the trial lasts, until then.
    if subscription["billing_cycle_end"] > now:
        return
    if _is_complete(account, subscription):
        set_status(account, subscription, "expired", "expired")
    else:
        start_billing(account, subscription)


def retry_payment(account: Account, subscription: Json) -> None:
    """Try the card once more, without counting among the plan's retries or moving them (4.9, inferred)."""
    refuse_wrong_status(subscription, "retry", "past_due")
    charge = recurrent_orders.collect_payment(
        account, subscription, load_plan(account, subscription["plan_id"])
    )
    if charge:
        _record_payment(account, subscription, charge)
    else:
        set_status(account, subscription, "past_due", "payment_failed")


def cancel_subscription(account: Account, subscription: Json, reason: str = CANCELED_BY_USER) -> None:
    """Cancel for good; what is unpaid is not tried again."""
    refuse_wrong_status(subscription, "cancel", "in_trial", "active", "past_due", "paused")
    if subscription["status"] == "past_due":
        recurrent_orders.decline_unpaid_order(account, subscription)
    subscription.update(canceled_at=account.now(), canceled_reason=reason)
    set_status(account, subscription, "canceled", "canceled")


def cancel_all_subscriptions(account: Account, customer_id: str) -> None:
    """Cancel every live subscription of a customer who is deleted (13, ours)."""
    for subscription in account.list_records(KIND, parent=customer_id):
        if is_live(subscription):
            cancel_subscription(account, subscription)


def refuse_wrong_status(subscription: Json, action: str, *statuses: str) -> None:
    """Raise Invalid for what the subscription's status does not permit (5.2)."""
    if subscription["status"] not in statuses:
        raise Invalid(impossible_action(action, subscription["status"]))


def _process_subscription(account: Account, subscription: Json) -> None:
    if subscription["status"] == "past_due":
        _attempt_payment(account, subscription)
    elif _is_complete(account, subscription):
        set_status(account, subscription, "expired", "expired")
    else:
        _start_next_cycle(account, subscription)


def _start_next_cycle(account: Account, subscription: Json) -> None:
    inside, plan = subscription[BILLING_STATE], load_plan(account, subscription["plan_id"])
    # From the anchor, not from the last end, so that the day of the month does not drift.
    begin = compute_cycle_end(inside["anchor"], plan, inside["cycles"])
    inside.update(cycles=inside["cycles"] + 1, failures=0)
    end = compute_cycle_end(inside["anchor"], plan, inside["cycles"])
    subscription.update(billing_cycle_start=begin, billing_cycle_end=end)
    recurrent_orders.open_cycle_order(account, subscription, plan)
    _attempt_payment(account, subscription)


def _attempt_payment(account: Account, subscription: Json) -> None:
    charge = recurrent_orders.collect_payment(
        account, subscription, load_plan(account, subscription["plan_id"])
    )
    if charge:
        _record_payment(account, subscription, charge)
    else:
        _record_failure(account, subscription)


def _record_payment(account: Account, subscription: Json, charge: Json) -> None:
    subscription["charge_id"] = charge["id"]
    inside = subscription[BILLING_STATE]
    # A cycle that ended while it was unpaid is followed by the next one at once (inferred).
    inside.update(
        paid=inside["paid"] + 1, failures=0, due_at=max(subscription["billing_cycle_end"], account.now())
    )
    set_status(account, subscription, "active", "paid")


def _record_failure(account: Account, subscription: Json) -> None:
    inside, plan = subscription[BILLING_STATE], load_plan(account, subscription["plan_id"])
    inside["failures"] += 1
    inside["due_at"] = account.now() + plan["retry_delay_hours"] * HOUR
    set_status(account, subscription, "past_due", "payment_failed")
    # The first attempt of a cycle is not a retry.
    if inside["failures"] > plan["max_retries"]:
        cancel_subscription(account, subscription, CANCELED_UNPAID)


def _is_complete(account: Account, subscription: Json) -> bool:
    count = load_plan(account, subscription["plan_id"])["expiry_count"]
    return count is not None and subscription[BILLING_STATE]["paid"] >= count
