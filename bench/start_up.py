"""Times a server from the start of its process to its first answers, with the memory they took."""

import time
from dataclasses import dataclass
from functools import partial

from bench.answers import ROWS
from bench.calls import PATH
from bench.memory import read_peak_kib
from bench.pairs import Comparison, measure_in_turns
from bench.wire import BARE_COMMAND, OUR_COMMAND, SANDBOX_COMMAND, start_conversation

AIM = 1.0
NAMES = {OUR_COMMAND: "serve", SANDBOX_COMMAND: "serve --sandbox"}
ALL_TOOLS_COMMAND = (*OUR_COMMAND, "--toolsets", "all")
OUR_CALL = ("list_customers", {"limit": ROWS})
BARE_CALL = ("conekta", {"method": "GET", "path": PATH})


@dataclass(frozen=True)
class Start:
    """When a server had answered, in ms since its start, and its peak memory by then, in MiB."""

    listed: float
    called: float
    peak: float


def measure_start_up(upstream: str, rounds: int) -> list[Comparison]:
    commands = (OUR_COMMAND, SANDBOX_COMMAND, ALL_TOOLS_COMMAND, BARE_COMMAND)
    measures = [partial(time_start_up, command, upstream) for command in commands]
    measure_in_turns(measures, 1)  # compiles what was not compiled yet
    found = dict(zip(commands, measure_in_turns(measures, rounds), strict=True))
    bare, everything = found.pop(BARE_COMMAND), found.pop(ALL_TOOLS_COMMAND)
    pairs = [(NAMES[command], starts) for command, starts in found.items()]
    listed = [
        Comparison(f"start-up: {name}", "ms", _pick_listed(starts), _pick_listed(bare), AIM)
        for name, starts in pairs
    ]
    called = [
        Comparison(f"start-up and first call: {name}", "ms", _pick_called(starts), _pick_called(bare))
        for name, starts in pairs
    ]
    of_all = Comparison(
        "start-up: all operations listed, against the default",
        "ms",
        _pick_listed(everything),
        _pick_listed(found[OUR_COMMAND]),
    )
    listed.append(of_all)
    if not all(start.peak for start in bare):
        return [*listed, *called]
    return [
        *listed,
        *called,
        *(
            Comparison(f"peak memory: {name}", "MiB", _pick_peaks(starts), _pick_peaks(bare))
            for name, starts in pairs
        ),
    ]


def time_start_up(command: tuple[str, ...], upstream: str) -> Start:
    """Start a server, list its tools and call one; its end is not timed."""
    begin = time.perf_counter()
    with start_conversation(command, upstream) as server:
        server.open_session()
        server.list_tools()
        listed = time.perf_counter()
        server.call_tool(*(BARE_CALL if command == BARE_COMMAND else OUR_CALL))
        called = time.perf_counter()
        return Start((listed - begin) * 1000, (called - begin) * 1000, read_peak_kib(server.pid) / 1024)


def _pick_listed(starts: list[Start]) -> list[float]:
    return [start.listed for start in starts]


def _pick_called(starts: list[Start]) -> list[float]:
    return [start.called for start in starts]


def _pick_peaks(starts: list[Start]) -> list[float]:
    return [start.peak for start in starts]
