"""Reads hours: "a las 3 de la tarde", "antes del mediodía", "between 3 and 5 pm"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from conekta_mcp.domains.support.reading.clocks import CLOCK, DAY, NOON, Clock, read_clock
from conekta_mcp.domains.support.reading.patterns import compile_pattern
from conekta_mcp.results.times import say

ABOUT_AN_HOUR, ABOUT_A_MINUTE = 60, 30
"""Minutes of tolerance around an hour, and around one with minutes."""
AFTER_MIDNIGHT = 360
Span = tuple[int, int]


THE = r"(?P<the>las?\s+)?"
COUNTED = (
    r"(?!\s+(?!horas?\b|pagos?\b)[a-záéíóúñ]{2,}[aeo]s\b)(?!\s*(?:pesos|mxn|usd|%|d[oó]lar|varos)|\w|[.,/]\d)"
)
"""Words after a number that make it a count and no hour."""
RANGE = compile_pattern(
    rf"\b(?:entre|de|desde|between|from)\s+{THE}(?P<one>{CLOCK})"
    rf"\s*(?:y|a|hasta|and|to|until|till|[-–])\s*(?P<last>las?\s+|el\s+)?(?P<other>{CLOCK}){COUNTED}"
)
DASHED = compile_pattern(
    rf"(?<![\w.,:/$-])(?<!\bel\s){THE}(?P<one>{CLOCK})\s*(?:a|to|[-–])\s*(?P<last>)(?P<other>{CLOCK}){COUNTED}"
)
BEFORE = compile_pattern(rf"\b(?:antes\s+del?|hasta|before|by)\s+{THE}(?P<one>{CLOCK}){COUNTED}")
AFTER = compile_pattern(
    r"\b(?:(?:despu[eé]s|luego|pasad[ao]s?)(?:\s+del?)?|a\s+partir\s+del?|desde|after|since|past)\s+"
    rf"{THE}(?P<one>{CLOCK}){COUNTED}"
)
AT = compile_pattern(
    r"\b(?P<said>(?:(?:como|tipo|casi)\s+)?al?|a\s+eso\s+de|tipo|como|alrededor\s+de|cerca\s+de|sobre"
    rf"|(?:at\s+)?(?:around|about)|at)\s+{THE}(?P<one>{CLOCK}){COUNTED}"
)
ALONE = compile_pattern(rf"(?<![\w.,:/$-])(?P<said>){THE}(?P<one>{CLOCK})(?![\w/]|[.,:-]\d)")
PARTS = (
    (compile_pattern(r"\b(?:en|por)\s+la\s+tarde[\s-]?noche\b|\bearly\s+evening\b"), (1020, 1320)),
    (compile_pattern(r"\b(?:en|por|de)\s+la\s+madrugada\b"), (0, 420)),
    (compile_pattern(r"\ba\s+primera\s+hora\b|\btemprano\b|\bearly\s+(?:in\s+the\s+)?morning\b"), (240, 660)),
    (compile_pattern(r"\ba\s+[uú]ltima\s+hora\b"), (1020, DAY)),
    (compile_pattern(r"\ba\s+media\s+mañana\b|\bmid-?morning\b"), (540, NOON)),
    (compile_pattern(r"\ba\s+media\s+tarde\b|\bmid-?afternoon\b"), (900, 1140)),
    (compile_pattern(r"\b(?:en|por|de|a)\s+la\s+mañana\b|\b(?:in\s+the\s+)?(?<!good\s)morning\b"),
     (300, 780)),
    (compile_pattern(r"\b(?:en|por|de|a)\s+la\s+tarde\b|\b(?:in\s+the\s+)?(?<!good\s)afternoon\b"),
     (NOON, 1200)),
)  # fmt: skip
AROUND_NOON, ABOUT_NOON = compile_pattern(r"^(?:el\s+)?medio|noon|midday"), (660, 900)
THIS_PART = compile_pattern(r"\b(?:esta|this)\s+(mañana|tarde|madrugada|morning|afternoon)\b")
PARTS_OF_TODAY = {
    "mañana": (300, 780), "morning": (300, 780), "tarde": (NOON, 1200), "afternoon": (NOON, 1200),
    "madrugada": (0, 420),
}  # fmt: skip
NIGHT = (1080, 1800)
AT_NIGHT = compile_pattern(r"\b(?:en|por|de)\s+la\s+noche\b|\bat\s+night\b|\bin\s+the\s+evening\b")


@dataclass(frozen=True)
class Window:
    """A time of day in minutes after midnight; from 1440 on it is in the morning of the next day."""

    start: int
    end: int
    """Not included."""
    first: date | None = None
    last: date | None = None
    """The days of the hours; empty for any day."""

    def contains(self, local: datetime) -> bool:
        """Tell whether a moment is inside; it may be after midnight, or shortly before the day."""
        minute = local.hour * 60 + local.minute
        for back in (-1, 0, 1):
            day = local.date() - timedelta(back)
            if self.start <= minute + back * DAY < self.end and self._is_of(day):
                return True
        return False

    def _is_of(self, day: date) -> bool:
        return self.first is None or self.last is None or self.first <= day <= self.last


@dataclass(frozen=True)
class ParsedHours:
    """The hours in a text."""

    words: str
    spans: tuple[Span, ...]
    """Minutes after midnight; several if the words are ambiguous, such as "a las 3"."""
    bound: Literal["", "end", "start"] = ""
    """Whether only the start or the end is given: "antes de las 3", "después de las 3"."""

    def select_spans(self, *, is_night: bool) -> tuple[Span, ...]:
        """Return the part of the spans at these hours; a night lasts until the next morning."""
        if not is_night:
            return self.spans
        evening, morning = NIGHT
        if self.bound == "end":
            ends = [end if end > NOON else end + DAY for _, end in self.spans]
            return tuple((evening, end) for end in ends if evening < end <= morning) or self.spans
        if self.bound == "start":
            starts = [start if start >= NOON else start + DAY for start, _ in self.spans]
            return tuple((start, morning) for start in starts if evening <= start < morning) or self.spans
        moved = [(start + shift, end + shift) for start, end in self.spans for shift in (0, DAY)]
        return tuple(one for one in moved if evening < one[1] and one[0] < morning) or self.spans

    def describe(self, spans: tuple[Span, ...], *, is_of_any_day: bool) -> str:
        """Return how the hours were read, in the language of the call."""
        ways = dict.fromkeys(f"{_format_minute(start)}–{_format_minute(end)}" for start, end in spans)
        days = say(" de cualquier día", " of any day") if is_of_any_day else ""
        spanish, english = " o ".join(ways), " or ".join(ways)
        return say(
            f"«{self.words}» se leyó como {spanish}{days}.", f"“{self.words}” was read as {english}{days}."
        )


def cut_hours(text: str) -> tuple[str, list[ParsedHours]]:
    """Return the text without its hours, and the hours; days stay in the text."""
    found: list[ParsedHours] = []

    def cut(
        pattern: re.Pattern[str],
        read: Callable[[re.Match[str]], tuple[Span, ...]],
        rest: str = " ",
        bound: Literal["", "end", "start"] = "",
    ) -> None:
        nonlocal text

        def replace(hit: re.Match[str]) -> str:
            spans = read(hit)
            if not spans:
                return hit[0]
            found.append(ParsedHours(hit[0].strip(), spans, bound))
            return rest

        text = pattern.sub(replace, text)

    for pattern in (RANGE, DASHED):
        cut(pattern, _read_range)
    cut(BEFORE, lambda hit: _read_bound(hit, is_end=True), bound="end")
    cut(AFTER, lambda hit: _read_bound(hit, is_end=False), bound="start")
    for pattern in (AT, ALONE):
        cut(pattern, _read_hour)
    cut(THIS_PART, lambda hit: (PARTS_OF_TODAY[(hit[1]).lower()],), say(" hoy ", " today "))
    for pattern, span in PARTS:
        cut(pattern, lambda _, span=span: (span,))  # type: ignore[misc]
    return text, found


def cut_nights(text: str) -> tuple[str, list[ParsedHours]]:
    """Return the text without nights that have no day, and those nights."""
    found = [ParsedHours(hit[0], (NIGHT,)) for hit in AT_NIGHT.finditer(text)]
    return AT_NIGHT.sub(" ", text), found


def _read_range(hit: re.Match[str]) -> tuple[Span, ...]:
    one, other = read_clock(hit["one"]), read_clock(hit["other"])
    if not one or not other or not (one.is_marked or other.is_marked or hit["the"] or hit["last"]):
        return ()
    spans = []
    for start in one.minutes:
        ends = [end + shift for shift in (0, DAY) for end in other.minutes if end + shift > start]
        spans.append((start, min(ends)))
    # "de 3 a 5 pm" is an afternoon: of two beginnings, the one nearer to an end that is known.
    if len(one.minutes) > 1 and len(other.minutes) == 1:
        return (min(spans, key=lambda span: span[1] - span[0]),)
    return tuple(spans)


def _read_bound(hit: re.Match[str], *, is_end: bool) -> tuple[Span, ...]:
    clock = read_clock(hit["one"])
    if not clock or not (clock.is_marked or hit["the"]):
        return ()
    if is_end:
        return tuple((0, minute) for minute in clock.minutes)
    return tuple((minute, DAY if minute < DAY else minute + AFTER_MIDNIGHT) for minute in clock.minutes)


def _read_hour(hit: re.Match[str]) -> tuple[Span, ...]:
    clock = read_clock(hit["one"])
    is_said = hit["said"].lower() == "at" or (hit["said"] and hit["the"])
    if not clock or not (clock.is_marked or is_said):
        return ()
    if AROUND_NOON.search(hit["one"]):
        return (ABOUT_NOON,)
    # Nobody knows which midnight of a day is meant by "hoy a las 12 de la noche".
    minutes = (0, DAY) if clock.minutes == (DAY,) else clock.minutes
    return tuple(_widen(minute, clock) for minute in minutes)


def _widen(minute: int, clock: Clock) -> Span:
    around = ABOUT_AN_HOUR if clock.is_whole else ABOUT_A_MINUTE
    return minute - around, minute + around


def _format_minute(minute: int) -> str:
    if minute == DAY:
        return "24:00"
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
