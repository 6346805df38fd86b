"""What becomes of subscriptions: cycles, retries and the ends of both (conekta-api.md 4.9, 5.3).

in_trial -> active <-> past_due; active, in_trial <-> paused; past_due -> canceled; active -> expired.
"""

from conekta_mcp.sandbox.core.account import Account, Json, Then
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.refusals.policies import CANCELED_BY_USER, CANCELED_UNPAID
from conekta_mcp.sandbox.refusals.subscriptions import not_possible
from conekta_mcp.sandbox.subscriptions import recurrent_orders
from conekta_mcp.sandbox.subscriptions.billing_calendar import end_of_cycle
from conekta_mcp.sandbox.subscriptions.plans import plan_of
from conekta_mcp.sandbox.subscriptions.subscribers import INSIDE, KIND, become, is_live

HOUR = 3600


def work_off(account: Account) -> None:
    """Bill and retry everything that is due, in the order and with the dates in which it came due."""
    now = account.now()
    while due := account.due(KIND, now):
        moment = due[0][INSIDE]["due_at"]
        _come_due(Then(account.ledger, account.fingerprint, moment), due[0])


def start(account: Account, subscription: Json) -> None:
    """Begin to bill a subscription now."""
    subscription[INSIDE].update(anchor=account.now(), cycles=0)
    _next_cycle(account, subscription)


def pause(account: Account, subscription: Json) -> None:
    """Stop billing until it is resumed."""
    allow(subscription, "pause", "active", "in_trial")
    subscription["paused_at"] = account.now()
    subscription[INSIDE]["due_at"] = None
    become(account, subscription, "paused", "paused")


def resume(account: Account, subscription: Json) -> None:
    """Go on: a cycle or trial that ended meanwhile is followed by one that begins, and is charged, now."""
    allow(subscription, "resume", "paused")
    now = account.now()
    del subscription["paused_at"]
    subscription[INSIDE]["due_at"] = subscription["billing_cycle_end"]
    status = "in_trial" if subscription["trial_end"] > now else "active"
    become(account, subscription, status, "resumed")
    if subscription["billing_cycle_end"] > now:
        return
    if _is_complete(account, subscription):
        become(account, subscription, "expired", "expired")
    else:
        start(account, subscription)


def retry(account: Account, subscription: Json) -> None:
    """Try the card once more; it neither counts among the plan's retries nor moves them (4.9, inferred)."""
    allow(subscription, "retry", "past_due")
    charge = recurrent_orders.collect(account, subscription, plan_of(account, subscription["plan_id"]))
    if charge:
        _paid(account, subscription, charge)
    else:
        become(account, subscription, "past_due", "payment_failed")


def cancel(account: Account, subscription: Json, reason: str = CANCELED_BY_USER) -> None:
    """End it for good; what is unpaid of it is not tried again."""
    allow(subscription, "cancel", "in_trial", "active", "past_due", "paused")
    if subscription["status"] == "past_due":
        recurrent_orders.give_up(account, subscription)
    subscription.update(canceled_at=account.now(), canceled_reason=reason)
    become(account, subscription, "canceled", "canceled")


def cancel_all(account: Account, customer_id: str) -> None:
    """End every live subscription of a customer who is deleted (13, ours)."""
    for subscription in account.oldest_first(KIND, parent=customer_id):
        if is_live(subscription):
            cancel(account, subscription)


def allow(subscription: Json, action: str, *statuses: str) -> None:
    """Refuse what the subscription's status does not permit (5.2)."""
    if subscription["status"] not in statuses:
        raise Invalid(not_possible(action, subscription["status"]))


def _come_due(account: Account, subscription: Json) -> None:
    if subscription["status"] == "past_due":
        _attempt(account, subscription)
    elif _is_complete(account, subscription):
        become(account, subscription, "expired", "expired")
    else:
        _next_cycle(account, subscription)


def _next_cycle(account: Account, subscription: Json) -> None:
    inside, plan = subscription[INSIDE], plan_of(account, subscription["plan_id"])
    begin = end_of_cycle(inside["anchor"], plan, inside["cycles"])
    inside.update(cycles=inside["cycles"] + 1, failures=0)
    end = end_of_cycle(inside["anchor"], plan, inside["cycles"])
    subscription.update(billing_cycle_start=begin, billing_cycle_end=end)
    recurrent_orders.bill(account, subscription, plan)
    _attempt(account, subscription)


def _attempt(account: Account, subscription: Json) -> None:
    charge = recurrent_orders.collect(account, subscription, plan_of(account, subscription["plan_id"]))
    if charge:
        _paid(account, subscription, charge)
    else:
        _failed(account, subscription)


def _paid(account: Account, subscription: Json, charge: Json) -> None:
    subscription["charge_id"] = charge["id"]
    inside = subscription[INSIDE]
    # A cycle that ended while it was unpaid is followed by the next one at once (inferred).
    inside.update(
        paid=inside["paid"] + 1, failures=0, due_at=max(subscription["billing_cycle_end"], account.now())
    )
    become(account, subscription, "active", "paid")


def _failed(account: Account, subscription: Json) -> None:
    inside, plan = subscription[INSIDE], plan_of(account, subscription["plan_id"])
    inside["failures"] += 1
    inside["due_at"] = account.now() + plan["retry_delay_hours"] * HOUR
    become(account, subscription, "past_due", "payment_failed")
    if inside["failures"] > plan["max_retries"]:
        cancel(account, subscription, CANCELED_UNPAID)


def _is_complete(account: Account, subscription: Json) -> bool:
    count = plan_of(account, subscription["plan_id"])["expiry_count"]
    return count is not None and subscription[INSIDE]["paid"] >= count
