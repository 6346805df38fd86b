"""The settle command: finds out, by reading only, what happened to lost writes, and prints it."""

import argparse
import json
import math
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import anyio

from conekta_mcp.app import App
from conekta_mcp.cli.policy_assumptions import list_all_tools
from conekta_mcp.cli.reachable_accounts import load_accounts
from conekta_mcp.cli.settlement import Settlement, Settler
from conekta_mcp.errors import ConfigurationError, Outcome, StoreUnavailable
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(
    Group.SANDBOX, Group.ACCOUNT, Group.CONEKTA, Group.STORAGE, "timezone", "log_level"
)
MAX_WIDTH = 100
UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
REASON_TEXTS = {
    "read": "reading tells it",
    "person": "a person says so",
    "absent": "it is not there, and it may still come; from {again} on its absence counts",
    "untold": "reading does not tell",
    "no_key": "no key of its account is at hand; name its profile (--profile), or set CONEKTA_API_KEY",
    "no_tool": "this version of conekta-mcp has no such tool",
    "shortened": "its arguments were too long to be kept whole, so nothing can be compared with them",
    "unreadable": "this version of conekta-mcp does not take its arguments any more",
    "at_work": "it may still be at work; if its process died, it can be settled from {again} on",
    "busy": "other calls are at work on the same object; run this again in a moment",
    "taken": "another process settles it just now",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Find out what became of writes whose answer was lost or whose process died. Conekta is asked by "
        "reading only: nothing is ever sent again. What was applied is noted, so that a repeat of the call "
        "gets its answer; what was not applied can be made anew, and what it counted against limits is given "
        "back. What no reading can tell, a person can: --as with --key and --why notes their word and reads "
        "nothing. Keys come from where doctor finds them; with --profile, only the writes of those profiles "
        "are settled. Exit 0: nothing is left; 1: something is not known yet; 2: wrong usage."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a write")
    parser.add_argument(
        "--as",
        dest="outcome",
        choices=("applied", "not_applied"),
        help="note what a person found out about the write of --key; recorded as their word",
    )
    parser.add_argument("--key", metavar="KEY", help="the idempotency_key of the write that --as is about")
    parser.add_argument("--why", metavar="TEXT", help="how the person knows; required with --as")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    """Settle and print each write; return 1 if something is still unknown."""
    # No other process can read that.
    if settings.store == "memory" or (settings.sandbox and not settings.state and not settings.store):
        raise ConfigurationError("--store: memory is one process's own; name a file or redis://")
    if arguments.outcome and not (arguments.key and (arguments.why or "").strip()):
        raise ConfigurationError("--as: name the write with --key and say with --why how it is known")
    if not arguments.outcome and (arguments.key or arguments.why):
        raise ConfigurationError("--key and --why go with --as applied or --as not_applied")
    word = PersonsWord(arguments.outcome, arguments.key, arguments.why) if arguments.outcome else None
    try:
        return anyio.run(_settle_and_print, App(settings), arguments.json, word)
    except StoreUnavailable as problem:
        print(f"conekta-mcp settle: the store cannot be used: {problem}", file=sys.stderr)
        return 1


@dataclass(frozen=True)
class PersonsWord:
    """What a person found out about one write."""

    outcome: Outcome
    key: str
    why: str


async def _settle_and_print(app: App, as_json: bool, word: PersonsWord | None) -> int:
    left = 0
    try:
        async for told in settle_writes(app, word):
            left += told.outcome == "unknown"
            text = (
                json.dumps(as_fields(told), ensure_ascii=False)
                if as_json
                else format_settlement(told, app.clock())
            )
            print(text, flush=True)
    finally:
        await app.close()
    if not left:
        print("Nothing is left to settle.", file=sys.stderr)
    return 1 if left else 0


async def settle_writes(app: App, word: PersonsWord | None = None) -> AsyncIterator[Settlement]:
    """Settle one lost write after another, oldest first; with --profile those of the named profiles.

    Raises:
        ConfigurationError: no lost write, or more than one, has the key that a person speaks of.
    """
    accounts = await load_accounts(app)
    claims = await app.store.list_unsettled()
    # Without --profile those whose key is missing are reported as well: the operator may find the key.
    chosen = [claim for claim in claims if not app.settings.profiles or claim.account in accounts]
    if len(chosen) < len(claims):
        print(f"{len(claims) - len(chosen)} of accounts that --profile does not name", file=sys.stderr)
    settling = Settler(app, accounts, {tool.name: tool for tool in list_all_tools()})
    if word:
        named = [claim for claim in chosen if claim.key == word.key]
        if len(named) != 1:
            raise ConfigurationError(
                f"--key: {len(named)} lost writes have this key; run settle to see them all"
            )
        yield await settling.settle_by_word(named[0], word.outcome, word.why)
        return
    for number, claim in enumerate(chosen, 1):
        # Progress goes to stderr, so that --json leaves one object a line on stdout.
        print(f"{number} of {len(chosen)}: {_clean_word(claim.tool)}", file=sys.stderr)
        yield await settling.settle(claim)


def format_settlement(told: Settlement, now: float) -> str:
    claim = told.claim
    facts = [
        _clean_word(claim.tool),
        *told.ids,
        format_pesos(told.amount, told.currency),
        f"{format_age(now - claim.at)} ago",
    ]
    who = f"profile {told.profile}" if told.profile else f"account {claim.account}"
    head = " ".join(fact for fact in facts if fact)
    return "\n    ".join([f"{head}, {who}", *_format_outcome(told)])


def _format_outcome(told: Settlement) -> list[str]:
    if told.outcome == "applied":
        return ["applied: a repeat with its idempotency_key gets the answer, and sends nothing"]
    if told.outcome == "not_applied":
        back = ", and what it counted against limits given back" if told.claim.spent else ""
        return [f"not applied{back}; the call can be made anew"]
    lines = ["not known yet: " + REASON_TEXTS[told.why].format(again=_format_time(told.again_at))]
    if told.look:
        lines.append(f"the call that tells: {told.look}")
    return [*lines, f"idempotency_key: {_clean_word(told.claim.key)}"]


def as_fields(told: Settlement) -> dict[str, Any]:
    """Return what is known of one write as JSON; times are unix seconds, amounts centavos."""
    claim = told.claim
    fields = {
        "tool": claim.tool,
        "outcome": told.outcome,
        "why": told.why,
        "account": claim.account,
        "profile": told.profile,
        "ids": list(told.ids),
        "amount": told.amount,
        "currency": told.currency if told.amount is not None else None,
        "at": claim.at,
        "at_iso": get_times().format_iso(claim.at),
        "idempotency_key": claim.key,
        "look": told.look,
        "again_at": told.again_at,
        "again_at_iso": get_times().format_iso(told.again_at) if told.again_at else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def format_age(seconds: float) -> str:
    """Return an age in its largest unit, such as "3 h"."""
    whole = max(0, round(seconds))
    size, unit = next(((size, unit) for size, unit in UNITS if whole >= size), UNITS[-1])
    return f"{whole // size} {unit}"


def _format_time(at: float | None) -> str:
    # Up to the next minute: at the one that is shown its absence counts.
    return get_times().format_minute(math.ceil(at / 60) * 60, "en") or "later" if at else "later"


def _clean_word(text: str) -> str:
    return clean_line(text, MAX_WIDTH)
