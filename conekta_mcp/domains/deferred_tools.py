"""The tools of the default list as listing.json has them: their declarations are imported when called.

Importing the declarations takes as long as everything else of ours together, and an agent that starts the
server for a single call would wait for them. `make snapshot` writes the file, `make check` compares it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conekta_mcp.catalog import Deferred, Risk, Tool, Toolset

FILE = Path(__file__).parent / "deferred_tools.json"
FACTS = ("name", "title", "description", "idempotent", "shortened")


def facts(tool: Tool[Any]) -> dict[str, Any]:
    """Give what is known of a tool without its declaration."""
    said = {name: getattr(tool, name) for name in FACTS}
    return {**said, "risk": tool.risk.value, "toolset": tool.toolset.value}


def listing(*, sandbox: bool) -> tuple[Tool[Any], ...]:
    """Give the tools of the default list, and of a server on the sandbox its controls."""
    found = [_deferred(one) for one in json.loads(FILE.read_bytes())]
    return tuple(tool for tool in found if sandbox or tool.toolset is not Toolset.SANDBOX)


def written(tools: Sequence[Tool[Any]]) -> str:
    """Give the text of the file."""
    return json.dumps([facts(tool) for tool in tools], indent=1, ensure_ascii=False) + "\n"


def _deferred(known: dict[str, Any]) -> Tool[Any]:
    name = known["name"]
    named = {**known, "risk": Risk(known["risk"]), "toolset": Toolset(known["toolset"])}
    return Deferred(named, lambda: _declared(name))


def _declared(name: str) -> Tool[Any]:
    from conekta_mcp.domains.default_tools import SANDBOX_TOOLS, TOOLS

    return next(tool for tool in (*TOOLS, *SANDBOX_TOOLS) if tool.name == name)
