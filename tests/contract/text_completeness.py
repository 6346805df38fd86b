"""Collects what the block of a tool lacks in texts and sources."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from conekta_mcp.catalog import Operation, Tool, Toolset
from conekta_mcp.server.discovery.argument_texts import describe_arguments, is_phrase
from conekta_mcp.server.tools.published_schemas import build_full_input_schema, list_rare_arguments
from tests.contract.vendor import Vendor

SHORTEST, LONGEST = 60, 400
"""The length of a description, in characters."""
SHORTEST_OF_ARGUMENT = 3
WITHOUT_NEIGHBOUR = {"simulate_payment": "only the sandbox has it, and no other tool does the same"}
"""Tools that no other one could be taken for, each with the reason."""


def check_description(tool: Tool[Any], names: Collection[str]) -> Iterator[str]:
    """Say what the description of a tool lacks; `names` are those of all tools."""
    text = tool.description
    if not SHORTEST <= len(text) <= LONGEST:
        yield f"a description of {SHORTEST} to {LONGEST} characters, not {len(text)}"
    if not (text[:1].isupper() and text.endswith(".")):
        yield "a description of whole sentences, from a capital to a full stop"
    if not names_other_tool(tool, names) and tool.name not in WITHOUT_NEIGHBOUR:
        yield "in its description the tool to use instead, or next, such as get_order"


def names_other_tool(tool: Tool[Any], names: Collection[str]) -> bool:
    return bool(set(re.findall(r"[a-z_]+", tool.description)) & set(names) - {tool.name})


def check_argument_texts(tool: Tool[Any]) -> Iterator[str]:
    """Say which arguments lack a description, in tools/list or in what `describe_operation` shows."""
    schema, rare = build_full_input_schema(tool), list_rare_arguments(tool)
    listed, described = schema["properties"], describe_arguments(schema)["properties"]
    if bare := [
        name
        for name in listed
        if not is_phrase(described[name].get("description", ""))
        or (name not in rare and len(listed[name].get("description", "")) < SHORTEST_OF_ARGUMENT)
    ]:
        yield f"Field(description=...) of {', '.join(bare)}, unit and meaning"


def check_sources(tool: Tool[Any], vendor: Vendor | None) -> Iterator[str]:
    """Say which arguments Conekta's OpenAPI file does not have, and nobody is named who documents them."""
    from tests.contract.test_openapi import find_undocumented

    if vendor is None or not isinstance(tool, Operation) or tool.source or tool.toolset is Toolset.SANDBOX:
        return
    if missing := find_undocumented(tool, vendor):
        yield (
            f"Source(...) of {', '.join(missing)}, who documents it: Conekta's "
            "OpenAPI file does not have it; or tests/contract/test_openapi.py: ON_THE_WIRE, its name there"
        )
