"""A page of a list, with cursors instead of page URLs (conekta-api.md 1.7)."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import parse_qs

from pydantic import Field, model_validator

from conekta_mcp.catalog import LIST, ObjectKind
from conekta_mcp.results.base import Result, get_rows

Row = TypeVar("Row", bound=Result)


class Page(Result, Generic[Row]):
    """Rows, newest first, and the cursors of the pages around them."""

    KIND: ClassVar[ObjectKind] = LIST

    data: list[Row] = Field(default_factory=list)
    has_more: bool | None = None
    next: str | None = Field(None, description="Pass as next for older rows")
    previous: str | None = Field(None, description="Pass as previous for newer rows")
    stopped: str | None = Field(None, description="Why a walk over pages ended early")
    empty: str | None = Field(None, description="Where nothing was found")
    livemode: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_envelope(cls, raw: Any) -> Any:
        data = get_rows(raw) or []
        return {
            "data": data,
            "has_more": raw.get("has_more"),
            "next": get_cursor(raw, "next"),
            "previous": get_cursor(raw, "previous"),
            "stopped": raw.get("stopped"),
            "livemode": data[0].get("livemode") if data else None,
        }

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        # Empty fields are left out of every answer; a list without rows still says that it has none.
        return {"data": [], **super().curate(raw)}


def has_next_page(envelope: Mapping[str, Any]) -> bool:
    """Tell whether a list has another page, by `has_more` or else by the address of the next page."""
    more = envelope.get("has_more")
    if more is None:
        return get_cursor(envelope, "next") is not None
    return more not in (False, 0, "", "false")


def hides_rows(envelope: object) -> bool:
    """Tell whether a list is not what it has: rows that are no objects, one twice, fewer than its `total`.

    None is a list without rows, which Conekta leaves out. Of one that goes on, the total may be of all pages.
    """
    if envelope is None:
        return False
    rows = envelope.get("data") if isinstance(envelope, Mapping) else envelope
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return True
    ids = [row["id"] for row in rows if isinstance(row.get("id"), str)]
    if len(set(ids)) < len(ids):
        return True
    total = envelope.get("total") if isinstance(envelope, Mapping) and not has_next_page(envelope) else None
    return isinstance(total, int) and total > len(rows)


def drop_known_rows(rows: list[Mapping[str, Any]], known: set[str]) -> list[Mapping[str, Any]]:
    """Return the rows that were not there before, and add their ids to those that are `known`."""
    new = []
    for row in rows:
        name = row.get("id")
        if isinstance(name, str) and name in known:
            continue
        known.add(str(name))
        new.append(row)
    return new


def get_cursor(envelope: Mapping[str, Any], direction: str) -> str | None:
    """Return the cursor in the page URL of `direction`, "next" or "previous"; None without one."""
    address = envelope.get(f"{direction}_page_url")
    if not isinstance(address, str):
        return None
    found = parse_qs(address.partition("#")[0].partition("?")[2]).get(direction)
    return found[0] if found else None
