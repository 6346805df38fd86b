"""Reads times in the merchant's time zone: days, nights, weeks, and ranges of days."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from conekta_mcp.domains.support.reading.bounds import cut_bounds
from conekta_mcp.domains.support.reading.days import (
    NEXT_TO_A_SUM,
    ParsedDays,
    find_day_of_month,
    iter_patterns,
)
from conekta_mcp.domains.support.reading.hours import ParsedHours, cut_hours
from conekta_mcp.domains.support.reading.loose_days import iter_loose_patterns
from conekta_mcp.domains.support.reading.patterns import YEARS
from conekta_mcp.domains.support.reading.periods import iter_period_patterns
from conekta_mcp.domains.support.reading.respelling import respell
from conekta_mcp.errors import Detail, InvalidArguments
from conekta_mcp.results.times import LocalTimes, say

SHORTEST_DAY, LONGEST_DAY = 23 * 3600, 25 * 3600
"""Seconds of the days on which clocks change."""
EVENING, MORNING = 18, 6
"""The hours that limit a night."""
EMPTY_RANGE = {
    "to_day": ("to_day: es antes de from_day.", "to_day: it is before from_day."),
    "from_day": ("from_day: aún no llega.", "from_day: it is in the future."),
}
RANGES = tuple(
    re.compile(rf"\b(?:{begin})\s+(.{{1,40}}?)\s+(?:{until})\s+(.{{1,40}})", re.IGNORECASE)
    for begin, until in (
        ("entre", "y"), ("between", "and"), ("desde|del|de", "hasta|al|a"), ("from", "to|until|through"),
    )
)  # fmt: skip
BARE_DAY = re.compile(
    rf"(?:el\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b{NEXT_TO_A_SUM}(?!\s*(?:de\s+)?[^\W\d_]{{3}}|-\d)",
    re.IGNORECASE,
)
"""A number at either end of a range, which is a day of a month."""


AT_NIGHT = re.compile(r"\s+(?:(?:en|por|a|de)\s+la\s+noche|night|evening|at\s+night)\b", re.IGNORECASE)
"""Words after a day: payments after midnight belong to that night."""


@dataclass(frozen=True)
class ParsedTime:
    """A time in a text: within any of `spans`, in unix seconds, ends excluded."""

    words: str
    days: ParsedDays
    spans: tuple[tuple[float, float], ...]

    @property
    def reading(self) -> str | None:
        """How an ambiguous time was read, in the language of the call."""
        if not self.days.is_ambiguous:
            return None
        if self.days.is_open:
            last = self.days.last.isoformat()
            return say(
                f"«{self.words}» se leyó como hasta el {last}.", f"“{self.words}” was read as up to {last}."
            )
        days = [self.days.first, *self.days.others]
        ways = say(" o ", " or ").join(one.isoformat() for one in days)
        if self.days.last != self.days.first:
            ways = say("del {} al {}", "{} to {}").format(self.days.first, self.days.last)
        return say(f"«{self.words}» se leyó como {ways}.", f"“{self.words}” was read as {ways}.")


def cut_times(text: str, today: date, times: LocalTimes) -> tuple[str, list[ParsedTime]]:
    """Return the text without its times, and the times."""
    found: list[ParsedTime] = []

    def cut(pattern: re.Pattern[str], read: Callable[[re.Match[str]], ParsedDays | None]) -> None:
        nonlocal text

        def replace_hit(hit: re.Match[str]) -> str:
            days = read(hit)
            if days is None:
                return hit[0]
            after = AT_NIGHT.match(text, hit.end()) if days.first == days.last else None
            days = replace(days, is_night=True) if after else days
            words = hit[0].strip() + (after[0] if after else "")
            found.append(ParsedTime(words, days, _find_spans(days, times)))
            return " "

        text = pattern.sub(replace_hit, text)

    for pattern in RANGES:
        text = _cut_range(pattern, text, today, times, found)
    text = cut_bounds(
        text, today, lambda words, days: found.append(ParsedTime(words, days, _find_spans(days, times)))
    )
    for pattern, read in (*iter_loose_patterns(today), *iter_patterns(today), *iter_period_patterns(today)):
        cut(pattern, read)
    return text, found


def read_moment(value: str, times: LocalTimes, now: float, *, ends: bool = False) -> float | None:
    """Return unix seconds of a time, or of the start or end of a day; None for other text."""
    text = value.strip()
    if re.fullmatch(r"\d{9,10}", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d.+", text):
        try:
            moment = times.parse(text)
            return moment if times.find_day(moment).year in YEARS else None
        except (ValueError, OverflowError):
            return None
    span = _read_span(text, times, now)
    return None if span is None else span[ends]


def _read_span(text: str, times: LocalTimes, now: float) -> tuple[float, float] | None:
    """Return both ends of what is one time, be it of several days: "ayer", "la semana pasada", "enero"."""
    text = respell(text)
    for words in (text, f"en {text}"):
        rest, hours = cut_hours(words)
        rest, found = cut_times(rest, times.find_day(now), times)
        if len(found) == 1 and not rest.strip():
            return _narrow(found[0], hours, times)
    return None


def _narrow(time: ParsedTime, hours: list[ParsedHours], times: LocalTimes) -> tuple[float, float] | None:
    """Return a day between the earliest and latest of its hours; None if they are unclear."""
    if not hours:
        return time.spans[0]
    if len(hours) > 1 or time.days.first != time.days.last or time.days.others:
        return None
    minutes = hours[0].select_spans(is_night=time.days.is_night)
    midnight = _find_hour(time.days.first, 0, times)
    begin, end = min(start for start, _ in minutes), max(end for _, end in minutes)
    return midnight + 60 * begin, midnight + 60 * end


def is_one_day(text: str) -> bool:
    """Tell whether a text is a single day in words, such as "ayer", and no date."""
    days = [time.days for time in cut_times(text, date(2024, 2, 29), LocalTimes())[1]]
    is_word = not re.fullmatch(r"\s*[\d:.TZ+-]+\s*", text)
    return is_word and len(days) == 1 and days[0].first == days[0].last and not days[0].is_open


def read_range(
    from_day: str | None, to_day: str | None, times: LocalTimes, now: float
) -> tuple[float, float]:
    """Return a range of unix seconds, end excluded; it starts at 0 and ends now by default.

    A `from_day` of several days, such as "la semana pasada", also ends the range if there is no other end.
    """
    start = (read_moment(from_day, times, now) if from_day else None) or 0.0
    end = (read_moment(to_day, times, now, ends=True) if to_day else None) or now + 1
    whole = _read_span(from_day.strip(), times, now) if from_day and not to_day else None
    if whole and not SHORTEST_DAY <= whole[1] - whole[0] <= LONGEST_DAY:
        end = min(end, whole[1])
    is_moment = from_day is not None and from_day.strip().isdecimal()
    if start < end or (is_moment and start == end):
        return start, end
    param = "to_day" if to_day else "from_day"
    spanish, english = EMPTY_RANGE[param]
    detail = Detail(
        code=f"conekta_mcp.errors.parameter_validation.{param}.empty_range",
        message=say(spanish, english),
        debug_message=english,
        param=param,
    )
    hint = "Nothing was sent to Conekta. Correct the arguments and call again."
    raise InvalidArguments(type="parameter_validation_error", details=(detail,), hint=hint)


def find_day_end(day: date, times: LocalTimes) -> float:
    """Return the unix seconds at which the day ends."""
    return times.find_start(day + timedelta(days=1))


def _find_spans(days: ParsedDays, times: LocalTimes) -> tuple[tuple[float, float], ...]:
    if days.is_night:
        return tuple(
            (_find_hour(day, EVENING, times), _find_hour(day + timedelta(1), MORNING, times))
            for day in (days.first, *days.others)
        )
    start = 0.0 if days.is_open else times.find_start(days.first)
    spans = [(start, find_day_end(days.last, times))]
    spans += [(times.find_start(day), find_day_end(day, times)) for day in days.others]
    return tuple(spans)


def _find_hour(day: date, hour: int, times: LocalTimes) -> float:
    return datetime(day.year, day.month, day.day, hour, tzinfo=times.tzinfo).timestamp()


def _cut_range(
    pattern: re.Pattern[str], text: str, today: date, times: LocalTimes, found: list[ParsedTime]
) -> str:
    """Remove the ranges from the text, one after another."""
    place = 0
    while hit := pattern.search(text, place):
        days, length = _read_range_words(hit, today)
        if days is None:
            place = hit.start() + 1
            continue
        words = text[hit.start() : hit.start(2) + length]
        found.append(ParsedTime(words.strip(), days, _find_spans(days, times)))
        text = f"{text[: hit.start()]} {text[hit.start(2) + length :]}"
    return text


def _read_range_words(hit: re.Match[str], today: date) -> tuple[ParsedDays | None, int]:
    """Return the days of a range, and how much of the second part belongs to it."""
    last, length = _read_leading_day(hit[2], today)
    first, used = _read_leading_day(hit[1], today)
    if last is None or first is None or used < len(hit[1].rstrip()):
        return None, 0
    begin, end = first.first, last.last
    if first.lacks_month and not last.lacks_month:  # "del 1 al 3 de enero"
        begin = _move_to_month(begin.day, end)
    elif first.lacks_month and begin > end:  # "del 28 al 3"
        earlier = find_day_of_month(begin.day, end)
        begin = earlier.first if earlier else begin
    ambiguous = first.is_ambiguous or last.is_ambiguous or begin > end
    return ParsedDays(min(begin, end), max(begin, end), is_ambiguous=ambiguous), length


def _move_to_month(day: int, end: date) -> date:
    found = find_day_of_month(day, end)
    return found.first if found else end


def _read_leading_day(text: str, today: date) -> tuple[ParsedDays | None, int]:
    """Return the day at the start of a text, and the length of its words."""
    bare = BARE_DAY.match(text)
    best: tuple[ParsedDays | None, int] = (None, 0)
    for pattern, read in iter_patterns(today):
        found = pattern.match(text)
        if found and found.end() > best[1] and (days := read(found)) is not None:
            best = days, found.end()
    if best[0] is None and bare and (days := find_day_of_month(int(bare[1]), today)):
        return days, bare.end()
    return best
