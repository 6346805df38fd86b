"""Edits of TOML that keep comments and order.

A table is added and removed as text: tomlkit counts a comment above the next table as a part of the table
before it, so that it would move or go. Values that change are edited with tomlkit, within their table.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead

LINE = re.compile(r"at line (\d+)")
HEADER = re.compile(r"[ \t]*\[")
REMARK = re.compile(r"[ \t]*(?:#.*)?\r?\n?")
TEXT_OR_COMMENT = re.compile(
    r"""(?P<long>"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5})|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*""", re.DOTALL
)
WHOLE_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def parse_toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        # The message is not quoted: it may hold a part of the line.
        found = LINE.search(str(problem))
        raise CannotRead(f"line {found[1]} is not TOML" if found else "it is not TOML") from None


def set_toml_entry(text: str, servers: str, name: str, entry: Mapping[str, Any]) -> str:
    """Return the text with one server; of an existing one, only fields that differ are changed."""
    there = parse_toml(text).get(servers, {})
    lines, outline = _split_lines(text)
    if name not in there and not _has_inline_table("".join(outline), servers):
        return _append_table(text, f"{servers}.{name}", entry)
    changed = {
        key: value for key, value in entry.items() if name not in there or there[name].get(key) != value
    }
    starts = _find_headers(outline, servers, name, r"\]")
    if not starts:
        return _set_values(text, (servers, name), changed)
    end = _find_end(outline, starts[0])
    # Only the lines of our table: of a whole document tomlkit may move tables.
    table = _set_values("".join(lines[starts[0] : end]), (servers, name), changed)
    return "".join([*lines[: starts[0]], table, *lines[end:]])


def remove_toml_entry(text: str, servers: str, name: str) -> str:
    lines, outline = _split_lines(text)
    starts = _find_headers(outline, servers, name, r"[.\]]")
    for start in reversed(starts):
        lines[_find_start(outline, start) : _find_end(outline, start)] = []
    if starts:
        return "".join(lines)
    crlf, document = _to_document(text)
    with _refuse_other_shapes(servers):
        table: Any = document[servers]
        del table[name]
    return _to_text(document, crlf=crlf)


def _set_values(text: str, path: tuple[str, str], values: Mapping[str, Any]) -> str:
    crlf, document = _to_document(text)
    servers, name = path
    with _refuse_other_shapes(servers):
        table: Any = document[servers]
        if name not in table:
            table[name] = tomlkit.inline_table()
        for key, value in values.items():
            table[name][key] = value
    return _to_text(document, crlf=crlf)


@contextmanager
def _refuse_other_shapes(servers: str) -> Iterator[None]:
    try:
        yield
    except (TOMLKitError, TypeError, AttributeError):
        raise CannotEdit(f"{servers} is no table") from None


def _split_lines(text: str) -> tuple[list[str], list[str]]:
    """Return the lines, and the same with texts of several lines crossed out: they may look like headers."""

    def cross_out(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", "x", found.group()) if found["long"] else found.group()

    outline = TEXT_OR_COMMENT.sub(cross_out, text)
    return WHOLE_LINE.findall(text), WHOLE_LINE.findall(outline)


def _find_headers(lines: Sequence[str], servers: str, name: str, end: str) -> list[int]:
    """Return the lines of our table's headers, and with another `end` those of tables inside it."""
    header = re.compile(rf"[ \t]*\[{re.escape(servers)}\.{re.escape(name)}{end}")
    return [number for number, line in enumerate(lines) if header.match(line)]


def _has_inline_table(text: str, servers: str) -> bool:
    return re.search(rf"^[ \t]*{re.escape(servers)}[ \t]*=", text, re.MULTILINE) is not None


def _append_table(text: str, header: str, entry: Mapping[str, Any]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = newline if text.strip() else ""
    start = text + ("" if not text or text.endswith("\n") else newline) + gap
    # JSON's texts, numbers and lists of them are TOML too.
    lines = [
        f"[{header}]",
        *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()),
    ]
    return start + "".join(line + newline for line in lines)


def _find_start(lines: Sequence[str], header: int) -> int:
    """Return the first line to remove, including the empty line above a header."""
    is_gap = header > 1 and not lines[header - 1].strip() and any(line.strip() for line in lines[:header])
    return header - 1 if is_gap else header


def _find_end(lines: Sequence[str], header: int) -> int:
    """Return the line after the last value of a table; comments below may belong to the next one."""
    following = (number for number, line in enumerate(lines) if number > header and HEADER.match(line))
    end = next(following, len(lines))
    while end > header + 1 and REMARK.fullmatch(lines[end - 1]):
        end -= 1
    return end


def _to_document(text: str) -> tuple[bool, tomlkit.TOMLDocument]:
    """Return whether lines end with CRLF, and the document: tomlkit ends new lines with LF."""
    crlf = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    return crlf, tomlkit.parse(text.replace("\r\n", "\n") if crlf else text)


def _to_text(document: tomlkit.TOMLDocument, *, crlf: bool) -> str:
    text = tomlkit.dumps(document)
    return text.replace("\n", "\r\n") if crlf else text
