"""Walks the pages of a list within the budget of a report, and records how far it got."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.catalog import Operation, Reader
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import drop_known_rows, get_cursor, has_next_page, hides_rows
from conekta_mcp.results.times import say

PAGE_SIZE = 250
HIDDEN_ROWS = (
    "Conekta contestó una lista que no se puede leer completa.",
    "Conekta answered a list that cannot be read in full.",
)
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
    known: set[str] = field(default_factory=set)
    """The ids of the rows so far: none is told or summed twice."""

    def end(self) -> None:
        """Note that nothing further is wanted; what a page hid is missing all the same."""
        self.complete, self.next = not self.stopped, None


async def iter_pages(
    reader: Reader, listing: Operation[Any], walk: Walk, **asked: Any
) -> AsyncIterator[list[Raw]]:
    """Yield the pages of a list, newest first, until it or the budget ends; `walk` is updated.

    Raises:
        Failure: of the first page; a failure of a later page ends the walk.
    """
    passed: set[str | None] = {walk.next}
    while reader.has_budget():
        more = {"next": walk.next} if walk.next else {}
        try:
            page = await listing.call(reader, listing.input(**{"limit": PAGE_SIZE, **asked, **more}))
        except Failure as failure:
            if not walk.rows:
                raise
            walk.stopped = str(failure)
            return
        rows = drop_known_rows(get_rows(page) or [], walk.known)
        walk.rows += len(rows)
        following = get_cursor(page, "next") if has_next_page(page) else None
        is_stuck = has_next_page(page) and (following is None or following in passed)
        # The total of a later page may count all pages.
        if is_stuck or hides_rows(page if not more else page.get("data")):
            walk.stopped = say(HIDDEN_ROWS[0], HIDDEN_ROWS[1])
        if following is None or is_stuck:
            walk.end()
        else:
            walk.next = following
            passed.add(following)
        yield rows
        if walk.next is None:
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
            walk.end()
            break
    return walk
