"""Many calls at once through the real server process over streamable HTTP, with a slow upstream."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.memory import read_peak_kib
from bench.upstream import run_upstream
from bench.wire import OUR_COMMAND, ROOT, build_environment, end_process

CALLERS = (16, 64, 256, 1000)
SLOW_SECONDS = 0.2
START_SECONDS = 60.0
GOALS = {256: "450/s, 0.6 s", 1000: "as 256, 200 MB"}


@dataclass(frozen=True)
class InFlight:
    """What so many callers got."""

    callers: int
    per_second: float
    median: float
    peak_mib: float
    processor_ms: float
    """Milliseconds of the processor that the server used for one call."""


def measure_in_flight(seconds: float) -> list[InFlight]:
    found = []
    for callers in CALLERS:
        # A process for each, so that the peak memory is of so many callers.
        with run_upstream(SLOW_SECONDS) as upstream, run_server(upstream) as (port, pid):
            before = read_processor_seconds(pid)
            told = run_callers(port, callers, seconds)
            # Each caller made one call that is not counted.
            used = (read_processor_seconds(pid) - before) * 1000 / (told["calls"] + callers)
            rate = told["calls"] / told["seconds"]
            found.append(InFlight(callers, rate, told["median"], read_peak_kib(pid) / 1024, used))
    return found


@contextmanager
def run_server(upstream: str) -> Iterator[tuple[int, int]]:
    """Serve with the default bounds; return port and process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        words = ("--transport", "streamable-http", "--port", str(port), "--store", f"{folder}/store.db")
        process = subprocess.Popen(
            [sys.executable, *OUR_COMMAND, *words],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=build_environment(upstream),
        )
        with end_process(process):
            wait_for_port(port)
            yield port, process.pid
            process.terminate()


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def run_callers(port: int, callers: int, seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.latency.callers", str(port), str(callers), str(seconds)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if ended.returncode:
        raise RuntimeError(f"{callers} callers: {ended.stderr[-800:]}")
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def read_processor_seconds(pid: int) -> float:
    """Return user and system time of a process; 0 where there is no /proc."""
    try:
        with open(f"/proc/{pid}/schedstat") as file:  # noqa: PTH123 - not a path to work with
            return int(file.read().split()[0]) / 1e9
    except OSError:
        return 0.0


def write_in_flight(found: list[InFlight]) -> str:
    first = found[0]
    title = "in flight: list_customers over streamable HTTP; the upstream answers after 200 ms"
    names = ("callers", "calls/s", "of 16", "median s", "of 16", "peak MiB", "of 16", "ms of CPU")
    widths = (8, 10, 8, 10, 8, 10, 8, 11)
    head = "".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    lines = [title, f"  {head}  goal"]
    return "\n".join([*lines, *(_write_row(one, first) for one in found)])


def _write_row(one: InFlight, first: InFlight) -> str:
    return (
        f"  {one.callers:>8}{one.per_second:>10.0f}{one.per_second / first.per_second:>8.2f}"
        f"{one.median:>10.2f}{one.median / first.median:>8.2f}"
        f"{one.peak_mib:>10.0f}{one.peak_mib / (first.peak_mib or 1):>8.2f}"
        f"{one.processor_ms:>11.2f}  {GOALS.get(one.callers, '')}"
    )
