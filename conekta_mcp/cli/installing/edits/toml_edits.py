"""Edits of TOML that keep comments and order, with tomlkit."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead

LINE = re.compile(r"at line (\d+)")


def parse_toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        # The message is not quoted: it may hold a part of the line.
        found = LINE.search(str(problem))
        raise CannotRead(f"line {found[1]} is not TOML" if found else "it is not TOML") from None


def set_toml_entry(text: str, servers: str, name: str, entry: Mapping[str, Any]) -> str:
    """Return the text with one server; of one that is there the fields that differ are changed."""
    crlf, document = _to_document(text)
    try:
        there = document.setdefault(servers, tomlkit.table(is_super_table=True))
        if name not in there:
            is_inline = isinstance(there, InlineTable)
            there[name] = tomlkit.inline_table() if is_inline else tomlkit.table()
        for key, value in entry.items():
            if there[name].get(key) != value:
                there[name][key] = value
    except (TOMLKitError, TypeError, AttributeError):
        raise CannotEdit(f"{servers} is no table") from None
    return _to_text(document, crlf)


def remove_toml_entry(text: str, servers: str, name: str) -> str:
    crlf, document = _to_document(text)
    try:
        del document[servers][name]
    except (TOMLKitError, TypeError, AttributeError):
        raise CannotEdit(f"{servers} is no table") from None
    return _to_text(document, crlf)


def _to_document(text: str) -> tuple[bool, tomlkit.TOMLDocument]:
    """Return whether lines end as on Windows, and the document: tomlkit ends lines that it adds with LF."""
    crlf = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    return crlf, tomlkit.parse(text.replace("\r\n", "\n") if crlf else text)


def _to_text(document: tomlkit.TOMLDocument, crlf: bool) -> str:
    text = tomlkit.dumps(document)
    return text.replace("\n", "\r\n") if crlf else text
