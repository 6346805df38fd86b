"""Reads the body of an answer: limited in size, as JSON, and without the key that was sent."""

from __future__ import annotations

import contextlib
import json
import re
from base64 import b64encode, urlsafe_b64encode
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from pydantic_core import from_json

from conekta_mcp.redaction import INVISIBLE

if TYPE_CHECKING:
    import httpx
    from httpx import AsyncByteStream

MAX_ANSWER_BYTES = 8 * 1024 * 1024

MAX_DEPTH = 200
MIN_KEY_LENGTH = 8
HIDDEN = "[redacted]"
ENCODINGS = (b64encode, urlsafe_b64encode)
ESCAPES = (rb"\u00", rb"\u20", rb"\/")
SHAPELESS = (b"\xe2\x80", b"\xe2\x81", b"\xc2\xad", b"\xef\xbb\xbf")
"""The first bytes in UTF-8 of most invisible characters."""


async def read_content(response: httpx.Response) -> bytes:
    content = bytearray()
    # Uncompressed bodies skip httpx's decoding, which takes as long as the parsing.
    encoded = "content-encoding" in response.headers
    pieces = response.aiter_bytes() if encoded else cast("AsyncByteStream", response.stream)
    async for piece in pieces:
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            return b""
    return bytes(content)


def parse_without_key(content: bytes, key: str) -> object:
    """Parse JSON, also of a success, and remove the key that was sent for it."""
    sent = SentKey(key)
    body = parse_json(sent.hide(content))
    return sent.hide_key(body) if has_disguises(content) else body


def has_disguises(content: bytes) -> bool:
    """Tell whether a text may contain escapes or invisible characters; few answers do."""
    return (
        b"%" in content
        or (b"\\" in content and any(mark in content for mark in ESCAPES))
        # One byte is found much faster than two, and hardly any answer has it.
        or any(mark[:1] in content and mark in content for mark in SHAPELESS)
    )


class SentKey:
    """The key of a request, which must not appear in an answer in any spelling."""

    def __init__(self, key: str) -> None:
        bare = key.removeprefix("key_")
        # A short key could be part of any word; Conekta's have 20 characters and more.
        self._plain, self._coded = _list_spellings(bare) if len(bare) >= MIN_KEY_LENGTH else ([], [])
        self._forms = {one.lower() for one in (*self._plain, *self._coded)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        whole = [re.escape(one) for one in self._plain]
        # In base64 its neighbours are "key_", a user name or a colon.
        whole += [f"[\\w+/-]{{0,8}}{re.escape(one)}[\\w+/-]{{0,4}}={{0,2}}" for one in self._coded]
        return re.compile("|".join(whole), re.IGNORECASE | re.ASCII)

    def hide(self, content: bytes) -> bytes:
        """Remove the key from the bytes of an answer."""
        text = content.lower()  # the search below is slow, and hardly any answer needs it
        if not any(one.encode() in text for one in self._forms):
            return content
        return self._pattern.sub(HIDDEN, content.decode(errors="surrogateescape")).encode(
            errors="surrogateescape"
        )

    def hide_key(self, value: Any) -> Any:
        """Remove the key from the texts of JSON, also if escaped or split by invisible characters."""
        if isinstance(value, str):
            return self._hide_in_text(value) if self._forms else value
        if isinstance(value, dict):
            return {self.hide_key(name): self.hide_key(one) for name, one in value.items()}
        return [self.hide_key(one) for one in value] if isinstance(value, list) else value

    def _hide_in_text(self, text: str) -> str:
        for read in (text, INVISIBLE.sub("", unquote(text))):
            lowered = read.lower()
            if any(one in lowered for one in self._forms):
                return self._pattern.sub(HIDDEN, read)
        return text


def _list_spellings(bare: str) -> tuple[list[str], list[str]]:
    """Return how the key may be quoted without its "key_": plain, in hexadecimal, and in base64.

    In base64 the text depends on the position at which it starts, as in `Authorization: Basic`; the
    characters that also depend on the text around it are left out.
    """
    coded = []
    for shift, first in enumerate((0, 2, 3)):
        written = bytes(shift) + bare.encode()
        coded += [encode(written)[first : len(written) * 8 // 6].decode() for encode in ENCODINGS]
    return [bare, bare.encode().hex()], list(dict.fromkeys(coded))


def parse_json(content: bytes) -> object:
    """Parse JSON with the fast parser; what it refuses (a lone surrogate) with the standard one."""
    with contextlib.suppress(ValueError):
        quick: object = from_json(content)
        return quick
    with contextlib.suppress(ValueError, RecursionError):
        patient: object = json.loads(content)
        return None if _is_deep(patient) else patient
    return None


def _is_deep(value: object) -> bool:
    """Tell whether objects and arrays are nested deeper than the fast parser allows."""
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [inner for outer in layer for inner in _list_members(outer)]
    return bool(layer)


def _list_members(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
