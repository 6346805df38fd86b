"""Reads periods: weeks, fortnights of pay (quincenas), months and parts of them."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from conekta_mcp.domains.support.reading.days import DAYS_IN_WEEK, MONTH_NUMBERS, ParsedDays
from conekta_mcp.domains.support.reading.patterns import YEAR, compile_pattern

Reader = Callable[[re.Match[str]], ParsedDays | None]
SHORTEST_NAME = 4
FULL_MONTH = "|".join(
    sorted((one for one in MONTH_NUMBERS if len(one) >= SHORTEST_NAME or one == "may"), key=len)[::-1]
)
OF_YEAR = rf"(?:\s+(?:del?\s+)?{YEAR})?"


WEEKS = (
    (
        compile_pattern(
            r"\b(?:la\s+semana\s+antepasada|la\s+antepasada\s+semana|the\s+week\s+before\s+last)\b"
        ),
        -2,
        0,
        6,
    ),
    (compile_pattern(r"\b(?:(?:la\s+)?semana\s+pasada|(?:la\s+)?pasada\s+semana|last\s+week)\b"), -1, 0, 6),
    (compile_pattern(r"\b(?:esta\s+semana|this\s+week)\b"), 0, 0, 6),
    (compile_pattern(r"\b(?:el\s+fin(?:de)?(?:\s+de\s+semana)?\s+pasado|last\s+weekend)\b"), -1, 5, 6),
    (compile_pattern(r"\b(?:(?:el|este)\s+fin\s+de\s+semana|(?:the|this)\s+weekend)\b"), -1, 5, 6),
)
MONTHS_BACK = (
    (compile_pattern(r"\b(?:(?:el\s+)?mes\s+antepasado|the\s+month\s+before\s+last)\b"), 2),
    (compile_pattern(r"\b(?:(?:el\s+)?mes\s+pasado|(?:el\s+)?pasado\s+mes|last\s+month)\b"), 1),
    (compile_pattern(r"\b(?:este\s+mes|this\s+month)\b"), 0),
)
FIRST_DAYS, MIDDLE_DAYS, LAST_DAYS = (1, 10), (10, 20), (20, 31)
PARTS = (
    (
        r"(?:a\s+)?(?:principios?|inicios?|comienzos)\s+(?:de\s+|del\s+)|(?:early|the\s+beginning\s+of)\s+",
        FIRST_DAYS,
    ),
    (r"(?:a\s+)?mediados\s+(?:de\s+|del\s+)|(?:mid[\s-]|the\s+middle\s+of\s+)", MIDDLE_DAYS),
    (r"(?:a\s+)?(?:fin(?:es|al(?:es)?)?)\s+(?:de\s+|del\s+)|(?:late|the\s+end\s+of)\s+", LAST_DAYS),
)
WHICH_MONTH = (
    rf"(?:(mes\s+pasado|last\s+month)|(?:este\s+|this\s+|the\s+)?(mes|month)|({FULL_MONTH}){OF_YEAR})"
)
PARTS_OF_MONTHS = tuple((compile_pattern(rf"\b(?:{words}){WHICH_MONTH}\b"), days) for words, days in PARTS)
NUMBERED_FORTNIGHT = compile_pattern(
    r"\b(?:la\s+)?(primera|1ra|1a|segunda|2da|2a)\s+quincena"
    rf"(?:\s+(?:de\s+|del\s+)?(?:(mes\s+pasado)|(?:este\s+)?mes|({FULL_MONTH}){OF_YEAR}))?\b"
)
FORTNIGHTS = (
    (compile_pattern(r"\b(?:la\s+)?(?:quincena\s+antepasada|antepasada\s+quincena)\b"), 2),
    (compile_pattern(r"\b(?:la\s+)?(?:quincena\s+pasada|pasada\s+quincena|[uú]ltima\s+quincena)\b"), 1),
    (compile_pattern(r"\b(?:en\s+)?esta\s+quincena\b"), 0),
)
PAYDAY = compile_pattern(r"\b(?:(?:el\s+d[ií]a\s+de|en\s+la|de\s+la|en|la|de)\s+)?quincena\b")
NAMED_MONTH = compile_pattern(
    rf"\b(?:(?:en|de|durante|del\s+mes\s+de|in|during)\s+)({FULL_MONTH}){OF_YEAR}\b"
)
MONTHS_AGO = compile_pattern(r"\bhace\s+(?:como\s+)?(?:un|1)\s+mes\b|\b(?:a|one)\s+month\s+ago\b")
A_WHILE_AGO = compile_pattern(r"\bhace\s+(?:un\s+)?(?:rat(?:o|ito)|momentito|momento)\b|\bjust\s+now\b")
YEARS = (
    (compile_pattern(r"\b(?:(?:el\s+)?a[ñn]o\s+pasado|(?:el\s+)?pasado\s+a[ñn]o|last\s+year)\b"), 1),
    (compile_pattern(r"\b(?:este\s+a[ñn]o|this\s+year)\b"), 0),
)
NAMED_YEAR = compile_pattern(
    r"\b(?:(?:en|de|durante|todo|in|during)\s+)(?:el\s+)?(20[0-4]\d)\b(?!\s*(?:pesos|mxn)|[.,/-]?\d)"
)
HOLIDAYS = (
    (compile_pattern(r"\b(?:nochebuena|christmas\s+eve)\b"), (12, 24), (12, 24)),
    (compile_pattern(r"\b(?:navidad|christmas)\b"), (12, 24), (12, 25)),
    (compile_pattern(r"\b(?:nochevieja|fin\s+de\s+a[ñn]o|[uú]ltimo\s+d[ií]a\s+del\s+a[ñn]o|new\s+year'?s\s+eve)\b"),
     (12, 31), (12, 31)),
    (compile_pattern(r"\b(?:a[ñn]o\s+nuevo|new\s+year(?:'?s(?:\s+day)?)?)\b"), (1, 1), (1, 1)),
    (compile_pattern(r"\bd[ií]a\s+de\s+(?:los\s+)?reyes\b"), (1, 6), (1, 6)),
    (compile_pattern(r"\b(?:d[ií]a\s+de\s+san\s+valent[ií]n|valentine'?s\s+day)\b"), (2, 14), (2, 14)),
    (compile_pattern(r"\bd[ií]a\s+de\s+las?\s+madres?\b"), (5, 10), (5, 10)),
    (compile_pattern(r"\bd[ií]a\s+de\s+(?:los\s+)?muertos\b"), (11, 1), (11, 2)),
)  # fmt: skip
"""Holidays in Mexico with the same date in each year."""
NAMES = frozenset({"abril", "julio", "april", "may", "june", "august"})
MIDDLE_OF_MONTH = 15


def iter_period_patterns(today: date) -> Iterator[tuple[re.Pattern[str], Reader]]:
    """Yield each pattern of a period and its reader; the answer always tells how it was read."""
    for pattern, begin, end in HOLIDAYS:
        yield pattern, partial(_find_holiday, today, begin, end)
    for pattern, days in PARTS_OF_MONTHS:
        yield pattern, partial(_read_part_of_month, today, days)
    yield NUMBERED_FORTNIGHT, partial(_read_numbered_fortnight, today)
    for pattern, back in FORTNIGHTS:
        yield pattern, partial(_find_fortnight, today, back)
    yield PAYDAY, partial(_find_payday, today)
    for pattern, week, first, last in WEEKS:
        yield pattern, partial(_find_week, today, week, first, last)
    for pattern, back in MONTHS_BACK:
        yield pattern, partial(_find_month_back, today, back)
    yield NAMED_MONTH, partial(_read_named_month, today)
    yield MONTHS_AGO, lambda _: _build(today - timedelta(38), today - timedelta(23))
    for pattern, back in YEARS:
        yield pattern, partial(_find_year, today.year - back)
    yield NAMED_YEAR, lambda hit: _find_year(int(hit[1]), hit)
    yield A_WHILE_AGO, lambda _: _build(today - timedelta(1), today)


def _build(first: date, last: date, *, may_be_name: bool = False) -> ParsedDays:
    return ParsedDays(first, last, is_ambiguous=True, may_be_name=may_be_name)


def _find_week(today: date, week: int, first: int, last: int, _: re.Match[str]) -> ParsedDays:
    monday = today - timedelta(today.weekday())
    if first and today.weekday() >= first:  # a weekend that has begun
        week += 1
    begin = monday + timedelta(week * DAYS_IN_WEEK)
    return _build(begin + timedelta(first), begin + timedelta(last))


def _find_holiday(today: date, begin: tuple[int, int], end: tuple[int, int], _: re.Match[str]) -> ParsedDays:
    """Return the latest such days; the words may also name what was bought."""
    year = today.year if date(today.year, *begin) <= today else today.year - 1
    return _build(date(year, *begin), date(year, *end), may_be_name=True)


def _find_year(year: int, _: re.Match[str]) -> ParsedDays:
    return _build(date(year, 1, 1), date(year, 12, 31))


def _find_month_back(today: date, back: int, _hit: re.Match[str]) -> ParsedDays:
    first = today.replace(day=1)
    for _ in range(back):
        first = (first - timedelta(1)).replace(day=1)
    return _build(first, find_month_end(first))


def _find_fortnight(today: date, back: int, _hit: re.Match[str]) -> ParsedDays:
    """Return the half month so many halves ago, as wages are paid in Mexico: 1 to 15, and the rest."""
    first = today.replace(day=1 if today.day <= MIDDLE_OF_MONTH else MIDDLE_OF_MONTH + 1)
    for _ in range(back):
        before = first - timedelta(1)
        first = before.replace(day=1 if before.day <= MIDDLE_OF_MONTH else MIDDLE_OF_MONTH + 1)
    return _build(first, _find_half_end(first))


def _find_payday(today: date, _hit: re.Match[str]) -> ParsedDays:
    """Return the days around the latest payday: the 15th or the last of a month, or before a weekend."""
    if today.day >= MIDDLE_OF_MONTH - 1:
        middle = today.replace(day=MIDDLE_OF_MONTH)
        end = find_month_end(today)
        payday = end if today >= end - timedelta(1) else middle
    else:
        payday = today.replace(day=1) - timedelta(1)
    return _build(payday - timedelta(2), payday + timedelta(1))


def _read_numbered_fortnight(today: date, hit: re.Match[str]) -> ParsedDays | None:
    is_first = hit[1].lower().startswith(("p", "1"))
    first = _find_month_start(today, hit[3], hit[4], is_past=bool(hit[2]))
    first = first if is_first else first.replace(day=MIDDLE_OF_MONTH + 1)
    if not hit[3] and not hit[2] and first > today:  # the second one before there is one in this month
        first = (first.replace(day=1) - timedelta(1)).replace(day=first.day)
    return _build(first, _find_half_end(first))


def _read_part_of_month(today: date, days: tuple[int, int], hit: re.Match[str]) -> ParsedDays | None:
    first = _find_month_start(today, hit[3], hit[4], is_past=bool(hit[1]))
    if not hit[1] and not hit[3] and first.replace(day=days[0]) > today:
        first = (first - timedelta(1)).replace(day=1)
    end = find_month_end(first)
    return _build(first.replace(day=days[0]), min(first.replace(day=min(days[1], end.day)), end))


def _read_named_month(today: date, hit: re.Match[str]) -> ParsedDays:
    first = _find_month_start(today, hit[1], hit[2])
    return _build(first, find_month_end(first), may_be_name=hit[1].lower() in NAMES)


def _find_month_start(today: date, name: str | None, year: str | None, *, is_past: bool = False) -> date:
    """Return the first of a month; without a year, the latest one not in the future."""
    if not name:
        first = today.replace(day=1)
        return (first - timedelta(1)).replace(day=1) if is_past else first
    month = MONTH_NUMBERS[name.lower()]
    if year:
        return date(int(year), month, 1)
    return date(today.year if month <= today.month else today.year - 1, month, 1)


def find_month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(31)).replace(day=1) - timedelta(1)


def _find_half_end(first: date) -> date:
    return first.replace(day=MIDDLE_OF_MONTH) if first.day == 1 else find_month_end(first)
