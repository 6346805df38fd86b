"""All operations: the default list, and those that are found by searching or by naming their toolset."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.operations import (
    FOUNDATION,
    TOOLS,
    antifraud,
    api_keys,
    balance,
    chargebacks,
    charges,
    companies,
    company_documents,
    customer_portals,
    customer_subscription,
    discount_lines,
    events,
    line_items,
    logs,
    order_changes,
    order_lines,
    payment_links,
    payouts,
    plans,
    refunds,
    subscriptions,
    tokens,
    webhook_keys,
    webhooks,
)

DOMAINS: tuple[Tool[Any], ...] = (
    *FOUNDATION,
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
MORE: tuple[Tool[Any], ...] = tuple(tool for tool in DOMAINS if tool not in TOOLS)
ALL: tuple[Tool[Any], ...] = (*TOOLS, *MORE)
