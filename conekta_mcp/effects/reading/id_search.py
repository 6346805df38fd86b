"""Finds ids for the beginning of an id or a name that a person types."""

import re
from typing import Any

from conekta_mcp.catalog import Operation, Sender
from conekta_mcp.results.base import get_rows

MAX_ROWS = 250
MAX_SEARCH_ROWS = 100


async def search_ids(api: Sender, listing: Operation[Any], typed: str, shape: str) -> list[str]:
    """Return ids that begin with the typed text if it has the `shape`; otherwise search for it."""
    if not typed or re.fullmatch(shape, typed):
        found = [one for one in await _list_ids(api, listing, limit=MAX_ROWS) if one.startswith(typed)]
        if found or not typed:
            return found
    return await _list_ids(api, listing, limit=MAX_SEARCH_ROWS, search=typed)


async def _list_ids(api: Sender, listing: Operation[Any], **asked: Any) -> list[str]:
    page = await listing.call(api, listing.input(**asked))
    return [str(row["id"]) for row in get_rows(page) or [] if row.get("id")]
