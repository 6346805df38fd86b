"""The parsers of the command line: one-line errors, help in groups and in both languages."""

import argparse
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import Field
from typing import Any, NoReturn, Protocol

from conekta_mcp import __version__
from conekta_mcp.redaction import redact
from conekta_mcp.settings import Settings
from conekta_mcp.settings.reading import list_settings

COMMANDS = {
    "serve": "serve MCP over stdio (default), SSE or streamable HTTP",
    "listen": "take Conekta's webhooks for servers over stdio that share the store",
    "demo": "run the recurring-CLABE journey against the sandbox and print each step",
    "tour": "play a quarter hour on the sandbox: bill, say yes, pay, refund, be refused, read the audit",
    "install": "set up an MCP client, such as Claude Desktop or VS Code, to start this server",
    "uninstall": "remove this server from an MCP client",
    "login": "check a private key and keep it in the system keyring",
    "logout": "remove the key that login kept",
    "whoami": "say whose the keys at hand are, and whether they are live",
    "tools": "list the tools with risk, endpoint and size",
    "call": "call one tool and print its answer",
    "doctor": "check key, connection, versions and safeguards, and say what to fix",
    "sandbox": "run the offline Conekta as an HTTP server for any SDK, or let something happen in it",
    "approvals": "show the questions that wait for a person, and answer them on a terminal",
    "audit": "read the record of writes and refusals, filtered",
    "logs": "print writes, refusals and errors a line each, and as they come with --follow",
    "settle": "find out, by reading only, what happened to writes whose answer was lost",
    "approvers": "say who may sign in to the inbox of an HTTP server and approve there",
    "policy": "show the operator's rules, or explain what they decide about one call",
    "completion": "print a script that completes commands, flags and values in bash, zsh or fish",
}

EPILOG = "Every flag has an environment variable, shown in brackets."
MAIN = {
    "description": "Conekta for AI agents: an MCP server and an offline sandbox.",
    "command": "COMMAND",
    "commands": "commands",
    "options": "options",
    "help": "show this help message and exit",
    "version": "show the version and exit",
    "epilog": f"conekta-mcp COMMAND --help tells more. {EPILOG}",
}
HELP_FLAGS = frozenset({"-h", "--help"})
INVALID_CHOICE = re.compile(r"invalid choice: '([^']*)'")
UNKNOWN = "unrecognized arguments: "


class Command(Protocol):
    """The interface of a command's module."""

    SETTINGS: Sequence[str]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def main(self, settings: Settings, arguments: argparse.Namespace) -> int:
        """Run, and return the exit code."""
        ...


