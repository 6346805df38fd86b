"""Repairs and scans messages before they are parsed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mcp.types import JSONRPCError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONE_SURROGATE = (
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
"""An escaped surrogate pair, or (in the group) a lone one; escaped backslashes are skipped."""
EMPTY_PARAMS = re.compile(rb'"params"\s*:\s*(\[\s*\]|"")')
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
AFTER_NAME = re.compile(r"\s*:")


class CutMessage(NamedTuple):
    """A message that is too long: only its start and end were kept."""

    head: bytes
    tail: bytes
    most: int


class Unreadable(JSONRPCError):
    """The error that answers an unreadable message; not an error that a client sends."""


def mend_message(message: bytes) -> bytes:
    """Return a message without common mistakes that JSON parsers refuse, in as many bytes."""
    mark = len(message) - len(message.lstrip())
    if message[mark:].startswith(BYTE_ORDER_MARK):
        message = message[:mark] + b"   " + message[mark + len(BYTE_ORDER_MARK) :]
    return fill_empty_params(replace_lone_surrogates(message))


def replace_lone_surrogates(message: bytes) -> bytes:
    """Replace each lone surrogate in JSON by U+FFFD: some clients cut a text inside an emoji."""
    if b"\\ud" not in message and b"\\uD" not in message:
        return message
    return re.sub(LONE_SURROGATE, lambda found: b"\\ufffd" if found.group(1) else found.group(), message)


def fill_empty_params(message: bytes) -> bytes:
    """Replace `params` that are an empty list or text by an empty object.

    Some languages write both in the same way. Nested values are not changed.
    """
    if not EMPTY_PARAMS.search(message):
        return message
    # Places are counted in bytes: latin-1 has a letter for each.
    for name, place in list_names(message.decode("latin-1")):
        if name == "params" and (found := EMPTY_PARAMS.match(message, place)):
            start, end = found.span(1)
            return message[:start] + b"{}".ljust(end - start) + message[end:]
    return message


def list_names(text: str) -> Iterator[tuple[str, int]]:
    """Yield the top-level names of a message and their positions, also if it is broken."""
    depth = 0
    for token in TOKEN.finditer(text):
        if token.group() in "{[":
            depth += 1
        elif token.group() in "}]":
            depth -= 1
        elif depth == 1 and AFTER_NAME.match(text, token.end()):
            yield token.group()[1:-1], token.start()
