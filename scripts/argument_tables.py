"""The table of a tool's arguments for docs/tools.md and docs/es/tools.md, from its JSON schema."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.server.tools.published_schemas import build_full_input_schema, list_rare_arguments


@dataclass(frozen=True)
class Words:
    """How one language writes the table."""

    none: str
    """What stands for a tool without arguments."""
    heads: tuple[str, ...]
    alternative: str
    of: str
    any_value: str
    bounds: Mapping[str, str]
    kinds: Mapping[str, str]
    """Names of types; one that is not here keeps its own."""
    kinds_of_many: Mapping[str, str]
    quotes_bounds: bool
    has_meanings: bool
    """Whether descriptions are shown: they exist in English only, since models read them."""


ENGLISH = Words(
    none="No arguments.",
    heads=("argument", "type", "meaning"),
    alternative="or",
    of="of",
    any_value="any",
    bounds={
        "minimum": "from",
        "maximum": "to",
        "minLength": "at least",
        "maxLength": "at most",
        "pattern": "like",
        "minItems": "at least",
        "default": "default",
    },
    kinds={},
    kinds_of_many={},
    quotes_bounds=False,
    has_meanings=True,
)
SPANISH = Words(
    none="Sin argumentos.",
    heads=("argumento", "tipo"),
    alternative="o",
    of="de",
    any_value="cualquier valor",
    bounds={
        "minimum": "desde",
        "maximum": "hasta",
        "minLength": "mínimo de letras",
        "maxLength": "máximo de letras",
        "pattern": "con la forma",
        "minItems": "mínimo",
        "default": "si no se da,",
    },
    kinds={
        "string": "texto",
        "integer": "entero",
        "number": "número",
        "boolean": "sí o no",
        "array": "lista",
        "object": "objeto",
    },
    kinds_of_many={"string": "textos", "integer": "enteros", "object": "objetos", "array": "listas"},
    quotes_bounds=True,
    has_meanings=False,
)


def render_arguments(tool: Tool[Any], words: Words) -> Iterator[str]:
    """Yield the lines of the table; what is required is bold, what is rare is in italics."""
    schema, hidden = build_full_input_schema(tool), list_rare_arguments(tool)
    if not schema["properties"]:
        yield words.none
        return
    yield f"| {' | '.join(words.heads)} |"
    yield "|---" * len(words.heads) + "|"
    for name, node in schema["properties"].items():
        mark = "**" if name in schema.get("required", []) else "*" if name in hidden else ""
        meaning = f" {_escape_cell(node.get('description', ''))} |" if words.has_meanings else ""
        yield f"| {mark}{name}{mark} | {_format_type(node, words)} |{meaning}"


def _format_type(node: Mapping[str, Any], words: Words) -> str:
    if "enum" in node:
        alternatives = (f"`{json.dumps(value)}`" for value in node["enum"])
        return _escape_cell(f" {words.alternative} ".join(alternatives))
    kind, many = str(node.get("type", words.any_value)), node.get("items", {}).get("type")
    of = f" {words.of} {words.kinds_of_many.get(many, many)}" if many else ""
    bounds = [
        f"{word} {_format_bound(node[key], words)}" for key, word in words.bounds.items() if key in node
    ]
    return _escape_cell(", ".join([words.kinds.get(kind, kind) + of, *bounds]))


def _format_bound(value: object, words: Words) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"`{text}`" if words.quotes_bounds else text


def _escape_cell(text: str) -> str:
    return text.replace("|", "\\|")
