"""The write plans of all domains: effect, question and verification of each writing tool."""

from collections.abc import Mapping
from dataclasses import replace

from conekta_mcp.catalog import WriteHandler
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.antifraud import writes as antifraud
from conekta_mcp.domains.api_keys import writes as api_keys
from conekta_mcp.domains.chargebacks import writes as chargebacks
from conekta_mcp.domains.charges import writes as charges
from conekta_mcp.domains.companies import writes as companies
from conekta_mcp.domains.customers import writes as customers
from conekta_mcp.domains.fiscal_entities import writes as fiscal_entities
from conekta_mcp.domains.order_lines import writes as order_lines
from conekta_mcp.domains.orders import change_writes as order_changes
from conekta_mcp.domains.orders import writes as orders
from conekta_mcp.domains.orders.tools import create_order, create_order_reusing_clabe
from conekta_mcp.domains.payment_links import writes as payment_links
from conekta_mcp.domains.payment_sources import writes as payment_sources
from conekta_mcp.domains.payouts import writes as payouts
from conekta_mcp.domains.plans import writes as plans
from conekta_mcp.domains.refunds import writes as refunds
from conekta_mcp.domains.shipping_contacts import writes as shipping_contacts
from conekta_mcp.domains.subscriptions import portal_writes as customer_portals
from conekta_mcp.domains.subscriptions import writes as subscriptions
from conekta_mcp.domains.tokens import writes as tokens
from conekta_mcp.domains.webhooks import writes as webhooks
from conekta_mcp.effects.write_plan import WritePlan

WRITE_PLANS: Mapping[str, WritePlan] = {
    **orders.WRITE_PLANS,
    **order_changes.WRITE_PLANS,
    **order_lines.WRITE_PLANS,
    **charges.WRITE_PLANS,
    **refunds.WRITE_PLANS,
    **payouts.WRITE_PLANS,
    **plans.WRITE_PLANS,
    **subscriptions.WRITE_PLANS,
    **customer_portals.WRITE_PLANS,
    **payment_sources.WRITE_PLANS,
    **customers.WRITE_PLANS,
    **shipping_contacts.WRITE_PLANS,
    **fiscal_entities.WRITE_PLANS,
    **payment_links.WRITE_PLANS,
    **webhooks.WRITE_PLANS,
    **api_keys.WRITE_PLANS,
    **tokens.WRITE_PLANS,
    **antifraud.WRITE_PLANS,
    **companies.WRITE_PLANS,
    **chargebacks.WRITE_PLANS,
}
TWINS: tuple[tuple[str, str], ...] = (
    *((tool.name, tool.twin_of) for tool in ALL_TOOLS if tool.twin_of and tool.name in WRITE_PLANS),
    # With reuse_customer_clabe they make the same order.
    (create_order_reusing_clabe.name, create_order.name),
)


def list_twins(name: str) -> tuple[str, ...]:
    return tuple(other for pair in TWINS for other in pair if name in pair and other != name)


WRITE_HANDLERS: Mapping[str, WriteHandler] = {
    name: replace(plan.handler, twins=list_twins(name)) for name, plan in WRITE_PLANS.items()
}
