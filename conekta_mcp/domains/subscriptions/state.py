"""What is read of a subscription before a write: with its customer, its plan, and the order of its cycle."""

from typing import Any

from conekta_mcp.catalog import Sender
from conekta_mcp.domains.orders.writes import read_customer
from conekta_mcp.domains.plans.tools import get_plan
from conekta_mcp.domains.subscriptions import deprecated_tools as singular
from conekta_mcp.domains.subscriptions.proofs import read_bill
from conekta_mcp.domains.subscriptions.tools import get_subscription
from conekta_mcp.effects.state_reading import Raw, call_read_tool, get_object


async def _read_plan(api: Sender, plan_id: object) -> Raw:
    return await call_read_tool(api, get_plan, plan_id=str(plan_id)) if plan_id else {}


async def read_new_subscription(api: Sender, arguments: Any) -> Raw:
    """Read who is to be subscribed, and to what."""
    plan = await _read_plan(api, arguments.plan_id)
    return {"customer": await read_customer(api, arguments), "plan": plan}


async def _read_subscription(api: Sender, arguments: Any) -> Raw:
    """Read the subscription that a call acts on; the singular routes do not name it."""
    known = getattr(arguments, "subscription_id", None)
    if known is None:
        return await call_read_tool(
            api, singular.get_customer_subscription, customer_id=arguments.customer_id
        )
    return await call_read_tool(
        api, get_subscription, customer_id=arguments.customer_id, subscription_id=known
    )


async def read_plan_state(api: Sender, arguments: Any) -> Raw:
    """Read a subscription with its customer and its plan, or the one that it changes to."""
    subscription = await _read_subscription(api, arguments)
    plan = await _read_plan(api, getattr(arguments, "plan_id", None) or subscription.get("plan_id"))
    return {"subscription": subscription, "plan": plan, "customer": await read_customer(api, arguments)}


async def read_bill_state(api: Sender, arguments: Any) -> Raw:
    """Read a subscription with its customer, its plan and the order of its latest cycle."""
    known = await read_plan_state(api, arguments)
    return {**known, "order": await read_bill(api, get_object(known, "subscription"))}
