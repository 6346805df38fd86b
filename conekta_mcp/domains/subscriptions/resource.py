"""A subscription as a resource, below its customer: Conekta has no other route to it (conekta-api.md 3.1)."""

from typing import Any

from conekta_mcp.catalog import ResourceDeclaration, Sender
from conekta_mcp.effects.reading.id_search import MAX_ROWS


async def read_subscription(api: Sender, customer_id: str, subscription_id: str) -> dict[str, Any]:
    from conekta_mcp.domains.subscriptions.results import OneSubscription
    from conekta_mcp.domains.subscriptions.tools import GetSubscriptionInput, get_subscription

    wanted = GetSubscriptionInput(customer_id=customer_id, subscription_id=subscription_id)
    return OneSubscription.curate(await get_subscription.call(api, wanted))


async def find_subscriptions(api: Sender, typed: str, customer_id: str) -> list[str]:
    """Return ids of a customer's subscriptions for the start of an id, or a part of a plan's id."""
    from conekta_mcp.domains.subscriptions.fields import ListCustomerSubscriptionsInput
    from conekta_mcp.domains.subscriptions.tools import list_subscriptions
    from conekta_mcp.results.base import get_rows

    page = await list_subscriptions.call(
        api, ListCustomerSubscriptionsInput(customer_id=customer_id, limit=MAX_ROWS)
    )
    return [
        str(row["id"])
        for row in get_rows(page) or []
        if row.get("id") and (str(row["id"]).startswith(typed) or typed in str(row.get("plan_id")))
    ]


SUBSCRIPTION = ResourceDeclaration(
    kind="subscription",
    title="Subscription",
    description="A subscription of a customer: status, plan, card, cycle and what was billed last (JSON).",
    template="conekta://customers/{customer_id}/subscriptions/{subscription_id}",
    shapes={"customer_id": r"cus_[a-zA-Z0-9]{1,60}", "subscription_id": r"sub_[a-zA-Z0-9]{1,60}"},
    tools=("get_subscription", "list_subscriptions"),
    read=read_subscription,
    find=find_subscriptions,
)
