"""From the start of a process to its first answers, and the memory that they took."""

import time
from dataclasses import dataclass
from functools import partial

from bench.answers import ROWS
from bench.calls import PATH
from bench.memory import peak_kib
from bench.pairs import Comparison, in_turns
from bench.wire import BARE, OURS, SANDBOX, talking

AIM = 1.0
NAMES = {OURS: "serve", SANDBOX: "serve --sandbox"}
EVERYTHING = (*OURS, "--toolsets", "all")
CALL = ("list_customers", {"limit": ROWS})
BARE_CALL = ("conekta", {"method": "GET", "path": PATH})


@dataclass(frozen=True)
class Start:
    """When a server had answered, in ms since it was started, and the most memory it had by then, in MiB."""

    listed: float
    called: float
    peak: float


def start_up(upstream: str, rounds: int) -> list[Comparison]:
    """Compare our server, without and with sandbox, to the bare one."""
    commands = (OURS, SANDBOX, EVERYTHING, BARE)
    measures = [partial(started, command, upstream) for command in commands]
    in_turns(measures, 1)  # compiles what was not compiled yet
    found = dict(zip(commands, in_turns(measures, rounds), strict=True))
    bare, everything = found.pop(BARE), found.pop(EVERYTHING)
    pairs = [(NAMES[command], starts) for command, starts in found.items()]
    listed = [
        Comparison(f"start-up: {name}", "ms", _listed(starts), _listed(bare), AIM) for name, starts in pairs
    ]
    called = [
        Comparison(f"start-up and first call: {name}", "ms", _called(starts), _called(bare))
        for name, starts in pairs
    ]
    of_all = Comparison(
        "start-up: all operations listed, against the default",
        "ms",
        _listed(everything),
        _listed(found[OURS]),
    )
    listed.append(of_all)
    if not all(start.peak for start in bare):
        return [*listed, *called]
    return [
        *listed,
        *called,
        *(Comparison(f"peak memory: {name}", "MiB", _peaks(starts), _peaks(bare)) for name, starts in pairs),
    ]


def started(command: tuple[str, ...], upstream: str) -> Start:
    """Start a server, list its tools and call one; its ending is not timed."""
    begin = time.perf_counter()
    with talking(command, upstream) as server:
        server.hello()
        server.tools()
        listed = time.perf_counter()
        server.call(*(BARE_CALL if command == BARE else CALL))
        called = time.perf_counter()
        return Start((listed - begin) * 1000, (called - begin) * 1000, peak_kib(server.pid) / 1024)


def _listed(starts: list[Start]) -> list[float]:
    return [start.listed for start in starts]


def _called(starts: list[Start]) -> list[float]:
    return [start.called for start in starts]


def _peaks(starts: list[Start]) -> list[float]:
    return [start.peak for start in starts]
