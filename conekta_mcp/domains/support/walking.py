"""Walks the pages of a list within the budget of a report, and records how far it got."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.catalog import Operation, Reader
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import get_cursor

PAGE_SIZE = 250
Raw = Mapping[str, Any]


@dataclass
class Walk:
    """How far a walk over a list got."""

    rows: int = 0
    complete: bool = False
    next: str | None = None
    """The cursor for the rest."""
    stopped: str = ""
    """Why Conekta ended it."""
    found: list[Raw] = field(default_factory=list)


async def iter_pages(
    reader: Reader, listing: Operation[Any], walk: Walk, **asked: Any
) -> AsyncIterator[list[Raw]]:
    """Yield the pages of a list, newest first, until it or the budget ends; `walk` is updated.

    Raises:
        Failure: of the first page; a failure of a later page ends the walk.
    """
    while reader.has_budget():
        more = {"next": walk.next} if walk.next else {}
        try:
            page = await listing.call(reader, listing.input(**{"limit": PAGE_SIZE, **asked, **more}))
        except Failure as failure:
            if not walk.rows:
                raise
            walk.stopped = str(failure)
            return
        rows = get_rows(page) or []
        walk.rows += len(rows)
        following = get_cursor(page, "next") if page.get("has_more") else None
        walk.complete = following is None or following == walk.next
        walk.next = None if walk.complete else following
        yield rows
        if walk.complete:
            return


async def read_now(reader: Reader) -> float:
    """Return unix seconds at Conekta, after a short read if no answer has shown them yet.

    "Hoy" is the merchant's day: a computer with a wrong clock would search another one.
    """
    if not reader.is_time_known and reader.has_budget(2):
        await list_orders.call(reader, list_orders.input(limit=1))
    return reader.now


async def collect_rows(
    reader: Reader,
    listing: Operation[Any],
    *,
    is_past: Callable[[Raw], bool] = lambda _row: False,
    **asked: Any,
) -> Walk:
    """Return the rows of a list before the first one that `is_past`, with cursor and completeness."""
    walk = Walk()
    async for rows in iter_pages(reader, listing, walk, **asked):
        walk.found += [row for row in rows if not is_past(row)]
        if any(map(is_past, rows)):
            walk.complete, walk.next = True, None
            break
    return walk
