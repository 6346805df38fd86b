"""Subscriptions as they are kept, found and shown (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.webhooks.emit import happened

KIND = "subscription"
INSIDE = "sandbox"
"""What a subscription remembers and never shows: anchor, cycles, paid, failures, due_at."""
LIVE = ("in_trial", "active", "past_due", "paused")


def served(subscription: Json) -> Json:
    """The subscription as Conekta shows it."""
    return {name: subscription[name] for name in subscription if name != INSIDE}


def subscription_of(account: Account, customer_id: str, subscription_id: str) -> Json:
    """A customer's stored subscription, or a 404."""
    subscription = account.find(KIND, subscription_id, parent=customer_id)
    if subscription is None:
        raise NotFound(reasons.entity_not_found("Subscription", subscription_id))
    return subscription


def current_of(account: Account, customer_id: str) -> Json | None:
    """The one subscription that the singular routes mean: the newest live one, else the newest (inferred)."""
    newest_first = account.oldest_first(KIND, parent=customer_id)[::-1]
    live = [subscription for subscription in newest_first if is_live(subscription)]
    return next(iter([*live, *newest_first]), None)


def subscribers_of(account: Account, plan_id: str) -> list[Json]:
    """The live subscriptions on a plan."""
    return [row for row in account.all_of(KIND) if row["plan_id"] == plan_id and is_live(row)]


def is_live(subscription: Json) -> bool:
    """Whether it may still charge."""
    return subscription["status"] in LIVE


def become(account: Account, subscription: Json, status: str, event: str) -> None:
    """Save a subscription in its new status and say what happened to it."""
    previous = {} if subscription["status"] == status else {"status": subscription["status"]}
    subscription["status"] = status
    if not is_live(subscription):
        subscription[INSIDE]["due_at"] = None
    account.save(KIND, subscription, due_at=subscription[INSIDE]["due_at"])
    happened(account, f"subscription.{event}", served(subscription), previous)
