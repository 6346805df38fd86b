"""The approvers command: who may sign in to the inbox of an HTTP server and approve there."""

import argparse
import getpass
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import anyio

from conekta_mcp.app import App
from conekta_mcp.cli.words.approvers import WORDS
from conekta_mcp.cli.words.shared import speak
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.pages.approvers.approver import FINGERPRINT, Approver, Approvers, normalize_name
from conekta_mcp.pages.approvers.file import open_approvers
from conekta_mcp.pages.approvers.passphrases import (
    MAX_LENGTH,
    MIN_LENGTH,
    generate_passphrase,
    hash_passphrase,
)
from conekta_mcp.results.times import get_times
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import IN_STORE
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings
from conekta_mcp.storage.opening import is_shared

SETTINGS = select_settings(Group.SANDBOX, "store", "approvers", "language", "timezone", "log_level")
ACTIONS = ("add", "list", "remove", "disable", "enable", "passphrase")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Say who may sign in to /approvals of a server over HTTP and approve there. The passphrase is asked "
        f"for on a terminal, at least {MIN_LENGTH} characters, or --generate prints a random one, once; it "
        "is never an argument. A running server notices each change. Exit 1: nothing was changed."
    )
    parser.add_argument("action", choices=ACTIONS, help="what to do; passphrase sets a new one")
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the approver, such as ana or ana@shop.mx")
    parser.add_argument(
        "--key-of",
        dest="keys",
        action="append",
        default=[],
        metavar="FINGERPRINT",
        help="with add: the fingerprint, as doctor shows it, of a key that is theirs, for --four-eyes",
    )
    parser.add_argument(
        "--generate", action="store_true", help="with add and passphrase: print a random passphrase, once"
    )
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="with list: print one JSON object a line"
    )


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    words = {key: texts[settings.language] for key, texts in WORDS.items()}
    try:
        _check_place(settings, words)
        return anyio.run(_run_action, settings, arguments, words)
    except StoreUnavailable as problem:
        print(f"conekta-mcp approvers: {speak(problem, settings.language)}", file=sys.stderr)
        return 1
    except _Refused as refusal:
        print(f"conekta-mcp approvers: {refusal}", file=sys.stderr)
        return 1


class _Refused(Exception):
    """The request cannot be carried out; the message says why."""


Words = dict[str, str]


def _check_place(settings: Settings, words: Words) -> None:
    if settings.approvers == IN_STORE and not is_shared(settings):
        raise ConfigurationError(words["memory"])


async def _run_action(settings: Settings, arguments: argparse.Namespace, words: Words) -> int:
    app = App(settings)
    approvers = open_approvers(settings, app.store)
    try:
        if arguments.action == "list":
            return await _print_list(approvers, words, as_json=arguments.as_json)
        name = normalize_name(arguments.name or "")
        if name is None:
            raise ConfigurationError(words["name"])
        if arguments.action == "add":
            await _add(approvers, name, await app.store.read_time(), arguments, words)
        else:
            await _change(approvers, name, arguments, words)
    finally:
        await app.close()
    return 0


async def _print_list(approvers: Approvers, words: Words, *, as_json: bool) -> int:
    found = await approvers.list_all()
    if as_json:
        for one in found:
            facts = {"name": one.name, "created_at": one.created_at, "keys": one.keys}
            print(json.dumps(facts | {"is_disabled": one.is_disabled}, ensure_ascii=False))
        return 0
    for one in found:
        since = f"{get_times().find_day(one.created_at)}"
        keys = words["keys"].format(keys=", ".join(one.keys)) if one.keys else ""
        print(f"{one.name}  {since}{keys}{words['disabled_mark'] if one.is_disabled else ''}")
    if not found:
        print(words["none"])
    return 0


async def _add(
    approvers: Approvers, name: str, now: float, arguments: argparse.Namespace, words: Words
) -> None:
    if not all(FINGERPRINT.fullmatch(one) for one in arguments.keys):
        raise ConfigurationError(words["fingerprint"])
    if await approvers.find(name):
        _refuse(words["known"], name)
    passphrase, printed = _choose_passphrase(arguments, words)
    keys = tuple(dict.fromkeys(arguments.keys))
    added = Approver(name=name, passphrase_hash=hash_passphrase(passphrase), created_at=now, keys=keys)
    if not await approvers.replace(None, added):
        _refuse(words["known"], name)
    _report(words["added"], name, printed, words)


async def _change(approvers: Approvers, name: str, arguments: argparse.Namespace, words: Words) -> None:
    standing = await approvers.find(name)
    if standing is None:
        _refuse(words["unknown"], name)
    printed = None
    if arguments.action == "passphrase":
        passphrase, printed = _choose_passphrase(arguments, words)
        new: Approver | None = replace(standing, passphrase_hash=hash_passphrase(passphrase))
    elif arguments.action == "remove":
        new = None
    else:
        new = replace(standing, is_disabled=arguments.action == "disable")
    if not await approvers.replace(standing, new):
        _refuse(words["changed"], name)
    _report(words[f"{arguments.action}_done"], name, printed, words)


def has_terminal() -> bool:
    return sys.stdin.isatty()


def _choose_passphrase(arguments: argparse.Namespace, words: Words) -> tuple[str, str | None]:
    """Return a passphrase, and also the text to print if it was generated."""
    if arguments.generate:
        passphrase = generate_passphrase()
        return passphrase, passphrase
    # In a running event loop the first Ctrl+C only cancels a task, and getpass goes on waiting for its line.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return ask_passphrase(words, getpass.getpass), None
    finally:
        signal.signal(signal.SIGINT, before)


def ask_passphrase(words: Words, ask: Callable[[str], str]) -> str:
    """Ask twice without echo; raise _Refused without a terminal, if too short, or if they differ."""
    # Without a terminal getpass would read a line of the input, and echo it.
    if not has_terminal():
        raise _Refused(words["no_terminal"])
    passphrase = ask(words["ask"].format(least=MIN_LENGTH))
    if not MIN_LENGTH <= len(passphrase) <= MAX_LENGTH:
        raise _Refused(words["length"].format(least=MIN_LENGTH, most=MAX_LENGTH))
    if ask(words["ask_again"]) != passphrase:
        raise _Refused(words["different"])
    return passphrase


def _report(text: str, name: str, printed: str | None, words: Words) -> None:
    print(text.format(name=name))
    if printed:
        print(words["generated"].format(passphrase=printed))


def _refuse(text: str, name: str) -> NoReturn:
    raise _Refused(text.format(name=name))
