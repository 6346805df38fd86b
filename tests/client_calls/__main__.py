"""`python -m tests.client_calls [--count 5000] [--seed 1]`: random calls as client layers send them."""

import argparse
import sys
from collections.abc import Iterable

from tests.client_calls.run import Report, play


def main() -> int:
    parser = argparse.ArgumentParser(prog="make client-calls", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="how many calls; default: 5000")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from; default: 1")
    chosen = parser.parse_args()
    report = play(chosen.count, chosen.seed, tell)
    sys.stdout.write("\n".join(describe(report)) + "\n")
    return 1 if any(report.faults.values()) else 0


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def describe(report: Report) -> Iterable[str]:
    yield f"{report.calls} calls, {report.sent} requests to Conekta"
    for outcome, times in report.outcomes.most_common(12):
        yield f"  {times:>6}  {outcome}"
    for kind, found in report.faults.items():
        yield f"{len(found)} {kind}"
        yield from (f"    {one[:1500]}" for one in found[:5])


if __name__ == "__main__":
    sys.exit(main())
