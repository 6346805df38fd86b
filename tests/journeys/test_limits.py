"""Limits under 64 callers at once: never passed by a centavo, whatever shares the store."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import over_http, over_stdio
from tests.journeys.processes import listening, stdio_server
from tests.storage.redis_server import found_or_installed, running_redis

pytestmark = [pytest.mark.system, pytest.mark.anyio]
CALLERS = 64
BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
CARD = {**BUYER, "token_id": "tok_test_visa_4242"}
PASSED = "limit_exceeded"


def lines(amount: int) -> list[dict[str, Any]]:
    return [{"name": "Plan anual", "unit_price": amount, "quantity": 1}]


@pytest.fixture(params=["sqlite", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Where both servers count."""
    if request.param == "sqlite":
        yield str(tmp_path / "store.sqlite3")
        return
    try:
        found_or_installed()
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")
    with running_redis() as server:
        yield server.url


@asynccontextmanager
async def two_servers(
    store: str, conekta: RunningSandbox, key: str, *flags: str
) -> AsyncIterator[list[Client]]:
    """Clients of two server processes on one store, in front of one Conekta."""
    words = ("serve", "--transport", "streamable-http", "--store", store, "--confirm", "never", *flags)
    with (
        listening(*words, ready="/healthz", CONEKTA_BASE_URL=conekta.url) as one,
        listening(*words, ready="/healthz", CONEKTA_BASE_URL=conekta.url) as two,
    ):
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(over_http(server.url, "streamable-http", key))
                for server in (one, two)
            ]


async def write(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    named = {"name": tool, "arguments": arguments}
    return (await client.call_tool("call_write_operation", named)).structured_content or {}


async def all_at_once(
    clients: list[Client], tool: str, arguments: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What 64 callers are answered who call at the same moment, in turn through each client."""
    answers: list[dict[str, Any]] = [{} for _ in arguments]

    async def call(place: int) -> None:
        # A key each: without one, equal calls are the same call again.
        wish = {**arguments[place], "idempotency_key": f"{tool}-{place}"}
        answers[place] = await write(clients[place % len(clients)], tool, wish)

    async with anyio.create_task_group() as callers:
        for place in range(len(arguments)):
            callers.start_soon(call, place)
    return answers


def refusals(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["error"]["type"] for answer in answers if "error" in answer]


def listed(conekta: RunningSandbox, key: str, path: str) -> list[dict[str, Any]]:
    """What Conekta itself knows of `key`."""
    headers = {"Authorization": f"Bearer {key}"}
    page = httpx.get(f"{conekta.url}{path}", params={"limit": 250}, headers=headers, trust_env=False).json()
    rows: list[dict[str, Any]] = page["data"]
    return rows


def two_days_pass(conekta: RunningSandbox, key: str) -> None:
    """So that what was charged can be paid out."""
    headers = {"Authorization": f"Bearer {key}"}
    clock = f"{conekta.url}/_sandbox/clock"
    httpx.post(clock, json={"advance_seconds": 172_800}, headers=headers, trust_env=False)


async def test_64_refunds_of_one_order_never_pass_the_day_nor_what_is_refundable(
    shared: str, conekta: RunningSandbox, key: str
) -> None:
    async with two_servers(shared, conekta, key, "--max-daily-refunds", "50.05") as clients:
        order = await write(clients[0], "create_card_order", {**CARD, "line_items": lines(4004)})
        one = {"order_id": order["id"], "amount": 1001, "reason": "requested_by_client"}
        answers = await all_at_once(clients, "refund_order", [one] * CALLERS)
        assert refusals(answers) == [PASSED] * (CALLERS - 4)
        assert listed(conekta, key, "/orders")[0]["amount_refunded"] == 4004
        other = await write(clients[1], "create_card_order", {**CARD, "line_items": lines(90000)})
        more = [{**one, "order_id": other["id"], "amount": amount} for amount in (1002, 1001, 2)]
        last = [await write(clients[0], "refund_order", arguments) for arguments in more]
        assert [PASSED in refusals([answer]) for answer in last] == [True, False, True]


async def test_64_charges_never_pass_the_day(shared: str, conekta: RunningSandbox, key: str) -> None:
    async with two_servers(shared, conekta, key, "--max-daily-charges", "500.49") as clients:
        each = [{**CARD, "line_items": lines(5005)}] * CALLERS
        answers = await all_at_once(clients, "create_card_order", each)
    assert refusals(answers) == [PASSED] * (CALLERS - 9)
    assert sum(order["amount"] for order in listed(conekta, key, "/orders")) == 45045


async def test_64_calls_never_pass_the_number_of_a_day(
    shared: str, conekta: RunningSandbox, key: str
) -> None:
    async with two_servers(shared, conekta, key, "--max-daily-calls", "7") as clients:
        each = [{**CARD, "line_items": lines(5000)}] * CALLERS
        answers = await all_at_once(clients, "create_card_order", each)
    assert refusals(answers) == [PASSED] * (CALLERS - 7)
    assert len(listed(conekta, key, "/orders")) == 7


async def test_64_payouts_never_pass_the_day(shared: str, conekta: RunningSandbox, key: str) -> None:
    async with two_servers(shared, conekta, key, "--max-daily-payouts", "10.00") as clients:
        await write(clients[0], "create_card_order", {**CARD, "line_items": lines(900_000)})
        two_days_pass(conekta, key)
        who = await write(clients[0], "create_customer", BUYER)
        one = {"customer_id": who["id"], "amount": 300, "reason": "Premio", "expires_at": 1_900_000_000}
        answers = await all_at_once(clients, "create_payout", [one] * CALLERS)
    assert refusals(answers) == [PASSED] * (CALLERS - 3)


async def test_limits_survive_a_restart(conekta: RunningSandbox, key: str, tmp_path: Path) -> None:
    words = ("--store", str(tmp_path / "store.sqlite3"), "--confirm", "never", "--max-daily-charges", "100")
    server = stdio_server(*words, CONEKTA_API_KEY=key, CONEKTA_BASE_URL=conekta.url)
    outcomes = []
    for amount in (6000, 4001, 4000, 1):
        async with over_stdio(server) as client:
            made = await write(client, "create_card_order", {**CARD, "line_items": lines(amount)})
        outcomes.append("error" in made)
    assert outcomes == [False, True, False, True]
