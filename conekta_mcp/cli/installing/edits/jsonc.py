"""Parses JSON with and without comments into nodes with positions in the text."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from conekta_mcp.cli.installing.edits.errors import CannotRead

SPACE = re.compile(r"[ \t\r\n]*")
COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
SPACE_AND_COMMENTS = re.compile(rf"(?:[ \t\r\n]+|{COMMENT.pattern})*", re.DOTALL)
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
SCALAR = re.compile(r"-?\d[0-9.eE+-]*|true|false|null")


@dataclass(slots=True)
class Node:
    """A value from `start` to before `end`, with the members of an object or the items of an array."""

    start: int
    end: int
    value: Any
    members: "list[Member] | None" = None
    items: "list[Node] | None" = None
    comma: int | None = None
    """The position of the comma after its last member or item, if there is one."""

    def find_member(self, name: str) -> "Member | None":
        return next((one for one in self.members or () if one.name == name), None)


@dataclass(slots=True)
class Member:
    name: str
    start: int
    node: Node
    comma: int | None = field(default=None)
    """Where the comma after it stands."""


def parse_text(text: str, *, comments: bool) -> Node:
    """Return the value of a text; without `comments` there are neither comments nor commas at an end.

    Raises:
        CannotRead: it is not JSON, or an object has a name twice, so that it is not clear which one counts.
    """
    reader = _Reader(text, comments=comments)
    try:
        return reader.read_all()
    except RecursionError:
        raise CannotRead("it is nested too deeply") from None


class _Reader:
    def __init__(self, text: str, *, comments: bool) -> None:
        self._text, self._comments, self._at = text, comments, 0

    def read_all(self) -> Node:
        self._skip_space()
        node = self._read_value()
        self._skip_space()
        if self._at < len(self._text):
            self._fail()
        return node

    def _fail(self) -> NoReturn:
        line = self._text.count("\n", 0, self._at) + 1
        column = self._at - self._text.rfind("\n", 0, self._at)
        raise CannotRead(f"line {line}, column {column} is not JSON")

    def _skip_space(self) -> None:
        found = (SPACE_AND_COMMENTS if self._comments else SPACE).match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, mark: str) -> bool:
        if not self._text.startswith(mark, self._at):
            return False
        self._at += 1
        return True

    def _read_value(self) -> Node:
        if self._text.startswith("{", self._at):
            return self._read_object()
        if self._text.startswith("[", self._at):
            return self._read_array()
        return self._read_scalar()

    def _read_scalar(self) -> Node:
        start = self._at
        found = STRING.match(self._text, start) or SCALAR.match(self._text, start)
        if found is None:
            self._fail()
        try:
            value = json.loads(found.group())
        except ValueError:
            self._fail()
        self._at = found.end()
        return Node(start, self._at, value)

    def _read_object(self) -> Node:
        start = self._at
        members: list[Member] = []
        names: set[str] = set()
        comma = self._read_parts("{", "}", lambda: members.append(self._read_member(names)))
        for member, place in zip(members, comma, strict=False):
            member.comma = place
        last = members[-1].comma if members else None
        value = {one.name: one.node.value for one in members}
        return Node(start, self._at, value, members=members, comma=last)

    def _read_member(self, names: set[str]) -> Member:
        start = self._at
        name = self._read_scalar().value
        if not isinstance(name, str):
            self._at = start
            self._fail()
        if name in names:
            raise CannotRead("an object in it has the same name twice")
        names.add(name)
        self._skip_space()
        if not self._take(":"):
            self._fail()
        self._skip_space()
        return Member(str(name), start, self._read_value())

    def _read_array(self) -> Node:
        start = self._at
        items: list[Node] = []
        commas = self._read_parts("[", "]", lambda: items.append(self._read_value()))
        last = commas[-1] if items and len(commas) == len(items) else None
        return Node(start, self._at, [one.value for one in items], items=items, comma=last)

    def _read_parts(self, opening: str, closing: str, read: Any) -> list[int]:
        """Read parts separated by commas; return the position of each comma."""
        commas: list[int] = []
        self._take(opening)
        self._skip_space()
        while not self._take(closing):
            read()
            self._skip_space()
            place = self._at
            if self._take(","):
                commas.append(place)
                self._skip_space()
                if self._text.startswith(closing, self._at) and not self._comments:
                    self._fail()
            elif not self._text.startswith(closing, self._at):
                self._fail()
        return commas
