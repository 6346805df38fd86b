"""Reads the body of an answer: bounded, as JSON, and without the key that was sent."""

from __future__ import annotations

import contextlib
import json
import re
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, cast

from pydantic_core import from_json

if TYPE_CHECKING:
    import httpx
    from httpx import AsyncByteStream

MAX_ANSWER_BYTES = 8 * 1024 * 1024

MAX_DEPTH = 200


async def read_content(response: httpx.Response) -> bytes:
    content = bytearray()
    # What is not compressed is taken as it came: httpx's decoding costs as much as all of the parsing.
    encoded = "content-encoding" in response.headers
    pieces = response.aiter_bytes() if encoded else cast("AsyncByteStream", response.stream)
    async for piece in pieces:
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            return b""
    return bytes(content)


def hide_key(content: bytes, written: httpx.Request) -> bytes:
    """Take the key that was sent out of a refusal that quotes it, whatever touches it there."""
    key = written.headers["Authorization"].removeprefix("Bearer ").encode()
    bare = key.removeprefix(b"key_")
    # A short key could be part of any word; Conekta's have 20 characters and more.
    if len(bare) < 8:
        return content
    # As base64 too, as in Authorization: Basic, up to where its last characters depend on what follows.
    encoded = [coded(key)[: len(key) * 8 // 6] for coded in (b64encode, urlsafe_b64encode)]
    found = b"|".join(map(re.escape, (bare, *encoded)))
    return re.sub(found, b"[redacted]", content, flags=re.IGNORECASE)


def parse_json(content: bytes) -> object:
    """Read JSON by the quick parser, and what that refuses (half a surrogate pair) by the patient one."""
    with contextlib.suppress(ValueError):
        quick: object = from_json(content)
        return quick
    with contextlib.suppress(ValueError, RecursionError):
        patient: object = json.loads(content)
        return None if _is_deep(patient) else patient
    return None


def _is_deep(value: object) -> bool:
    """Tell whether objects and arrays are nested deeper than the quick parser would allow."""
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [inner for outer in layer for inner in _list_members(outer)]
    return bool(layer)


def _list_members(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
