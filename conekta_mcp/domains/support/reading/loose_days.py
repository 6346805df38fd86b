"""Days that are said by counting or pointing: "los últimos 3 días", "la semana del 5", "el 15 y 16"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from conekta_mcp.domains.support.reading.days import (
    DAYS_IN_WEEK,
    MONTH,
    MONTH_NUMBERS,
    WEEKDAY,
    WEEKDAYS,
    ParsedDays,
    find_day_of_month,
)
from conekta_mcp.domains.support.reading.number_words import COUNT, read_count
from conekta_mcp.domains.support.reading.patterns import NO_THOUSANDS, compile_pattern
from conekta_mcp.domains.support.reading.periods import find_month_end

Reader = Callable[[re.Match[str]], ParsedDays | None]
LONGEST_COUNT = 366


LAST_DAYS = compile_pattern(
    rf"\b(?:en\s+|in\s+|over\s+|durante\s+)?(?:(?:los|las|the)\s+)?(?:[uú]ltim[oa]s|last|past)\s+({COUNT})\s+"
    r"(d[ií]as|days|semanas|weeks|meses|months)\b"
)
LAST_SEVEN = compile_pattern(
    r"\b(?:en\s+)?(?:la\s+[uú]ltima\s+semana|(?:in\s+)?the\s+past\s+week|past\s+week)\b"
)
LAST_MONTH_OF_DAYS = compile_pattern(
    r"\b(?:en\s+)?(?:el\s+[uú]ltimo\s+mes|(?:the\s+)?past\s+month)\b(?!\s+de)"
)
UNITS_TO_DATE = {
    "semana": "week", "mes": "month", "trimestre": "quarter", "año": "year", "ano": "year", "wtd": "week",
    "mtd": "month", "qtd": "quarter", "ytd": "year",
}  # fmt: skip
TO_DATE = compile_pattern(
    r"\b(?:en\s+)?lo\s+que\s+(?:va|llevamos)\s+(?:del?|de\s+la|de\s+est[ea])\s+(semana|mes|trimestre|a[ñn]o)\b"
    r"|\b(week|month|quarter|year)[\s-]to[\s-]date\b|\b([wmqy]td)\b"
)
ORDINALS = {"primer": 1, "primero": 1, "segundo": 2, "tercer": 3, "tercero": 3, "cuarto": 4}
QUARTER = compile_pattern(
    r"\b(?:el\s+)?(primero?|segundo|tercero?|cuarto)\s+trimestre(?:\s+del?\s+(?:a[ñn]o\s+)?(20\d\d))?\b"
    r"|\bQ([1-4])(?:[\s-]+(?:de\s+|of\s+)?(20\d\d))?\b"
)
QUARTERS_BACK = (
    (compile_pattern(r"\b(?:este\s+trimestre|this\s+quarter)\b"), 0),
    (compile_pattern(r"\b(?:(?:el\s+)?trimestre\s+pasado|(?:el\s+)?pasado\s+trimestre|last\s+quarter)\b"), 1),
)
ISO_MONTH = compile_pattern(r"(?<![\w-])(20\d\d)-(0[1-9]|1[0-2])(?![\w-])")
OTHER_WEEK = compile_pattern(r"\bla\s+otra\s+semana\b")
WEEK_OF = compile_pattern(
    rf"\b(?:la\s+)?(?:semana\s+del?|week\s+of(?:\s+the)?)\s+(?:(?:{WEEKDAY})\s+)?"
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+(?:de\s+)?({MONTH}))?|({MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?)"
    rf"\b{NO_THOUSANDS}(?!\s+al\b)"
)
LAST_OF_MONTH = compile_pattern(
    rf"\b(?:el\s+|the\s+)?(?:[uú]ltimo|last)(?:\s+(?:d[ií]a|day))?\s+(?:de|del?\s+mes\s+de|of)\s+({MONTH})\b"
)
WEEKDAY_BEFORE_LAST = compile_pattern(
    rf"\b(?:el\s+)?({WEEKDAY})\s+antepasado\b|\bthe\s+({WEEKDAY})\s+before\s+last\b"
)
SEVERAL_OF_MONTH = compile_pattern(
    rf"\b(?:el\s+|los\s+d[ií]as\s+|los\s+)?(\d{{1,2}})(?:\s*,\s*\d{{1,2}})*\s*(?:y|e|o|[oó]|u|and|or)\s+(?:el\s+)?"
    rf"(\d{{1,2}})\s+de\s+({MONTH})\b"
)


def iter_loose_patterns(today: date) -> Iterator[tuple[re.Pattern[str], Reader]]:
    """Yield what such days can look like and what reads it; how it was read is always told."""
    yield LAST_DAYS, lambda hit: _count_back(read_count(hit[1]), hit[2].lower(), today)
    yield LAST_SEVEN, lambda _: _count_back(DAYS_IN_WEEK, "days", today)
    yield LAST_MONTH_OF_DAYS, lambda _: _count_back(1, "months", today)
    yield TO_DATE, lambda hit: _begin_unit(hit[1] or hit[2] or hit[3], today)
    yield QUARTER, lambda hit: _read_quarter(hit, today)
    for pattern, back in QUARTERS_BACK:
        yield pattern, partial(_find_quarter_back, today, back)
    yield ISO_MONTH, lambda hit: _build_months(date(int(hit[1]), int(hit[2]), 1), 1)
    yield OTHER_WEEK, lambda _: _find_week_of(today - timedelta(DAYS_IN_WEEK))
    yield WEEK_OF, lambda hit: _read_week_of(hit, today)
    yield LAST_OF_MONTH, lambda hit: _find_last_of_month(hit[1], today)
    yield WEEKDAY_BEFORE_LAST, lambda hit: _find_weekday_before_last(hit[1] or hit[2], today)
    yield SEVERAL_OF_MONTH, lambda hit: _read_several(hit, today)


def _build(first: date, last: date) -> ParsedDays:
    return ParsedDays(first, last, is_ambiguous=True)


def _count_back(count: int | None, unit: str, today: date) -> ParsedDays | None:
    """Return so many days of which today is the last."""
    if not count:
        return None
    days = count * (DAYS_IN_WEEK if unit.startswith(("s", "w")) else 30 if unit.startswith("m") else 1)
    return _build(today - timedelta(days - 1), today) if days <= LONGEST_COUNT else None


def _begin_unit(unit: str, today: date) -> ParsedDays:
    """Return the days from the beginning of this week, month, quarter or year until today."""
    name = UNITS_TO_DATE.get(unit.lower(), unit.lower())
    first = {
        "week": today - timedelta(today.weekday()),
        "month": today.replace(day=1),
        "quarter": _begin_quarter(today),
        "year": today.replace(month=1, day=1),
    }[name]
    return _build(first, today)


def _begin_quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _find_quarter_back(today: date, back: int, _hit: re.Match[str]) -> ParsedDays:
    first = _begin_quarter(today)
    for _ in range(back):
        first = _begin_quarter(first - timedelta(1))
    return _build_months(first, 3)


def _read_quarter(hit: re.Match[str], today: date) -> ParsedDays:
    """Return the quarter; without a year, the latest one that has begun."""
    number = ORDINALS[hit[1].lower()] if hit[1] else int(hit[3])
    year = int(hit[2] or hit[4] or today.year)
    first = date(year, 3 * number - 2, 1)
    if not (hit[2] or hit[4]) and first > today:
        first = first.replace(year=year - 1)
    return replace(_build_months(first, 3), may_be_name=not hit[1])


def _build_months(first: date, count: int) -> ParsedDays:
    end = first
    for _ in range(count):
        end = find_month_end(end) + timedelta(1)
    return _build(first, end - timedelta(1))


def _find_week_of(day: date) -> ParsedDays:
    monday = day - timedelta(day.weekday())
    return _build(monday, monday + timedelta(DAYS_IN_WEEK - 1))


def _read_week_of(hit: re.Match[str], today: date) -> ParsedDays | None:
    day = _find_day(int(hit[1] or hit[4]), hit[2] or hit[3], today)
    return _find_week_of(day) if day else None


def _find_last_of_month(month: str, today: date) -> ParsedDays | None:
    first = _find_day(1, month, today)
    end = find_month_end(first) if first else None
    if end and end > today:  # the month is not over
        end = find_month_end(end.replace(year=end.year - 1, day=1))
    return _build(end, end) if end else None


def _find_weekday_before_last(name: str, today: date) -> ParsedDays:
    """Return that day of the week before the latest one; said early in a week it may be one more back."""
    back = (today.weekday() - WEEKDAYS[name.lower()]) % DAYS_IN_WEEK or DAYS_IN_WEEK
    day = today - timedelta(back + DAYS_IN_WEEK)
    return ParsedDays(day, day, (day - timedelta(DAYS_IN_WEEK),), is_ambiguous=True)


def _read_several(hit: re.Match[str], today: date) -> ParsedDays | None:
    first, last = (_find_day(int(one), hit[3], today) for one in (hit[1], hit[2]))
    return _build(first, last) if first and last and first < last else None


def _find_day(day: int, month: str | None, today: date) -> date | None:
    """Return the latest such day that is not in the future."""
    if not month:
        found = find_day_of_month(day, today)
        return found.first if found else None
    number = MONTH_NUMBERS[month.lower().rstrip(".")]
    for year in (today.year, today.year - 1):
        try:
            found_day = date(year, number, day)
        except ValueError:
            return None
        if found_day <= today:
            return found_day
    return None
