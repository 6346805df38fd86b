"""The filters that audit and logs share: which records of the audit log a command prints."""

import argparse
import re
import time
from typing import Any

from conekta_mcp.cli.records.audited_calls import summarize_call
from conekta_mcp.results.times import get_times

OUTCOMES = ("applied", "not_applied", "unknown", "refused", "open")
SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
MAX_RECORDS = 100_000


def add_filters(parser: argparse.ArgumentParser, *, what: str, outcome: str) -> None:
    """Add the options; `what` says what is printed, such as "lines", `outcome` is the help of --outcome."""
    parser.add_argument(
        "--since", metavar="WHEN", type=check_since,
        help="from then on: 2026-11-01, 2026-11-01T09:30, or 30m, 12h, 7d ago; dates are of --timezone",
    )  # fmt: skip
    parser.add_argument("--tool", metavar="TOOL", help="calls of this tool")
    parser.add_argument("--outcome", choices=OUTCOMES, help=outcome)
    parser.add_argument("--account", metavar="NAME", help="fingerprint of a key, its start, or a profile")
    parser.add_argument("--id", metavar="ID", help="calls that name this id, such as ord_... or a call's own")
    parser.add_argument(
        "--limit", metavar="N", type=parse_limit, default=50, help=f"the latest N {what} (default: 50)"
    )


def matches_filters(call: list[dict[str, Any]], wanted: argparse.Namespace) -> bool:
    facts = summarize_call(call)
    named = {facts.get("call"), *(one for record in call for one in record.get("ids", ()))}
    fingerprint, profile = str(facts.get("account", "")), facts.get("profile")
    return (
        wanted.tool in {None, facts.get("tool")}
        and wanted.outcome in {None, facts["outcome"]}
        and (wanted.id is None or wanted.id in named)
        and (not wanted.account or wanted.account == profile or fingerprint.startswith(wanted.account))
    )


def parse_since(text: str, now: float) -> float:
    """Return unix seconds for a day, a time or an age before `now`; raise ValueError for others.

    Without an offset it is in the merchant's time zone.
    """
    ago = re.fullmatch("([0-9]{1,6})([smhdw])", text)
    return now - int(ago[1]) * SECONDS_BY_UNIT[ago[2]] if ago else get_times().parse(text)


def check_since(text: str) -> str:
    # Read again once the settings, and with them the time zone, are known.
    try:
        parse_since(text, time.time())
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError("expected a date such as 2026-11-01, or 30m, 12h, 7d") from None
    return text


def parse_limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= MAX_RECORDS:
        raise argparse.ArgumentTypeError(f"expected 1-{MAX_RECORDS}")
    return int(text)
