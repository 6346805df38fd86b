"""The operations of the default list, in its order; `whole` has all, and takes longer to import."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.operations import (
    customers,
    fiscal_entities,
    orders,
    payment_links,
    payment_sources,
    refunds,
    sandbox_controls,
    shipping_contacts,
    subscriptions,
)
from conekta_mcp.operations.card_orders import create_card_order

FOUNDATION: tuple[Tool[Any], ...] = (
    *customers.TOOLS,
    *payment_sources.TOOLS,
    *shipping_contacts.TOOLS,
    *fiscal_entities.TOOLS,
    *orders.TOOLS,
    create_card_order,
)
"""The journey of the recurring CLABE, and what belongs to it."""

TOOLS: tuple[Tool[Any], ...] = (
    customers.list_customers,
    customers.get_customer,
    customers.create_customer,
    customers.update_customer,
    payment_sources.add_spei_recurrent_source,
    orders.create_order_reusing_clabe,
    orders.create_order,
    orders.list_orders,
    orders.get_order,
    orders.cancel_order,
    refunds.refund_order,
    payment_links.create_payment_link,
    subscriptions.list_subscriptions,
    subscriptions.get_subscription,
)
"""What is listed unasked: find and bill customers, see what came, give back; the rest is searched for."""

SANDBOX_TOOLS: tuple[Tool[Any], ...] = sandbox_controls.TOOLS
