"""Searches under masking: only whole values find anything, so that a search reveals no hidden part."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from conekta_mcp.catalog import Request, Sender
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import get_cursor, has_next_page

EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]{2,}")
PHONE = re.compile(r"\+?[\d ().-]{10,20}")
ID = re.compile(r"[a-z]{2,8}(?:_[a-z]{2,8})?_[A-Za-z0-9]{1,60}")
REFERENCE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[^\s@]{4,64}")
NATIONAL_DIGITS = 10
MEXICO = re.compile(r"521?(?=\d{10}$)")
PAGE_SIZE = 250


def is_whole_value(text: str) -> bool:
    """Tell whether `text` can be a whole e-mail, phone, id or reference; names and parts cannot."""
    clean = text.strip()
    if PHONE.fullmatch(clean):
        return len(re.sub(r"\D", "", clean)) >= NATIONAL_DIGITS
    return any(shape.fullmatch(clean) for shape in (EMAIL, ID, REFERENCE))


@dataclass(frozen=True)
class WholeValueSender:
    """Sends a list request, and keeps the rows with a field equal to `value`."""

    sender: Sender
    value: str

    async def send(self, request: Request) -> dict[str, Any]:
        # Always the largest page: with small ones, has_more would tell of rows that are not shown.
        limit = int(request.query.get("limit", PAGE_SIZE))
        page = await self.sender.send(replace(request, query={**request.query, "limit": PAGE_SIZE}))
        found = [row for row in get_rows(page) or [] if has_value(row, self.value)]
        shown = found[:limit]
        more = len(found) > len(shown)
        following = str(shown[-1].get("id")) if more else get_cursor(page, "next")
        before = str(shown[0].get("id")) if shown and get_cursor(page, "previous") else None
        return {
            **page,
            "data": shown,
            "has_more": more or has_next_page(page),
            "next_page_url": following and f"?{urlencode({'next': following})}",
            "previous_page_url": before and f"?{urlencode({'previous': before})}",
            **({"total": len(shown)} if "total" in page else {}),
        }


def has_value(row: Any, value: str) -> bool:
    """Tell whether a text in `row`, a path segment or a JSON field inside it, equals `value`."""
    wanted = _normalize(value)
    return any(_normalize(text) == wanted for text in _iter_texts(row))


def _iter_texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _iter_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _iter_texts(item)
    elif isinstance(value, str):
        yield value
        if "/" in value:
            yield from re.split(r"[/?&=#]", value)
        if value[:1] in {"{", "["}:
            yield from _iter_json_texts(value)


def _iter_json_texts(text: str) -> Iterator[str]:
    try:
        yield from _iter_texts(json.loads(text))
    except (ValueError, RecursionError):
        return


def _normalize(text: str) -> str:
    """Return the ten digits of a Mexican phone in any spelling; any other text in lower case."""
    clean = text.strip()
    if PHONE.fullmatch(clean):
        digits = re.sub(r"\D", "", clean)
        return MEXICO.sub("", digits)
    return clean.casefold()
