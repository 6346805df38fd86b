"""How each writing tool is handled: what is at stake, asked of a person, and proved after a lost answer."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Care, Kind
from conekta_mcp.workflows.care import (
    charges,
    customers,
    links,
    order_lines,
    orders,
    payment_sources,
    payouts,
    plans,
    refunds,
    rest,
    secrets,
    subscriptions,
    webhooks,
)
from conekta_mcp.workflows.care.handling import Handling

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
