"""Real processes that are stopped between claim and request (SIGSTOP), and resumed after a takeover."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from filelock import FileLock
from mcp import Client, StdioServerParameters

from tests.journeys.processes import child_environment
from tests.soak.shops import Soaked, prepare

Json = dict[str, Any]
SERVED = str(Path(__file__).with_name("served.py"))
LATER = (400.0, 470.0)
"""Seconds by which those who take over are ahead: the claims are over, and absence is read twice."""
STOPPED_SECONDS = 6.0
"""Longer than a confirmation of the fence holds, and shorter than a call may wait before it gives up."""
LONGEST = 120.0
REFUND = 500


@dataclass(frozen=True, kw_only=True)
class Shopkeeper:
    """A merchant, and where the store of their servers is."""

    shop: Soaked
    url: str
    key: str
    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "stopped.sqlite3"

    def environment(self, **more: str) -> dict[str, str]:
        ours = {
            "CONEKTA_API_KEY": self.key,
            "CONEKTA_BASE_URL": self.url,
            "CONEKTA_MCP_STORE": str(self.store),
        }
        return child_environment(**ours, **more)

    def serve_ahead(self, seconds: float) -> StdioServerParameters:
        """How to start a server whose clock is ahead."""
        return StdioServerParameters(
            command=sys.executable, args=[SERVED, str(seconds)], env=self.environment()
        )


async def refund_with_stopped_processes(url: str, folder: Path, count: int) -> tuple[list[int], list[Json]]:
    """Return the centavos refunded of each order, and what the stopped processes said in the end."""
    key = "key_stopped"
    with closing(Soaked(url, key).http):
        keeper = Shopkeeper(shop=Soaked(url, key), url=url, key=key, folder=folder)
        refunds = await anyio.to_thread.run_sync(_prepare, keeper, count)
        with _stop_between_claim_and_request(keeper, refunds) as processes:
            began = time.monotonic()
            for ahead in LATER:
                async with Client(keeper.serve_ahead(ahead)) as client:
                    for refund in refunds:
                        await client.call_tool("refund_order", refund)
            await anyio.sleep(max(0.0, STOPPED_SECONDS - (time.monotonic() - began)))
            said = await anyio.to_thread.run_sync(_wake, processes)
        back = [keeper.shop.get(f"/orders/{one['order_id']}")["amount_refunded"] for one in refunds]
        keeper.shop.http.close()
    return back, said


def _prepare(keeper: Shopkeeper, count: int) -> list[Json]:
    made = [prepare(keeper.shop, "refund_order", 1000 + number) for number in range(count)]
    return [{**one, "idempotency_key": f"stop-{number}"} for number, one in enumerate(made)]


@contextmanager
def _stop_between_claim_and_request(
    keeper: Shopkeeper, refunds: list[Json]
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start a process for each refund, and stop it while it waits for the lock of its audit file."""
    processes: list[subprocess.Popen[str]] = []
    with ExitStack() as stack:
        locks = []
        for number, refund in enumerate(refunds):
            audit = keeper.folder / f"audit-{number}.jsonl"
            locks.append(stack.enter_context(FileLock(f"{audit}.lock")))
            process = subprocess.Popen(
                [sys.executable, "-m", "conekta_mcp", "call", "refund_order", json.dumps(refund)],
                env=keeper.environment(CONEKTA_MCP_AUDIT=str(audit)),
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            processes.append(process)
            stack.callback(process.wait)
            stack.callback(process.kill)
            # Whatever happens, it goes on before it is ended.
            stack.callback(process.send_signal, signal.SIGCONT)
            _await_claim(keeper.store, str(refund["idempotency_key"]))
            process.send_signal(signal.SIGSTOP)
        for lock in locks:
            lock.release()
        yield processes


def _await_claim(store: Path, key: str) -> None:
    until = time.monotonic() + LONGEST
    while not (store.exists() and key in _read_claims(store)):
        assert time.monotonic() < until, f"{key} was not claimed"
        time.sleep(0.02)


def _read_claims(store: Path) -> str:
    with closing(sqlite3.connect(store, timeout=10)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'claims'").fetchone():
            return ""
        return "\n".join(claim for (claim,) in connection.execute("SELECT claim FROM claims"))


def _wake(processes: list[subprocess.Popen[str]]) -> list[Json]:
    """Let them go on, and return the answers that they print."""
    for process in processes:
        process.send_signal(signal.SIGCONT)
    return [json.loads(process.communicate(timeout=LONGEST)[0]) for process in processes]
