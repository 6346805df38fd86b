"""Counts the bytes that an agent pays for: the list of tools, and answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.answers import ROWS, build_customer
from bench.pairs import Comparison
from bench.wire import BARE_COMMAND, OUR_COMMAND, Reply, start_conversation


@dataclass(frozen=True)
class ToolSize:
    """Bytes of one tool in tools/list."""

    name: str
    whole: int
    without_output_schema: int


def measure_sizes(upstream: str) -> tuple[list[Comparison], list[ToolSize]]:
    """Weigh both servers' answers to the same JSON of Conekta, and our list of tools, in bytes."""
    mine = str(build_customer(1)["id"])
    item = {"name": "Plan mensual", "unit_price": 50000, "quantity": 1}
    body = {"currency": "MXN", "customer_info": {"customer_id": mine}, "line_items": [item]}
    listing = {"method": "GET", "path": f"/customers?limit={ROWS}"}
    ordering = {"method": "POST", "path": "/orders", "body": body}
    with (
        start_conversation(OUR_COMMAND, upstream) as ours,
        start_conversation(BARE_COMMAND, upstream) as bare,
    ):
        ours.open_session()
        bare.open_session()
        tools = [_weigh_tool(tool) for tool in ours.list_tools().result["tools"]]
        page = ours.call_tool("list_customers", {"limit": ROWS}), bare.call_tool("conekta", listing)
        order = (
            ours.call_tool("create_order_reusing_clabe", {"customer_id": mine, "line_items": [item]}),
            bare.call_tool("conekta", ordering),
        )
    name = "create_order_reusing_clabe"
    return [*_compare_replies(f"list_customers, {ROWS} rows", *page), *_compare_replies(name, *order)], tools


def _compare_replies(name: str, ours: Reply, bare: Reply) -> list[Comparison]:
    mine, theirs = _weigh_parts(ours), _weigh_parts(bare)
    return [Comparison(f"{name}: {part}", "bytes", [mine[part]], [theirs[part]]) for part in mine]


def _weigh_parts(reply: Reply) -> dict[str, float]:
    text = "".join(block["text"] for block in reply.result["content"])
    return {
        "text": len(text.encode()),
        "structured": _count_bytes(reply.result["structuredContent"]),
        "on the wire": reply.wire_bytes,
    }


def _weigh_tool(tool: Mapping[str, Any]) -> ToolSize:
    rest = {key: value for key, value in tool.items() if key != "outputSchema"}
    return ToolSize(tool["name"], _count_bytes(tool), _count_bytes(rest))


def _count_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
