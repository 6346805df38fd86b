"""The tools of the default list as listing.json has them: their declarations are imported when called.

Importing the declarations takes as long as everything else of ours together, and an agent that starts the
server for a single call would wait for them. `make snapshot` writes the file, `make check` compares it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conekta_mcp.catalog import DeferredTool, Risk, Tool, Toolset

LISTING_FILE = Path(__file__).parent / "deferred_tools.json"
LISTING_FIELDS = ("name", "title", "description", "idempotent", "shortened")


def get_listing_fields(tool: Tool[Any]) -> dict[str, Any]:
    """Give what is known of a tool without its declaration."""
    said = {name: getattr(tool, name) for name in LISTING_FIELDS}
    return {**said, "risk": tool.risk.value, "toolset": tool.toolset.value}


def load_tools(*, sandbox: bool) -> tuple[Tool[Any], ...]:
    """Give the tools of the default list, and of a server on the sandbox its controls."""
    found = [_build_deferred_tool(one) for one in json.loads(LISTING_FILE.read_bytes())]
    return tuple(tool for tool in found if sandbox or tool.toolset is not Toolset.SANDBOX)


def format_listing(tools: Sequence[Tool[Any]]) -> str:
    """Give the text of the file."""
    return json.dumps([get_listing_fields(tool) for tool in tools], indent=1, ensure_ascii=False) + "\n"


def _build_deferred_tool(known: dict[str, Any]) -> Tool[Any]:
    name = known["name"]
    named = {**known, "risk": Risk(known["risk"]), "toolset": Toolset(known["toolset"])}
    return DeferredTool(named, lambda: _load_declaration(name))


def _load_declaration(name: str) -> Tool[Any]:
    from conekta_mcp.domains.default_tools import SANDBOX_TOOLS, TOOLS

    return next(tool for tool in (*TOOLS, *SANDBOX_TOOLS) if tool.name == name)
