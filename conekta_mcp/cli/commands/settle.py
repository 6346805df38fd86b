"""The settle command: finds out what happened to lost writes by reading, and prints it."""

import argparse
import json
import math
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import anyio

from conekta_mcp.app import App
from conekta_mcp.cli.diagnosis.reachable_accounts import load_accounts
from conekta_mcp.cli.policy_check.assumptions import list_all_tools
from conekta_mcp.cli.records.settlement import Settlement, Settler
from conekta_mcp.cli.records.stored_records import require_shared_store
from conekta_mcp.cli.words.settle import choose_words
from conekta_mcp.cli.words.shared import speak
from conekta_mcp.errors import ConfigurationError, Outcome, StoreUnavailable
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times
from conekta_mcp.settings import Settings
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings(
    Group.SANDBOX, Group.ACCOUNT, Group.CONEKTA, Group.STORAGE, "timezone", "language", "log_level"
)
MAX_WIDTH = 100
UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


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
    """Settle and print each write; return 1 if one is still unknown."""
    require_shared_store(settings)
    tell = choose_words(settings.language)
    if arguments.outcome and not (arguments.key and (arguments.why or "").strip()):
        raise ConfigurationError(tell("needs_key"))
    if not arguments.outcome and (arguments.key or arguments.why):
        raise ConfigurationError(tell("needs_as"))
    word = PersonDecision(arguments.outcome, arguments.key, arguments.why) if arguments.outcome else None
    try:
        return anyio.run(_settle_and_print, App(settings), arguments.json, word)
    except StoreUnavailable as problem:
        print(
            f"conekta-mcp settle: {tell('store', problem=speak(problem, settings.language))}", file=sys.stderr
        )
        return 1


@dataclass(frozen=True)
class PersonDecision:
    """What a person says about the outcome of one write."""

    outcome: Outcome
    key: str
    why: str


async def _settle_and_print(app: App, as_json: bool, word: PersonDecision | None) -> int:
    left = 0
    try:
        async for told in settle_writes(app, word):
            left += told.outcome == "unknown"
            text = (
                json.dumps(as_fields(told), ensure_ascii=False)
                if as_json
                else format_settlement(told, app.clock(), app.settings.language)
            )
            print(text, flush=True)
    finally:
        await app.close()
    if not left:
        print(choose_words(app.settings.language)("nothing"), file=sys.stderr)
    return 1 if left else 0


async def settle_writes(app: App, word: PersonDecision | None = None) -> AsyncIterator[Settlement]:
    """Settle one lost write after another, oldest first; with --profile those of the named profiles.

    Raises:
        ConfigurationError: no lost write, or more than one, has the key that a person speaks of.
    """
    tell = choose_words(app.settings.language)
    # The store first: without it there is nothing to ask Conekta for.
    claims = await app.store.list_unsettled()
    accounts = await load_accounts(app)
    # Without --profile those whose key is missing are reported as well: the operator may find the key.
    chosen = [claim for claim in claims if not app.settings.profiles or claim.account in accounts]
    if len(chosen) < len(claims):
        print(tell("others", count=len(claims) - len(chosen)), file=sys.stderr)
    settling = Settler(app, accounts, {tool.name: tool for tool in list_all_tools()})
    if word:
        named = [claim for claim in chosen if claim.key == word.key]
        if len(named) != 1:
            raise ConfigurationError(tell("which", count=len(named)))
        yield await settling.settle_by_word(named[0], word.outcome, word.why)
        return
    for number, claim in enumerate(chosen, 1):
        # Progress goes to stderr, so that --json leaves one object a line on stdout.
        told = tell("progress", number=number, count=len(chosen), tool=_clean_word(claim.tool))
        print(told, file=sys.stderr)
        yield await settling.settle(claim)


def format_settlement(told: Settlement, now: float, language: str) -> str:
    claim, tell = told.claim, choose_words(language)
    facts = [
        _clean_word(claim.tool),
        *told.ids,
        format_pesos(told.amount, told.currency),
        tell("ago", age=format_age(now - claim.at)),
    ]
    who = tell("profile", name=told.profile) if told.profile else tell("account", name=claim.account)
    head = " ".join(fact for fact in facts if fact)
    return "\n    ".join([f"{head}, {who}", *_format_outcome(told, language)])


def _format_outcome(told: Settlement, language: str) -> list[str]:
    tell = choose_words(language)
    if told.outcome == "applied":
        return [tell("applied")]
    if told.outcome == "not_applied":
        return [tell("not_applied", back=tell("back") if told.claim.spent else "")]
    lines = [tell("unknown", why=tell(told.why, again=_format_time(told.again_at, language)))]
    if told.look:
        lines.append(tell("look", look=told.look))
    return [*lines, f"idempotency_key: {_clean_word(told.claim.key)}"]


def as_fields(told: Settlement) -> dict[str, Any]:
    """Return one write as JSON; times in unix seconds, amounts in centavos."""
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


def _format_time(at: float | None, language: str) -> str:
    # Up to the next minute: at the one that is shown its absence counts.
    minute = get_times().format_minute(math.ceil(at / 60) * 60, language) if at else None
    return minute or choose_words(language)("later")


def _clean_word(text: str) -> str:
    return clean_line(text, MAX_WIDTH)
