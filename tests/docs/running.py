"""Runs the commands of a page from top to bottom, in one shell and one folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.blocks import ROOT, Block

PORTS = ("8000", "8080", "8200")
"""The ports that pages name; each run has free ones instead."""
PORT = re.compile(rf"\b(?:{'|'.join(PORTS)})\b")
PROGRAMS = {"python": ("python", "py"), "js": ("node", "mjs"), "php": ("php", "php"), "ruby": ("ruby", "rb")}
"""What runs a block of each language but sh, and the ending of its file."""
RUN_SECONDS = 300
START = """
wait_for_port() {
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.1
  done
  echo "nothing listens on port $1" >&2
  return 1
}
set -e
"""


@dataclass(frozen=True)
class Printed:
    """What a block printed; `code` is None if a block before it failed."""

    code: int | None
    out: str = ""
    err: str = ""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whoever reads a page: somebody who has installed conekta-mcp and has a key."""

    folder: Path
    conekta: str
    """The address that stands for Conekta's."""
    files: Mapping[str, str]
    """What pages told them to save."""
    programs: Mapping[str, str]
    """Where the programs of other languages are."""
    node_modules: Path | None = None
    pythons: Mapping[str, Path] = field(default_factory=dict)
    """The interpreters of environments that blocks name."""

    def run(self, blocks: Sequence[Block]) -> list[Printed]:
        """Run the blocks of a page, and return what each printed."""
        ports = allocate_ports()
        script = self.folder / "page.sh"
        steps = [self._write_step(number, block, ports) for number, block in enumerate(blocks)]
        script.write_text(START + "".join(steps), encoding="utf-8")
        shell = subprocess.Popen(
            ["bash", script],
            cwd=self._create_work_folder(),
            env=self._create_environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            shell.wait(timeout=RUN_SECONDS)
        finally:
            # A server in the background is a child of a subshell, which does not pass a signal on to it.
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
            shell.wait()
        last = int((self.folder / "reached").read_text(encoding="utf-8"))
        codes = [0] * last + [shell.returncode] + [None] * (len(blocks) - last - 1)
        return [self._read_printed(number, code, ports) for number, code in enumerate(codes)]

    def _write_step(self, number: int, block: Block, ports: Mapping[str, str]) -> str:
        text = PORT.sub(lambda port: ports[port.group()], block.text)
        begin = (
            f'\necho {number} > "{self.folder}/reached"\n'
            f'exec > "{self.folder}/{number}.out" 2> "{self.folder}/{number}.err"\n'
        )
        if block.language in PROGRAMS:
            program, suffix = PROGRAMS[block.language]
            if "python" in block.marks:
                program = f'"{self.pythons[block.marks["python"]]}"'
            file = self.folder / f"{number}.{suffix}"
            file.write_text(text + "\n", encoding="utf-8")
            return f'{begin}{program} "{file}"\n'
        if "background" in block.marks:
            port = PORT.search(block.text)
            assert port, f"{block.place}: a server in the background needs --port, to see when it listens"
            return f"{begin}{{\n{text}\n}} &\nwait_for_port {ports[port.group()]}\n"
        wanted = block.marks.get("exits", "0")
        if wanted != "0":
            # Only its last command may end so; set -e does not end the shell for what stands before ||.
            return f"{begin}code=0\n{text} || code=$?\n[ $code = {wanted} ]\n"
        return f"{begin}{text}\n"

    def _create_work_folder(self) -> Path:
        work = self.folder / "work"
        work.mkdir()
        for name, text in self.files.items():
            (work / name).write_text(text + "\n", encoding="utf-8")
        if self.node_modules:
            (self.folder / "node_modules").symlink_to(self.node_modules)
        return work

    def _create_environment(self) -> dict[str, str]:
        home, programs = self.folder / "home", self.folder / "bin"
        for one in (home, programs):
            one.mkdir()
        # A client passes no PYTHONPATH on to the server that it starts.
        ours = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m conekta_mcp "$@"'
        _write_program(programs / "conekta-mcp", ours)
        _write_program(programs / "python", f'exec "{sys.executable}" "$@"')
        # What a command of the Makefile would do: it exists, and the tests do not run themselves.
        make = f'exec "{shutil.which("make")}" --dry-run --directory "{ROOT}" "$@"'
        _write_program(programs / "make", make)
        for name, path in self.programs.items():
            (programs / name).symlink_to(path)
        return {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_STATE_HOME": str(home / ".local" / "state"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "SSH_CONNECTION": "127.0.0.1 1 127.0.0.1 22",  # no browser opens
            "CONEKTA_BASE_URL": self.conekta,
            "CONEKTA_API_KEY": "key_reader",
        }

    def _read_printed(self, number: int, code: int | None, ports: Mapping[str, str]) -> Printed:
        if code is None:
            return Printed(None)
        said = []
        for stream in ("out", "err"):
            text = (self.folder / f"{number}.{stream}").read_text(encoding="utf-8")
            for shown, used in ports.items():
                text = text.replace(f":{used}", f":{shown}")
            said.append(text)
        return Printed(code, *said)


def _write_program(file: Path, line: str) -> None:
    file.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    file.chmod(0o755)


def allocate_ports() -> dict[str, str]:
    """Choose a free port for each that pages name."""
    opened = {name: socket.create_server(("127.0.0.1", 0)) for name in PORTS}
    try:
        return {name: str(one.getsockname()[1]) for name, one in opened.items()}
    finally:
        for one in opened.values():
            one.close()
