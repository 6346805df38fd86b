"""Measures and reports; not a test: the exit code is 0 whether or not the aims are met."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict

from bench.calls import measure_calls
from bench.latency.in_flight import measure_in_flight, write_in_flight
from bench.latency.round_trips import measure_round_trips, write_round_trips
from bench.report import as_json as to_json
from bench.report import as_text
from bench.sizes import measure_sizes
from bench.start_up import measure_start_up
from bench.upstream import run_upstream


def main() -> None:
    arguments = build_parser().parse_args()
    chosen = arguments.group or GROUPS
    for group in chosen:
        try:
            MEASURES[group](quick=arguments.quick, as_json=arguments.json)
        except (RuntimeError, OSError) as problem:
            print(f"bench: {group} not measured: {problem}", file=sys.stderr)


def report_basics(*, quick: bool, as_json: bool) -> None:
    starts, called = (5, 60) if quick else (21, 400)
    with run_upstream() as upstream:
        weighed, tools = measure_sizes(upstream)
        compared = [*measure_start_up(upstream, starts), *measure_calls(upstream, called), *weighed]
    print(to_json(compared, tools) if as_json else as_text(compared, tools))


def report_round_trips(*, quick: bool, as_json: bool) -> None:
    found = measure_round_trips(*((5, 1) if quick else (40, 5)))
    print(json.dumps([asdict(one) for one in found]) if as_json else write_round_trips(found))


def report_in_flight(*, quick: bool, as_json: bool) -> None:
    found = measure_in_flight(2.0 if quick else 10.0)
    print(json.dumps([asdict(one) for one in found]) if as_json else write_in_flight(found))


MEASURES: dict[str, Callable[..., None]] = {
    "basics": report_basics,
    "round-trips": report_round_trips,
    "in-flight": report_in_flight,
}
GROUPS = tuple(MEASURES)


def build_parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m bench",
        description="Compare conekta-mcp to a bare server of the same SDK. Loopback only; some minutes.",
    )
    made.add_argument("--group", action="append", choices=GROUPS, help="measure only this; may be repeated")
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    made.add_argument(
        "--quick", action="store_true", help="fewer rounds: less than a minute and a half, rougher numbers"
    )
    return made


if __name__ == "__main__":
    main()
