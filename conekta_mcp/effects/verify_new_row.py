"""Verifies a lost creation: by its mark, else by the rows that were made at its time and match its body."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from conekta_mcp.catalog import AnswerShape, LostWrite, MarkPlace, ObjectKind, Sender, Tool, Verification
from conekta_mcp.effects.comparison import is_consistent, is_shown
from conekta_mcp.effects.intent_mark import (
    find_marks,
    has_mark,
    is_always_shown,
    is_marked,
    write_mark,
)
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.reading.anchors import hides_change, lacks_anchors, note_children
from conekta_mcp.effects.reading.new_rows import (
    can_be_placed,
    contradicts_times,
    find_new_children,
    find_new_rows,
    hides_children,
    is_outside,
    is_owned,
    list_ids,
)
from conekta_mcp.effects.reading.walking_back import read_back
from conekta_mcp.effects.state_reading import (
    LookupWriter,
    Raw,
    StateReader,
    call_read_tool,
    is_truncated,
)
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    ChildrenReader,
    StateBefore,
    Verifier,
    add_lookup,
    build_verification,
    verify_charged,
    verify_loss,
)
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import has_next_page, hides_rows

MAX_NOTED_IDS = 10
"""How many of the newest ids are noted; some may be deleted before they are looked for."""
MAX_NAMED_ROWS = 5
"""How many candidate rows the answer names."""
IDENTIFYING_FIELDS = ("amount", "currency", "email", "customer_id", "customer_info")
"""Fields for amount and person; a marked row that differs in them has a copied mark."""
FullRowReader = Callable[[Sender, Any, Raw], Awaitable[Raw]]
RowLookupWriter = Callable[[Any, Raw], str]
"""Returns the exact call that shows one row."""
RowsJudge = Callable[[Any, list[Raw], bool], Verification]
"""Decides by the rows of this call; the flag says whether they matched by the mark."""


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """The conditions for a row to be the one that the lost call made."""

    new_row: NewRow
    mark: MarkPlace | None = None
    row_lookup: RowLookupWriter | None = None
    judge: RowsJudge | None = None
    """Set if one call can make several rows."""
    is_candidate: Callable[[Raw], bool] = lambda _: True
    """Tells whether a row can be of this call, by a word that only Conekta writes."""

    def judge_marked(self, arguments: Any, seen: list[Raw], lost: LostWrite) -> Verification | None:
        """Decide by the rows with the call's mark; None if there are none.

        A merchant can copy a mark together with the metadata. A marked row of another time, intent, amount or
        person therefore proves nothing.
        """
        place = self.mark
        marked = [row for row in seen if has_mark(row, place, lost.mark)] if place else []
        if not marked:
            return None
        expected = self.new_row.build_expected(arguments)
        told = {name: expected[name] for name in IDENTIFYING_FIELDS if name in expected}
        near = [row for row in marked if not (is_outside(row, lost) or is_owned(row, lost))]
        ours = [row for row in near if self._is_readable(row) and is_consistent(row, told)]
        if not near or ours != near:
            return self._doubt(arguments, marked)
        return self._judge_own(arguments, ours, is_marked=True)

    def judge_unmarked(
        self, arguments: Any, rows: list[Raw], seen: list[Raw], lost: LostWrite
    ) -> Verification:
        """Decide by the rows that may be new: one that shows all that was sent was made by this call.

        Any other new row leaves the outcome unknown, since Conekta may reword what it was sent, or leave it
        out.
        """
        carries_mark = self._carries_mark(arguments, lost)
        rows = [row for row in rows if self.is_candidate(row) and not self._is_explained(row, lost)]
        expected = self.new_row.build_expected(arguments)
        if carries_mark and self.mark and is_always_shown(self.mark):
            # Our row loses its mark if somebody overwrites its metadata, so a similar row may be ours.
            rest = {name: value for name, value in expected.items() if name != self.mark}
            alike = [row for row in rows if is_consistent(row, rest)]
            return self._doubt(arguments, alike) if alike else build_verification("not_applied")
        if not all(can_be_placed(row, seen, lost) for row in rows):
            return UNKNOWN
        alike = [row for row in rows if is_consistent(row, expected)]
        fitting = [row for row in alike if self._is_readable(row) and is_shown(row, expected)]
        if fitting and fitting == alike:
            return self._judge_own(arguments, fitting, is_marked=False)
        return self._doubt(arguments, alike) if rows else build_verification("not_applied")

    def list_alike(self, arguments: Any, rows: list[Raw], lost: LostWrite) -> list[Raw]:
        """Return the rows that match what the call makes, whenever they were made."""
        expected = self.new_row.build_expected(arguments)
        rest = {name: value for name, value in expected.items() if name != self.mark}
        mine = [row for row in rows if self.is_candidate(row) and not self._is_explained(row, lost)]
        return [row for row in mine if is_consistent(row, rest)]

    def _carries_mark(self, arguments: Any, lost: LostWrite) -> bool:
        """Tell whether the new object would carry the call's mark: not if the merchant uses that field."""
        if not (self.mark and lost.mark):
            return False
        request = self.new_row.tool.build_request(arguments)
        return is_marked(write_mark(request, self.mark, lost.mark), self.mark, lost.mark)

    def _is_explained(self, row: Raw, lost: LostWrite) -> bool:
        """Tell whether a row was made by another intent, by its id or its mark."""
        return is_owned(row, lost) or (self.mark is not None and bool(find_marks(row, self.mark)))

    def _is_readable(self, row: Raw) -> bool:
        """Tell whether a row is an object of the right kind with an id."""
        kind = self.new_row.tool.output.KIND
        if kind.is_list:  # a call that makes several rows: each is an object of its own
            kind = ObjectKind()
        named = row.get("object") in kind.names or not kind.names
        return bool(row.get("id")) and named and AnswerShape(kind).is_shape_of(row)

    def _doubt(self, arguments: Any, rows: list[Raw]) -> Verification:
        """Return an unknown outcome that names the reads of the rows that may be new."""
        lookup = self.row_lookup
        calls = "; ".join(lookup(arguments, row) for row in rows[:MAX_NAMED_ROWS]) if lookup else None
        return Verification(outcome="unknown", lookup=calls or None)

    def _judge_own(self, arguments: Any, rows: list[Raw], *, is_marked: bool) -> Verification:
        if self.judge:
            return self.judge(arguments, rows, is_marked)
        return verify_charged(rows[0]) if len(rows) == 1 else self._doubt(arguments, rows)


