"""Speaks JSON-RPC over a server's pipes without a client library, whose import would be measured too."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TIMEOUT_SECONDS = 120.0
PROTOCOL = "2025-11-25"
KEY = "key_bench"
OUR_COMMAND = ("-m", "conekta_mcp", "serve")
SANDBOX_COMMAND = (*OUR_COMMAND, "--sandbox")
BARE_COMMAND = ("-m", "bench.bare_server")


@dataclass(frozen=True)
class Reply:
    """A result, its bytes on the wire, and the seconds it took to come."""

    result: dict[str, Any]
    wire_bytes: int
    seconds: float


class Conversation:
    """One client's side of stdio; each request waits for its answer."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to, self._from = process.stdin, process.stdout
        self._last = 0
        self.pid = process.pid

    def open_session(self) -> None:
        client = {"name": "bench", "version": "1"}
        self.send_request(
            "initialize",
            {"protocolVersion": PROTOCOL, "capabilities": {"elicitation": {}}, "clientInfo": client},
        )
        self._write_message({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def list_tools(self) -> Reply:
        return self.send_request("tools/list", {})

    def call_tool(self, tool: str, arguments: Mapping[str, Any]) -> Reply:
        reply = self.send_request("tools/call", {"name": tool, "arguments": arguments})
        if reply.result.get("isError"):
            raise RuntimeError(f"{tool} failed: {reply.result['content']}")
        return reply

    def send_request(self, method: str, params: Mapping[str, Any]) -> Reply:
        """Send a request and wait for its answer; the time ends when its line is there, not yet parsed."""
        self._last += 1
        started = time.perf_counter()
        self._write_message({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params})
        # Notifications may come before the answer.
        while line := self._from.readline():
            seconds = time.perf_counter() - started
            message = json.loads(line)
            if message.get("method") == "elicitation/create":
                self._approve(message["id"])
            elif message.get("id") == self._last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return Reply(message["result"], len(line), seconds)
        raise RuntimeError(f"the server left, or did not answer {method} in time")

    def _approve(self, request_id: int | str) -> None:
        """Answer a question as a person would who takes no time to read it."""
        result = {"action": "accept", "content": {"approve": True}}
        self._write_message({"jsonrpc": "2.0", "id": request_id, "result": result})

    def _write_message(self, message: Mapping[str, Any]) -> None:
        self._to.write(json.dumps(message).encode() + b"\n")
        self._to.flush()


@contextmanager
def start_conversation(arguments: tuple[str, ...], upstream: str) -> Iterator[Conversation]:
    """Start `python ARGUMENTS` and talk to it; the process is ended whatever happens."""
    # A store of its own: the user's may be of another version, and is not ours to write to.
    with tempfile.TemporaryDirectory() as state:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**build_environment(upstream), "XDG_STATE_HOME": state},
        )
        with end_process(process):
            yield Conversation(process)


def build_environment(upstream: str) -> dict[str, str]:
    """Return a server's variables: none of the caller's settings, and modules stay compiled."""
    given = {"CONEKTA_API_KEY": KEY, "CONEKTA_BASE_URL": upstream, "UPSTREAM": upstream}
    unwanted = ("CONEKTA_", "PYTHONDONTWRITEBYTECODE")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(unwanted)}, **given}


@contextmanager
def end_process(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End `process` after the block, or kill it after TIMEOUT_SECONDS."""
    watch = threading.Timer(TIMEOUT_SECONDS, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
