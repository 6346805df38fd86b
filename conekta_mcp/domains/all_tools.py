"""All operations: the default list, and those found by searching or by naming their toolset."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.domains import FOUNDATION, TOOLS
from conekta_mcp.domains.antifraud import tools as antifraud
from conekta_mcp.domains.api_keys import tools as api_keys
from conekta_mcp.domains.balance import tools as balance
from conekta_mcp.domains.chargebacks import tools as chargebacks
from conekta_mcp.domains.charges import tools as charges
from conekta_mcp.domains.companies import document_tools
from conekta_mcp.domains.companies import tools as companies
from conekta_mcp.domains.logs import tools as logs
from conekta_mcp.domains.order_lines import discount_tools, item_tools
from conekta_mcp.domains.order_lines import tools as order_lines
from conekta_mcp.domains.orders import change_tools
from conekta_mcp.domains.payment_links import tools as payment_links
from conekta_mcp.domains.payouts import tools as payouts
from conekta_mcp.domains.plans import tools as plans
from conekta_mcp.domains.refunds import tools as refunds
from conekta_mcp.domains.subscriptions import deprecated_tools, portal_tools
from conekta_mcp.domains.subscriptions import tools as subscriptions
from conekta_mcp.domains.support import tools as support
from conekta_mcp.domains.tokens import tools as tokens
from conekta_mcp.domains.webhooks import event_tools, key_tools
from conekta_mcp.domains.webhooks import tools as webhooks

DOMAIN_TOOLS: tuple[Tool[Any], ...] = (
    *FOUNDATION,
    *change_tools.TOOLS,
    *item_tools.TOOLS,
    *order_lines.TOOLS,
    *discount_tools.TOOLS,
    *charges.TOOLS,
    *refunds.TOOLS,
    *payment_links.TOOLS,
    *plans.TOOLS,
    *subscriptions.TOOLS,
    *deprecated_tools.TOOLS,
    *portal_tools.TOOLS,
    *tokens.TOOLS,
    *antifraud.TOOLS,
    *api_keys.TOOLS,
    *event_tools.TOOLS,
    *webhooks.TOOLS,
    *key_tools.TOOLS,
    *logs.TOOLS,
    *balance.TOOLS,
    *payouts.TOOLS,
    *companies.TOOLS,
    *document_tools.TOOLS,
    *chargebacks.TOOLS,
    *support.TOOLS,
)
SEARCHABLE_TOOLS: tuple[Tool[Any], ...] = tuple(tool for tool in DOMAIN_TOOLS if tool not in TOOLS)
ALL_TOOLS: tuple[Tool[Any], ...] = (*TOOLS, *SEARCHABLE_TOOLS)
