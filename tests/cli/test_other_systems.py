"""Approvals at a terminal on systems without the modules of POSIX, such as Windows."""

import subprocess
import sys

import pytest

from tests.journeys.processes import child_environment

pytestmark = pytest.mark.system

PROGRAM = """
import getpass, io, shutil, sys, tempfile, types
from importlib.machinery import ModuleSpec

import anyio

anyio.run(anyio.sleep, 0)  # asyncio itself is that of this system, and so are shutil and tempfile
sys.platform = "win32"
sys.modules["termios"] = sys.modules["pwd"] = sys.modules["tty"] = None
keys, console = list("yes\\r"), types.ModuleType("msvcrt")
console.__spec__ = ModuleSpec("msvcrt", None)
console.kbhit = lambda: bool(keys)
console.getwch = lambda: keys.pop(0)
sys.modules["msvcrt"] = console
getpass.getpass = lambda prompt: "a passphrase"

from conekta_mcp.cli.approving.answers import read_login_name
from conekta_mcp.cli.terminal import Terminal

sys.stdin = io.StringIO("no\\n")

async def main():
    terminal = Terminal(sys.stdout)
    line = await terminal.ask_line("> ")
    print(repr((line, keys, await terminal.ask_secret("passphrase: "), bool(read_login_name()))))

anyio.run(main)
"""


def test_a_terminal_without_posix_reads_what_is_typed_after_the_question_only() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=child_environment(USERNAME="luis", LOGNAME="luis"),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("('no\\n', [], 'a passphrase', True)\n")
