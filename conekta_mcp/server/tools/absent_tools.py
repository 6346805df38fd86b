"""Messages about tools that cannot be called: unknown, or switched off and who can switch them on."""

import re
from collections.abc import Iterable, Set
from typing import Any

from conekta_mcp.catalog import Risk, Tool
from conekta_mcp.errors import Detail, UnknownTool
from conekta_mcp.redaction import name_in_error
from conekta_mcp.server.tools.selection import OperatorTools, ToolSelection

OPERATOR = "Whoever runs this server can switch it on"
NARROWED = (
    "This connection is narrowed to fewer tools than the server has: by X-Conekta-Toolsets, "
    "X-Conekta-Read-Only, ?toolsets= or ?read_only= of its client."
)
SECRETS = "it shows or makes secrets, so it has to be named"
SECRET_TOOLSETS = frozenset({"api_keys", "customer_portal", "tokens", "webhooks"})
"""Toolsets whose tools have to be named; listed here because a start loads no declarations."""
CLOSED = (
    "Not switched on here, wholly or in part: {toolsets}. Whoever runs the server can, with --tools NAME."
)
READ_ONLY = "This server only reads: whoever runs it can switch on writes, by leaving out --read-only."
NAMED_TOOLS = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
MOST_LETTERS = 128
"""The length of the longest name of a tool."""
CLOSED_MARK = " (not switched on here)"


def build_unknown_tool(name: str, tools: Iterable[Tool[Any]]) -> UnknownTool:
    # A guess never proposes a destructive tool: an agent might simply call it.
    import difflib  # only where something is wrong

    harmless = [tool.name for tool in tools if not tool.risk.destructive]
    spelt = re.sub("([a-z])([A-Z])", r"\1_\2", name[:MOST_LETTERS]).replace("-", "_").lower()
    near = difflib.get_close_matches(spelt, harmless, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "The list of tools names all there are."
    detail = Detail(
        code="conekta_mcp.errors.unknown_tool", message=f"There is no tool {name_in_error(name)}."
    )
    return UnknownTool(type="unknown_tool", details=(detail,), hint=hint)


def build_not_switched_on(tool: Tool[Any], switch: str) -> UnknownTool:
    """Return the failure of a call of `tool`; `switch` says who can switch it on."""
    detail = Detail(
        code="conekta_mcp.errors.not_switched_on", message=f"{tool.name} exists and is not switched on here."
    )
    return UnknownTool(type="unknown_tool", details=(detail,), hint=switch)


def describe_switch(tool: Tool[Any], operator: ToolSelection) -> str:
    """Return how the operator can switch `tool` on, given the current choice."""
    name = tool.name
    if operator.read_only and not tool.risk.read_only:
        return f"{OPERATOR} by leaving out --read-only (CONEKTA_MCP_READ_ONLY)."
    if operator.excludes(tool):
        return (
            f"{OPERATOR} by leaving {name} and {tool.toolset.value} out of --exclude (CONEKTA_MCP_EXCLUDE)."
        )
    why = f": {SECRETS}" if tool.risk is Risk.SECRET else ""
    return f"{OPERATOR} with --tools {name} (CONEKTA_MCP_TOOLS){why}."


def describe_closed_toolsets(choice: OperatorTools) -> str:
    """Return one line about what is switched off, for the instructions; "" if nothing is."""
    closed: Set[str] = SECRET_TOOLSETS
    if choice.is_named:
        open_here = choice.full_surface.allowed
        closed = {tool.toolset.value for tool in choice.list_known_tools() if tool.name not in open_here}
    if choice.selection.read_only:
        return READ_ONLY
    return CLOSED.format(toolsets=", ".join(sorted(closed))) if closed else ""


def mark_closed_names(text: str, closed: Set[str]) -> str:
    """Mark the names of tools in `text` that cannot be called."""
    if not closed:
        return text
    return NAMED_TOOLS.sub(lambda found: found[0] + CLOSED_MARK if found[0] in closed else found[0], text)


def mark_closed_texts(told: Any, closed: Set[str]) -> Any:
    """Mark the names of closed tools in the texts about an operation."""
    if isinstance(told, list):
        return [mark_closed_texts(one, closed) for one in told]
    if not isinstance(told, dict):
        return told
    return {
        name: mark_closed_names(one, closed)
        if name in {"purpose", "description"} and isinstance(one, str)
        else mark_closed_texts(one, closed)
        for name, one in told.items()
    }
