"""The command line: one module for each command; without a command it serves."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from conekta_mcp import __version__
from conekta_mcp.cli.logs import log_to_stderr
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.results.times import use_times
from conekta_mcp.settings import Settings, read_settings
from conekta_mcp.settings.reading import list_settings

COMMANDS = {
    "serve": "serve MCP over stdio (default), SSE or streamable HTTP",
    "demo": "run the recurring-CLABE journey against the sandbox and print each step",
    "tools": "list the tools with risk, endpoint and size",
    "call": "call one tool and print its answer",
    "doctor": "check key, connection, versions and safeguards, and say what to fix",
    "sandbox": "run the offline Conekta as an HTTP server for any SDK",
    "approvals": "show the questions that wait for a person, and answer them on a terminal",
    "audit": "read the record of writes and refusals, filtered",
    "settle": "find out, by reading only, what happened to writes whose answer was lost",
    "approvers": "say who may sign in to the inbox of an HTTP server and approve there",
    "policy": "show the operator's rules, or explain what they decide about one call",
}

EPILOG = "Every flag has an environment variable, shown in brackets."


class Command(Protocol):
    """The interface of a command's module."""

    SETTINGS: Sequence[str]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def main(self, settings: Settings, arguments: argparse.Namespace) -> int:
        """Run, and return the exit code."""
        ...


def run_command(words: Sequence[str]) -> int:
    """Run the command that `words` name and return its exit code; 2 for a setting that cannot be used."""
    _use_utf8()
    name, rest = _choose_command(list(words))
    # Only the module of this command is imported, to start quickly.
    command = cast("Command", import_module(f"conekta_mcp.cli.{name}"))
    # Intermixed: flags may also stand between the arguments.
    arguments = build_command_parser(name, command).parse_intermixed_args(rest)
    flags = {one: getattr(arguments, one, None) for one in command.SETTINGS}
    try:
        settings = read_settings(_join_lists(flags))
        log_to_stderr(settings.log_level)
        with use_times(settings.timezone, settings.language):
            return command.main(settings, arguments)
    except ConfigurationError as problem:
        print(f"conekta-mcp: {problem}", file=sys.stderr)
        return 2


def build_main_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="conekta-mcp",
        description="Conekta for AI agents: an MCP server and an offline sandbox.",
        epilog=f"conekta-mcp COMMAND --help tells more. {EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"conekta-mcp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, purpose in COMMANDS.items():
        commands.add_parser(name, help=purpose, add_help=False)
    return parser


def build_command_parser(name: str, command: Command) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"conekta-mcp {name}", description=COMMANDS[name].capitalize() + ".", epilog=EPILOG
    )
    command.add_arguments(parser)
    for one in list_settings():
        if one.name in command.SETTINGS and one.metadata["flag"]:
            purpose = f"{one.metadata['help']} [{one.metadata['env']}]"
            if isinstance(one.default, bool):
                # A flag changes the default: one that turns something off is named --no-... in the table.
                action = "store_false" if one.default else "store_true"
                parser.add_argument(
                    one.metadata["flag"], dest=one.name, action=action, default=None, help=purpose
                )
            else:
                many = "append" if isinstance(one.default, tuple) else "store"
                word = one.name.upper().removesuffix("S") if many == "append" else one.name.upper()
                parser.add_argument(
                    one.metadata["flag"], dest=one.name, action=many, metavar=word, help=purpose
                )
    return parser


def _choose_command(words: list[str]) -> tuple[str, list[str]]:
    if words and words[0] in COMMANDS:
        return words[0], words[1:]
    if words and (words[0] in {"-h", "--help", "--version"} or not words[0].startswith("-")):
        build_main_parser().parse_args(words)
    # Flags without a command are flags of serve, which MCP clients start without naming it.
    return "serve", words


def _join_lists(flags: dict[str, object]) -> dict[str, object]:
    return {
        name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in flags.items()
    }


def _use_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        # Windows uses another encoding for pipes, in which Spanish text and the marks of demo fail.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
