"""Records a command on a pseudo-terminal, and draws what it printed as SVG."""

import os
import pty
import pwd
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fcntl import ioctl
from hashlib import sha256
from pathlib import Path

from rich.console import Console, RenderableType
from rich.terminal_theme import MONOKAI
from rich.text import Text
from stable_ids import StableIds

from rich._export_format import CONSOLE_SVG_FORMAT  # isort: skip  # the default that loads fonts from a network

COLUMNS, ROWS = 100, 60
OWN = (sys.executable, "-m", "conekta_mcp")
CTRL_C = "\x03"
PATIENCE_SECONDS = 180
HOME = "/home/ana"
COMMAND = f"{HOME}/.local/bin/conekta-mcp"
FONTS = re.compile(r"\s*@font-face \{\{.*?\}\}", re.DOTALL)
FORMAT = FONTS.sub("", CONSOLE_SVG_FORMAT)
"""Rich's own without its fonts, which a reader's browser would ask another host for."""
BEFORE_LAST_RETURN = re.compile(r"^.*\r(?=[^\r\n])", re.MULTILINE)
COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")
CONTROL = re.compile(
    r"\x1b(?:\[[0-9;?<>=]*[A-Za-ln-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>78])|[\x00-\x08\x0b-\x1a\x1c-\x1f]"
)
BREAK = "\u200b"
"""Stands behind each colour while values are looked for: the letter that ends its code is no part of them."""
FINGERPRINT = re.compile(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{16}\b")
MOMENT = re.compile(r"\b\d{1,2} (?P<month>[A-Za-z]{3}) 20\d\d, \d\d:\d\d(?P<seconds>:\d\d)?")
LEFT = re.compile(r"\b\d+ min \d+ s\b")
TOOK = re.compile(r"\b\d+\.\d s\b")


@dataclass(frozen=True)
class Answer:
    """What the person types once they have read something."""

    after: str
    typed: str


@dataclass(frozen=True)
class Terminal:
    """A home of its own, in which commands run as on the computer of somebody named ana."""

    home: Path
    language: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def run_own(self, *words: str, answers: Sequence[Answer] = (), columns: int = COLUMNS) -> str:
        """Run conekta-mcp with a terminal for input and output; return what it showed."""
        person, terminal = pty.openpty()
        ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        process = subprocess.Popen(
            [*OWN, *words],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=self.home,
            env=self._create_environment(columns),
            start_new_session=True,
        )
        os.close(terminal)
        try:
            return _read_all(person, process, list(answers)).replace("\r\n", "\n")
        finally:
            process.kill()
            process.wait()
            os.close(person)

    def run_piped(self, *words: str, errors: bool = False) -> str:
        """Run a command without a terminal, which is how clients print plain lines."""
        done = subprocess.run(
            words,
            cwd=self.home,
            env=self._create_environment(COLUMNS),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors else subprocess.DEVNULL,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return done.stdout

    def _create_environment(self, columns: int) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(self.home),
            "LOGNAME": "ana",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLUMNS": str(columns),
            "SSH_CONNECTION": "127.0.0.1 1 127.0.0.1 22",  # no browser opens
            "CONEKTA_LANGUAGE": self.language,
            **self.environment,
        }


def _read_all(person: int, process: subprocess.Popen[bytes], answers: list[Answer]) -> str:
    seen, mark = b"", 0
    while True:
        if answers and answers[0].after.encode() in seen[mark:]:
            mark = len(seen)
            typed = answers.pop(0).typed
            if typed == CTRL_C:  # no terminal of its session, so no signal would come of the key
                process.send_signal(signal.SIGINT)
            else:
                os.write(person, typed.encode())
        if not select.select([person], [], [], PATIENCE_SECONDS)[0]:
            raise RuntimeError(f"it does not go on: {seen.decode()}")
        try:
            more = os.read(person, 4096)
        except OSError:  # Linux: nobody has the other end open any more
            return seen.decode()
        seen += more


def make_stable(shown: str, name: str, terminal: Terminal) -> str:
    """Replace what differs from run to run and from machine to machine: ids, moments, folders.

    Equal values stay equal. What the command says is not changed otherwise.
    """
    script = str(Path(sys.executable).with_name("conekta-mcp"))
    for found, put in ((script, COMMAND), (str(terminal.home), HOME)):
        shown = shown.replace(found, put)
    shown = shown.replace(f"terminal: {pwd.getpwuid(os.getuid()).pw_name}", "terminal: ana")
    shown = COLOUR.sub(rf"\1{BREAK}", CONTROL.sub("", BEFORE_LAST_RETURN.sub("", shown)))
    shown = LEFT.sub("14 min 58 s", TOOK.sub("3.0 s", shown))
    for pattern, write in ((FINGERPRINT, _number_fingerprints(name)), (MOMENT, _number_moments())):
        shown = pattern.sub(write, shown)
    stable = StableIds(name).replace(shown, "shown")
    return str(stable).replace(BREAK, "")


def _number_fingerprints(name: str) -> Callable[[re.Match[str]], str]:
    found: dict[str, str] = {}
    return lambda match: found.setdefault(
        match.group(), sha256(f"{name}/{len(found)}".encode()).hexdigest()[:16]
    )


def _number_moments() -> Callable[[re.Match[str]], str]:
    count = iter(range(10_000))

    def write(match: re.Match[str]) -> str:
        minute, second = divmod(next(count) * 2, 60)
        month = {"n": "ene", "N": "Jan"}["n" if match["month"].islower() else "N"]
        return f"16 {month} 2026, 12:{minute:02}" + (f":{second:02}" if match["seconds"] else "")

    return write


def draw_recording(shown: str, command: str, title: str, file: Path, columns: int = COLUMNS) -> None:
    """Draw what a command showed, below the line on which it was typed."""
    typed = Text.assemble(("$ ", "bold green"), (command, "bold"), "\n")
    draw_svg(Text.assemble(typed, Text.from_ansi(shown.strip("\n")), "\n"), title, file, columns)


def draw_svg(content: RenderableType, title: str, file: Path, columns: int = COLUMNS) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(
            record=True, width=columns, file=nowhere, force_terminal=True, color_system="truecolor"
        )
        console.print(content)
    svg = console.export_svg(
        title=title, theme=MONOKAI, code_format=FORMAT, unique_id=file.name.split(".")[0]
    )
    file.write_text(svg, encoding="utf-8")
