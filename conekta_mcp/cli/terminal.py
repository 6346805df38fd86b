"""A terminal of a person: output is cleaned, and waiting for a line can be cancelled."""

import getpass
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TextIO

import anyio
import anyio.to_thread

from conekta_mcp.privacy.untrusted_text import clean_text

LINE_BYTES = 4096
"""The longest line that a terminal returns."""


class Terminal:
    """A person's terminal: `screen` shows output, standard input is read."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen

    def show(self, text: str, end: str = "\n") -> None:
        """Print `text` without control characters: names may contain escape sequences."""
        print("\n".join(map(clean_text, text.split("\n"))), end=end, file=self._screen, flush=True)

    async def ask_line(self, prompt: str) -> str | None:
        """Print `prompt` and return the typed line; None at the end of input."""
        _drop_typed_ahead()
        self.show(prompt, end="")
        return await _read_line()

    async def ask_secret(self, prompt: str) -> str | None:
        """Return a line that is typed without echo."""
        termios = load_module("termios")
        if termios is None:
            return await anyio.to_thread.run_sync(getpass.getpass, prompt, abandon_on_cancel=True)
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        hidden = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
        try:
            termios.tcsetattr(number, termios.TCSAFLUSH, hidden)
            self.show(prompt, end="")
            return await _read_line()
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)
            self.show("")


def open_terminal(screen: TextIO) -> Terminal | None:
    """Return the terminal of this process; None if input or screen is a pipe or a file."""
    return Terminal(screen) if sys.stdin.isatty() and screen.isatty() else None


def load_module(name: str) -> Any:
    """Return a module of the standard library; None on systems that do not have it."""
    return import_module(name) if find_spec(name) else None


async def _read_line() -> str | None:
    if sys.platform == "win32":
        typed = await anyio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)
        return typed or None
    # Not in a thread, which could not be cancelled and would take the next line.
    await anyio.wait_readable(sys.stdin)
    typed = os.read(sys.stdin.fileno(), LINE_BYTES)
    return typed.decode(errors="replace").rstrip("\r\n") if typed else None


def _drop_typed_ahead() -> None:
    """Discard what was typed before the question was shown, even half a line."""
    if termios := load_module("termios"):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    elif console := load_module("msvcrt"):
        while console.kbhit():
            console.getwch()
