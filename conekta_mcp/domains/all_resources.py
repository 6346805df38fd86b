"""All MCP resources."""

from conekta_mcp.catalog import ResourceDeclaration
from conekta_mcp.domains.charges.resource import CHARGE
from conekta_mcp.domains.orders.resource import ORDER
from conekta_mcp.domains.payment_links.resource import PAYMENT_LINK
from conekta_mcp.domains.subscriptions.resource import SUBSCRIPTION
from conekta_mcp.domains.support.customer_resource import CUSTOMER

RESOURCES: tuple[ResourceDeclaration, ...] = (CUSTOMER, ORDER, SUBSCRIPTION, PAYMENT_LINK, CHARGE)
