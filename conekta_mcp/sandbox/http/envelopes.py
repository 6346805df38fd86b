"""List envelopes and their cursors (conekta-api.md 1.7)."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.http.endpoints import Call
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid

DEFAULT_LIMIT = 20
MAX_LIMIT = 250


def wrap_list(rows: list[Json]) -> Json:
    return {"object": "list", "has_more": False, "total": len(rows), "data": rows}


def paginate(call: Call, newest_first: list[Json], fits: Callable[[Json], bool]) -> Json:
    """Return one page of the rows that fit; an unknown cursor is a 422 (undocumented, ours).

    Page URLs repeat `limit` only if it was sent and never the filters (conekta-api.md 1.7).
    """
    limit = parse_limit(call.query)
    before, after = _split_at_cursor(call.query, newest_first)
    newer, older = [row for row in before if fits(row)], [row for row in after if fits(row)]
    backwards = "previous" in call.query
    rows = newer[-limit:] if backwards else older[:limit]
    newer, older = (newer[:-limit], older) if backwards else (newer, older[limit:])
    return {
        "next_page_url": _make_page_url(call, "next", rows[-1]) if rows and older else None,
        "previous_page_url": _make_page_url(call, "previous", rows[0]) if rows and newer else None,
        "has_more": bool(newer if backwards else older),
        "object": "list",
        "data": rows,
    }


def parse_limit(query: Mapping[str, str]) -> int:
    """Return the `limit` parameter: 1 to 250, 20 unless given."""
    sent = query.get("limit", str(DEFAULT_LIMIT))
    if not (sent.isascii() and sent.isdigit() and len(sent) < 9):
        raise Invalid(reasons.invalid_datatype("limit"))
    if not 1 <= int(sent) <= MAX_LIMIT:
        raise Invalid(reasons.invalid_param("limit"))
    return int(sent)


def _split_at_cursor(query: Mapping[str, str], rows: list[Json]) -> tuple[list[Json], list[Json]]:
    cursors = [name for name in ("next", "previous") if name in query]
    if not cursors:
        return [], rows
    if len(cursors) == 2:
        raise Invalid(reasons.invalid_param("previous"))
    places = [place for place, row in enumerate(rows) if row["id"] == query[cursors[0]]]
    if not places:
        raise Invalid(reasons.invalid_param(cursors[0]))
    # The row at the cursor belongs to neither page: `next` lists what is older, `previous` what is newer.
    if cursors == ["next"]:
        return rows[: places[0] + 1], rows[places[0] + 1 :]
    return rows[: places[0]], rows[places[0] :]


def _make_page_url(call: Call, direction: str, row: Json) -> str:
    limit = {"limit": call.query["limit"]} if "limit" in call.query else {}
    return f"{call.url}?{urlencode({**limit, direction: row['id']})}"
