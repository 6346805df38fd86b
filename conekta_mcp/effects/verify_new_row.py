"""How a lost creation is proved: the newest ids noted before it, and what is new afterwards and fits."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from conekta_mcp.catalog import LostWrite, Sender, Tool, Verification
from conekta_mcp.effects.comparison import is_consistent
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.state_reading import (
    LookupWriter,
    Raw,
    StateReader,
    call_read_tool,
    is_truncated,
)
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    Verifier,
    add_lookup,
    build_verification,
    verify_object,
)
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import get_cursor

MAX_NOTED_IDS = 10
"""Newest ids that are noted: some of them may be deleted until they are looked for."""
PAGE_ROWS = 250
MAX_PAGES = 4
"""Newest rows to look through before it stays unknown: a thousand."""
ChildrenReader = Callable[[Any, Raw], list[Raw]]
FullRowReader = Callable[[Sender, Any, Raw], Awaitable[Raw]]
RowLookupWriter = Callable[[Any, Raw], str]
"""The exact call that shows one row."""


def verify_new_row(
    tool: Tool[Any],
    new_row: NewRow,
    lookup: LookupWriter,
    *names: str,
    read_full: FullRowReader | None = None,
    row_lookup: RowLookupWriter,
) -> Verifier:
    """Prove by a list, newest first: one new row that fits is ours, two may be anybody's.

    It is read without a search: what a search leaves out would pass for not applied.
    """
    paged = "limit" in tool.input.model_fields

    async def read_page(api: Sender, arguments: Any, **place: Any) -> dict[str, Any]:
        owner = {name: getattr(arguments, name) for name in names}
        return await call_read_tool(api, tool, **owner, **(place if paged else {}))

    async def read_state_before(api: Sender, arguments: Any, _: Raw | None) -> StateBefore:
        newest = await read_page(api, arguments, limit=MAX_NOTED_IDS)
        return {"ids": _list_ids(get_rows(newest) or []), "all": not newest.get("has_more")}

    async def verify(api: Sender, arguments: Any, lost: LostWrite) -> Verification:
        noted = lost.state_before
        seen: list[Raw] = []
        place: dict[str, Any] = {}
        for _ in range(MAX_PAGES):
            read = await read_page(api, arguments, limit=PAGE_ROWS, **place)
            seen += get_rows(read) or []
            after = get_cursor(read, "next") if read.get("has_more") else None
            if after is None or _has_known_row(seen, noted):
                break
            place = {"next": after}
        new = find_new_rows(seen, noted, complete=after is None)
        if new is None:
            return UNKNOWN
        proof = judge_new_rows(arguments, new, new_row, row_lookup)
        return (
            proof
            if proof.answer is None or read_full is None
            else await _read_full_row(api, arguments, proof, read_full)
        )

    return Verifier(read_state_before=read_state_before, verify=add_lookup(verify, lookup), new_row=new_row)


def verify_new_child(
    read: StateReader, children: ChildrenReader, new_row: NewRow, lookup: LookupWriter
) -> Verifier:
    """Prove by the children of one object, all of which it shows."""

    def judge_children(arguments: Any, now: Raw, noted: StateBefore) -> Verification:
        new = [row for row in children(arguments, now) if str(row.get("id")) not in noted["ids"]]
        proof = judge_new_rows(arguments, new, new_row)
        return UNKNOWN if proof.outcome == "not_applied" and is_truncated(now) else proof

    return verify_object(read, judge_children, lookup, note_child_ids(children), new_row=new_row)


def note_child_ids(children: ChildrenReader) -> Callable[[Any, Raw], StateBefore]:
    """Note the ids of the children before a call."""
    return lambda arguments, raw: {"ids": _list_ids(children(arguments, raw))}


def find_new_rows(seen: list[Raw], noted: StateBefore, *, complete: bool) -> list[Raw] | None:
    """Give the rows made since the witness; None where `seen` does not reach back to it."""
    known = [place for place, row in enumerate(seen) if str(row.get("id")) in noted["ids"]]
    if noted["all"]:
        reached = complete or bool(known)
        return [row for row in seen if str(row.get("id")) not in noted["ids"]] if reached else None
    if not known:
        return None
    return [row for row in seen[: known[-1]] if str(row.get("id")) not in noted["ids"]]


def judge_new_rows(
    arguments: Any, new: list[Raw], new_row: NewRow, row_lookup: RowLookupWriter | None = None
) -> Verification:
    """Decide by the new rows: those that fit, or may fit since they do not show everything."""
    expected = new_row.build_expected(arguments)
    fitting = [row for row in new if is_consistent(row, expected)]
    if len(fitting) > 1:
        calls = "; ".join(row_lookup(arguments, row) for row in fitting) if row_lookup else None
        return Verification(outcome="unknown", lookup=calls)
    return build_verification("applied", fitting[0]) if fitting else build_verification("not_applied")


async def _read_full_row(
    api: Sender, arguments: Any, proof: Verification, read_full: FullRowReader
) -> Verification:
    answer = proof.answer or {}
    with contextlib.suppress(Failure):
        answer = await read_full(api, arguments, answer)
    return build_verification("applied", answer)


def _has_known_row(seen: list[Raw], noted: StateBefore) -> bool:
    return any(str(row.get("id")) in noted["ids"] for row in seen)


def _list_ids(children: list[Mapping[str, Any]]) -> list[str]:
    return [str(row.get("id")) for row in children]
