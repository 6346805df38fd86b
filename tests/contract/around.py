"""Generates arguments from a tool's published schema, most of them wrong in one way."""

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from conekta_mcp.catalog import Tool
from tests.contract.fitting import LETTERS, fitting

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(LETTERS, max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(LETTERS, max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NASTY = st.sampled_from(
    [None, True, 0, -1, 2**31, 2**63, 10**30, 1.5, 5.0, "50000", "true", "", " ", "null", "[]", "{}", [], {},
     "../orders", "..", ".", "/", "cus_1/../../orders", "cus_..", "cus_1?x=1", "cus_1#", "cus_%2e%2e",
     "cus_1\n", "ord_ｃｕｓ", "cus_é", "CUS_1", "off_ref_", "cus_" + "a" * 61, "\u202e", "\x00", "😀" * 300,
     "4242 4242 4242 4242", "javascript:alert(1)", "http://169.254.169.254/", [None], {"a": {"b": []}}]
)  # fmt: skip


def published(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values as the published schema describes them, its bounds stretched a little."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    kind = schema.get("type")
    if kind == "object":
        inner = {name: published(one) for name, one in schema.get("properties", {}).items()}
        return (
            st.fixed_dictionaries({}, optional=inner)
            if inner
            else st.dictionaries(st.text(LETTERS), JSON, max_size=3)
        )
    if kind == "array":
        return st.lists(published(schema.get("items", {})), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", -5) - 1, schema.get("maximum", 2**40) + 1)
    if kind == "boolean":
        return st.booleans()
    if "pattern" in schema:
        return st.from_regex(schema["pattern"]) | st.from_regex(schema["pattern"], fullmatch=True)
    return st.text(LETTERS, max_size=schema.get("maxLength", 30) + 1) if kind == "string" else JSON


@cache
def by_schema(properties: str) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments by the published schema, whose properties are written as JSON; made once a process."""
    return st.fixed_dictionaries(
        {}, optional={name: published(schema) for name, schema in json.loads(properties).items()}
    )


@st.composite
def around(draw: st.DrawFn, tool: Tool[Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Fitting arguments, arguments by the published schema, or either with one thing changed."""
    names = list(schema["properties"])
    given: dict[str, Any] = dict(draw(fitting(tool) | by_schema(json.dumps(schema["properties"]))))
    change = draw(st.sampled_from(["nothing", "nothing", "value", "extra", "missing", "inside"]))
    if change == "value" and names:
        given[draw(st.sampled_from(names))] = draw(NASTY | JSON)
    if change == "extra":
        given[
            draw(
                st.sampled_from(["id", "limit", "key", "__class__", "customerId", "", "ñ"]) | st.text(LETTERS)
            )
        ] = draw(NASTY)
    if change == "missing" and given:
        given.pop(draw(st.sampled_from(sorted(given))))
    objects = [name for name, value in given.items() if isinstance(value, dict | list) and value]
    if change == "inside" and objects:
        spoil(draw, given[draw(st.sampled_from(sorted(objects)))])
    return given


def spoil(draw: st.DrawFn, value: Any) -> None:
    """Change one thing inside an object or a list."""
    place = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    if isinstance(value[place], dict | list) and value[place] and draw(st.booleans()):
        spoil(draw, value[place])
    else:
        value[place] = draw(NASTY | JSON)
