"""Reduces JSON schemas to what agents need and every provider accepts: flat, no references, no nulls."""

from typing import Any

from pydantic import BaseModel

from conekta_mcp.catalog.inputs import RARE_MARK

NESTED_KEYWORDS = {"type", "properties", "items", "required", "enum", "minItems", "minimum", "description"}
REFUSED_KEYWORDS = {"minLength", "maxLength", "default", "additionalProperties", RARE_MARK}
UNTOLD_DEFAULTS = (False, "lean")

ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "code": {"type": "string"},
        "http_status": {"type": "integer"},
        "outcome": {"type": "string", "enum": ["not_applied", "applied", "unknown"]},
        "hint": {"type": "string"},
    },
}


def lean_schema(model: type[BaseModel], *, whole: bool = False) -> dict[str, Any]:
    """Return the published input schema of `model`: bounds on every argument, only types of nested fields.

    Nested fields that their model lists as `rare` are left out unless `whole` is set.
    """
    schema = flatten_schema(model.model_json_schema())
    arguments = {name: _trim_argument(node, whole) for name, node in schema.get("properties", {}).items()}
    required = {"required": schema["required"]} if schema.get("required") else {}
    return {"type": "object", "properties": arguments, **required}


def build_output_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the published output schema: no field is required, and `error` and `conekta` are allowed."""
    fields: dict[str, Any] = {
        name: _outline_field(node)
        for name, node in flatten_schema(schema)["properties"].items()
        # What may be of any type is not promised at all.
        if "type" in node
    }
    ours = {
        "livemode": {"type": "boolean"},
        "cut": {"type": "string"},
        "conekta": {"type": "object"},
        "error": ERROR_SCHEMA,
    }
    # TypeScript SDK 1.x validates structured content against the schema even when the result is an error.
    return {"type": "object", "properties": {**fields, **ours}}


def flatten_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Put referenced schemas in their place; drop titles, nulls, null defaults and class docstrings."""
    flattened: dict[str, Any] = _flatten_node(schema, schema.get("$defs", {}))
    return flattened


def _flatten_node(node: Any, defs: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_flatten_node(item, defs) for item in node]
    if not isinstance(node, dict):
        return node
    node = _drop_null(node)
    if "$ref" in node:
        target = defs[node["$ref"].rsplit("/", 1)[1]]
        # The description of a referenced model is its docstring, which is written for developers.
        node = {**_omit_keys(target, {"description"}), **_omit_keys(node, {"$ref"})}
    node = _omit_keys(node, {"$defs"})
    # A property may be called title; then it is a schema and stays.
    if isinstance(node.get("title"), str):
        node = _omit_keys(node, {"title"})
    return {key: _flatten_member(key, value, defs) for key, value in node.items()}


def _flatten_member(key: str, value: Any, defs: dict[str, Any]) -> Any:
    if key == "properties":
        return {name: _flatten_node(item, defs) for name, item in value.items()}
    return _flatten_node(value, defs)


def _drop_null(node: dict[str, Any]) -> dict[str, Any]:
    arms = [arm for arm in node.get("anyOf", []) if arm != {"type": "null"}]
    if "anyOf" in node and len(arms) == 1:
        node = {**arms[0], **_omit_keys(node, {"anyOf"})}
    return _omit_keys(node, {"default"}) if node.get("default", ...) is None else node


def _omit_keys(node: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key not in names}


def _trim_argument(node: dict[str, Any], whole: bool) -> dict[str, Any]:
    kept = {key: value for key, value in _say_default(node).items() if key not in REFUSED_KEYWORDS}
    if node.get("properties"):
        kept = _trim_nested(kept, whole)
    if "items" in node:
        kept["items"] = _trim_nested(node["items"], whole)
    return _replace_integer_enum(kept)


def _trim_nested(node: dict[str, Any], whole: bool) -> dict[str, Any]:
    kept = {key: value for key, value in node.items() if key in NESTED_KEYWORDS}
    if "properties" in kept:
        kept["properties"] = {
            name: _trim_nested(item, whole)
            for name, item in kept["properties"].items()
            if whole or not item.get(RARE_MARK)
        }
    if "items" in kept:
        kept["items"] = _trim_nested(kept["items"], whole)
    return _replace_integer_enum(kept)


def _say_default(node: dict[str, Any]) -> dict[str, Any]:
    default = node.get("default")
    if default is None or default in UNTOLD_DEFAULTS:
        return node
    return {**node, "description": f"{node['description']}; default {default}"}


def _replace_integer_enum(node: dict[str, Any]) -> dict[str, Any]:
    values = node.get("enum", ())
    if node.get("type") != "integer" or not values:
        return node
    described = f"{node['description']}: {', '.join(map(str, values))}"
    bounds = {"minimum": min(values), "maximum": max(values)}
    return {**_omit_keys(node, {"enum"}), **bounds, "description": described}


def _outline_field(node: dict[str, Any]) -> dict[str, Any]:
    """Return the type of a field, for a list also the type of its rows, and the description."""
    kept = {"type": node["type"]}
    items = {"items": {"type": node["items"].get("type", "object")}} if "items" in node else {}
    described = {"description": node["description"]} if "description" in node else {}
    return {**kept, **items, **described}
