"""Reads days: dates with and without a year, weekdays, "so many days ago"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from conekta_mcp.domains.support.reading.number_words import COUNT, read_count
from conekta_mcp.domains.support.reading.patterns import NO_THOUSANDS, YEAR, YEARS, compile_pattern
from conekta_mcp.results.times import MONTHS

MONTH_NUMBERS = {
    **{name.lower(): number for names in MONTHS.values() for number, name in enumerate(names, 1)},
    **{
        name: number
        for number, name in enumerate(
            (
                "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
                "octubre", "noviembre", "diciembre",
            ),
            1,
        )
    },
    **{
        name: number
        for number, name in enumerate(
            (
                "january", "february", "march", "april", "may", "june", "july", "august", "september",
                "october", "november", "december",
            ),
            1,
        )
    },
    "sept": 9, "setiembre": 9,
}  # fmt: skip
WEEKDAYS = {
    "lunes": 0, "martes": 1, "miércoles": 2, "miercoles": 2, "jueves": 3, "viernes": 4, "sábado": 5,
    "sabado": 5, "domingo": 6, "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4,
    "saturday": 5, "sunday": 6,
}  # fmt: skip
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
WEEKDAY = "|".join(WEEKDAYS)
DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class ParsedDays:
    """Days that were said, from `first` to `last`, and what else the words may mean."""

    first: date
    last: date
    others: tuple[date, ...] = ()
    """Other days that the words may mean."""
    is_night: bool = False
    """Whether it lasts from the evening of the day to the next morning."""
    is_ambiguous: bool = False
    """Whether the answer says how it was read."""
    may_be_name: bool = False
    """Whether it may be part of a name, such as Domingo."""
    lacks_month: bool = False
    is_open: bool = False
    """Whether any earlier day may be meant too."""


PART = r"(?:\s+(?:(?:en|por|de|a)\s+la\s+(?:mañana|tarde|madrugada)|al?\s+mediod[ií]a|morning|afternoon)\b)?"
NIGHTS = (
    (compile_pattern(r"\b(?:anteanoche|antenoche|(?:anteayer|antier)\s+(?:en|por|a)\s+la\s+noche)\b"), 2),
    (
        compile_pattern(
            r"\b(?:anoche|ayer\s+(?:en|por|a)\s+la\s+noche|last\s+night|yesterday\s+(?:night|evening))\b"
        ),
        1,
    ),
    (compile_pattern(r"\b(?:esta\s+noche|hoy\s+(?:en|por|a)\s+la\s+noche|tonight|this\s+evening)\b"), 0),
)
RELATIVE_DAYS = (
    (
        compile_pattern(
            rf"\b(?:antier|anteayer|antes\s+de\s+ayer|(?:the\s+)?day\s+before\s+yesterday)\b{PART}"
        ),
        2,
    ),
    (compile_pattern(rf"\b(?:ayer|yesterday)\b{PART}"), 1),
    (
        compile_pattern(
            rf"\b(?:hoy|today)\b{PART}|\besta\s+(?:mañana|tarde|madrugada)\b|\bthis\s+(?:morning|afternoon)\b"
        ),
        0,
    ),
)
UNIT = "d[ií]as?|days?|semanas?|weeks?|horas?|hours?|hrs?|minutos?|minutes?|mins?"
ROUGHLY = r"como\s+|unos\s+|unas\s+|casi\s+|m[aá]s\s+o\s+menos\s+|about\s+|around\s+|some\s+"
AGO = compile_pattern(
    rf"\b(?:hace\s+({ROUGHLY})?({COUNT})\s+({UNIT})|({ROUGHLY})?({COUNT})\s+({UNIT})\s+ago)\b"
)
HALF_AN_HOUR_AGO = compile_pattern(r"\b(?:hace\s+(?:como\s+)?media\s+hora|half\s+an\s+hour\s+ago)\b")
FEW_DAYS_AGO = (
    (
        compile_pattern(r"\b(?:hace\s+(?:como\s+)?un\s+par\s+de\s+d[ií]as|a\s+couple\s+of\s+days\s+ago)\b"),
        3,
        1,
    ),
    (
        compile_pattern(
            r"\b(?:hace\s+(?:unos|pocos|algunos|varios)\s+d[ií]as|(?:a\s+few|some)\s+days\s+ago"
            r"|el\s+otro\s+d[ií]a|the\s+other\s+day)\b"
        ),
        8,
        1,
    ),
)
ISO_DAY = compile_pattern(r"\b(\d{4})-(\d{2})-(\d{2})\b(?:T[\d:.+-]*)?")
SLASH_DAY = compile_pattern(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\b(?!/)")
DASH_DAY = compile_pattern(r"(?<![\w.,-])(\d{1,2})([-.])(\d{1,2})\2(\d{4}|[23]\d)\b(?![-.,]?\d)")
NAMED_DAY = compile_pattern(
    rf"\b(?:el\s+)?(?:(?:{WEEKDAY})\s+)?(\d{{1,2}}|primero|1ro|1°)(?:\s+de)?\s+({MONTH})\b\.?"
    rf"(?:(?:\s+de[l]?)?,?\s+{YEAR}|\s+del\s+(2\d)\b(?!\s*(?:pesos|mxn|mil\b)|[.,]?\d))?"
)
ENGLISH_DAY = compile_pattern(
    rf"\b({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b{NO_THOUSANDS}(?:,?\s+{YEAR})?"
)
NEXT_TO_A_SUM = r"(?!\s*(?:pesos|mxn|usd|varos|d[oó]lar|%|mil\b|de\s+la\b)|[.,/:]?\d)"
DAY_OF_MONTH = compile_pattern(
    rf"\b(?:(?:el\s+)?(?:{WEEKDAY})|el\s+d[ií]a|el)\s+(\d{{1,2}})\b{NEXT_TO_A_SUM}|\bthe\s+(\d{{1,2}})(?:st|nd|rd|th)\b"
)
DAY_OF_THAT_MONTH = compile_pattern(
    r"\b(?:el\s+)?(?:d[ií]a\s+)?(\d{1,2})\s+(?:de\s+este\s+mes|del\s+(?:presente|mes\s+en\s+curso)"
    r"|del\s+(mes\s+pasado|mes\s+anterior|pasado\s+mes))\b"
)
LAST_WEEKDAY = compile_pattern(
    rf"\b(?:(?:el\s+)?pasado\s+({WEEKDAY})|(?:el\s+)?({WEEKDAY})\s+pasado|last\s+({WEEKDAY}))\b"
)
THIS_WEEKDAY = compile_pattern(rf"\b(?:este\s+({WEEKDAY})|this\s+({WEEKDAY}))\b")
WEEKDAY_ALONE = compile_pattern(rf"\b(d?el\s+|on\s+)?({WEEKDAY})\b{PART}")


Reader = Callable[[re.Match[str]], ParsedDays | None]


def iter_patterns(today: date) -> Iterator[tuple[re.Pattern[str], Reader]]:
    """Yield each pattern of a day and its reader; longer wordings come before their parts."""
    for pattern, back in NIGHTS:
        yield pattern, partial(_build_said_day, today - timedelta(back), is_night=True)
    for pattern, back in RELATIVE_DAYS:
        yield pattern, partial(_build_said_day, today - timedelta(back))
    yield AGO, lambda hit: _read_ago(hit, today)
    yield HALF_AN_HOUR_AGO, lambda _: ParsedDays(today - timedelta(1), today)
    for pattern, farthest, nearest in FEW_DAYS_AGO:
        yield pattern, partial(_build_days_ago, today, farthest, nearest)
    yield ISO_DAY, lambda hit: _build_day(hit[1], int(hit[2]), int(hit[3]), today)
    yield SLASH_DAY, lambda hit: _read_slashes(hit, today)
    yield DASH_DAY, lambda hit: _build_day(hit[4], int(hit[3]), int(hit[1]), today)
    yield (
        NAMED_DAY,
        lambda hit: _build_day(hit[3] or hit[4], _find_month(hit[2]), _read_number(hit[1]), today),
    )
    yield ENGLISH_DAY, lambda hit: _build_day(hit[3], _find_month(hit[1]), int(hit[2]), today)
    yield DAY_OF_THAT_MONTH, lambda hit: _read_day_of_that_month(int(hit[1]), today, is_past=bool(hit[2]))
    yield DAY_OF_MONTH, lambda hit: find_day_of_month(int(hit[1] or hit[2]), today)
    yield LAST_WEEKDAY, lambda hit: _find_weekday(hit[1] or hit[2] or hit[3], today, is_last=True)
    yield THIS_WEEKDAY, lambda hit: _find_weekday(hit[1] or hit[2], today, is_this=True)
    yield WEEKDAY_ALONE, lambda hit: _find_weekday(hit[2], today, may_be_name=not hit[1])


def _build_said_day(day: date, _: re.Match[str], *, is_night: bool = False) -> ParsedDays:
    return ParsedDays(day, day, is_night=is_night)


def _build_days_ago(today: date, farthest: int, nearest: int, _: re.Match[str]) -> ParsedDays:
    return ParsedDays(today - timedelta(farthest), today - timedelta(nearest), is_ambiguous=True)


def find_day_of_month(number: int, today: date) -> ParsedDays | None:
    """Return the latest such day that is not in the future; the answer tells its month."""
    year, month = today.year, today.month
    for _ in range(12):
        try:
            day = date(year, month, number)
        except ValueError:
            day = None
        if day and day <= today:
            return ParsedDays(day, day, is_ambiguous=True, lacks_month=True)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return None


def _read_day_of_that_month(number: int, today: date, *, is_past: bool) -> ParsedDays | None:
    month = (today.replace(day=1) - timedelta(1)) if is_past else today
    return _build_day(str(month.year), month.month, number, today)


def _find_weekday(
    name: str, today: date, *, is_last: bool = False, is_this: bool = False, may_be_name: bool = False
) -> ParsedDays:
    """Return the latest such day; on that weekday, or with "last", also an earlier one."""
    back = (today.weekday() - WEEKDAYS[name.lower()]) % DAYS_IN_WEEK
    if is_last and not back:
        back = DAYS_IN_WEEK
    day = today - timedelta(back)
    is_of_this_week = back <= today.weekday()
    doubtful = not is_this and (not back or (is_last and is_of_this_week))
    others = (day - timedelta(DAYS_IN_WEEK),) if doubtful else ()
    return ParsedDays(day, day, others, is_ambiguous=True, may_be_name=may_be_name and not is_last)


def _read_ago(hit: re.Match[str], today: date) -> ParsedDays | None:
    count, unit = read_count(hit[2] or hit[5]), (hit[3] or hit[6]).lower()
    if count is None:
        return None
    if unit.startswith(("h", "m")):  # of hours nobody is sure, and they may pass midnight
        return ParsedDays(today - timedelta(count // 24 + 1 if unit.startswith("h") else 1), today)
    if unit.startswith(("s", "w")):  # "a week ago" is said of the days around it too
        middle = today - timedelta(count * DAYS_IN_WEEK)
        return ParsedDays(middle - timedelta(1), middle + timedelta(1), is_ambiguous=True)
    day = today - timedelta(count)
    if count > 1 and (hit[1] or hit[4]):  # "hace como 3 días"
        return ParsedDays(day - timedelta(1), day + timedelta(1), is_ambiguous=True)
    return ParsedDays(day, day)


def _read_slashes(hit: re.Match[str], today: date) -> ParsedDays | None:
    """Read day/month, as in Mexico; ambiguous if it could be month/day."""
    one, other = int(hit[1]), int(hit[2])
    day = _build_day(hit[3], other, one, today)
    if day and one != other and one <= 12:
        return ParsedDays(day.first, day.last, is_ambiguous=True)
    return day


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() else 1


def _find_month(name: str) -> int:
    return MONTH_NUMBERS[name.lower().rstrip(".")]


def _build_day(year: str | None, month: int, day: int, today: date) -> ParsedDays | None:
    """Return the day; without a year, the latest one that is not in the future."""
    try:
        if year:
            found = date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        else:
            found = date(today.year, month, day)
            found = found if found <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
    return ParsedDays(found, found) if found.year in YEARS else None
