"""The operations of the default list, in its order; `all_tools` takes longer to import."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.domains.customers import tools as customers
from conekta_mcp.domains.fiscal_entities import tools as fiscal_entities
from conekta_mcp.domains.orders import tools as orders
from conekta_mcp.domains.orders.card_tools import create_card_order
from conekta_mcp.domains.payment_links import tools as payment_links
from conekta_mcp.domains.payment_sources import tools as payment_sources
from conekta_mcp.domains.refunds import tools as refunds
from conekta_mcp.domains.shipping_contacts import tools as shipping_contacts
from conekta_mcp.domains.simulation import tools as sandbox_controls
from conekta_mcp.domains.support import tools as support

FOUNDATION: tuple[Tool[Any], ...] = (
    *customers.TOOLS,
    *payment_sources.TOOLS,
    *shipping_contacts.TOOLS,
    *fiscal_entities.TOOLS,
    *orders.TOOLS,
    create_card_order,
)
"""The tools of the recurring-CLABE journey."""

TOOLS: tuple[Tool[Any], ...] = (
    customers.list_customers,
    customers.get_customer,
    customers.create_customer,
    customers.update_customer,
    customers.delete_customer,
    payment_sources.add_card_source,
    payment_sources.add_spei_recurrent_source,
    shipping_contacts.add_shipping_contact,
    orders.create_order_reusing_clabe,
    orders.create_order,
    support.find_payment,
    support.explain_payment,
    refunds.refund_order,
    payment_links.create_payment_link,
)
"""The default list: customers, billing, finding payments, refunds; searching finds the rest."""

SANDBOX_TOOLS: tuple[Tool[Any], ...] = sandbox_controls.TOOLS
