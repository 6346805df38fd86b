"""Formats times for people in the merchant's time zone, and for programs as ISO with its offset."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from conekta_mcp.settings.timezone import MEXICO_CITY

MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
PLACES = {
    MEXICO_CITY: {"es": "Ciudad de México", "en": "Mexico City"},
    "America/Bahia_Banderas": {"es": "Bahía de Banderas"},
    "America/Cancun": {"es": "Cancún"},
    "America/Ciudad_Juarez": {"es": "Ciudad Juárez"},
    "America/Mazatlan": {"es": "Mazatlán"},
    "America/Merida": {"es": "Mérida"},
}
"""Names of places that differ from the last part of the zone's name."""
TURNED_SIGN = "Etc/GMT"
"""Etc/GMT+6 is six hours behind UTC, which people would read as ahead."""
FIXED_OFFSET = timezone(timedelta(hours=-6), MEXICO_CITY)
"""Used without tzdata: no daylight saving time since October 2022 (Ley de los Husos Horarios)."""


@dataclass(frozen=True)
class LocalTimes:
    """Times in one time zone; arguments are unix seconds."""

    zone: str = MEXICO_CITY

    @property
    def tzinfo(self) -> tzinfo:
        # Imported on first use: a start shows no time. ZoneInfo keeps each zone that it has read.
        import zoneinfo

        try:
            return zoneinfo.ZoneInfo(self.zone)
        except zoneinfo.ZoneInfoNotFoundError:
            if self.zone != MEXICO_CITY:
                raise
            return FIXED_OFFSET

    def get_place(self, language: str) -> str:
        if self.zone.startswith(TURNED_SIGN):
            return f"UTC{datetime.fromtimestamp(0, self.tzinfo).isoformat()[-6:]}"
        return PLACES.get(self.zone, {}).get(language) or self.zone.rpartition("/")[2].replace("_", " ")

    def find_local(self, seconds: float) -> datetime | None:
        """Return the time in this zone; None if it is outside of the calendar."""
        try:
            return datetime.fromtimestamp(seconds, UTC).astimezone(self.tzinfo)
        except (OverflowError, ValueError, OSError):
            return None

    def find_day(self, seconds: float) -> date:
        return datetime.fromtimestamp(seconds, self.tzinfo).date()

    def find_start(self, day: date) -> float:
        """Return the start of a day: 00:00, or later if the clocks skip that."""
        return datetime(day.year, day.month, day.day, tzinfo=self.tzinfo).timestamp()

    def parse(self, text: str) -> float:
        """Parse an ISO date or time, of this zone if it has no offset; raise ValueError for others."""
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=self.tzinfo)).timestamp()

    def format_day(self, seconds: float, language: str) -> str:
        """Return the day without its year, such as "27 dic"; "" if it is outside of the calendar."""
        local = self.find_local(seconds)
        return f"{local.day} {MONTHS[language][local.month - 1]}" if local else ""

    def format_minute(self, seconds: float, language: str) -> str | None:
        """Return "27 dic 2026, 18:00 (Ciudad de México)", or "27 Dec 2026, 18:00 (Mexico City)"."""
        return self._format(seconds, language, "%H:%M")

    def format_second(self, seconds: float, language: str) -> str | None:
        """Return a time with seconds, for records with several events in one minute."""
        return self._format(seconds, language, "%H:%M:%S")

    def format_iso(self, seconds: float) -> str | None:
        """Return "2026-12-27T18:00:00-06:00"."""
        local = self.find_local(seconds)
        return local.isoformat(timespec="seconds") if local else None

    def _format(self, seconds: float, language: str, clock: str) -> str | None:
        local = self.find_local(seconds)
        if local is None:
            return None
        # An hour that the end of daylight saving time repeats is told apart by its offset.
        offset = f" {local.isoformat(timespec='minutes')[16:]}" if _is_repeated(local) else ""
        return (
            f"{local.day} {MONTHS[language][local.month - 1]} {local.year}, {local.strftime(clock)}{offset} "
            f"({self.get_place(language)})"
        )


_current: ContextVar[tuple[LocalTimes, str]] = ContextVar("times", default=(LocalTimes(), "es"))


@contextlib.contextmanager
def use_times(zone: str, language: str) -> Iterator[None]:
    """Format times of this context in `zone`, and texts in `language`."""
    token = set_times(LocalTimes(zone), language)
    try:
        yield
    finally:
        reset_times(token)


def set_times(times: LocalTimes, language: str) -> Token[tuple[LocalTimes, str]]:
    """Set zone and language; `reset_times` has to follow. See `use_times`."""
    return _current.set((times, language))


def reset_times(token: Token[tuple[LocalTimes, str]]) -> None:
    _current.reset(token)


def get_times() -> LocalTimes:
    return _current.get()[0]


def get_language() -> str:
    """Return the language of this call, es or en."""
    return _current.get()[1]


def say(spanish: str, english: str) -> str:
    """Return the sentence in the language of this call."""
    return english if get_language() == "en" else spanish


def format_moment(seconds: int | None) -> str | None:
    """Return a time for people, in zone and language of this call; None for 0 and None."""
    times, language = _current.get()
    return times.format_minute(seconds, language) if seconds else None


def format_iso(seconds: int | None) -> str | None:
    """Return a time for programs, with the offset of the zone; None for 0 and None."""
    return get_times().format_iso(seconds) if seconds else None


def to_local_iso(text: object) -> object:
    """Write a moment that came as text with the offset of the zone; what names no moment stays as it came."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return text
    return get_times().format_iso(read.timestamp()) or text if read and read.tzinfo else text


def _is_repeated(local: datetime) -> bool:
    # A moment is never in an hour that was skipped, so where both offsets differ the hour came twice.
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
