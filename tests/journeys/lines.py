"""A server over stdio, and a client that writes any bytes and sees every line."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

from tests.journeys.processes import COMMAND, STOP_SECONDS, child_environment

INITIALIZE: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "lines", "version": "1"},
    },
}


@dataclass(frozen=True)
class Lines:
    process: subprocess.Popen[bytes]

    def send(self, line: bytes) -> None:
        pipe: IO[bytes] = self.process.stdin  # type: ignore[assignment]  # it is a pipe
        pipe.write(line + b"\n")
        pipe.flush()

    def receive(self) -> dict[str, Any]:
        pipe: IO[bytes] = self.process.stdout  # type: ignore[assignment]  # it is a pipe
        answer: dict[str, Any] = json.loads(pipe.readline())
        return answer

    def ask(self, line: bytes) -> dict[str, Any]:
        self.send(line)
        return self.receive()


@contextmanager
def serving_lines(
    *flags: str, before: tuple[str, ...] = (), mark: bytes = b"", **capabilities: Any
) -> Iterator[Lines]:
    """A server that has answered `initialize`; `mark` comes before everything."""
    process = subprocess.Popen(
        [*before, *COMMAND, "serve", "--sandbox", *flags],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(),
    )
    lines = Lines(process)
    try:
        params = {**INITIALIZE["params"], "capabilities": capabilities}
        assert lines.ask(mark + json.dumps({**INITIALIZE, "params": params}).encode())["id"] == 0
        lines.send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        yield lines
    finally:
        process.kill()
        process.wait(STOP_SECONDS)
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(BrokenPipeError):  # what was not sent to a server that has ended
                pipe.close()  # type: ignore[union-attr]  # each is a pipe
