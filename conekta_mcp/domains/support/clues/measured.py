"""Turns the amounts and times of a text into clues."""

import re
from collections.abc import Sequence

from conekta_mcp.domains.support.clues.amount_ranges import cut_amounts
from conekta_mcp.domains.support.clues.amounts import ParsedAmount
from conekta_mcp.domains.support.clues.clue import Clue, Kind, Reading
from conekta_mcp.domains.support.clues.words import is_telling
from conekta_mcp.domains.support.reading.hours import ParsedHours, Window, cut_hours, cut_nights
from conekta_mcp.domains.support.reading.moments import iter_moments_ago, localize_moments
from conekta_mcp.domains.support.reading.spans import ParsedTime, cut_times
from conekta_mcp.results.times import LocalTimes

SHORTEST_PART = 5


def cut_time_clues(text: str, found: list[Clue], times: LocalTimes, now: float) -> str:
    today = times.find_day(now)
    rest, hours = cut_hours(localize_moments(text, times))
    rest, parsed = cut_times(rest, today, times)
    rest, nights = cut_nights(rest)
    found += map(_make_time, parsed)
    found += [_make_hours(one, parsed) for one in (*hours, *nights)]
    ago = iter_moments_ago(text, now)
    found += [Clue((Reading("hour", start=start, end=end),), words) for words, start, end in ago]
    return rest


def _make_hours(one: ParsedHours, parsed: Sequence[ParsedTime]) -> Clue:
    """Return the clue for an hour, on the days in the text or on any day."""
    sure = [time.days for time in parsed if not time.days.may_be_name]
    windows: list[Window] = []
    spans: dict[tuple[int, int], None] = {}
    for days in sure:
        kept = one.select_spans(is_night=days.is_night)
        spans |= dict.fromkeys(kept)
        ranges = [(days.first, days.last), *((day, day) for day in days.others)]
        windows += [Window(*span, *ends) for span in kept for ends in ranges]
    if not sure:
        spans = dict.fromkeys(one.spans)
        windows = [Window(*span) for span in one.spans]
    read_as = one.describe(tuple(spans), is_of_any_day=not sure)
    return Clue((Reading("hour", windows=tuple(windows)),), one.words, read_as)


def _make_time(one: ParsedTime) -> Clue:
    label = (one.days.last if one.days.is_open else one.days.first).isoformat()
    readings = [Reading("day", label, start=start, end=end) for start, end in one.spans]
    if one.days.may_be_name:
        readings += [Reading("words", word) for word in one.words.split() if is_telling(word)][:1]
    return Clue(tuple(readings), one.words, one.reading or "")


def cut_amount_clues(text: str, found: list[Clue], _times: LocalTimes, _now: float) -> str:
    rest, amounts = cut_amounts(text)
    found += map(_make_amount, amounts)
    return rest


def _make_amount(one: ParsedAmount) -> Clue:
    if one.is_label:  # of a card or CLABE it may still be the end
        kinds: tuple[Kind, ...] = ("words", "digits") if len(one.figures) >= SHORTEST_PART else ("words",)
        return Clue(tuple(Reading(kind, one.figures) for kind in kinds), one.words)
    readings = [
        Reading("amount", amount=least, most=most if most > least else 0, currency=one.currency)
        for least, most in one.ranges
    ]
    if not one.is_sure:
        # It may be the end of a card's number, or a part of what was sold.
        last4 = (Reading("last4", one.figures),) if re.fullmatch(r"\d{4}", one.figures) else ()
        digits = (Reading("digits", one.figures),) if re.fullmatch(r"\d{5,9}", one.figures) else ()
        readings += [*last4, *digits, Reading("words", one.figures)]
    return Clue(tuple(readings), one.words, one.reading or "")
