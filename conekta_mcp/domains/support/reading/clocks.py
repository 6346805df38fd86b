"""Reads times of day: "3:30 pm", "las tres y media", "half past two"."""

import re
from dataclasses import dataclass

from conekta_mcp.domains.folding import fold_text
from conekta_mcp.domains.support.reading.number_words import read_count

NOON, DAY = 720, 1440
"""Minutes."""
NUMBER = (
    r"(?:\d{1,2}(?!\d)|(?:once|doce|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
)
HALF_OF_DAY = (
    r"(?:\s*(?:[ap]\.?\s?m\b\.?|o.clock\b|en\s+punto\b|h(?:rs?|oras?)?\b\.?))?"
    r"(?:\s+(?:de\s+la|in\s+the)\s+(?:ma[ñn]ana|tarde|noche|madrugada|morning|afternoon|evening)\b"
    r"|\s+del\s+(?:medio\s?)?d[ií]a\b|\s+at\s+night\b)?"
)
CLOCK = (
    r"(?:(?:el\s+|la\s+)?medio\s?d[ií]a\b|(?:la\s+)?media\s?noche\b|noon\b|midday\b|midnight\b"
    rf"|(?:half|a?\s?quarter|ten|five|twenty)\s+(?:past|to)\s+{NUMBER}{HALF_OF_DAY}"
    rf"|(?:(?:un\s+)?cuarto|diez|cinco|veinte|\d{{1,2}})\s+para\s+las?\s+{NUMBER}{HALF_OF_DAY}"
    rf"|{NUMBER}(?:[:.h]\s?[0-5]\d(?!\d)(?::[0-5]\d(?!\d))?"
    rf"|\s+y\s+(?:media|cuarto|diez|cinco|veinte|(?:[1-5]\d|5)(?=\s|$))\b)?{HALF_OF_DAY})"
)
"""Also matches a bare number, which is a time only with certain words beside it."""
PARTS = re.compile(
    r"^(?:(?P<before>half|a?\s?quarter|(?:un\s+)?cuarto|\w+)\s+(?P<way>past|to|para\s+las?)\s+)?"
    rf"(?P<hour>{NUMBER})(?:(?P<sign>[:.h])\s?(?P<minutes>\d\d)(?::\d\d)?|\s+y\s+(?P<spoken>\w+))?(?P<rest>.*)$",
    re.IGNORECASE,
)
FRACTIONS = {"media": 30, "half": 30, "cuarto": 15, "quarter": 15}
MORNING = re.compile(r"^a\.?\s?m|manana|madrugada|morning")
AFTERNOON = re.compile(r"^p\.?\s?m|tarde|afternoon|evening|dia\b")
NIGHT = re.compile(r"noche|night")


@dataclass(frozen=True)
class Clock:
    """A time of day in minutes after midnight; 1440 is midnight at the end of the day."""

    minutes: tuple[int, ...]
    """Both halves of the day, if the text does not say which."""
    is_marked: bool
    """Whether it can only be a time."""
    is_whole: bool
    """Whether it has no minutes."""


def read_clock(text: str) -> Clock | None:
    """Return the time of a match of CLOCK; None for an impossible one."""
    words = fold_text(text).strip()
    if re.search(r"medio ?dia$|^noon$|^midday$", words) and not re.search(r"\d", words):
        return Clock((NOON,), is_marked=True, is_whole=True)
    if re.search(r"media ?noche$|^midnight$", words):
        return Clock((DAY,), is_marked=True, is_whole=True)
    found = PARTS.match(words)
    hour = read_count(found["hour"]) if found else None
    if not found or hour is None or hour > 24:
        return None
    past = int(found["minutes"] or 0) + _read_minutes(found["spoken"])
    before = _read_minutes(found["before"])
    shift = before if found["way"] == "past" else -before
    rest = found["rest"].strip()
    is_fraction = found["spoken"] in FRACTIONS
    is_marked = bool(rest[:1] in {"a", "p", "d", "i"} or found["sign"] == ":" or is_fraction or found["way"])
    if found["sign"] == "." and not rest:
        return None  # "15.30" is an amount
    is_of_24_hours = hour > 12 or hour == 0 or (found["sign"] == ":" and found["hour"].startswith("0"))
    minutes = tuple(one + past + shift for one in _list_hours(hour, rest, is_known=is_of_24_hours))
    return Clock(minutes, is_marked=is_marked, is_whole=not (past or shift))


def _read_minutes(word: str | None) -> int:
    if not word:
        return 0
    last = word.split()[-1]
    return FRACTIONS.get(last) or {"veinte": 20, "twenty": 20}.get(last) or read_count(last) or 0


def _list_hours(hour: int, rest: str, *, is_known: bool) -> tuple[int, ...]:
    """Return the minutes of a whole hour, in each half of the day that the words allow."""
    if is_known:
        return (hour * 60,)
    if NIGHT.search(rest):  # "las 12 de la noche" ends a day, and "la 1 de la noche" follows it
        return (DAY + hour % 12 * 60,) if hour == 12 or hour < 5 else (NOON + hour * 60,)
    if MORNING.search(rest):
        is_noon = hour == 12 and "madrugada" not in rest and not rest.startswith("a")
        return (NOON,) if is_noon else (hour % 12 * 60,)
    if AFTERNOON.search(rest):
        is_late_morning = hour in {10, 11} and "dia" in rest
        return (hour * 60,) if is_late_morning else (NOON + hour % 12 * 60,)
    return (hour * 60, NOON + hour * 60)
