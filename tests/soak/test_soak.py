"""Faults strike money calls on real sockets, and afterwards the sandbox's ledger is the judge."""

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import serve_sandbox
from tests.journeys.processes import child_environment
from tests.soak.clocks import BEGAN, START, Clock
from tests.soak.plan import plans
from tests.soak.run import count_missed, run
from tests.soak.shops import Soaked, prepare
from tests.soak.stopped import REFUND, refund_with_stopped_processes
from tests.storage.redis_server import running_redis

pytestmark = [pytest.mark.system, pytest.mark.anyio]
EACH = 30
MOST_MISSED = 3
"""Calls that no fault strikes at most in such a plan, besides those that a limit of the account held back."""
KILLS, KILLED_AT_ONCE = 8, 2
STOPS = 2
SERVED = str(Path(__file__).with_name("served.py"))


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
async def test_no_faulted_money_call_is_doubled_lost_or_told_wrongly(seed: int, tmp_path: Path) -> None:
    ledger = Ledger(clock=Clock(), seed=seed)
    with contextlib.closing(ledger), serve_sandbox(ledger) as conekta:
        verdicts = await run(conekta.url, [str(tmp_path / "intents.sqlite3")], plans(seed, EACH))
    assert [str(found) for verdict in verdicts for found in verdict.findings] == []
    assert count_missed(verdicts) <= MOST_MISSED


async def test_a_machine_on_which_the_soak_takes_long_finds_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry = 30
    monkeypatch.setattr(
        Clock, "__call__", lambda self: START + self.ahead + hurry * (time.monotonic() - BEGAN)
    )
    ledger = Ledger(clock=Clock(), seed=11)
    with contextlib.closing(ledger), serve_sandbox(ledger) as conekta:
        verdicts = await run(conekta.url, [str(tmp_path / "intents.sqlite3")], plans(11, EACH))
    assert [str(found) for verdict in verdicts for found in verdict.findings] == []


async def test_two_replicas_on_one_redis_keep_every_promise_too() -> None:
    ledger = Ledger(clock=Clock(), seed=21)
    with contextlib.closing(ledger), running_redis() as redis, serve_sandbox(ledger) as conekta:
        verdicts = await run(conekta.url, [redis.url], plans(21, EACH))
    assert [str(found) for verdict in verdicts for found in verdict.findings] == []
    assert count_missed(verdicts) <= MOST_MISSED


def _served(url: str, key: str, store: Path, ahead: float) -> StdioServerParameters:
    ours = {"CONEKTA_API_KEY": key, "CONEKTA_BASE_URL": url, "CONEKTA_MCP_STORE": str(store)}
    return StdioServerParameters(
        command=sys.executable, args=[SERVED, str(ahead)], env=child_environment(**ours)
    )


def _kill_amid(url: str, key: str, store: Path, call: str, after: float) -> None:
    """Start a server, make a call through `conekta-mcp call`, and kill its process by its own id."""
    ours = {"CONEKTA_API_KEY": key, "CONEKTA_BASE_URL": url, "CONEKTA_MCP_STORE": str(store)}
    process = subprocess.Popen(
        [sys.executable, "-m", "conekta_mcp", "call", "refund_order", call],
        env=child_environment(**ours), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    timer = threading.Timer(after, process.send_signal, [signal.SIGKILL])
    timer.start()
    process.wait(120)
    timer.cancel()


async def test_a_server_killed_amid_a_refund_refunds_once(tmp_path: Path) -> None:
    """Killed between claim, request and answer, at moments drawn from a seed."""
    chosen = random.Random(5)
    with serve_sandbox() as conekta:
        shop = Soaked(conekta.url, "key_killed")
        refunds: list[dict[str, Any]] = []
        calls: list[tuple[str, float]] = []
        for number in range(KILLS):
            refund = {**prepare(shop, "refund_order", 1000 + number), "idempotency_key": f"kill-{number}"}
            fault = {"delay_seconds": 0.6, "method": "POST", "path_prefix": f"/orders/{refund['order_id']}"}
            shop.post("/_sandbox/faults", {**fault, "delay": chosen.choice(["before", "after"])})
            after = chosen.uniform(0.4, 1.6)
            calls.append((json.dumps(refund), after))
            refunds.append(refund)
        with ThreadPoolExecutor(KILLED_AT_ONCE) as threads:
            store = tmp_path / "s.sqlite3"
            killed = [
                threads.submit(_kill_amid, conekta.url, "key_killed", store, call, after)
                for call, after in calls
            ]
        assert [one.result() for one in killed] == [None] * KILLS
        told: list[dict[str, Any]] = []
        # Absence counts after two readings, a minute apart.
        for ahead in (400, 470):
            async with Client(_served(conekta.url, "key_killed", tmp_path / "s.sqlite3", ahead)) as client:
                told = [
                    (await client.call_tool("refund_order", refund)).structured_content or {}
                    for refund in refunds
                ]
        assert [answer for answer in told if "error" in answer] == []
        back = [shop.get(f"/orders/{refund['order_id']}")["amount_refunded"] for refund in refunds]
        shop.http.close()
    assert back == [500] * KILLS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process and let it go on")
async def test_a_process_that_is_stopped_before_its_request_leaves_does_not_send_it_later(
    tmp_path: Path,
) -> None:
    with serve_sandbox() as conekta:
        back, said = await refund_with_stopped_processes(conekta.url, tmp_path, STOPS)
    assert back == [REFUND] * STOPS
    assert [one["error"]["code"] for one in said] == ["conekta_mcp.errors.fence_lost"] * STOPS
