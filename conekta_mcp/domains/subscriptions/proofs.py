"""How a lost call on a subscription is proved: by the one that was meant, and by the attempts at its bill."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.catalog import Proof, Sender
from conekta_mcp.domains.orders.tools import get_order
from conekta_mcp.domains.subscriptions.tools import get_subscription, list_subscriptions
from conekta_mcp.effects.comparison import digests, extent
from conekta_mcp.effects.question_facts import charges_of
from conekta_mcp.effects.state_reading import Raw, ask, looking, part
from conekta_mcp.effects.verify_object import Proving, Witness, looking_on, proof_of
from conekta_mcp.errors import Outcome

Decide = Callable[[Mapping[str, Any], Raw, Witness, list[Raw]], Outcome]
"""Decides by what was wanted, the subscription now, the note from before, and the new charges of its bill."""
FIELDS = {"plan_id": None, "card_id": None, "trial_end": None}
LOOK = looking(list_subscriptions, "customer_id")


async def bill_of(api: Sender, subscription: Raw) -> Raw:
    last = subscription.get("last_billing_cycle_order_id")
    return await ask(api, get_order, order_id=str(last)) if last else {}


def _noted(raw: Raw) -> Witness:
    subscription = part(raw, "subscription")
    return {
        "id": subscription.get("id"),
        "status": subscription.get("status"),
        "before": digests(subscription, FIELDS),
        "charges": [str(charge.get("id")) for charge in charges_of(part(raw, "order"))],
    }


def by_the_one_meant(decide: Decide) -> Proving:
    """Prove by the subscription whose id was noted: without one a later call might mean another."""

    async def witness(_: Sender, __: Any, raw: Raw | None) -> Witness:
        return _noted(raw or {})

    async def prove(api: Sender, arguments: Any, noted: Witness) -> Proof:
        known = {"customer_id": arguments.customer_id, "subscription_id": str(noted.get("id"))}
        subscription = await ask(api, get_subscription, **known)
        new: list[Raw] = []
        if decide is retried:
            order = await bill_of(api, subscription)
            new = [charge for charge in charges_of(order) if str(charge.get("id")) not in noted["charges"]]
        return proof_of(decide(body_of_change(arguments), subscription, noted, new), subscription)

    return Proving(witness=witness, prove=looking_on(prove, LOOK))


def body_of_change(arguments: Any) -> Mapping[str, Any]:
    """Give what a change of a subscription asks for; nothing of what only acts on it."""
    return arguments.model_dump(exclude_none=True, include=set(FIELDS))  # type: ignore[no-any-return] # Any


def updated(wanted: Mapping[str, Any], now: Raw, noted: Witness, _: list[Raw]) -> Outcome:
    if extent(now, wanted) == "all":
        return "applied"
    return "not_applied" if noted["before"] == digests(now, FIELDS) else "unknown"


def cancelled(_: Mapping[str, Any], now: Raw, __: Witness, ___: list[Raw]) -> Outcome:
    return "applied" if now.get("status") == "canceled" else "not_applied"


def resumed(_: Mapping[str, Any], now: Raw, noted: Witness, __: list[Raw]) -> Outcome:
    if noted["status"] != "paused" or now.get("status") == "paused":
        return "not_applied"
    return "unknown" if now.get("status") == "canceled" else "applied"


def retried(_: Mapping[str, Any], now: Raw, noted: Witness, new: list[Raw]) -> Outcome:
    """Decide of a retry by the attempts at the bill: one more is ours, more may be Conekta's own."""
    if noted["status"] != "past_due":
        return "not_applied"
    if len(new) == 1:
        return "applied"
    return "not_applied" if not new and now.get("status") == "past_due" else "unknown"
