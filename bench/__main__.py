"""Measures and reports; not a test: the exit code is 0 whether the aims are met or not."""

import argparse
import sys

from bench.calls import calls
from bench.report import as_json, as_text
from bench.sizes import sizes
from bench.start_up import start_up
from bench.upstream import serving


def main() -> None:
    """Measure start-up, calls, sizes and memory against a bare server and print ratios."""
    arguments = parser().parse_args()
    starts, called = (5, 60) if arguments.quick else (21, 400)
    try:
        with serving() as upstream:
            weighed, tools = sizes(upstream)
            compared = [*start_up(upstream, starts), *calls(upstream, called), *weighed]
    except (RuntimeError, OSError) as problem:
        print(f"bench: not measured: {problem}", file=sys.stderr)
        return
    print(as_json(compared, tools) if arguments.json else as_text(compared, tools))


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m bench",
        description="Compare conekta-mcp to a bare server of the same SDK. Loopback only; about a minute.",
    )
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    made.add_argument("--quick", action="store_true", help="fewer rounds: about 15 seconds, rougher numbers")
    return made


if __name__ == "__main__":
    main()
