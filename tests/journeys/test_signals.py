"""The first SIGINT, SIGTERM or SIGHUP ends every mode, the first two also where the system ignores them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.lines import serving_lines
from tests.journeys.processes import COMMAND, child_environment, cold_listening, finished

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a child without a signal"),
]
both = pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
HANGUP = getattr(signal, "SIGHUP", 1)
of_each_signal = pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (HANGUP, 129)]
)


@pytest.fixture(autouse=True)
def hangups_are_taken() -> Iterator[None]:
    """Let processes that a test starts take SIGHUP, also where these tests run under nohup."""
    before = signal.signal(HANGUP, signal.SIG_DFL)
    yield
    signal.signal(HANGUP, before)


BOTH_TRANSPORTS = ("serve", "--sandbox", "--transport", "streamable-http,sse")
# A shell starts what runs in its background like this, and the system PID 1 much the same.
IGNORING_CODE = """
import os, signal, sys
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
"""
IGNORING = (sys.executable, "-c", IGNORING_CODE)
UNSHARE = ("unshare", "--pid", "--fork", "--kill-child")


def can_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def find_child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()[0])


@both
@pytest.mark.parametrize("before", [(), IGNORING], ids=["", "ignored"])
def test_it_ends_stdio(stop: int, code: int, before: tuple[str, ...]) -> None:
    with serving_lines(before=before) as lines:
        lines.process.send_signal(stop)
        assert lines.process.wait(60) == code
        assert lines.process.stderr.read() == b""  # type: ignore[union-attr]  # it is a pipe


BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
CUSTOMER = {"name": "create_customer", "arguments": BUYER}


def test_a_closed_terminal_ends_stdio_tidily(tmp_path: Path) -> None:
    audit = ("--audit", str(tmp_path / "audit.jsonl"))
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": CUSTOMER}
    with serving_lines(*audit, "--store", str(tmp_path / "store.db")) as lines:
        assert not lines.ask(json.dumps(call).encode())["result"].get("isError")
        lines.process.send_signal(HANGUP)
        assert lines.process.wait(60) == 129
        assert lines.process.stderr.read() == b""  # type: ignore[union-attr]  # it is a pipe
    assert finished("audit", "--verify", *audit).returncode == 0
    kept = finished("audit", "--json", *audit).stdout
    assert [json.loads(line)["event"] for line in kept.splitlines()] == ["intent", "result"]


def test_a_question_outlives_the_terminal_that_is_closed(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "store.db"))
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": CUSTOMER}
    flags = (*store, "--confirm", "writes", "--approval-channels", "terminal,preview")
    with serving_lines(*flags) as lines:
        lines.send(json.dumps(call).encode())
        assert lines.receive()["result"]["isError"]
        lines.process.send_signal(HANGUP)
        assert lines.process.wait(60) == 129
    assert "create_customer" in finished("approvals", "--json", *store).stdout


def test_what_nohup_started_outlives_its_terminal() -> None:
    with serving_lines(before=("nohup",)) as lines:
        lines.process.send_signal(HANGUP)
        assert lines.ask(b'{"jsonrpc":"2.0","id":1,"method":"ping"}')["result"] == {}
        lines.process.terminate()
        assert lines.process.wait(60) == 143


@of_each_signal
@pytest.mark.parametrize(("words", "ready"), [(BOTH_TRANSPORTS, "/healthz"), (("sandbox",), "/")])
def test_it_ends_what_listens(stop: int, code: int, words: tuple[str, ...], ready: str) -> None:
    with cold_listening(*words, ready=ready) as server:
        server.process.send_signal(stop)
        assert server.process.wait(60) == code
        assert "Traceback" not in server.said()


def test_as_the_first_process_of_a_container_it_ends_too() -> None:
    if not can_unshare():  # the tests that ignore signals show the same
        return
    with serving_lines(before=UNSHARE) as lines:
        os.kill(find_child(lines.process.pid), signal.SIGTERM)
        assert lines.process.wait(60) == 143


def test_an_open_stream_ends_in_silence() -> None:
    with cold_listening(*BOTH_TRANSPORTS, ready="/healthz") as server:
        with (
            httpx.Client(trust_env=False, timeout=60, headers={"Authorization": "Bearer key_quiet1"}) as http,
            http.stream("GET", server.url + "/sse") as stream,
        ):
            told = stream.iter_lines()
            assert next(told) == "event: endpoint"
            server.process.terminate()
            # Were it cut, the client would raise.
            assert [line for line in told if line.startswith("event")] == []
        assert server.process.wait(60) == 143
        assert server.said().splitlines() == [
            f"conekta-mcp: {server.url}/mcp and {server.url}/sse",
        ]


@of_each_signal
def test_a_command_that_waits_for_conekta_ends_too(stop: int, code: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = subprocess.Popen(
            [*COMMAND, "doctor"],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(CONEKTA_API_KEY="key_slow", CONEKTA_BASE_URL=address),
        )
        asking, _ = silent.accept()
        with asking:
            process.send_signal(stop)
            _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (code, b"")


def test_behind_a_prefix_an_sse_stream_names_the_address_outside() -> None:
    words = (*BOTH_TRANSPORTS, "--root-path", "/shop")
    key = {"Authorization": "Bearer key_sse1"}
    with (
        cold_listening(*words, ready="/healthz") as server,
        httpx.Client(trust_env=False, timeout=60, headers=key) as http,
    ):
        for path in ("/sse", "/shop/sse"):
            with http.stream("GET", server.url + path) as stream:
                told = stream.iter_lines()
                found = [next(told), next(told)[:33]]
            assert found == ["event: endpoint", "data: /shop/messages/?session_id="]


SITE = """
import os, signal, sys

