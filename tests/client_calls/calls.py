"""Draws a valid call, the same call as a client layer might send it, and calls that no tool can take."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.tools.published_schemas import build_full_input_schema
from tests.contract.client_layers import through_a_layer
from tests.contract.fitting import fitting

OPERATIONS = [tool for tool in ALL_TOOLS if isinstance(tool, Operation)]
SCHEMAS = {tool.name: build_full_input_schema(tool) for tool in OPERATIONS}
DEEP = json.loads("[" * 90 + "]" * 90)
WRONG = [
    None, "", " ", "x" * 100_000, -1, 0.5, 1e308, 2**70, True, [], {}, [[]], {"a": {"b": [None]}}, DEEP,
    "4242424242424242", "../../etc/passwd", "\x00", "null", "{", "[1,", "\u202eana",
]  # fmt: skip
STRANGE_NAMES = ["", "list_customer", "LIST_CUSTOMERS", "list_customers ", "x" * 2000, "__class__"]


@dataclass(frozen=True)
class DrawnCall:
    """A call: as it was meant, and as it arrives; `meant` is None where nothing valid was meant."""

    tool: str
    meant: dict[str, Any] | None
    arrives_at: str
    arrives: dict[str, Any]


@st.composite
def draw_calls(draw: st.DrawFn) -> DrawnCall:
    tool = draw(st.sampled_from(OPERATIONS))
    meant = draw(st.just(dict(tool.example)) | fitting(tool))
    arrives = draw(through_a_layer(meant, SCHEMAS[tool.name]))
    spoiled = draw(st.integers(0, 3)) == 0
    if spoiled:
        for name in draw(
            st.lists(st.sampled_from([*SCHEMAS[tool.name]["properties"], "surprise"]), min_size=1)
        ):
            arrives[name] = draw(st.sampled_from(WRONG))
    wrapped = draw(st.integers(0, 3)) == 0
    if not wrapped:
        at = draw(st.sampled_from(STRANGE_NAMES)) if spoiled and draw(st.booleans()) else tool.name
        return DrawnCall(tool.name, None if spoiled else meant, at, arrives)
    caller = "call_read_operation" if tool.risk.read_only else "call_write_operation"
    given: Any = json.dumps(arrives) if draw(st.booleans()) else arrives
    inside = {"name": tool.name, "arguments": given}
    return DrawnCall(tool.name, None if spoiled else meant, caller, inside)