class LineParser(argparse.ArgumentParser):
    """Reports an error in one line with a suggestion; accepts no abbreviated flags."""

    language = "en"
    """The language of errors."""

    def __init__(self, **given: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=ParagraphFormatter, **given)

    def error(self, message: str) -> NoReturn:
        if message.startswith(UNKNOWN):
            message = UNKNOWN + " ".join(list_unknown(message.removeprefix(UNKNOWN).split(" ")))
        hint = self._find_hint(message)
        # A key or a card number may stand where no argument is expected.
        told = redact(message) + hint
        if self.language == "es":
            from conekta_mcp.cli.spanish.parser_errors import translate  # only where something is wrong

            told = translate(told)
        self.exit(2, f"{self.prog}: {told} ({self.prog} --help)\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse's own passes over what cannot be written.
        print(message, end="", file=file or sys.stderr)

    def _find_hint(self, message: str) -> str:
        """Return what was probably meant: a flag, a command, a value, or a variable that has no flag."""
        near = None
        if message.startswith(UNKNOWN):
            wrong = message.removeprefix(UNKNOWN).split(" ")[0]
            for one in list_settings():
                if not one.metadata["flag"] and wrong == f"--{one.name.replace('_', '-')}":
                    return f"; others see what is in a command line: set {one.metadata['env']}"
            known = [flag for action in self._actions for flag in action.option_strings]
            near = find_near(wrong, known) if wrong.startswith("-") else None
        elif found := INVALID_CHOICE.search(message):
            choices = [str(choice) for action in self._actions for choice in action.choices or ()]
            # A word that belongs to a later argument is spelled right.
            near = None if found[1] in choices else find_near(found[1], choices)
        return f"; did you mean {near}?" if near else ""


def list_unknown(words: Sequence[str]) -> Iterator[str]:
    """Yield unknown flags without their values, which may be secrets, and the words before them."""
    is_value = False
    for word in words:
        if word.startswith("-"):
            is_value = True
            yield word.partition("=")[0]
        elif not is_value:
            yield word


class ParagraphFormatter(argparse.HelpFormatter):
    """Wraps each paragraph separately, and keeps indented lines as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (
            line if line.startswith(" ") else textwrap.fill(line, width, subsequent_indent=indent)
            for line in text.splitlines()
        )
        return "\n".join(indent + line for line in lines)

    def _split_lines(self, text: str, width: int) -> list[str]:
        # Names such as memory-store and --read-only stay whole.
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class SpanishFormatter(ParagraphFormatter):
    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None) -> str:
        return super()._format_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


def find_near(wrong: str, known: Iterable[str]) -> str | None:
    import difflib  # only where something is wrong

    known = list(known)
    begun = [one for one in known if one.startswith(wrong)]  # such as claude-desktop and claude-code
    near = begun if 2 <= len(begun) <= 3 else difflib.get_close_matches(wrong, known, n=1)
    return ", ".join(near) or None


LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables with the language of the system, such as es_MX.UTF-8; the first one set is used."""


def choose_help_language(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of help, from flag, variable or system; settings are not read yet."""
    system = next((environment[name] for name in LOCALES if environment.get(name)), "")
    named = environment.get("CONEKTA_LANGUAGE") or system.partition("_")[0]
    for place, word in enumerate(words):
        if word.startswith("--language"):
            # Without a value, the error that says so is in the language of the environment.
            named = word.partition("=")[2] or next(iter(words[place + 1 :]), named)
    return "es" if named == "es" else "en"


def build_main_parser(language: str = "en") -> argparse.ArgumentParser:
    purposes, words = COMMANDS, MAIN
    if language == "es":
        from conekta_mcp.cli.spanish import help_texts as spanish_help

        purposes, words = spanish_help.PURPOSES, spanish_help.MAIN
    parser = LineParser(prog="conekta-mcp", description=words["description"], epilog=words["epilog"])
    parser.language = language
    if language == "es":
        parser.formatter_class = SpanishFormatter
    parser._optionals.title, parser._actions[0].help = words["options"], words["help"]
    parser.add_argument(
        "--version", action="version", version=f"conekta-mcp {__version__}", help=words["version"]
    )
    commands = parser.add_subparsers(dest="command", metavar=words["command"], title=words["commands"])
    for name, purpose in purposes.items():
        commands.add_parser(name, help=purpose, add_help=False)
    return parser


def build_command_parser(
    name: str, command: Command, language: str = "en", *, for_help: bool = True
) -> argparse.ArgumentParser:
    """Return the parser of a command; examples and Spanish texts only with `for_help`."""
    purpose = COMMANDS[name]
    parser = LineParser(
        prog=f"conekta-mcp {name}", description=f"{purpose[0].upper()}{purpose[1:]}.", epilog=EPILOG
    )
    parser.language = language
    command.add_arguments(parser)
    words = load_words(language) if for_help else None
    for group, settings in group_settings(command.SETTINGS):
        place = parser.add_argument_group(words.title_group(group) if words else group)
        for one in settings:
            add_setting(place, one, words.describe_setting(one) if words else one.metadata["help"])
    if words:
        words.complete(parser, name)
        if language == "es":
            parser.formatter_class = SpanishFormatter
    return parser


def load_words(language: str) -> Any:
    from conekta_mcp.cli.spanish.help_words import HelpWords

    return HelpWords(language)


def group_settings(names: Sequence[str]) -> Iterator[tuple[str, list[Field[Any]]]]:
    """Yield the settings of `names` with a flag, by group."""
    groups: dict[str, list[Field[Any]]] = {}
    for one in list_settings():
        if one.name in names and one.metadata["flag"]:
            groups.setdefault(one.metadata["group"].value, []).append(one)
    yield from groups.items()


def add_setting(place: "argparse._ArgumentGroup", one: Field[Any], purpose: str) -> None:
    flag, name = one.metadata["flag"], one.name
    if isinstance(one.default, bool):
        # A flag changes the default: one that turns something off is named --no-... in the table.
        action = "store_false" if one.default else "store_true"
        place.add_argument(flag, dest=name, action=action, default=None, help=purpose)
        return
    many = "append" if isinstance(one.default, tuple) else "store"
    word = name.upper().removesuffix("S") if many == "append" else name.upper()
    place.add_argument(flag, dest=name, action=many, metavar=word, help=purpose)


def choose_command(words: list[str]) -> tuple[str, list[str]]:
    if words and words[0] in COMMANDS:
        return words[0], words[1:]
    if words and (words[0] in HELP_FLAGS | {"--version"} or not words[0].startswith("-")):
        build_main_parser(choose_help_language(words)).parse_args(words[:1])
    # Flags without a command are flags of serve, which MCP clients start without naming it.
    return "serve", words


def build_number_parser(expected: str) -> Callable[[str], int]:
    """Return a parser of integers, whose error says what was `expected` and not what came."""

    def parse_number(text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise argparse.ArgumentTypeError(expected)
        return int(text)

    return parse_number
