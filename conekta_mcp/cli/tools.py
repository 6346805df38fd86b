"""conekta-mcp tools"""

import argparse
import json
from typing import Any

import anyio
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.catalog import Operation, Tool
from conekta_mcp.operations import SANDBOX_TOOLS, TOOLS
from conekta_mcp.settings import Settings

SETTINGS = ("sandbox", "log_level")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --json."""
    parser.add_argument("--json", action="store_true", help="print one JSON array instead of a table")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the tools as a client gets them."""
    rows = anyio.run(listed, settings)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        print("{name:<28} {risk:<12} {toolset:<18} {endpoint:<68}{bytes:>6}".format(**row))
    total = sum(row["bytes"] for row in rows)
    print(
        f"{len(rows)} tools, {total} bytes of tools/list without output schemas, {total // len(rows)} a tool"
    )
    return 0


async def listed(settings: Settings) -> list[dict[str, Any]]:
    """List through a real client: name, title, risk, toolset, endpoint and bytes of each tool."""
    declared = {tool.name: tool for tool in (*TOOLS, *SANDBOX_TOOLS)}
    async with Client(App(settings).server) as client:
        found = (await client.list_tools()).tools
    return [
        _row(declared[tool.name], tool.model_dump(mode="json", by_alias=True, exclude_none=True))
        for tool in found
    ]


def _row(tool: Tool[Any], wire: dict[str, Any]) -> dict[str, Any]:
    wire.pop("outputSchema", None)
    endpoint = (
        f"{tool.endpoint.method} {tool.endpoint.template}" if isinstance(tool, Operation) else "several"
    )
    return {
        "name": tool.name,
        "title": tool.title,
        "risk": tool.risk.value,
        "toolset": tool.toolset.value,
        "endpoint": endpoint,
        "bytes": len(json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode()),
    }
