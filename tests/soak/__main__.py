"""`python -m tests.soak [--count 2000] [--seed 1]`: the fault soak."""

import argparse
import collections
import logging
import sys
import tempfile
import time
from pathlib import Path

import anyio

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import serve_sandbox
from tests.soak.clocks import Clock
from tests.soak.plan import plans
from tests.soak.run import ACCOUNTS_AT_ONCE, run, write_table
from tests.soak.stopped import REFUND, refund_with_stopped_processes


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--twins", type=float, default=0.3, help="how likely two equal intents are")
    parser.add_argument("--stops", type=int, default=4, help="how many real processes are stopped")
    parser.add_argument("--at-once", type=int, default=ACCOUNTS_AT_ONCE, help="how many accounts at a time")
    parser.add_argument("--only", type=int, help="play this account of the plan alone")
    chosen = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    began = time.monotonic()
    planned = [
        one for one in plans(chosen.seed, chosen.count, chosen.twins) if chosen.only in (None, one.number)
    ]
    ledger = Ledger(clock=Clock(), seed=chosen.seed)
    with serve_sandbox(ledger) as conekta, tempfile.TemporaryDirectory() as folder:
        verdicts = anyio.run(run, conekta.url, [f"{folder}/intents.sqlite3"], planned, chosen.at_once)
        back, said = anyio.run(refund_with_stopped_processes, conekta.url, Path(folder), chosen.stops)
    ledger.close()
    print("\n".join(write_table(verdicts)))  # noqa: T201  what the command is for
    codes = collections.Counter(one.get("error", {}).get("code") for one in said)
    print(f"processes stopped (SIGSTOP) {len(back)}: refunded {back}, told {dict(codes)}")  # noqa: T201
    found: list[object] = [one for verdict in verdicts for one in verdict.findings]
    found += [f"DUPLICATE: a stopped process refunded {one}" for one in back if one != REFUND]
    for one in found:
        print(one)  # noqa: T201
    took = time.monotonic() - began
    print(f"seed {chosen.seed}: {took:.0f} s")  # noqa: T201
    return 1 if found else 0


sys.exit(main())
