"""Keeps one file per tool as a client gets it: writes them, or with --check compares them with the models."""

import json
import sys
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.server import MCPServer
from mcp.types import CallToolResult

from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_tools import ALL
from conekta_mcp.domains.deferred_tools import FILE, written
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.tools.published_schemas import FOLDER, derived
from conekta_mcp.server.tools.registration import sdk_tool

ROOT = Path(__file__).parent.parent


def current() -> dict[str, dict[str, Any]]:
    """Give every tool as tools/list says it now, the sandbox's included."""
    return anyio.run(_listed)


def stored() -> dict[str, dict[str, Any]]:
    """Give every tool as its file says it."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))}


async def _listed() -> dict[str, dict[str, Any]]:
    every = (*ALL, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)
    server = MCPServer("snapshots", tools=[sdk_tool(one, _uncalled, derived) for one in every])
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
    return {tool.name: tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools}


async def _uncalled(*_: object) -> CallToolResult:
    raise NotImplementedError


def write() -> None:
    """Write all files anew and remove those of tools that are gone."""
    FOLDER.mkdir(exist_ok=True)
    FILE.write_text(written((*TOOLS, *SANDBOX_TOOLS)), encoding="utf-8")
    tools = current()
    for file in FOLDER.glob("*.json"):
        if file.stem not in tools:
            file.unlink()
    for name, tool in tools.items():
        text = json.dumps(tool, indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


def main() -> int:
    """Write, or check."""
    if "--check" not in sys.argv:
        write()
        return 0
    now, then = current(), stored()
    changed = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    for name in changed:
        print(
            f"{FOLDER.relative_to(ROOT)}/{name}.json is out of step; run make snapshot and look at the change"
        )
    listed = FILE.read_text(encoding="utf-8") == written((*TOOLS, *SANDBOX_TOOLS))
    if not listed:
        print(f"{FILE.relative_to(ROOT)} is out of step; run make snapshot and look at the change")
    return 1 if changed or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
