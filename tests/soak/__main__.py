"""`python -m tests.soak [--count 2000] [--seed 1]`: the fault soak."""

import argparse
import logging
import sys
import tempfile
import time

import anyio

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import serve_sandbox
from tests.soak.clocks import START
from tests.soak.plan import plans
from tests.soak.run import run, write_table


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--twins", type=float, default=0.3, help="how likely two equal intents are")
    parser.add_argument("--only", type=int, help="play this account of the plan alone")
    chosen = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    began = time.monotonic()
    planned = [
        one for one in plans(chosen.seed, chosen.count, chosen.twins) if chosen.only in (None, one.number)
    ]
    ledger = Ledger(clock=lambda: START, seed=chosen.seed)
    with serve_sandbox(ledger) as conekta, tempfile.TemporaryDirectory() as folder:
        verdicts = anyio.run(run, conekta.url, [f"{folder}/intents.sqlite3"], planned)
    ledger.close()
    print("\n".join(write_table(verdicts)))  # noqa: T201  what the command is for
    found = [one for verdict in verdicts for one in verdict.findings]
    for one in found:
        print(one)  # noqa: T201
    took = time.monotonic() - began
    print(f"seed {chosen.seed}: {took:.0f} s")  # noqa: T201
    return 1 if found else 0


sys.exit(main())
