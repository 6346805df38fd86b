"""Finds the rows that a call may have made or removed, by the ids noted before it and by its time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from conekta_mcp.catalog import LostWrite
from conekta_mcp.results.base import get_rows

SLACK_SECONDS = 5
"""How far Conekta's time of a row may be outside of the attempts, corrected by its clock."""
FUTURE_SECONDS = 60
"""How far in the future, by Conekta's time, a row may be dated."""
DAY_SECONDS = 86_400
Raw = Mapping[str, Any]


def find_new_rows(seen: Sequence[Raw], lost: LostWrite, *, complete: bool) -> list[Raw] | None:
    """Return the rows, newest first, that the lost call may have made; None if `seen` ends too early."""
    noted: Mapping[str, Any] = lost.state_before
    known = [place for place, row in enumerate(seen) if is_noted(row, noted)]
    if not (complete or reaches_back(seen, lost)):
        return None
    rows = seen if noted.get("all") or not known else seen[: known[-1]]
    return [row for row in rows if not is_noted(row, noted) and not is_outside(row, lost)]


def find_new_children(children: Sequence[Raw], lost: LostWrite) -> list[Raw]:
    """Return the children that the lost call may have made: those that were not noted before it."""
    return [row for row in children if not is_noted(row, lost.state_before) and not is_outside(row, lost)]


def reaches_back(seen: Sequence[Raw], lost: LostWrite) -> bool:
    """Tell whether rows, newest first, go back to a time before the call."""
    return any(is_noted(row, lost.state_before) for row in seen) or bool(seen and is_older(seen[-1], lost))


def can_be_placed(row: Raw, seen: Sequence[Raw], lost: LostWrite) -> bool:
    """Tell whether a row's date, or the ids noted before the call, show that the row is not older."""
    if is_respelt(row, lost):
        return False
    if lost.is_dated and read_made_at(row):
        return True
    noted = lost.state_before
    return "ids" in noted and (noted.get("all", True) or any(is_noted(one, noted) for one in seen))


def is_noted(row: Raw, noted: Mapping[str, Any]) -> bool:
    return str(row.get("id")) in noted.get("ids", ())


def is_owned(row: Raw, lost: LostWrite) -> bool:
    """Tell whether a row is known to be made by another intent."""
    return str(row.get("id")) in lost.owned_ids


def is_respelt(row: Raw, lost: LostWrite) -> bool:
    """Tell whether a row has a known id in another spelling, so that it may be new or not."""
    known, shown = {*lost.state_before.get("ids", ()), *lost.owned_ids}, str(row.get("id"))
    return shown not in known and _fold_id(shown) in map(_fold_id, known)


def _fold_id(name: str) -> str:
    return name.strip().casefold()


def is_outside(row: Raw, lost: LostWrite) -> bool:
    """Tell whether a row was certainly made before or after the attempts; never true without a date."""
    made = read_made_at(row)
    return is_older(row, lost) or (made is not None and made[0] > lost.until + SLACK_SECONDS)


def contradicts_times(rows: Sequence[Raw], lost: LostWrite, *, all_noted: bool) -> bool:
    """Tell whether a date shows that the time at Conekta is not what it is taken for.

    A row outside of that time may then be the lost call's: one of the future, one that was not noted although
    it is older than the call and `all_noted` were all there were, or one of its time by this machine's clock.
    """
    others = [row for row in rows if not (is_noted(row, lost.state_before) or is_owned(row, lost))]
    return any(_has_odd_date(row, lost, all_noted=all_noted) for row in others)


def _has_odd_date(row: Raw, lost: LostWrite, *, all_noted: bool) -> bool:
    made = read_made_at(row)
    if made is None or not is_outside(row, lost):
        return False
    start, end = lost.local_window or (float("inf"), float("-inf"))
    is_of_the_future = made[0] > lost.read_at + FUTURE_SECONDS
    return is_of_the_future or (all_noted and is_older(row, lost)) or (made[1] >= start and made[0] <= end)


def is_older(row: Raw, lost: LostWrite) -> bool:
    made = read_made_at(row)
    return made is not None and made[1] < lost.since - SLACK_SECONDS


def read_made_at(row: Raw) -> tuple[float, float] | None:
    """Return the earliest and latest unix second at which a row was made; None if it has no date.

    A link has only a day: its time starts at midnight of the day of its creation (conekta-api.md 4.8).
    """
    created = _parse_moment(row.get("created_at"))
    if created:
        return created, created
    starts = _parse_moment(row.get("starts_at"))
    return (starts, starts + DAY_SECONDS) if starts else None


def _parse_moment(value: object) -> float | None:
    """Parse unix seconds, or a time as text, which antifraud rules use (conekta-api.md 1.4)."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        # Without a time zone the moment may be up to a day earlier or later.
        return moment.timestamp() if moment.tzinfo else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None  # type: ignore[arg-type, operator] # a number


def hides_children(shown: Sequence[Raw], noted: Raw, removed: str | None = None) -> bool:
    """Tell whether no child is shown where more were noted than the one that was to be `removed`.

    Conekta leaves out a list that is empty (conekta-api.md 4.1), so that only this tells it from an answer
    without its lists, which says nothing.
    """
    return not shown and any(one != removed for one in noted.get("ids", ()))


def says_nothing_of(removed: str, shown: Sequence[Raw], noted: Raw) -> bool:
    """Tell whether it proves nothing that the child `removed` is not shown: nor was it before, say."""
    is_readable = all(isinstance(one.get("id"), str) and one["id"].strip() for one in shown)
    is_still_there = any(_fold_id(str(one.get("id"))) == _fold_id(removed) for one in shown)
    was_there = removed in noted.get("ids", [removed])
    return not is_readable or is_still_there or not was_there or hides_children(shown, noted, removed)


def list_ids(rows: Sequence[Raw]) -> list[str]:
    return [str(row.get("id")) for row in rows]


def list_made_ids(answer: Raw, state_before: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of what a call made, as its answer shows them: no other lost call may claim them.

    A refund is answered with its order: its row is the one that was not noted before. Two that are new
    are nobody's for sure, since one may be another call's.
    """
    rows = get_rows(answer)
    if rows is not None:
        return tuple(list_ids(rows))
    refunds = [
        str(row.get("id"))
        for charge in get_rows(answer.get("charges")) or []
        for row in get_rows(charge.get("refunds")) or []
    ]
    if "refunded" in state_before:
        new = [one for one in refunds if one not in state_before["ids"]]
        return (new[0],) if len(new) == 1 else ()
    made = answer.get("id")
    return (made,) if isinstance(made, str) else ()
