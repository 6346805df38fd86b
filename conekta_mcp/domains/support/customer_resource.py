"""A customer as an MCP resource; the code of the profile is imported when one is read."""

from typing import Any

from conekta_mcp.catalog import ResourceDeclaration, ResourcePage, Sender


async def read_customer(api: Sender, customer_id: str) -> dict[str, Any]:
    from conekta_mcp.domains.support.customer_profile import compose_profile

    return await compose_profile(api, customer_id)


async def find_customers(api: Sender, typed: str) -> list[str]:
    """Return ids of customers for a part of a name, e-mail, phone or id."""
    from conekta_mcp.domains.support import customer_profile

    return await customer_profile.find_customers(api, typed)


async def list_recent_customers(api: Sender, after: str | None) -> ResourcePage:
    from conekta_mcp.domains.support import customer_profile

    return await customer_profile.list_recent_customers(api, after)


CUSTOMER = ResourceDeclaration(
    kind="customer",
    title="Customer profile",
    description="A customer: person, CLABE and cards, addresses, latest orders, what is owed (centavos).",
    template="conekta://customers/{customer_id}",
    shapes={"customer_id": r"cus_[a-zA-Z0-9]{1,60}"},
    tools=("get_customer", "list_customers", "list_payment_sources", "list_orders"),
    read=read_customer,
    find=find_customers,
    list_recent=list_recent_customers,
)
