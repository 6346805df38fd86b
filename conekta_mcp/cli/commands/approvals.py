"""The approvals command: lists pending approvals, and takes answers on a terminal."""

import argparse
import asyncio
import signal
import sys
import time

import anyio

from conekta_mcp.cli.approving.answers import TerminalAnswers, Typed
from conekta_mcp.cli.approving.text import (
    WORDS,
    as_fields,
    find_short_ids,
    find_state,
    format_json,
    format_row,
    format_whole,
)
from conekta_mcp.cli.records.stored_records import require_shared_store
from conekta_mcp.cli.terminal import Terminal, open_terminal
from conekta_mcp.cli.words.shared import speak
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import OPEN_STATES, PendingApproval
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import AUTO
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings
from conekta_mcp.storage.opening import open_configured_store
from conekta_mcp.storage.protocol import Store

SETTINGS = select_settings(
    Group.SANDBOX,
    "store",
    "audit",
    "approval_channels",
    "approvers",
    "four_eyes",
    "language",
    "timezone",
    "log_level",
)
ACTIONS = ("list", "show", "approve", "decline", "watch")
ANSWERING = ("approve", "decline", "watch")
POLL_SECONDS = 0.5
WATCHING = {
    "es": "Espero preguntas; Ctrl+C termina.",
    "en": "Waiting for questions; Ctrl+C ends this.",
}


