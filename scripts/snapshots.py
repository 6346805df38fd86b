"""Keeps one file per tool as a client gets it: writes them, or with --check compares them with the models."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.server import MCPServer
from mcp.types import CallToolResult

from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.deferred_tools import LISTING_FILE, format_listing
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.tools.published_schemas import SNAPSHOTS_FOLDER, derive_schemas
from conekta_mcp.server.tools.registration import build_sdk_tool

ROOT = Path(__file__).parent.parent


def load_current_tools() -> dict[str, dict[str, Any]]:
    """Give every tool as tools/list says it now, the sandbox's included."""
    return anyio.run(_list_tools)


def load_stored_tools() -> dict[str, dict[str, Any]]:
    """Give every tool as its file says it."""
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(SNAPSHOTS_FOLDER.glob("*.json"))
    }


async def _list_tools() -> dict[str, dict[str, Any]]:
    every = (*ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)
    server = MCPServer(
        "snapshots", tools=[build_sdk_tool(one, _refuse_call, derive_schemas) for one in every]
    )
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
    return {tool.name: tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools}


async def _refuse_call(*_: object) -> CallToolResult:
    raise NotImplementedError


def write_files() -> None:
    """Write all files anew and remove those of tools that are gone."""
    SNAPSHOTS_FOLDER.mkdir(exist_ok=True)
    LISTING_FILE.write_text(format_listing((*TOOLS, *SANDBOX_TOOLS)), encoding="utf-8")
    tools = load_current_tools()
    for file in SNAPSHOTS_FOLDER.glob("*.json"):
        if file.stem not in tools:
            file.unlink()
    for name, tool in tools.items():
        text = json.dumps(tool, indent=2, ensure_ascii=False) + "\n"
        (SNAPSHOTS_FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="write nothing; name the files out of step")
    if not parser.parse_args().check:
        write_files()
        return 0
    now, then = load_current_tools(), load_stored_tools()
    changed = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    for name in changed:
        print(f"{SNAPSHOTS_FOLDER.relative_to(ROOT)}/{name}.json is out of step; run make snapshot")
    listed = LISTING_FILE.read_text(encoding="utf-8") == format_listing((*TOOLS, *SANDBOX_TOOLS))
    if not listed:
        print(f"{LISTING_FILE.relative_to(ROOT)} is out of step; run make snapshot and look at the change")
    return 1 if changed or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
