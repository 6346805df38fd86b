"""Reads times to the minute: ISO times, and "so many hours or minutes ago"."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from conekta_mcp.domains.support.reading.days import AGO, HALF_AN_HOUR_AGO
from conekta_mcp.domains.support.reading.number_words import read_count
from conekta_mcp.results.times import LocalTimes

ISO_MOMENT = re.compile(
    r"\b(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d{1,9})?\s?"
    r"(?:(Z|UTC|GMT)\b|([+-]\d{2}):?(\d{2})\b)?",
    re.IGNORECASE,
)
MINUTE, HOUR = 60, 3600
LATEST_DOUBT = 15 * MINUTE


def localize_moments(text: str, times: LocalTimes) -> str:
    """Return the text with "2026-01-16T03:32:00Z" as day and hour of the merchant's time zone."""

    def localize(hit: re.Match[str]) -> str:
        if not hit[4] and not hit[5]:
            return f"{hit[1]} {hit[2]}"
        offset = f"{hit[5]}:{hit[6]}" if hit[5] else "+00:00"
        try:
            moment = datetime.fromisoformat(f"{hit[1]}T{hit[2]}{hit[3] or ':00'}{offset}").astimezone(UTC)
        except ValueError:
            return hit[0]
        local = times.find_local(moment.timestamp())
        return f"{local:%Y-%m-%d %H:%M}" if local else hit[0]

    return ISO_MOMENT.sub(localize, text)


def iter_moments_ago(text: str, now: float) -> Iterator[tuple[str, float, float]]:
    """Yield the words and the possible span in unix seconds: from twice as long ago until now."""
    for hit in AGO.finditer(text):
        count, unit = read_count(hit[2] or hit[5]), (hit[3] or hit[6]).lower()
        if count is not None and unit.startswith(("h", "m")):
            seconds = count * (HOUR if unit.startswith("h") else MINUTE)
            yield hit[0], now - 2 * seconds - LATEST_DOUBT, now + 1
    for hit in HALF_AN_HOUR_AGO.finditer(text):
        yield hit[0], now - HOUR - LATEST_DOUBT, now + 1
