"""An order as an MCP resource."""

from typing import Any

from conekta_mcp.catalog import ResourceDeclaration, Sender


async def read_order(api: Sender, order_id: str) -> dict[str, Any]:
    from conekta_mcp.domains.orders.results import Order
    from conekta_mcp.domains.orders.tools import GetOrderInput, get_order

    return Order.curate(await get_order.call(api, GetOrderInput(order_id=order_id)))


async def find_orders(api: Sender, typed: str) -> list[str]:
    """Return ids of orders for the start of an id, or for what Conekta's order search finds."""
    from conekta_mcp.domains.orders.tools import ListOrdersInput, list_orders
    from conekta_mcp.results.base import get_rows

    by_id = typed.startswith("ord_")
    wanted = ListOrdersInput(limit=250) if by_id or not typed else ListOrdersInput(search=typed, limit=100)
    page = await list_orders.call(api, wanted)
    ids = [str(row["id"]) for row in get_rows(page) or [] if row.get("id")]
    return [one for one in ids if one.startswith(typed)] if by_id else ids


ORDER = ResourceDeclaration(
    kind="order",
    title="Order",
    description="An order: how and until when to pay it, its status, lines and charges (JSON, centavos).",
    template="conekta://orders/{order_id}",
    shapes={"order_id": r"ord_[a-zA-Z0-9]{1,60}"},
    tools=("get_order", "list_orders"),
    read=read_order,
    find=find_orders,
)
