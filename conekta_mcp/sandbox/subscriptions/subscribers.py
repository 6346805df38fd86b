"""Subscriptions as they are stored, found and shown (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.webhooks.emit import emit_event

KIND = "subscription"
BILLING_STATE = "sandbox"
"""Stored in a subscription and never shown: anchor, cycles, paid, failures, due_at."""
LIVE_STATUSES = ("in_trial", "active", "past_due", "paused")


def render_subscription(subscription: Json) -> Json:
    return {name: subscription[name] for name in subscription if name != BILLING_STATE}


def load_subscription(account: Account, customer_id: str, subscription_id: str) -> Json:
    return load_record(account, KIND, subscription_id, "Subscription", parent=customer_id)


def find_current_subscription(account: Account, customer_id: str) -> Json | None:
    """Return the one the singular routes mean: the newest live one, else the newest (inferred)."""
    newest_first = account.list_records(KIND, parent=customer_id)[::-1]
    live = [subscription for subscription in newest_first if is_live(subscription)]
    return next(iter([*live, *newest_first]), None)


def list_live_subscriptions(account: Account, plan_id: str) -> list[Json]:
    return [row for row in account.list_all(KIND) if row["plan_id"] == plan_id and is_live(row)]


def is_live(subscription: Json) -> bool:
    return subscription["status"] in LIVE_STATUSES


def set_status(account: Account, subscription: Json, status: str, event: str) -> None:
    """Save a subscription in its new status and emit `subscription.{event}`."""
    previous = {} if subscription["status"] == status else {"status": subscription["status"]}
    subscription["status"] = status
    if not is_live(subscription):
        subscription[BILLING_STATE]["due_at"] = None
    account.save(KIND, subscription, due_at=subscription[BILLING_STATE]["due_at"])
    emit_event(account, f"subscription.{event}", render_subscription(subscription), previous)
