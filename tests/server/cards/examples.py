"""An answer of the sandbox for each card, for tests and for pictures."""

from mcp import Client
from mcp.types import CallToolResult, TextContent

from tests.server.cards.shop import LINES, PAYER, read_card_meta

SALES = CallToolResult(
    content=[TextContent(text="")],
    structured_content={
        "livemode": False,
        "by": "day",
        "groups": [
            {"group": "2026-11-26", "taken": 125000, "currency": "MXN", "payments": 3},
            {"group": "2026-11-27", "taken": 50000, "currency": "MXN", "payments": 1},
            {"group": "2026-11-27", "taken": 2000, "currency": "USD", "payments": 1},
        ],
    },
)


async def list_examples(client: Client) -> list[tuple[str, CallToolResult]]:
    """Return the address of each card with an answer that it shows; `client` is asked before money moves."""

    async def call(tool: str, **arguments: object) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    async def call_approved(tool: str, **arguments: object) -> CallToolResult:
        asked = await call(tool, **arguments)
        await client.call_tool("approve_pending", dict(read_card_meta(asked)))
        return await call(tool, **arguments)

    customer = await call("create_customer", **PAYER)
    mine = {"customer_id": (customer.structured_content or {})["id"]}
    await call("add_spei_recurrent_source", **mine)
    bill = await call_approved("create_order_reusing_clabe", **mine, line_items=LINES)
    order = {"order_id": (bill.structured_content or {})["id"]}
    await call("simulate_payment", **order)
    refunded = await call_approved("refund_order", **order, amount=20000, reason="requested_by_client")
    unpaid = await call_approved("create_order", **PAYER, line_items=LINES)
    question = await call("create_order_reusing_clabe", **mine, line_items=LINES)
    return [
        ("ui://conekta/approval", question),
        ("ui://conekta/payment", unpaid),
        ("ui://conekta/order", refunded),
        ("ui://conekta/customer", await call("get_customer", **mine)),
        ("ui://conekta/table", await call("list_orders")),
        ("ui://conekta/sales", await call("summarize_sales", from_day="hoy")),
    ]
