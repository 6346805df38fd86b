"""Finds out what is wrong with a message that cannot be read, and which request it was."""

import re

from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError

from conekta_mcp.server.lines.messages import CutMessage

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
ID_VALUE = r'(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d+)(?![\d.eE]))'
AFTER_NAME = re.compile(rf"\s*:\s*{ID_VALUE}")
AFTER_ANY_NAME = re.compile(r"\s*:")
AT_THE_END = re.compile(rf',\s*"id"\s*:\s*{ID_VALUE}\s*(?:,\s*"(?:jsonrpc|method)"\s*:\s*"[^"]*"\s*)*\}}\s*$')
MAX_ID = 200

RequestId = str | int


def build_parse_error(message: bytes, problem: str) -> JSONRPCError:
    """Return the answer to what is not JSON; `problem` is the parser's, and quotes nothing of the message."""
    if "recursion" in problem:
        reason, text = "too_deep", "Not read: objects and lists are nested too deep."
    elif not _is_utf8(message):
        reason, text = "invalid_utf8", "Not read: the message is not UTF-8."
    else:
        reason, text = "invalid_json", "Not read: the message is not JSON."
    return _build_error(PARSE_ERROR, text, reason, find_request_id(message))


def build_invalid_request(message: bytes) -> JSONRPCError:
    """Return the answer to JSON that is no message of JSON-RPC 2.0."""
    text = (
        "Not read: MCP has no batches; send one message a line."
        if message.lstrip().startswith(b"[")
        else "Not read: expected a message of JSON-RPC 2.0, whose id is a text or a whole number."
    )
    return _build_error(INVALID_REQUEST, text, "invalid_request", find_request_id(message))


def build_too_long(cut: CutMessage) -> JSONRPCError:
    found = find_request_id(cut.head)
    if found is None:
        ending = AT_THE_END.search(cut.tail.decode(errors="replace"))
        found = _read_id(ending) if ending else None
    text = f"Not read: a message may have {cut.most:,} bytes."
    return _build_error(INVALID_REQUEST, text, "too_long", found)


def find_request_id(message: bytes) -> RequestId | None:
    """Return the id at the top of a message, however broken the rest of it is; None where there is none."""
    text = message.decode(errors="replace")
    depth, found = 0, None
    for token in TOKEN.finditer(text):
        if token.group() in "{[":
            depth += 1
        elif token.group() in "}]":
            depth -= 1
        elif depth == 1 and token.group() == '"id"':
            value = AFTER_NAME.match(text, token.end())
            found = _read_id(value) if value else found
    return found


def has_id(message: bytes) -> bool:
    """Return whether a message has an id at its top, of whatever kind: a notification has none."""
    if b'"id"' not in message:
        return False
    text, depth = message.decode(errors="replace"), 0
    for token in TOKEN.finditer(text):
        depth += (token.group() in "{[") - (token.group() in "}]")
        if depth == 1 and token.group() == '"id"' and AFTER_ANY_NAME.match(text, token.end()):
            return True
    return False


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


def _build_error(code: int, text: str, reason: str, request_id: RequestId | None) -> JSONRPCError:
    error = ErrorData(code=code, message=text, data={"reason": reason})
    return JSONRPCError(jsonrpc="2.0", id=request_id, error=error)
