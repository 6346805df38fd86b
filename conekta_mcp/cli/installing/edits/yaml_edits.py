"""Edits YAML as text: ruamel.yaml returns positions, and every other line stays as it is."""

import json
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead

INDENT = "  "
Pair = tuple[Node, Node]


def parse_yaml(text: str) -> dict[str, Any]:
    """Return the parsed text; {} for an empty one."""
    try:
        found = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else None
        raise CannotRead(f"line {line} is not YAML" if line else "it is not YAML") from None
    except (YAMLError, ValueError, RecursionError):
        raise CannotRead("it is not YAML") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise CannotRead("it is no map")
    return found


def set_yaml_entry(text: str, servers: str, name: str, entry: Mapping[str, Any]) -> str:
    """Return the text with one server first in its map; an existing one is replaced."""
    newline = "\r\n" if "\r\n" in text else "\n"
    pair = _find_pair(_compose(text), servers)
    if pair is None:
        start = text + ("" if not text or text.endswith("\n") else newline)
        return start + f"{servers}:{newline}" + _format_entry(name, entry, INDENT, newline)
    key, value = pair
    if isinstance(value, MappingNode) and _find_pair(value, name):
        text = remove_yaml_entry(text, servers, name)
        key, value = _find_pair(_compose(text), servers) or pair
    line_end = _find_line_end(text, key.end_mark.index)
    if not _is_block(value):
        if not _is_empty(value):
            raise CannotEdit(f"{servers} is written in one line")
        if value.end_mark.index > value.start_mark.index:  # {}, and what follows it on the line
            text = text[: value.start_mark.index].rstrip(" ") + text[value.end_mark.index :]
            line_end = _find_line_end(text, key.end_mark.index)
        indent = " " * key.start_mark.column + INDENT
    else:
        indent = " " * value.value[0][0].start_mark.column
    head = text[:line_end] + ("" if text[:line_end].endswith("\n") else newline)
    return head + _format_entry(name, entry, indent, newline) + text[line_end:]


def remove_yaml_entry(text: str, servers: str, name: str) -> str:
    pair = _find_pair(_compose(text), servers)
    found = _find_pair(pair[1], name) if pair else None
    if pair is None or found is None or not _is_block(pair[1]):
        raise CannotEdit(f"{servers} is written in one line")
    start = text.rfind("\n", 0, found[0].start_mark.index) + 1
    end = _find_line_end(text, max(_find_end(found[1]), found[0].end_mark.index))
    if len(pair[1].value) > 1:
        return text[:start] + text[end:]
    colon = text.index(":", pair[0].end_mark.index) + 1
    return text[:colon] + " {}" + text[colon:start] + text[end:]


def _compose(text: str) -> Node | None:
    root: Node | None = YAML(typ="rt", pure=True).compose(text)
    if root is not None and not _is_block(root):
        raise CannotEdit("it is written in one line")
    return root


def _find_pair(node: Node | None, name: str) -> Pair | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == name), None)


def _is_block(node: Node) -> bool:
    return isinstance(node, MappingNode) and not node.flow_style and bool(node.value)


def _is_empty(node: Node) -> bool:
    """Tell whether the value is {} or missing."""
    return (
        not node.value if isinstance(node, MappingNode) else isinstance(node, ScalarNode) and not node.value
    )


def _find_end(node: Node) -> int:
    """Return the end of a node's content; ruamel's end mark is at the following token."""
    end: int = node.end_mark.index
    if isinstance(node, MappingNode) and not node.flow_style:
        ends: list[int] = [max(_find_end(value), key.end_mark.index) for key, value in node.value]
        return max(ends)
    if isinstance(node, SequenceNode) and not node.flow_style:
        return max(_find_end(item) for item in node.value)
    # The mark of a text in several lines (|) is behind its last line.
    if isinstance(node, ScalarNode) and node.style in {"|", ">"}:
        end -= 1
    return end


def _find_line_end(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def _format_entry(name: str, entry: Mapping[str, Any], indent: str, newline: str) -> str:
    # JSON is YAML, so each value is written as JSON.
    lines = [f"{indent}{name}:"]
    lines += [
        f"{indent}{INDENT}{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()
    ]
    return "".join(line + newline for line in lines)
