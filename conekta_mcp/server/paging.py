"""Calls an operation; for a list with `max_items`, walks its pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from conekta_mcp.catalog import ListInput, Sender, ServerArguments, Tool
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import drop_known_rows, get_cursor, has_next_page

# Conekta's largest page (conekta-api.md 1.7).
PAGE_SIZE = 250
MAX_PAGES = 20
NO_WAY_ON = "Conekta says that there are more rows, and not how to read them."

ReportProgress = Callable[[int, int], Awaitable[None]]


async def call_operation(
    tool: Tool[Any], api: Sender, own: ServerArguments, accepted: Any, tell: ReportProgress
) -> dict[str, Any]:
    """Return Conekta's object, or as many rows of a list as `max_items` asks for."""
    if own.max_items:
        return await walk_pages(tool, api, accepted, own.max_items, tell)
    await tell(0, 1)
    raw = await tool.call(api, accepted)
    await tell(1, 1)
    return raw


async def walk_pages(
    tool: Tool[Any], api: Sender, arguments: ListInput, most: int, tell: ReportProgress
) -> dict[str, Any]:
    """Return up to `most` rows as one page; where the walk ends early, its cursor says how to go on.

    Raises:
        Failure: that of the first page; a later one ends the walk, and `stopped` says why.
    """
    size = arguments.limit if "limit" in arguments.model_fields_set else PAGE_SIZE
    found: list[Any] = []
    known: set[str] = set()
    after, page = arguments.next, {}
    passed = {after}
    for _ in range(MAX_PAGES):
        step = arguments.model_copy(update={"limit": min(size, most - len(found)), "next": after})
        try:
            page = await tool.call(api, step)
        except Failure as failure:
            if not found:
                raise
            return {**page, "data": found, "stopped": f"{failure} Pass next to go on from here."}
        found += drop_known_rows(get_rows(page) or [], known)
        following = get_cursor(page, "next") if has_next_page(page) else None
        await tell(len(found), most)
        if has_next_page(page) and (following is None or following in passed):
            # A cursor that was followed before would loop for ever.
            return {**page, "data": found, "next_page_url": None, "stopped": NO_WAY_ON}
        if following is None or len(found) >= most:
            break
        after = following
        passed.add(following)
    return {**page, "data": found}
