"""Reads a list, newest first, back to a time before a lost call."""

from collections.abc import Awaitable, Callable
from typing import Any

from conekta_mcp.catalog import LostWrite
from conekta_mcp.effects.reading.new_rows import Raw, reaches_back
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import get_cursor, has_next_page, hides_rows

PAGE_ROWS = 250
MAX_PAGES = 4
"""How many pages of the newest rows are read at most: a thousand rows."""


async def read_back(
    read_page: Callable[..., Awaitable[dict[str, Any]]], lost: LostWrite
) -> tuple[list[Raw], bool] | None:
    """Return the rows back to before the call, and whether the list is complete; None if it hides rows."""
    seen: list[Raw] = []
    place: dict[str, Any] = {}
    for _ in range(MAX_PAGES):
        page = await read_page(limit=PAGE_ROWS, **place)
        # The total of a later page may count all pages.
        if hides_rows(page if not place else page.get("data")):
            return None
        seen += get_rows(page) or []
        after = get_cursor(page, "next")
        if not has_next_page(page):
            return seen, True
        if after is None or reaches_back(seen, lost):
            break
        place = {"next": after}
    return seen, False
