"""The operations of the default list, in its order; `whole` has all, and takes longer to import."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.operations import (
    customers,
    fiscal_entities,
    orders,
    payment_sources,
    sandbox_controls,
    shipping_contacts,
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
SANDBOX_TOOLS: tuple[Tool[Any], ...] = sandbox_controls.TOOLS
