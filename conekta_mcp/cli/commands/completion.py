"""The completion command: prints a script that completes commands, flags and values in a shell."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from importlib import import_module
from typing import cast

from conekta_mcp.catalog import Toolset
from conekta_mcp.cli.completion_scripts import Completions, Flag, write_bash, write_fish, write_zsh
from conekta_mcp.cli.parser import COMMANDS, Command, build_command_parser
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.tools.selection import ALL, NONE
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import AUTO, CHANNELS
from conekta_mcp.settings.parsing import TRANSPORTS
from conekta_mcp.settings.table import API_VERSIONS, CONFIRM, LANGUAGES, LOG_LEVELS, PII
from conekta_mcp.settings.terms import ACCEPTABLE_LOSSES

SETTINGS = ("log_level",)
TOOLSETS = tuple(toolset.value for toolset in Toolset)
TOOLS = tuple(tool.name for tool in (*ALL_TOOLS, *DISCOVERY_TOOLS))
VALUES: Mapping[str, tuple[str, ...]] = {
    "accept_losing_safety": ACCEPTABLE_LOSSES,
    "api_version": API_VERSIONS,
    "approval_channels": (AUTO, *CHANNELS),
    "confirm": CONFIRM,
    "exclude": (*TOOLSETS, *TOOLS),
    "language": LANGUAGES,
    "log_level": LOG_LEVELS,
    "pii": PII,
    "tool": TOOLS,
    "tools": TOOLS,
    "toolsets": (ALL, NONE, *TOOLSETS),
    "transport": TRANSPORTS,
}
"""The values of a flag or argument by the name of its setting; others are completed as files."""
LISTS = frozenset(one.name for one in fields(Settings) if isinstance(one.default, tuple))
WRITERS = {"bash": write_bash, "zsh": write_zsh, "fish": write_fish}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Print a script that completes commands, flags and values in bash, zsh or fish. It reads no account "
        "and no key."
    )
    parser.add_argument("shell", nargs="?", choices=tuple(WRITERS), help="for which shell")
    parser.add_argument(
        "--json",
        action="store_true",
        help="instead print the commands, their flags and values as a JSON array",
    )


def main(_: Settings, arguments: argparse.Namespace) -> int:
    if (arguments.shell is None) is not arguments.json:
        raise ConfigurationError(f"completion: name a shell ({', '.join(WRITERS)}), or give --json")
    found = [list_completions(name) for name in COMMANDS]
    print(WRITERS[arguments.shell](found) if arguments.shell else json.dumps([asdict(one) for one in found]))
    return 0


def list_completions(name: str) -> Completions:
    command = cast("Command", import_module(f"conekta_mcp.cli.commands.{name}"))
    parser = build_command_parser(name, command, for_help=False)
    flags, positions = [], []
    for action in parser._actions:
        values = _list_values(action.choices, action.dest)
        takes_value = action.nargs != 0
        is_list = action.choices is None and action.dest in LISTS
        purpose = _shorten(action.help)
        flags += [Flag(flag, takes_value, values, is_list, purpose) for flag in action.option_strings]
        if not action.option_strings:
            positions.append(values)
    return Completions(name, COMMANDS[name], tuple(flags), tuple(positions))


def _list_values(choices: object, name: str) -> tuple[str, ...]:
    return tuple(map(str, choices)) if isinstance(choices, Sequence) else VALUES.get(name, ())


def _shorten(purpose: str | None) -> str:
    """Return the first part of a help text, of which menus of shells show a line."""
    return (purpose or "").partition(";")[0].partition(":")[0]
