"""When a billing cycle ends: calendar months, weeks of seven days, all in UTC (conekta-api.md 4.9)."""

import calendar
from datetime import UTC, datetime

from conekta_mcp.sandbox.core.account import Json

DAY = 86_400
HALF_A_MONTH = 15 * DAY
MAX_TIMESTAMP = 253_402_300_799
"""Unix seconds of the last moment that datetime can hold."""


def compute_cycle_end(anchor: int, plan: Json, number: int) -> int:
    """Return when cycle `number`, from 1 on, ends if the first began at `anchor` (both unix seconds).

    Counted from the anchor, so that the 31st comes back after February. Two half months make a month, an odd
    one is 15 days (inferred).
    """
    intervals = int(plan["frequency"]) * number
    match plan["interval"]:
        case "week":
            return min(anchor + intervals * 7 * DAY, MAX_TIMESTAMP)
        case "half_month":
            return min(add_months(anchor, intervals // 2) + intervals % 2 * HALF_A_MONTH, MAX_TIMESTAMP)
        case "year":
            return add_months(anchor, intervals * 12)
    return add_months(anchor, intervals)


def add_months(moment: int, months: int) -> int:
    """Return the same day and time that many months later, or the last day of a shorter month."""
    start = datetime.fromtimestamp(moment, UTC)
    years, month = divmod(start.month - 1 + months, 12)
    if start.year + years > datetime.max.year:
        return MAX_TIMESTAMP
    last = calendar.monthrange(start.year + years, month + 1)[1]
    end = start.replace(year=start.year + years, month=month + 1, day=min(start.day, last))
    return int(end.timestamp())
