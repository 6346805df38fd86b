"""The intent's name in what it makes."""

import hashlib
from dataclasses import replace

from conekta_mcp.catalog import MarkPlace, Request


def build_mark(tool: str, key: str) -> str:
    return f"mcp_{hashlib.sha256(f'mark {tool} {key}'.encode()).hexdigest()[:24]}"


def write_mark(request: Request, place: MarkPlace, mark: str) -> Request:
    return replace(request) if mark else request
