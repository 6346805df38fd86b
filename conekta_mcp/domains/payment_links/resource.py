"""A payment link as an MCP resource."""

from typing import Any

from conekta_mcp.catalog import ResourceDeclaration, Sender
from conekta_mcp.effects.reading.id_search import search_ids


async def read_payment_link(api: Sender, checkout_id: str) -> dict[str, Any]:
    from conekta_mcp.domains.payment_links.results import PaymentLink
    from conekta_mcp.domains.payment_links.tools import GetPaymentLinkInput, get_payment_link

    return PaymentLink.curate(await get_payment_link.call(api, GetPaymentLinkInput(checkout_id=checkout_id)))


async def find_payment_links(api: Sender, typed: str) -> list[str]:
    """Return ids of payment links for a part of a name, or for the start of an id."""
    from conekta_mcp.domains.payment_links.tools import list_payment_links

    return await search_ids(api, list_payment_links, typed, "[0-9a-f-]{1,36}")


PAYMENT_LINK = ResourceDeclaration(
    kind="payment_link",
    title="Payment link",
    description="A payment link: its address, status, what it asks for and how often it was paid (JSON).",
    template="conekta://payment_links/{checkout_id}",
    shapes={"checkout_id": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"},
    tools=("get_payment_link", "list_payment_links"),
    read=read_payment_link,
    find=find_payment_links,
)
