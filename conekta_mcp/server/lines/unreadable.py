"""Finds what is wrong with an unreadable message, and the id of its request."""

import re

from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData

from conekta_mcp.server.lines.messages import CutMessage, Unreadable, list_names

ID_VALUE = r'(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d+)(?![\d.eE]))'
ID = re.compile(rf'"id"\s*:\s*{ID_VALUE}')
AT_THE_END = re.compile(rf',\s*"id"\s*:\s*{ID_VALUE}\s*(?:,\s*"(?:jsonrpc|method)"\s*:\s*"[^"]*"\s*)*\}}\s*$')
MAX_ID = 200

RequestId = str | int


def build_parse_error(message: bytes, problem: str) -> Unreadable:
    """Return the answer to a line that is not JSON; `problem` quotes nothing of the message."""
    if "recursion" in problem:
        reason, text = "too_deep", "Not read: objects and lists are nested too deep."
    elif not _is_utf8(message):
        reason, text = "invalid_utf8", "Not read: the message is not UTF-8."
    else:
        reason, text = "invalid_json", "Not read: the message is not JSON."
    return _build_error(PARSE_ERROR, text, reason, find_request_id(message))


def build_invalid_request(message: bytes) -> Unreadable:
    """Return the answer to JSON that is no JSON-RPC 2.0 message."""
    text = (
        "Not read: MCP has no batches; send one message at a time."
        if message.lstrip().startswith(b"[")
        else "Not read: expected a message of JSON-RPC 2.0, whose id is a text or a whole number."
    )
    return _build_error(INVALID_REQUEST, text, "invalid_request", find_request_id(message))


def build_too_long(cut: CutMessage) -> Unreadable:
    found = find_request_id(cut.head)
    if found is None:
        ending = AT_THE_END.search(cut.tail.decode(errors="replace"))
        found = _read_id(ending) if ending else None
    text = f"Not read: a message may have {cut.most:,} bytes."
    return _build_error(INVALID_REQUEST, text, "too_long", found)


def find_request_id(message: bytes) -> RequestId | None:
    """Return the top-level id of a message, also if the rest is broken; else None."""
    text, found = message.decode(errors="replace"), None
    for name, place in list_names(text):
        value = ID.match(text, place) if name == "id" else None
        found = _read_id(value) if value else found
    return found


def has_id(message: bytes) -> bool:
    """Tell whether a message has a top-level id; notifications have none."""
    return b'"id"' in message and "id" in find_names(message)


def find_names(message: bytes) -> frozenset[str]:
    """Return the top-level names of a message, also if it is broken."""
    return frozenset(name for name, _ in list_names(message.decode(errors="replace")))


def _read_id(found: re.Match[str]) -> RequestId | None:
    number, text = found.group("number"), found.group("text")
    if number is not None:
        return int(number) if len(number) < MAX_ID else None
    # An escape in an id is not worth a second parser: no client writes one.
    return text if len(text) <= MAX_ID and "\\" not in text else None


def _is_utf8(message: bytes) -> bool:
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True


def _build_error(code: int, text: str, reason: str, request_id: RequestId | None) -> Unreadable:
    error = ErrorData(code=code, message=text, data={"reason": reason})
    return Unreadable(jsonrpc="2.0", id=request_id, error=error)
