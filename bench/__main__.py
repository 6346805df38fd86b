"""Measures and reports; not a test: the exit code is 0 whether or not the aims are met."""

import argparse
import sys

from bench.calls import measure_calls
from bench.report import as_json, as_text
from bench.sizes import measure_sizes
from bench.start_up import measure_start_up
from bench.upstream import run_upstream


def main() -> None:
    arguments = build_parser().parse_args()
    starts, called = (5, 60) if arguments.quick else (21, 400)
    try:
        with run_upstream() as upstream:
            weighed, tools = measure_sizes(upstream)
            compared = [*measure_start_up(upstream, starts), *measure_calls(upstream, called), *weighed]
    except (RuntimeError, OSError) as problem:
        print(f"bench: not measured: {problem}", file=sys.stderr)
        return
    print(as_json(compared, tools) if arguments.json else as_text(compared, tools))


def build_parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m bench",
        description="Compare conekta-mcp to a bare server of the same SDK. Loopback only; about a minute.",
    )
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    made.add_argument("--quick", action="store_true", help="fewer rounds: about 15 seconds, rougher numbers")
    return made


if __name__ == "__main__":
    main()
