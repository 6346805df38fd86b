"""Runs commands in this process as a shell would, and restores logging afterwards."""

import io
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pytest

from conekta_mcp.cli import run_command as run_command
from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int | str | None
    out: str
    err: str


class Run(Protocol):
    """Runs a command; keywords are its environment: `run("doctor", CONEKTA_API_KEY="key_a")`."""

    def __call__(self, *words: str, stdin: str = "", **environment: str) -> Ended: ...


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def conekta() -> Iterator[RunningSandbox]:
    """A Conekta on a port of this machine."""
    with serve_sandbox() as running:
        yield running


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in os.environ:
        if name.startswith("CONEKTA_"):
            monkeypatch.delenv(name)

    def ended(*words: str, stdin: str = "", **environment: str) -> Ended:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            try:
                code: int | str | None = run_command(list(words))
            except SystemExit as end:
                code = end.code
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return ended


@pytest.fixture(autouse=True)
def untouched_logging() -> Iterator[None]:
    """A command sets up the logging of its process; here that process goes on."""
    names = ("", "client", "httpx", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    loggers = [logging.getLogger(name) for name in names]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    yield
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers[:] = handlers
        one.setLevel(level)
        one.propagate = propagate
