"""Days as people say them, read in the merchant's time zone."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from conekta_mcp.results.times import MONTHS, LocalTimes

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
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b(?:T[\d:.+-]*)?")
SLASH_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\b")
NAMED_DAY = re.compile(rf"\b(\d{{1,2}})(?:\s+de)?\s+({MONTH})\b\.?(?:(?:\s+de[l]?)?,?\s+(\d{{4}})\b)?", re.I)
ENGLISH_DAY = re.compile(rf"\b({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?", re.I)
DAYS_AGO = re.compile(r"\b(?:hace\s+(\d{1,3})\s+d[ií]as?|(\d{1,3})\s+days?\s+ago)\b", re.I)
RELATIVE_DAYS = (
    (re.compile(r"\b(?:antier|anteayer|antes de ayer|day before yesterday)\b", re.I), 2),
    (re.compile(r"\b(?:ayer|yesterday|anoche|last night)\b", re.I), 1),
    (re.compile(r"\b(?:hoy|today)\b", re.I), 0),
)


def cut_days(text: str, today: date) -> tuple[str, list[tuple[date, str]]]:
    """Return the text without the days in it, and the days with their words."""
    found: list[tuple[date, str]] = []

    def cut(pattern: re.Pattern[str], read: Callable[[re.Match[str]], date | None]) -> None:
        nonlocal text

        def replace(hit: re.Match[str]) -> str:
            day = read(hit)
            if day is None:
                return hit[0]
            found.append((day, hit[0]))
            return " "

        text = pattern.sub(replace, text)

    for pattern, days in RELATIVE_DAYS:
        day = today - timedelta(days)
        cut(pattern, lambda _hit, day=day: day)  # type: ignore[misc] # a default binds the day of this turn
    cut(DAYS_AGO, lambda hit: today - timedelta(int(hit[1] or hit[2])))
    cut(ISO_DAY, lambda hit: _build_day(hit[1], int(hit[2]), int(hit[3]), today))
    cut(SLASH_DAY, lambda hit: _build_day(hit[3], int(hit[2]), int(hit[1]), today))
    cut(NAMED_DAY, lambda hit: _build_day(hit[3], _find_month(hit[2]), int(hit[1]), today))
    cut(ENGLISH_DAY, lambda hit: _build_day(hit[3], _find_month(hit[1]), int(hit[2]), today))
    return text, found


def read_moment(value: str, times: LocalTimes, now: float, *, ends: bool = False) -> float | None:
    """Return unix seconds of a day's start, or of its end, or of a moment; None for what is neither."""
    text = value.strip()
    if re.fullmatch(r"\d{9,10}", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T.+", text):
        try:
            return times.parse(text)
        except ValueError:
            return None
    rest, days = cut_days(text, times.find_day(now))
    if len(days) != 1 or rest.strip():
        return None
    day = days[0][0]
    return find_day_end(day, times) if ends else times.find_start(day)


def find_day_end(day: date, times: LocalTimes) -> float:
    """Return when the day is over."""
    return times.find_start(day + timedelta(days=1))


def _find_month(name: str) -> int:
    return MONTH_NUMBERS[name.lower().rstrip(".")]


def _build_day(year: str | None, month: int, day: int, today: date) -> date | None:
    """Return the day; without a year, the latest one that is not in the future."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        found = date(today.year, month, day)
        return found if found <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
