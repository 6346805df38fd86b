"""Every tool that is one request, by domain; the order here is the order of the list."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.operations import (
    antifraud,
    api_keys,
    balance,
    chargebacks,
    charges,
    companies,
    company_documents,
    customer_portals,
    customer_subscription,
    customers,
    discount_lines,
    events,
    fiscal_entities,
    line_items,
    logs,
    order_changes,
    order_lines,
    orders,
    payment_links,
    payment_sources,
    payouts,
    plans,
    refunds,
    sandbox_controls,
    shipping_contacts,
    subscriptions,
    tokens,
    webhook_keys,
    webhooks,
)
from conekta_mcp.operations.card_orders import create_card_order

ORDERS = (
    orders.list_orders,
    orders.get_order,
    orders.create_order,
    orders.create_order_reusing_clabe,
    create_card_order,
    orders.cancel_order,
)

TOOLS: tuple[Tool[Any], ...] = (
    *customers.TOOLS,
    *payment_sources.TOOLS,
    *shipping_contacts.TOOLS,
    *fiscal_entities.TOOLS,
    *ORDERS,
)
MORE: tuple[Tool[Any], ...] = (
    *order_changes.TOOLS,
    *line_items.TOOLS,
    *order_lines.TOOLS,
    *discount_lines.TOOLS,
    *charges.TOOLS,
    *refunds.TOOLS,
    *payment_links.TOOLS,
    *plans.TOOLS,
    *subscriptions.TOOLS,
    *customer_subscription.TOOLS,
    *customer_portals.TOOLS,
    *tokens.TOOLS,
    *antifraud.TOOLS,
    *api_keys.TOOLS,
    *events.TOOLS,
    *webhooks.TOOLS,
    *webhook_keys.TOOLS,
    *logs.TOOLS,
    *balance.TOOLS,
    *payouts.TOOLS,
    *companies.TOOLS,
    *company_documents.TOOLS,
    *chargebacks.TOOLS,
)
ALL: tuple[Tool[Any], ...] = (*TOOLS, *MORE)
SANDBOX_TOOLS: tuple[Tool[Any], ...] = sandbox_controls.TOOLS
