"""Reads one-sided ranges of days: "desde el lunes", "antes del 5 de enero", "around March 3"."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from conekta_mcp.domains.support.reading.days import ParsedDays, find_day_of_month, iter_patterns
from conekta_mcp.domains.support.reading.periods import iter_period_patterns

EARLIEST = date(2000, 1, 1)
AROUND_DAYS = timedelta(2)
THE_DAY = re.compile(
    r"(?:el\s+|the\s+)?(?:d[ií]a\s+)?(\d{1,2})(?:st|nd|rd|th)?\b(?!\s*(?:de\s+)?\w{2}|[/.,:-]?\d)", re.I
)
"""A day of a month after "del" or "the"; a bare number is no day."""
ARTICLE = re.compile(r"(?:l|el|the)\s+$", re.IGNORECASE)
ONE_DAY = timedelta(1)


def _compile(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})(?:l?\s+(?:el\s+|la\s+|the\s+)?)(?=(\S.{{0,40}}))", re.IGNORECASE)


def _begin_with_days(days: ParsedDays, today: date) -> ParsedDays | None:
    return replace(days, last=today) if days.first <= today else None


def _begin_past_days(days: ParsedDays, today: date) -> ParsedDays | None:
    first = days.last + ONE_DAY
    return replace(days, first=first, last=today) if first <= today else None


def _end_with_days(days: ParsedDays, _: date) -> ParsedDays:
    return replace(days, first=EARLIEST, is_open=True)


def _end_ahead_of_days(days: ParsedDays, _: date) -> ParsedDays:
    return replace(days, first=EARLIEST, last=days.first - ONE_DAY, is_open=True)


def _widen_days(days: ParsedDays, _: date) -> ParsedDays | None:
    return replace(days, first=days.first - AROUND_DAYS, last=days.last + AROUND_DAYS)


BOUNDS: tuple[tuple[re.Pattern[str], Callable[[ParsedDays, date], ParsedDays | None]], ...] = (
    (_compile(r"despu[eé]s\s+de|posterior(?:es)?\s+a|after"), _begin_past_days),
    (_compile(r"desde|a\s+partir\s+de|de\s+(?=\S+\s+\S+\s+para\s+ac[aá])|since|starting"), _begin_with_days),
    (
        _compile(r"antes\s+de(?!\s+ayer)|previ[oa]s?\s+a|anterior(?:es)?\s+a|(?<!day )before|prior\s+to"),
        _end_ahead_of_days,
    ),
    (_compile(r"hasta|until|up\s+to|no\s+later\s+than"), _end_with_days),
    (
        _compile(
            r"(?:como|por\s+ah[ií]|alrededor|cerca|m[aá]s\s+o\s+menos)(?:\s+de)?|around|about|approximately"
        ),
        _widen_days,
    ),
)


def cut_bounds(text: str, today: date, add: Callable[[str, ParsedDays], None]) -> str:
    """Return the text without such ranges, and add each of them."""
    for pattern, build in BOUNDS:
        place = 0
        while hit := pattern.search(text, place):
            days, length = _read_leading_days(hit, today)
            found = build(days, today) if days else None
            if found is None:
                place = hit.end()
                continue
            end = hit.end() + length
            add(text[hit.start() : end].strip(), replace(found, others=(), is_ambiguous=True, is_night=False))
            text, place = f"{text[: hit.start()]} {text[end:]}", hit.start() + 1
    return text


def _read_leading_days(hit: re.Match[str], today: date) -> tuple[ParsedDays | None, int]:
    """Return the days at the start of the words, and the length of the match."""
    text = hit[1]
    best: tuple[ParsedDays | None, int] = (None, 0)
    for lead in ("", "en ", "la "):  # "desde enero", "después de la quincena"
        for pattern, read in (*iter_patterns(today), *iter_period_patterns(today)):
            found = pattern.match(lead + text)
            if found and found.end() - len(lead) > best[1] and (days := read(found)) is not None:
                best = days, found.end() - len(lead)
    if best[0] is None and ARTICLE.search(hit[0]) and (bare := THE_DAY.match(text)):
        return find_day_of_month(int(bare[1]), today), bare.end()
    return best
