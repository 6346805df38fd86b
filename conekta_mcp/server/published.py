"""The schemas that are published: made from the models once, by `make snapshot`, and read at start.

Making them takes 6 ms a tool, which an agent that starts the server for a single call would wait for.
`make check` and a contract test keep the files in step with the models.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conekta_mcp.catalog import Own, Tool, own_names
from conekta_mcp.server.schema import answer_schema, lean_schema

FOLDER = Path(__file__).parent / "snapshots"


@dataclass(frozen=True)
class Schemas:
    """What tools/list says of a tool's arguments and answers."""

    input: dict[str, Any]
    output: dict[str, Any]


def derived(tool: Tool[Any]) -> Schemas:
    """Make the schemas from the tool's models."""
    own = lean_schema(Own)["properties"]
    arguments = lean_schema(tool.input)
    arguments["properties"] |= {name: own[name] for name in own_names(tool)}
    return Schemas(arguments, answer_schema(tool.output.answer_schema()))


def published(tool: Tool[Any]) -> Schemas:
    """Read the schemas of a tool; one that has no file yet gets them from its models."""
    try:
        snapshot = json.loads((FOLDER / f"{tool.name}.json").read_bytes())
    except FileNotFoundError:
        return derived(tool)
    return Schemas(snapshot["inputSchema"], snapshot["outputSchema"])
