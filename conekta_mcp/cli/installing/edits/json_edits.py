"""Edits of JSON text that add, replace or remove one value and keep every other byte."""

import json
import re
from collections.abc import Sequence
from typing import Any

from conekta_mcp.cli.installing.edits.errors import CannotEdit
from conekta_mcp.cli.installing.edits.jsonc import COMMENT, Member, Node, parse_text

DEFAULT_INDENT = "  "
LINE_START = re.compile(r"[ \t]*")
EMPTY_REST = re.compile(r"[ \t]*(?=\r?\n|$|//)")
CLOSING_REST = re.compile(r"[ \t]*(?=[}\]])")


class JsonText:
    """The text of one file."""

    def __init__(self, text: str, *, comments: bool) -> None:
        self._comments = comments
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self.text = self._add_object(text)
        self.root = parse_text(self.text, comments=comments)

    def _add_object(self, text: str) -> str:
        """Return the text, with an empty object if it is blank or has only comments."""
        if not text.strip():
            return "{}\n"
        if not self._comments or COMMENT.sub("", text).strip():
            return text
        return text + ("" if text.endswith("\n") else self._newline) + "{}" + self._newline

    def set_value(self, path: Sequence[str], value: Any) -> str:
        """Return the text with `value` at `path`; missing objects on the way are added."""
        node = self.root
        for depth, name in enumerate(path):
            if node.members is None:
                raise CannotEdit(f"{'.'.join(path[:depth]) or 'its content'} is no object")
            member = node.find_member(name)
            if member is None:
                for inner in reversed(path[depth + 1 :]):
                    value = {inner: value}
                return self._insert(node, name, value)
            node = member.node
        return self._replace(node.start, node.end, self._format(value, self._find_line_indent(node.start)))

    def append_item(self, name: str, item: Any) -> str:
        """Return the text with one more item in the root's array `name`, which is added if missing."""
        member = self.root.find_member(name)
        if member is None:
            return self.set_value((name,), [item])
        if member.node.items is None:
            raise CannotEdit(f"{name} is no array")
        return self._insert(member.node, None, item)

    def remove_value(self, path: Sequence[str]) -> str:
        """Return the text without the member at `path`, which must exist."""
        parent = self._find_parent(path)
        assert parent.members is not None  # noqa: S101 - the path is there
        starts = [(one.start, one.node.end) for one in parent.members]
        commas = [one.comma for one in parent.members]
        return self._remove(starts, commas, [one.name for one in parent.members].index(path[-1]))

    def remove_item(self, name: str, index: int) -> str:
        """Return the text without one item of the root's array `name`."""
        member = self.root.find_member(name)
        items = (member.node.items if member else None) or []
        ends = [(one.start, one.end) for one in items]
        following = [start for start, _ in ends[1:]]
        commas = [self._find_comma(end, start) for (_, end), start in zip(ends, following, strict=False)]
        last = member.node.comma if member else None
        return self._remove(ends, [*commas, last], index)

    def _find_comma(self, start: int, end: int) -> int:
        return self._blank_comments(start, end).index(",") + start

    def _blank_comments(self, start: int, end: int) -> str:
        return COMMENT.sub(lambda found: "x" * len(found.group()), self.text[start:end])

    def _find_parent(self, path: Sequence[str]) -> Node:
        node = self.root
        for name in path[:-1]:
            member = node.find_member(name)
            assert member is not None  # noqa: S101 - the path is there
            node = member.node
        return node

    def _insert(self, node: Node, name: str | None, value: Any) -> str:
        """Return the text with one more member or item at the end of an object or array."""
        parts: Sequence[Member | Node] = (node.members if node.members is not None else node.items) or ()
        start = "" if name is None else f"{json.dumps(name, ensure_ascii=False)}: "
        if not parts:
            return self._fill_empty(node, start, value)
        last = parts[-1].node if isinstance(parts[-1], Member) else parts[-1]
        first = parts[0].start
        line = self.text.rfind("\n", 0, first) + 1
        if self.text[line:first].strip() or line <= node.start:
            shown = start + json.dumps(value, ensure_ascii=False)
            if node.comma:  # the file ends its objects with commas
                return self._replace(node.comma + 1, node.comma + 1, f" {shown},")
            return self._replace(last.end, last.end, f", {shown}")
        indent = self.text[line:first]
        shown = f"{self._newline}{indent}{start}{self._format(value, indent)}"
        place = self._find_end_of_comments(node.comma + 1 if node.comma else last.end, node.end - 1)
        if node.comma:  # the file ends its objects with commas
            return self._replace(place, place, f"{shown},")
        return self._replace(last.end, place, f",{self.text[last.end : place]}{shown}")

    def _fill_empty(self, node: Node, start: str, value: Any) -> str:
        outer = self._find_line_indent(node.start)
        indent = outer + self._find_unit()
        place = self._find_end_of_comments(node.start + 1, node.end - 1)
        end = "" if "\n" in self.text[place : node.end] else self._newline + outer
        shown = f"{self._newline}{indent}{start}{self._format(value, indent)}{end}"
        return self._replace(place, place if not end else node.end - 1, shown)

    def _find_end_of_comments(self, start: int, end: int) -> int:
        """Return the end of the last comment between two positions, or the first position."""
        return max([start, *(start + one.end() for one in COMMENT.finditer(self.text[start:end]))])

    def _remove(self, parts: list[tuple[int, int]], commas: Sequence[int | None], index: int) -> str:
        start, end = parts[index]
        comma = commas[index]
        text = self.text
        if comma is not None:
            # What stands between a part and its comma, such as a comment, is not removed with it.
            between, end = text[end:comma], comma + 1
            between = between if between.strip() else ""
        else:
            between = ""
        if not between:
            start, end = self._extend_to_line(start, end, is_last=index + 1 == len(parts))
        before = commas[index - 1] if index and comma is None else None
        if before is None:
            return text[:start] + between + text[end:]
        # Without what follows, the part before needs no comma.
        left = text[before + 1 : start]
        return text[:before] + (left if left.strip() or "\n" in left else "") + text[end:]

    def _extend_to_line(self, start: int, end: int, *, is_last: bool) -> tuple[int, int]:
        """Return the range of a part, extended to its line if nothing else is on it."""
        text = self.text
        line = text.rfind("\n", 0, start) + 1
        if line > 0 and not text[line:start].strip():
            above = line - (2 if text.startswith("\r\n", line - 2) else 1)
            # A closing bracket must not get behind a comment that goes on to the end of its line.
            ends_in_comment = "//" in text[text.rfind("\n", 0, above) + 1 : above]
            if EMPTY_REST.match(text, end) or (CLOSING_REST.match(text, end) and not ends_in_comment):
                return above, end
        found = None if is_last else LINE_START.match(text, end)
        return start, found.end() if found else end

    def _replace(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]

    def _find_line_indent(self, place: int) -> str:
        line = self.text.rfind("\n", 0, place) + 1
        found = LINE_START.match(self.text, line)
        return found.group() if found else ""

    def _find_unit(self) -> str:
        """Return the indentation of the file, taken from its first line inside the root."""
        parts = self.root.members or ()
        for one in parts[:1]:
            line = self.text.rfind("\n", 0, one.start) + 1
            indent = self.text[line : one.start]
            if line > self.root.start and indent and not indent.strip():
                return indent
        return DEFAULT_INDENT

    def _format(self, value: Any, indent: str) -> str:
        shown = json.dumps(value, ensure_ascii=False, indent=self._find_unit())
        return shown.replace("\n", self._newline + indent)
