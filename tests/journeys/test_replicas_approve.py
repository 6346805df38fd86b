"""Two servers over HTTP on one Redis: a question of one is answered elsewhere, and its call is made once."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.storage.opening import open_store
from tests.journeys.clients import answer
from tests.journeys.processes import listening
from tests.server.cards.shop import APPS, LINES, PAYER, read_card_meta
from tests.storage.redis_server import running_redis

pytestmark = [pytest.mark.system, pytest.mark.anyio]
BILL = {**PAYER, "line_items": LINES}
SECRETS = "a-secret-that-all-replicas-of-a-shop-share"


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    try:
        with running_redis() as server:
            yield server.url
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")


@pytest.fixture
def urls(redis: str, tmp_path: Path) -> Iterator[list[str]]:
    flags = ("--sandbox", "--state", str(tmp_path / "ledger.db"), "--store", redis, "--confirm", "money")
    words = ("serve", "--transport", "streamable-http", *flags, "--approval-wait", "60")
    with ExitStack() as ends:
        yield [
            ends.enter_context(listening(*words, ready="/healthz", CONEKTA_MCP_APPROVAL_SECRETS=SECRETS)).url
            for _ in range(2)
        ]


@asynccontextmanager
async def connect(url: str, key: str, *, cards: bool = False) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=90, trust_env=False) as wire:
        target = streamable_http_client(f"{url}/mcp", http_client=wire)
        async with Client(target, extensions=APPS if cards else None) as client:
            yield client


async def decide(redis: str, *, approved: bool) -> None:
    """Answer the question that comes, in a process of its own: this one, as a terminal is."""
    store = open_store(redis, sandbox_state=None, sandbox=False, clock=time.time)
    try:
        pending = PendingApprovals(store)
        while True:
            if standing := await pending.list_open():
                [one] = standing
                await pending.decide(one.id, approved=approved, by="luis", channel="terminal")
                return
            await anyio.sleep(0.05)
    finally:
        await store.close()


async def count_orders(client: Client) -> int:
    return len((await answer(client, "list_orders", {}))["rows"])


@pytest.mark.parametrize("approved", [True, False])
async def test_a_call_that_waits_at_one_replica_is_answered_from_elsewhere(
    urls: list[str], redis: str, approved: bool
) -> None:
    told: list[dict[str, Any]] = []
    async with connect(urls[0], f"key_waiting_{approved}_0123456789") as client:

        async def bill() -> None:
            told.append(await answer(client, "create_order", BILL))

        async with anyio.create_task_group() as group:
            group.start_soon(bill)
            await decide(redis, approved=approved)
        assert await count_orders(client) == approved
    assert (told[0].get("payment_status"), told[0].get("error", {}).get("type")) == (
        ("pending_payment", None) if approved else (None, "consent_declined")
    )


async def test_one_yes_for_calls_that_wait_at_both_replicas_makes_one_bill(
    urls: list[str], redis: str
) -> None:
    told: list[dict[str, Any]] = []
    key = "key_of_both_0123456789"
    async with connect(urls[0], key) as one, connect(urls[1], key) as other:
        clients = (one, other)

        async def bill(client: Client) -> None:
            told.append(await answer(client, "create_order", BILL))

        async with anyio.create_task_group() as group:
            for client in clients:
                group.start_soon(bill, client)
            await decide(redis, approved=True)
        assert await count_orders(clients[0]) == 1
    made = [one for one in told if "error" not in one]
    assert len({one["id"] for one in made}) == 1, told


async def test_a_card_of_one_replica_is_answered_at_the_other_and_its_call_is_made_once(
    urls: list[str],
) -> None:
    key = "key_of_cards_0123456789"
    async with connect(urls[0], key, cards=True) as one, connect(urls[1], key, cards=True) as other:
        card = read_card_meta(await one.call_tool("create_order", BILL))
        async with connect(urls[1], "key_of_a_stranger_0123456789", cards=True) as stranger:
            assert (await answer(stranger, "approve_pending", card))["error"]["type"] == "unknown_tool"
        assert (await answer(other, "approve_pending", card))["state"] == "approved"
        assert (await answer(one, "create_order", BILL))["payment_status"] == "pending_payment"
        assert (await answer(other, "approval_state", card))["state"] == "spent"
        assert await count_orders(other) == 1