def verify_new_row(
    tool: Tool[Any],
    new_row: NewRow,
    lookup: LookupWriter,
    *names: str,
    read_full: FullRowReader | None = None,
    row_lookup: RowLookupWriter,
    mark: MarkPlace | None = None,
    notes_ids: bool = True,
    is_candidate: Callable[[Raw], bool] = lambda _: True,
) -> Verifier:
    """Verify by a list, newest first, without a search: rows that a search omits would seem absent.

    `notes_ids` is False where rows have dates: then nothing has to be read before the call.
    """
    paged = "limit" in tool.input.model_fields
    own = OwnRow(new_row=new_row, mark=mark, row_lookup=row_lookup, is_candidate=is_candidate)

    async def read_page(api: Sender, arguments: Any, **place: Any) -> dict[str, Any]:
        owner = {name: getattr(arguments, name) for name in names}
        return await call_read_tool(api, tool, **owner, **(place if paged else {}))

    async def read_state_before(api: Sender, arguments: Any, _: Raw | None) -> StateBefore:
        if not notes_ids:
            return {}
        newest = await read_page(api, arguments, limit=MAX_NOTED_IDS)
        return {
            "ids": list_ids(get_rows(newest) or []),
            "all": not (has_next_page(newest) or hides_rows(newest)),
        }

    async def verify(api: Sender, arguments: Any, lost: LostWrite) -> Verification:
        read = await read_back(lambda **place: read_page(api, arguments, **place), lost)
        if read is None:
            return UNKNOWN
        seen, complete = read
        found = own.judge_marked(arguments, seen, lost)
        if found is None:
            rows = find_new_rows(seen, lost, complete=complete)
            is_told = rows is not None and not hides_children(seen, lost.state_before)
            found = own.judge_unmarked(arguments, rows or [], seen, lost) if is_told else UNKNOWN
            alike, all_noted = own.list_alike(arguments, seen, lost), lost.state_before.get("all", False)
            if found.outcome == "not_applied" and contradicts_times(alike, lost, all_noted=all_noted):
                found = UNKNOWN
        if found.answer is None or read_full is None:
            return found
        return await _read_full_row(api, arguments, found.answer, read_full)

    return Verifier(read_state_before=read_state_before, verify=add_lookup(verify, lookup), new_row=new_row)


def verify_new_child(
    read: StateReader,
    children: ChildrenReader,
    new_row: NewRow,
    lookup: LookupWriter,
    mark: MarkPlace | None = None,
    judge: RowsJudge | None = None,
) -> Verifier:
    """Verify by the children of one object, which shows all of them."""
    own = OwnRow(new_row=new_row, mark=mark, judge=judge)

    def judge_children(arguments: Any, now: Raw, lost: LostWrite) -> Verification:
        seen = children(arguments, now)
        marked = own.judge_marked(arguments, seen, lost)
        if marked:
            return marked
        found = own.judge_unmarked(arguments, find_new_children(seen, lost), seen, lost)
        noted = lost.state_before
        is_partial = is_truncated(now) or hides_children(seen, noted) or lacks_anchors(now, noted)
        alike = own.list_alike(arguments, seen, lost)
        is_doubted = (
            is_partial
            or hides_change(now, noted, seen)
            or contradicts_times(alike, lost, all_noted="ids" in lost.state_before)
        )
        return UNKNOWN if found.outcome == "not_applied" and is_doubted else found

    return verify_loss(read, judge_children, lookup, note_children(children), new_row)


async def _read_full_row(api: Sender, arguments: Any, row: Raw, read_full: FullRowReader) -> Verification:
    with contextlib.suppress(Failure):
        row = await read_full(api, arguments, row)
    return verify_charged(row)
