"""Finding ids for what somebody has typed so far."""

import re
from typing import Any

from conekta_mcp.catalog import Operation, Sender
from conekta_mcp.results.base import rows

MOST = 250
SEARCHED = 100


async def begun(api: Sender, listing: Operation[Any], typed: str, shape: str) -> list[str]:
    """Give ids that begin with what was typed if it has the `shape`; else, and failing that, search."""
    if not typed or re.fullmatch(shape, typed):
        found = [one for one in await _ids(api, listing, limit=MOST) if one.startswith(typed)]
        if found or not typed:
            return found
    return await _ids(api, listing, limit=SEARCHED, search=typed)


async def _ids(api: Sender, listing: Operation[Any], **asked: Any) -> list[str]:
    page = await listing.call(api, listing.input(**asked))
    return [str(row["id"]) for row in rows(page) or [] if row.get("id")]