REFUSALS = {
    "es": {
        "needs_id": "approvals: show, approve y decline llevan el ID de una pregunta",
        "closed": "--approval-channels: el operador no acepta respuestas de una terminal",
        "no_terminal": (
            "approvals {action}: una persona tiene que responder en una terminal real; aquí la entrada o la "
            "salida es una tubería o un archivo"
        ),
        "store": "no se puede usar el almacén: {problem}",
        "away": "no se puede usar el almacén: {problem}; se espera a que vuelva",
        "many": "{count} preguntas tienen un id que empieza así; conekta-mcp approvals list --all las nombra",
        "unknown": "ninguna pregunta tiene ese id; conekta-mcp approvals list --all las nombra",
    },
    "en": {
        "needs_id": "approvals: show, approve and decline take the ID of one question",
        "closed": "--approval-channels: the operator takes no answers from a terminal",
        "no_terminal": (
            "approvals {action}: a person has to answer on a real terminal; input or output is a pipe or a "
            "file here"
        ),
        "store": "the store cannot be used: {problem}",
        "away": "the store cannot be used: {problem}; waiting for it to come back",
        "many": "{count} questions have an id that begins so; conekta-mcp approvals list --all names them",
        "unknown": "no question has such an id; conekta-mcp approvals list --all names them",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show the questions that wait for a person's yes, and answer them. It reads the store of the server "
        "(--store), so give it the same settings. approve, decline and watch need a real terminal, on which "
        "the whole question is shown and yes or no is typed; where approvers exist, one has to sign in. "
        "Exit 0: done; 1: there is no such question, or it was not answered here; 2: wrong usage, or no "
        "terminal."
    )
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        help="default: list; watch asks one after another",
    )
    parser.add_argument("id", metavar="ID", nargs="?", help="an approval's id, or a start that is its alone")
    parser.add_argument("--all", action="store_true", help="list the decided ones of the last days too")
    parser.add_argument("--json", action="store_true", help="list and show: one JSON object a line")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    if (arguments.action in {"show", "approve", "decline"}) != bool(arguments.id):
        raise ConfigurationError(_tell("needs_id", settings.language))
    require_shared_store(settings)
    terminal = open_terminal(sys.stdout)
    if arguments.action in ANSWERING:
        if not {AUTO, "terminal"} & set(settings.approval_channels):
            raise ConfigurationError(_tell("closed", settings.language))
        if terminal is None:
            raise ConfigurationError(_tell("no_terminal", settings.language, action=arguments.action))
        # Ctrl+C ends it also where a script has started it in the background, with the signal ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return anyio.run(_run_action, settings, arguments, terminal)
    except StoreUnavailable as problem:
        told = _tell("store", settings.language, problem=speak(problem, settings.language))
        print(f"conekta-mcp approvals: {told}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        if terminal:
            terminal.show("")
        return 0 if arguments.action == "watch" else 130


async def _run_action(settings: Settings, arguments: argparse.Namespace, terminal: Terminal | None) -> int:
    store = open_configured_store(settings, time.time)
    try:
        if arguments.action == "list":
            return await list_approvals(store, settings.language, arguments)
        if arguments.action == "watch" and terminal:
            return await watch(TerminalAnswers(terminal, store, settings), terminal, settings.language)
        approval = await find_by_start(store, arguments.id, settings.language)
        if arguments.action == "show" or terminal is None:
            show_approval(approval, await store.read_time(), settings.language, as_json=arguments.json)
            return 0
        wanted: Typed = "yes" if arguments.action == "approve" else "no"
        return await answer_one(TerminalAnswers(terminal, store, settings), approval, wanted)
    except UnknownApproval as problem:
        print(f"conekta-mcp approvals: {problem}", file=sys.stderr)
        return 1
    finally:
        await store.close()


def _tell(name: str, language: str, **facts: object) -> str:
    return REFUSALS[language][name].format(**facts)


class UnknownApproval(Exception):
    """No approval, or more than one, has this id prefix."""


async def find_by_start(store: Store, start: str, language: str) -> PendingApproval:
    """Return the approval with this id prefix; raise UnknownApproval unless there is exactly one."""
    found = [one for one in await PendingApprovals(store).list_all() if one.id.startswith(start.lower())]
    if len(found) != 1:
        raise UnknownApproval(_tell("many" if found else "unknown", language, count=len(found)))
    return found[0]


async def list_approvals(store: Store, language: str, arguments: argparse.Namespace) -> int:
    kept, now = await PendingApprovals(store).list_all(), await store.read_time()
    short = find_short_ids(kept)
    chosen = [one for one in reversed(kept) if arguments.all or find_state(one, now) in OPEN_STATES]
    screen = Terminal(sys.stdout)
    for one in chosen:
        if arguments.json:
            print(format_json(as_fields(one, now)))
        else:
            screen.show(format_row(one, short[one.id], now, language))
    if not arguments.json:
        print(WORDS[language]["answer" if chosen else "none"], file=sys.stderr)
    return 0


def show_approval(approval: PendingApproval, now: float, language: str, *, as_json: bool) -> None:
    if as_json:
        print(format_json(as_fields(approval, now)))
    else:
        Terminal(sys.stdout).show(format_whole(approval, now, language))


async def answer_one(answers: TerminalAnswers, approval: PendingApproval, wanted: Typed) -> int:
    person = await answers.identify()
    if person is None:
        return 1
    ended = await answers.answer(approval, person, wanted)
    return 0 if ended in {"approved", "declined"} else 1


async def watch(answers: TerminalAnswers, terminal: Terminal, language: str) -> int:
    """Ask about each new open question, until the person stops."""
    person = await answers.identify()
    if person is None:
        return 1
    terminal.show(WATCHING[language])
    seen: set[str] = set()
    is_away = False
    while True:
        try:
            asked = await answers.pending.list_open()
        except StoreUnavailable as problem:  # whoever signed in stays: it may be back in a moment
            if not is_away:
                told = speak(problem, language).rstrip(".")
                terminal.show(_tell("away", language, problem=told))
            asked, is_away = [], True
        else:
            is_away = False
        for one in reversed(asked):
            if one.id not in seen:
                if not await answers.is_admitted(person):
                    return 1
                seen.add(one.id)
                await answers.answer(one, person)
        end_if_interrupted()
        await anyio.sleep(POLL_SECONDS)


def end_if_interrupted() -> None:
    """Raise the cancellation of a Ctrl+C that came just as an answer ended, and was lost."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError
