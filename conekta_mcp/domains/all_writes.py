"""How each writing tool is handled: what is at stake, asked of a person, and proved after a lost answer."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Care, Kind
from conekta_mcp.domains.api_keys import writes as secrets
from conekta_mcp.domains.charges import writes as charges
from conekta_mcp.domains.companies import writes as rest
from conekta_mcp.domains.customers import writes as customers
from conekta_mcp.domains.order_lines import writes as order_lines
from conekta_mcp.domains.orders import writes as orders
from conekta_mcp.domains.payment_links import writes as links
from conekta_mcp.domains.payment_sources import writes as payment_sources
from conekta_mcp.domains.payouts import writes as payouts
from conekta_mcp.domains.plans import writes as plans
from conekta_mcp.domains.refunds import writes as refunds
from conekta_mcp.domains.subscriptions import writes as subscriptions
from conekta_mcp.domains.webhooks import writes as webhooks
from conekta_mcp.effects.write_plan import Handling

HANDLINGS: Mapping[str, Handling] = {
    **orders.HANDLINGS,
    **order_lines.HANDLINGS,
    **charges.HANDLINGS,
    **refunds.HANDLINGS,
    **payouts.HANDLINGS,
    **plans.HANDLINGS,
    **subscriptions.HANDLINGS,
    **payment_sources.HANDLINGS,
    **customers.HANDLINGS,
    **links.HANDLINGS,
    **webhooks.HANDLINGS,
    **secrets.HANDLINGS,
    **rest.HANDLINGS,
}
CARE: Mapping[str, Care] = {name: handling.care for name, handling in HANDLINGS.items()}


def amount_of(tool_name: str, arguments: Any) -> int | None:
    """Give the centavos that follow from a tool's own arguments alone; None where they name none."""
    handling = HANDLINGS.get(tool_name)
    return handling.amount(arguments) if handling else None


def kind_of(tool_name: str, arguments: Any) -> Kind | None:
    """Give the class of the write that follows from a tool's own arguments; None of what only reads."""
    handling = HANDLINGS.get(tool_name)
    return handling.kind_of(arguments) if handling else None
