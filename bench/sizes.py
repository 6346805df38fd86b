"""What an agent pays for: bytes of the list of tools and of answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.answers import ROWS, customer
from bench.pairs import Comparison
from bench.wire import BARE, OURS, Reply, talking


@dataclass(frozen=True)
class ToolSize:
    """Bytes of one tool in tools/list."""

    name: str
    whole: int
    without_output_schema: int


def sizes(upstream: str) -> tuple[list[Comparison], list[ToolSize]]:
    """Weigh the answers of both servers to the same JSON of Conekta, and our list of tools."""
    mine = str(customer(1)["id"])
    item = {"name": "Plan mensual", "unit_price": 50000, "quantity": 1}
    body = {"currency": "MXN", "customer_info": {"customer_id": mine}, "line_items": [item]}
    listing = {"method": "GET", "path": f"/customers?limit={ROWS}"}
    ordering = {"method": "POST", "path": "/orders", "body": body}
    with talking(OURS, upstream) as ours, talking(BARE, upstream) as bare:
        ours.hello()
        bare.hello()
        tools = [_tool_size(tool) for tool in ours.tools().result["tools"]]
        page = ours.call("list_customers", {"limit": ROWS}), bare.call("conekta", listing)
        order = (
            ours.call("create_order_reusing_clabe", {"customer_id": mine, "line_items": [item]}),
            bare.call("conekta", ordering),
        )
    name = "create_order_reusing_clabe"
    return [*_compared(f"list_customers, {ROWS} rows", *page), *_compared(name, *order)], tools


def _compared(name: str, ours: Reply, bare: Reply) -> list[Comparison]:
    mine, theirs = _parts(ours), _parts(bare)
    return [Comparison(f"{name}: {part}", "bytes", [mine[part]], [theirs[part]]) for part in mine]


def _parts(reply: Reply) -> dict[str, float]:
    text = "".join(block["text"] for block in reply.result["content"])
    return {
        "text": len(text.encode()),
        "structured": _weight(reply.result["structuredContent"]),
        "on the wire": reply.wire_bytes,
    }


def _tool_size(tool: Mapping[str, Any]) -> ToolSize:
    rest = {key: value for key, value in tool.items() if key != "outputSchema"}
    return ToolSize(tool["name"], _weight(tool), _weight(rest))


def _weight(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
