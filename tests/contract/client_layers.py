"""Simulates what client layers do to a valid call, given only the published schema."""

import json
from typing import Any

from hypothesis import strategies as st

ENVELOPE = ("toolCallId", "sessionId", "action", "chatInput")
WRAPPERS = (
    "arguments", "args", "kwargs", "input", "tool_input", "params", "parameters", "properties", "requestBody",
)  # fmt: skip
NOTHING = {"array": [None, "", []], "object": [None, "", {}]}


@st.composite
def through_a_layer(draw: st.DrawFn, call: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of a valid call as they might arrive: reordered, filled in, wrapped, or as text."""
    arrived: dict[str, Any] = _change_object(draw, call, schema)
    for name in draw(st.lists(st.sampled_from(ENVELOPE), unique=True)):
        if name not in schema["properties"]:
            arrived[name] = draw(st.none() | st.text(max_size=5) | st.just({"id": 1}))
    wrapper = draw(st.none() | st.sampled_from(WRAPPERS))
    if wrapper is None or wrapper in schema["properties"]:
        return arrived
    return {wrapper: json.dumps(arrived) if draw(st.booleans()) else arrived}


def _change_object(draw: st.DrawFn, value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    known, needed = schema["properties"], schema.get("required", [])
    changed = {name: _change(draw, one, known[name]) if name in known else one for name, one in value.items()}
    # Sorted: the order of a set is another in each process, and so were the examples.
    for name in sorted(known.keys() - value.keys() - set(needed)):
        if draw(st.booleans()):
            changed[name] = draw(st.sampled_from(NOTHING.get(known[name]["type"], [None, ""])))
    return dict(draw(st.permutations(sorted(changed.items(), key=lambda one: one[0]))))


def _change(draw: st.DrawFn, value: Any, schema: dict[str, Any]) -> Any:
    if schema["type"] == "integer" and draw(st.booleans()):
        return float(value)
    if isinstance(value, list):
        value = [_change(draw, one, schema["items"]) for one in value]
    elif isinstance(value, dict) and "properties" in schema:
        value = _change_object(draw, value, schema)
    is_structure = isinstance(value, list | dict)
    return json.dumps(value) if is_structure and draw(st.booleans()) else value