class Stopping:
    def find_spec(self, name, path=None, target=None):
        if name == "conekta_mcp.app":
            exec("os.kill(os.getpid(), signal.SIGTERM); sorted(range(9))")

sys.meta_path.insert(0, Stopping())
"""
"""Terminates the process in the text that an import executes, as dataclasses do."""


def run_with(site: str, folder: Path, *words: str) -> tuple[int, bytes]:
    """Run a command in which `site` runs first; return its exit code and what it said of errors."""
    (folder / "sitecustomize.py").write_text(site)
    found = os.pathsep.join([str(folder), *filter(None, sys.path)])
    ended = subprocess.run(
        [sys.executable, "-m", "conekta_mcp", *words],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        env={**child_environment(), "PYTHONPATH": found},
    )  # fmt: skip
    return ended.returncode, ended.stderr


def test_a_termination_in_the_midst_of_imports_is_one(tmp_path: Path) -> None:
    assert run_with(SITE, tmp_path, "serve", "--sandbox") == (128 + signal.SIGTERM, b"")


SWALLOWED = """
import os, sys

class Stopping:
    def find_spec(self, name, path=None, target=None):
        if name == "conekta_mcp.app":
            try:
                os.kill(os.getpid(), {number})
                sorted(range(9))
            except BaseException as stopped:
                raise ValueError(f"Error building a validator: {{type(stopped).__name__}}") from None

sys.meta_path.insert(0, Stopping())
"""
"""Stops the process while a model is built, which makes an exception of the model's out of that."""


@of_each_signal
def test_a_signal_that_something_else_made_its_own_failure_ends_it(
    stop: int, code: int, tmp_path: Path
) -> None:
    assert run_with(SWALLOWED.format(number=int(stop)), tmp_path, "serve", "--sandbox") == (code, b"")


AT_THE_END = """
import os, signal, threading

threading._register_atexit(lambda: (os.kill(os.getpid(), signal.SIGTERM), sorted(range(9))))
"""
"""Terminates the process while the interpreter waits for its last threads."""


def test_a_second_termination_while_it_ends_is_silent(tmp_path: Path) -> None:
    assert run_with(AT_THE_END, tmp_path, "policy", "show") == (-signal.SIGTERM, b"")
