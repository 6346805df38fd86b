"""The default tools as deferred_tools.json lists them; a call imports the declaration of its tool."""

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from conekta_mcp.catalog import DeferredTool, Risk, Tool, Toolset

# Importing the declarations takes as long as everything else of this package together, and an agent that
# starts the server for a single call would wait for it. `make snapshot` writes the file, `make check`
# compares it.
LISTING_FILE = Path(__file__).parent / "deferred_tools.json"
DOMAINS = "conekta_mcp.domains."
LISTING_FIELDS = ("name", "title", "title_es", "description", "idempotent", "shortened", "twin_of", "card")


def get_listing_fields(tool: Tool[Any]) -> dict[str, Any]:
    listed = {name: getattr(tool, name) for name in LISTING_FIELDS}
    return {
        **listed,
        "risk": tool.risk.value,
        "toolset": tool.toolset.value,
        "module": _find_module(tool),
    }


def load_tools(*, sandbox: bool) -> tuple[Tool[Any], ...]:
    found = [_build_deferred_tool(one) for one in json.loads(LISTING_FILE.read_bytes())]
    return tuple(tool for tool in found if sandbox or tool.toolset is not Toolset.SANDBOX)


def list_all_tools() -> tuple[Tool[Any], ...]:
    """Return the tools that policy rules can name."""
    from conekta_mcp.domains.all_tools import ALL_TOOLS
    from conekta_mcp.domains.default_tools import SANDBOX_TOOLS

    return (*ALL_TOOLS, *SANDBOX_TOOLS)


def format_listing(tools: Sequence[Tool[Any]]) -> str:
    return json.dumps([get_listing_fields(tool) for tool in tools], indent=1, ensure_ascii=False) + "\n"


def _find_module(tool: Tool[Any]) -> str:
    """Return the module of a declaration, such as "customers.tools"."""
    found = {
        name.removeprefix(DOMAINS)
        for name, module in sys.modules.items()
        # Others, such as those of writes, import what a module of tools declares.
        if name.startswith(DOMAINS) and name.endswith(".tools") and vars(module).get(tool.name) is tool
    }
    (module,) = found
    return module


def _build_deferred_tool(known: dict[str, Any]) -> Tool[Any]:
    named = {**known, "risk": Risk(known["risk"]), "toolset": Toolset(known["toolset"])}
    module = named.pop("module")
    return DeferredTool(named, lambda: _load_declaration(module, known["name"]))


def _load_declaration(module: str, name: str) -> Tool[Any]:
    # Its own module only: those of all default tools take three times as long.
    return cast("Tool[Any]", getattr(import_module(f"{DOMAINS}{module}"), name))
