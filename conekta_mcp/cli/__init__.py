"""The command line: one module per command; without a command it serves."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

from conekta_mcp.cli.parser import (
    COMMANDS,
    HELP_FLAGS,
    Command,
    build_command_parser,
    choose_command,
    choose_help_language,
)
from conekta_mcp.cli.starting.stderr_log import log_to_stderr
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.results.times import use_times
from conekta_mcp.settings import read_settings

__all__ = ["COMMANDS", "run_command"]
BROKEN_PIPE = 141
"""The exit code that shells report after SIGPIPE, for example with `| head`."""
INTERRUPTED = 130


def run_command(words: Sequence[str]) -> int:
    """Run the command in `words` and return its exit code; 2 for a setting that cannot be used."""
    _open_closed_streams()
    _use_utf8()
    try:
        try:
            return _run_chosen_command(list(words))
        finally:
            # Flushed here, where a closed pipe is handled, and not at the interpreter's exit.
            if not sys.stdout.closed:
                sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except OSError as problem:  # a full disk, or an output that the shell closed
        _drop_output()
        print(f"conekta-mcp: {_speak(f'stdout: {_describe_os_error(problem)}', words)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _run_chosen_command(words: list[str]) -> int:
    try:
        if not words and sys.stdin is not None and sys.stdin.isatty():
            from conekta_mcp.cli.starting.greeting import greet

            return greet(read_settings().language)
        name, rest = choose_command(words)
        # Only the module of this command is imported, to start quickly.
        command = cast("Command", import_module(f"conekta_mcp.cli.commands.{name}"))
        wants_help = not HELP_FLAGS.isdisjoint(rest)
        parser = build_command_parser(name, command, choose_help_language(rest), for_help=wants_help)
        # Intermixed: flags may also stand between the arguments.
        arguments = parser.parse_intermixed_args(rest)
        try:
            return _run_with_settings(command, arguments)
        except ExceptionGroup as group:
            raise _find_output_error(group) from None
    except ConfigurationError as problem:
        print(f"conekta-mcp: {_speak(str(problem), words)}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except OSError as problem:
        print(f"conekta-mcp: {_speak(_describe_os_error(problem), words)}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # stdout itself cannot be written, as the line above says
            _drop_output()
        return 1


def _speak(text: str, words: Sequence[str]) -> str:
    """Return the error in the language of the flags or variables, because the settings may be wrong."""
    if choose_help_language(words) != "es":
        return text
    from conekta_mcp.cli.spanish.refusals import translate_refusal  # only where something is wrong

    return translate_refusal(text)


def _run_with_settings(command: Command, arguments: argparse.Namespace) -> int:
    flags = {one: getattr(arguments, one, None) for one in command.SETTINGS}
    settings = read_settings(_join_lists(flags))
    log_to_stderr(settings.log_level, settings.timezone)
    with use_times(settings.timezone, settings.language):
        return command.main(settings, arguments)


def _find_output_error(group: ExceptionGroup[Exception]) -> Exception:
    """Return the output error in a group (a closed pipe, a full disk); else the group itself."""
    if group.split(OSError)[1] is not None:
        return group
    problem: Exception = group
    while isinstance(problem, ExceptionGroup):
        problem = problem.exceptions[0]
    return problem


def _describe_os_error(problem: OSError) -> str:
    reason = problem.strerror or str(problem) or type(problem).__name__
    return f"{problem.filename}: {reason}" if problem.filename else reason


def _drop_output() -> None:
    """Redirect the remaining output to the null device; else the interpreter would fail at its exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream without a file
        return


def _join_lists(flags: dict[str, object]) -> dict[str, object]:
    return {
        name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in flags.items()
    }


def _open_closed_streams() -> None:
    """Replace streams that the shell closed, so that no file gets their numbers.

    Reading finds nothing, writing an answer fails, and messages for people are dropped.
    """
    for name, mode, way in (
        ("stdin", "r", os.O_RDONLY),
        ("stdout", "w", os.O_RDONLY),
        ("stderr", "w", os.O_WRONLY),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, way), mode, closefd=False))


def _use_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        # Windows uses another encoding for pipes, in which Spanish text and the marks of demo fail.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
