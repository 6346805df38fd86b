"""The install command: adds our server to the file of an MCP client."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from conekta_mcp.accounts.keys import VariableKey
from conekta_mcp.accounts.keys.logins import Logins, format_login_command
from conekta_mcp.cli.commands.login import choose_profile
from conekta_mcp.cli.installing.clients import CLIENT_NAMES, CLIENTS, Client, find_client
from conekta_mcp.cli.installing.entries import ServerSpec
from conekta_mcp.cli.installing.machine import Machine
from conekta_mcp.cli.installing.own_command import find_own_command
from conekta_mcp.cli.installing.places import Place
from conekta_mcp.cli.installing.setup import (
    CannotSetUp,
    Change,
    find_used_places,
    format_snippet,
    install,
    list_places,
)
from conekta_mcp.cli.installing.words import describe_change, tell
from conekta_mcp.cli.words.login import choose_words
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings import Settings
from conekta_mcp.settings.limits import pick_limits
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import select_settings

SETTINGS = select_settings("sandbox", "profiles", "profiles_file", "language", "log_level", Group.LIMITS)
SCOPES = ("user", "project")
Targets = list[tuple[Client, Place]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write this server into the file of an MCP client, with the full path of this command. Everything "
        "else in the file stays, and a copy of it is kept beside it. No key is written: the server finds it "
        "where login kept it; without a login VS Code asks for it itself. Limits that you give, or that your "
        "variables set, go into the file. Exit 1: a file was left as it is."
    )
    add_target_arguments(parser)
    parser.add_argument(
        "--print", dest="prints", action="store_true", help="print what belongs into the file, write nothing"
    )


def add_target_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "client", metavar="CLIENT", nargs="?", choices=CLIENT_NAMES, help="which client: %(choices)s"
    )
    parser.add_argument("--all", action="store_true", help="all clients that are found on this machine")
    parser.add_argument(
        "--scope",
        choices=SCOPES,
        default="user",
        help="for you everywhere, or for the project in this folder (default: user)",
    )
    parser.add_argument("--dry-run", dest="dry", action="store_true", help="say what would be written")
    parser.add_argument("--json", action="store_true", help="print one JSON object a file")


def main(settings: Settings, arguments: argparse.Namespace) -> int:
    spec, machine = build_server_spec(settings), Machine.from_process()
    if arguments.prints:
        return _print_snippets(choose_clients(arguments, settings), spec, machine, arguments, settings)

    def change(client: Client, place: Place) -> Change:
        is_project = arguments.scope == "project"
        return install(client, spec, place, now=time.time(), dry=arguments.dry, is_project=is_project)

    return run_for_targets(change, spec, arguments, settings, machine)


def build_server_spec(settings: Settings) -> ServerSpec:
    profile = choose_profile(settings, choose_words(settings.language))
    is_given = settings.sandbox or has_filed_key(settings, profile)
    login = None if is_given else Logins().find(profile)
    return ServerSpec(
        command=find_own_command(),
        sandbox=settings.sandbox,
        profile=profile,
        language=settings.language,
        profiles_file=str(Path(settings.profiles_file).absolute()) if settings.profiles_file else None,
        login_address=login.base_url if login else None,
        limits=pick_limits(settings),
        asks_key=not is_given and login is None,
    )


def has_filed_key(settings: Settings, profile: str) -> bool:
    """Tell whether the profiles file names the key: a client does not have this shell's variables."""
    if not settings.profiles_file:
        return False
    from conekta_mcp.accounts.profiles_file import read_profiles

    found = read_profiles(settings.profiles_file, {}).get(profile)
    return found is not None and not isinstance(found.source, VariableKey) and found.source.is_present


def choose_clients(arguments: argparse.Namespace, settings: Settings) -> list[Client]:
    if arguments.all == bool(arguments.client):
        raise ConfigurationError(tell("choose", settings.language, names=", ".join(CLIENT_NAMES)))
    return list(CLIENTS) if arguments.all else [find_client(arguments.client)]


def run_for_targets(
    change: Callable[[Client, Place], Change],
    spec: ServerSpec,
    arguments: argparse.Namespace,
    settings: Settings,
    machine: Machine,
) -> int:
    """Change each file and print the result; return 1 if one was refused, or there is none."""
    language = settings.language
    try:
        targets = _list_targets(choose_clients(arguments, settings), arguments, machine)
    except CannotSetUp as problem:
        title = find_client(arguments.client).title
        print(f"{title}: {tell(problem.reason, language, **problem.facts)}", file=sys.stderr)
        return 1
    if not targets:
        names = ", ".join(client.title for client in CLIENTS)
        print(tell("none_found", language, names=names), file=sys.stderr)
        return 1
    changes = [change(client, place) for client, place in targets]
    for one in changes:
        if arguments.json:
            print(json.dumps(to_facts(one), ensure_ascii=False))
        else:
            stream = sys.stderr if one.done == "refused" else sys.stdout
            print("\n".join(describe_change(one, spec.server, language, dry=arguments.dry)), file=stream)
    if not arguments.json and not arguments.dry:
        _tell_restarts(changes, language)
    return 1 if any(one.done == "refused" for one in changes) else 0


def to_facts(change: Change) -> dict[str, object]:
    facts = {
        "client": change.client.name,
        "file": str(change.file),
        "done": change.done,
        "reason": change.reason,
        "backup": str(change.backup) if change.backup else None,
        # Not its variables, which may hold a key.
        "command": change.entry[change.client.command] if change.entry else None,
        "args": change.entry["args"] if change.entry else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _list_targets(clients: Iterable[Client], arguments: argparse.Namespace, machine: Machine) -> Targets:
    find = find_used_places if arguments.all else list_places
    return [(client, place) for client in clients for place in find(client, machine, arguments.scope)]


def _tell_restarts(changes: Iterable[Change], language: str) -> None:
    changed = [one.client for one in changes if one.done in {"added", "updated", "removed"}]
    for client in dict.fromkeys(client.name for client in changed):
        found = find_client(client)
        print(tell("restart_desktop" if found.is_desktop else "restart_shell", language, title=found.title))


def _print_snippets(
    clients: list[Client],
    spec: ServerSpec,
    machine: Machine,
    arguments: argparse.Namespace,
    settings: Settings,
) -> int:
    printed = 0
    for client in clients:
        try:
            places = list_places(client, machine, arguments.scope)
        except CannotSetUp as problem:
            print(f"{client.title}: {tell(problem.reason, settings.language)}", file=sys.stderr)
            continue
        files = ", ".join(str(place.file) for place in places)
        printed += 1
        text = format_snippet(client, _drop_unasked_key(client, spec)).rstrip("\n")
        if arguments.json:
            facts = {"client": client.name, "files": [str(place.file) for place in places], "text": text}
            print(json.dumps(facts, ensure_ascii=False))
            continue
        print(tell("print", settings.language, title=client.title, files=files), file=sys.stderr)
        print(text)
    if spec.asks_key and not all(client.asks_for_secrets for client in clients):
        login = format_login_command(spec.profile)
        print(tell("needs_login", settings.language, login=login), file=sys.stderr)
    return 0 if printed else 1


def _drop_unasked_key(client: Client, spec: ServerSpec) -> ServerSpec:
    return spec if client.asks_for_secrets else replace(spec, asks_key=False)
