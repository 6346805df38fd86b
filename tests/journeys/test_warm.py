"""What stands for our command in journeys behaves as that command does."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.processes import COMMAND, child_environment
from tests.journeys.warm import get_warm_command

pytestmark = pytest.mark.system

ENDED = (
    ("--version",),
    ("serve", "--transport", "sse", "--port", "many"),
    ("call", "get_customer", '{"customer_id": "cus_1"}'),
    ("call", "list_customers", "{}", "--sandbox", "--store", "memory", "--audit", "kept.jsonl"),
)
"""They end well, with a refusal, with an answer that is an error, and after writing in their folder."""


def command(environment: dict[str, str]) -> list[str]:
    return get_warm_command(environment) or COMMAND


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over HTTP on a port that is free, and the line in which it says which."""
    environment = child_environment()
    words = ("serve", "--sandbox", "--store", "memory", "--transport", "sse", "--port", "0")
    with subprocess.Popen(
        [*command(environment), *words], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            yield process, process.stderr.readline()
        finally:
            process.kill()


def is_listening(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("words", ENDED, ids=lambda words: words[0])
def test_it_says_and_keeps_the_same_and_ends_alike(words: tuple[str, ...], tmp_path: Path) -> None:
    seen = []
    for name, which in (("cold", lambda _: COMMAND), ("warm", command)):
        folder = tmp_path / name
        folder.mkdir()
        environment = child_environment(CONEKTA_LANGUAGE="en", CONEKTA_API_KEY="")
        ended = subprocess.run(
            [*which(environment), *words], cwd=folder, env=environment, capture_output=True, timeout=120,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        kept = sorted(path.name for path in folder.iterdir())
        seen.append((ended.returncode, ended.stdout, ended.stderr, kept))
    assert seen[0] == seen[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a child without a signal")
@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_reaches_it(stop: int, code: int, tmp_path: Path) -> None:
    with serving(tmp_path) as (process, _):
        process.send_signal(stop)
        assert process.wait(60) == code


def test_it_is_gone_when_what_stands_for_it_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, said):
        port = int(said.rpartition(":")[2].partition("/")[0])
        while not is_listening(port):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait(60)
        until = time.monotonic() + 60
        while is_listening(port):
            assert time.monotonic() < until
            time.sleep(0.02)
