"""The tools command: lists the tools with risk, endpoint and size."""

import argparse
import json
from dataclasses import replace
from typing import Any

import anyio
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.catalog import Operation, Tool, Toolset
from conekta_mcp.cli.tables import find_width, format_table
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(Group.TOOLS, "sandbox", "language", "log_level", without=("files_folder",))

HEADS = {
    "es": ("nombre", "riesgo", "grupo", "ruta", "bytes"),
    "en": ("name", "risk", "toolset", "endpoint", "bytes"),
}
SUMS = {
    "es": "{count} herramientas, {total} bytes de tools/list sin esquemas de salida, {mean} por herramienta",
    "en": "{count} tools, {total} bytes of tools/list without output schemas, {mean} a tool",
}
SEVERAL = {"es": "varias", "en": "several"}
RISK_COLOURS = {"money": "yellow", "destructive": "red", "secret": "red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON array instead of a table")
    parser.add_argument("--all", action="store_true", help="every operation, the secret ones too")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.all:
        settings = replace(settings, toolsets=tuple(toolset.value for toolset in Toolset))
    rows = anyio.run(list_tools, settings)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    language = settings.language
    cells = [[_format_cell(row[name], language) for name in HEADS["en"]] for row in rows]
    for line in format_table(HEADS[language], cells, find_width(), RISK_COLOURS):
        print(line)
    total = sum(row["bytes"] for row in rows)
    print(SUMS[language].format(count=len(rows), total=total, mean=total // len(rows)))
    return 0


def _format_cell(value: str | int, language: str) -> str:
    return SEVERAL[language] if value == SEVERAL["en"] else str(value)


async def list_tools(settings: Settings) -> list[dict[str, Any]]:
    """List through a real client: name, title, risk, toolset, endpoint and bytes of each tool."""
    declared = {tool.name: tool for tool in (*ALL_TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)}
    async with Client(App(settings).server) as client:
        found = (await client.list_tools()).tools
    return [
        _to_row(declared[tool.name], tool.model_dump(mode="json", by_alias=True, exclude_none=True))
        for tool in found
    ]


def _to_row(tool: Tool[Any], wire: dict[str, Any]) -> dict[str, Any]:
    wire.pop("outputSchema", None)
    endpoint = (
        f"{tool.endpoint.method} {tool.endpoint.template}" if isinstance(tool, Operation) else SEVERAL["en"]
    )
    return {
        "name": tool.name,
        "title": wire["title"],
        "risk": tool.risk.value,
        "toolset": tool.toolset.value,
        "endpoint": endpoint,
        "bytes": len(json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode()),
    }
