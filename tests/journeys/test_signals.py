"""The first SIGINT or SIGTERM ends every mode, also where the system would ignore it."""

import os
import shutil
import signal
import subprocess
import sys

import httpx
import pytest

from tests.journeys.lines import serving_lines
from tests.journeys.processes import COMMAND, child_environment, free_port, listening

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a child without a signal")
both = pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
BOTH_TRANSPORTS = ("serve", "--sandbox", "--transport", "streamable-http,sse")
# A shell starts what runs in its background like this, and the system PID 1 much the same.
IGNORING = (
    sys.executable,
    "-c",
    "import os, signal, sys\n"
    "for one in (signal.SIGINT, signal.SIGTERM): signal.signal(one, signal.SIG_IGN)\n"
    "os.execv(sys.argv[1], sys.argv[1:])",
)
UNSHARE = ("unshare", "--pid", "--fork", "--kill-child")


def can_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def find_child(pid: int) -> int:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return int(children.read().split()[0])


@both
@pytest.mark.parametrize("before", [(), IGNORING], ids=["", "ignored"])
def test_it_ends_stdio(stop: int, code: int, before: tuple[str, ...]) -> None:
    with serving_lines(before=before) as lines:
        lines.process.send_signal(stop)
        assert lines.process.wait(60) == code
        assert lines.process.stderr.read() == b""  # type: ignore[union-attr]  # it is a pipe


@both
@pytest.mark.parametrize(("words", "ready"), [(BOTH_TRANSPORTS, "/healthz"), (("sandbox",), "/")])
def test_it_ends_what_listens(stop: int, code: int, words: tuple[str, ...], ready: str) -> None:
    with listening(*words, ready=ready) as server:
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
    with listening(*BOTH_TRANSPORTS, ready="/healthz") as server:
        with httpx.Client(trust_env=False, timeout=60, headers={"Authorization": "Bearer key_quiet1"}) as http:
            with http.stream("GET", server.url + "/sse") as stream:
                told = stream.iter_lines()
                assert next(told) == "event: endpoint"
                server.process.terminate()
                # Were it cut, the client would raise.
                assert [line for line in told if line.startswith("event")] == []
        assert server.process.wait(60) == 143
        assert server.said().splitlines() == [
            f"conekta-mcp: {server.url}/mcp and {server.url}/sse",
        ]


def test_a_command_that_reads_ends_with_the_code_of_its_signal() -> None:
    with listening("sandbox", ready="/") as conekta:
        httpx.post(
            f"{conekta.url}/_sandbox/faults",
            json={"delay_ms": 60_000},
            headers={"Authorization": "Bearer key_slow"},
            trust_env=False,
        ).raise_for_status()
        process = subprocess.Popen(
            [*COMMAND, "doctor"],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(CONEKTA_API_KEY="key_slow", CONEKTA_BASE_URL=conekta.url),
        )
        assert free_port()
        with httpx.Client(base_url=conekta.url, trust_env=False) as http:
            while not http.get("/_sandbox/requests", headers={"Authorization": "Bearer key_slow"}).json():
                pass
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert (process.returncode, b"Traceback" in said) == (143, False)
