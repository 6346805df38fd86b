"""The row of an operation in a search result."""

from collections.abc import Callable
from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.server.discovery.argument_texts import summarize_purpose
from conekta_mcp.server.tools.published_schemas import load_schemas

ExtendSchema = Callable[[Tool[Any], dict[str, Any]], dict[str, Any]]
"""Adds arguments that are switched on, such as profile, to the schema of a tool."""


def keep_schema(_: Tool[Any], schema: dict[str, Any]) -> dict[str, Any]:
    return schema


def to_compact_row(tool: Tool[Any], here: ExtendSchema = keep_schema) -> dict[str, Any]:
    return {
        "name": tool.name,
        "purpose": summarize_purpose(tool),
        "risk": tool.risk.value,
        "parameters": list_parameters(tool, here),
    }


def list_parameters(tool: Tool[Any], here: ExtendSchema = keep_schema) -> str:
    """Return the parameters in one line, required ones with an asterisk."""
    schema = here(tool, load_schemas(tool).input)  # the rare ones would make the line long
    required = schema.get("required", [])
    return ", ".join(f"{name}*" if name in required else name for name in schema["properties"])
