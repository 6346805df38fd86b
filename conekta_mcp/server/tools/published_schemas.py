"""The published schemas of tools: built from models by `make snapshot`, read from files at start."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conekta_mcp.catalog import ServerArguments, Tool, list_server_arguments
from conekta_mcp.catalog.server_arguments import RARE_ARGUMENTS
from conekta_mcp.results.page import Page
from conekta_mcp.server.tools.schema import build_output_schema, lean_schema

TABLE_PROPERTIES = {
    "columns": {"type": "array", "items": {"type": "string"}},
    "rows": {"type": "array", "items": {"type": "array"}, "description": "Values in the order of columns"},
}
# Building them takes 6 ms a tool, which an agent that starts the server for a single call would wait for.
# `make check` and a contract test keep the files in step with the models.
SNAPSHOTS_FOLDER = Path(__file__).parent / "snapshots"


@dataclass(frozen=True)
class Schemas:
    """The input and output schema of a tool in tools/list."""

    input: dict[str, Any]
    output: dict[str, Any]


def derive_schemas(tool: Tool[Any]) -> Schemas:
    arguments = build_full_input_schema(tool, whole=False)
    shown = {
        name: node for name, node in arguments["properties"].items() if name not in list_rare_arguments(tool)
    }
    return Schemas({**arguments, "properties": shown}, build_output_schema(_build_answer_schema(tool)))


def build_full_input_schema(tool: Tool[Any], *, whole: bool = True) -> dict[str, Any]:
    """Return the schema of all arguments; nested rare ones only if `whole`."""
    own = lean_schema(ServerArguments)["properties"]
    arguments = lean_schema(tool.input, whole=whole)
    arguments["properties"] |= {name: own[name] for name in list_server_arguments(tool)}
    return arguments


def list_rare_arguments(tool: Tool[Any]) -> frozenset[str]:
    """Return the arguments that tools/list leaves out."""
    hidden: frozenset[str] = tool.input.rare | (RARE_ARGUMENTS & set(list_server_arguments(tool)))
    return hidden


def _build_answer_schema(tool: Tool[Any]) -> dict[str, Any]:
    """Return the schema of the rendered answer, in which a list is a table."""
    schema = tool.output.build_answer_schema()
    if not issubclass(tool.output, Page):
        return schema
    fields = {name: node for name, node in schema["properties"].items() if name != "data"}
    return {"properties": {**TABLE_PROPERTIES, **fields}}


def load_schemas(tool: Tool[Any]) -> Schemas:
    """Return the schemas of a tool from its file; build them if it has none yet."""
    try:
        snapshot = json.loads((SNAPSHOTS_FOLDER / f"{tool.name}.json").read_bytes())
    except FileNotFoundError:
        return derive_schemas(tool)
    return Schemas(snapshot["inputSchema"], snapshot["outputSchema"])


def add_profile_argument(
    arguments: dict[str, Any], tool: Tool[Any], profiles: Sequence[str]
) -> dict[str, Any]:
    if not profiles or "profile" not in list_server_arguments(tool, ("profile",)):
        return arguments
    described = ServerArguments.model_fields["profile"].description
    chosen = {"type": "string", "enum": list(profiles), "description": described}
    return {**arguments, "properties": {**arguments["properties"], "profile": chosen}}


def add_approval_argument(arguments: dict[str, Any], tool: Tool[Any]) -> dict[str, Any]:
    if "approval" not in list_server_arguments(tool, ("approval",)):
        return arguments
    described = ServerArguments.model_fields["approval"].description
    token = {"type": "string", "description": described}
    return {**arguments, "properties": {**arguments["properties"], "approval": token}}
