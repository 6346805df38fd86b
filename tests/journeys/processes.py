"""Our own command as real processes: an environment without our variables, and a server on a free port."""

import functools
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
from mcp import StdioServerParameters

import conekta_mcp
from tests.journeys.warm import get_warm_command

COMMAND = [sys.executable, "-m", "conekta_mcp"]
START_SECONDS = 120
STOP_SECONDS = 60


def child_environment(**ours: str) -> dict[str, str]:
    """The environment of a child: no setting of ours but those given, and the package that is tested here."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONEKTA_")}
    paths = [str(Path(conekta_mcp.__file__).parents[1])]
    paths += [
        str(Path(part).absolute()) for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part
    ]
    return {**inherited, "PYTHONPATH": os.pathsep.join(paths), **ours}


def stdio_server(*flags: str, **environment: str) -> StdioServerParameters:
    """How a client starts the server over stdio."""
    child = child_environment(**environment)
    command = get_warm_command(child) or COMMAND
    return StdioServerParameters(command=command[0], args=[*command[1:], "serve", *flags], env=child)


def finished(
    *words: str, stdin: str = "", seconds: float = 180, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, as it was when it ended."""
    return subprocess.run(
        [*COMMAND, *words],
        input=stdin,
        env=child_environment(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


@dataclass(frozen=True)
class Listening:
    """A process that answers at `url`; `said` is what it wrote so far, stdout and stderr together."""

    url: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]

    def said(self) -> str:
        self.output.seek(0)
        return self.output.read().decode()


@contextmanager
def listening(*words: str, ready: str, cold: bool = False, **environment: str) -> Iterator[Listening]:
    """Our command with `--port`, once GET `ready` is answered; ended by its own handle.

    A `cold` one is started as users start it, for tests of how a process starts and ends.
    """
    child = child_environment(**environment)
    command = COMMAND if cold else get_warm_command(child) or COMMAND
    with tempfile.TemporaryFile() as output:
        running = started([*command, *words], output, child, ready)
        try:
            yield running
        finally:
            running.process.terminate()
            try:
                running.process.wait(STOP_SECONDS)
            finally:
                running.process.kill()
                running.process.wait(STOP_SECONDS)


cold_listening = functools.partial(listening, cold=True)


def started(command: list[str], output: IO[bytes], environment: dict[str, str], ready: str) -> Listening:
    """Another process may take the free port before ours does: it then gets another one."""
    for _ in range(3):
        port = free_port()
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        running = Listening(f"http://127.0.0.1:{port}", process, output)
        if answers(running, ready):
            return running
        process.kill()
        process.wait(STOP_SECONDS)
    raise AssertionError(f"{command} did not start:\n{running.said()}")


def answers(running: Listening, path: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        while running.process.poll() is None and time.monotonic() < deadline:
            try:
                client.get(path)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return running.process.poll() is None
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
