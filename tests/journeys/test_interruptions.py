"""Clients that lose patience: a write under way is completed, and the server stays usable."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, MCPError

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings.table import SANDBOX_KEY
from tests.journeys.clients import Era, answer, over_http, over_stdio
from tests.journeys.processes import Listening, listening, stdio_server
from tests.sandbox.shop import Shop
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
WRITING_SECONDS = 3.0
READING_SECONDS = 300.0
PATIENCE = 0.8
LONGEST = 120.0
"""Seconds that a test may take on a machine that is busy."""
IsUnderWay = Callable[[], bool]


@pytest.fixture(scope="module")
def slow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Listening, Path]]:
    """One process on both HTTP transports, and the file in which its sandbox keeps its state."""
    state = tmp_path_factory.mktemp("slow") / "state.sqlite3"
    words = ("serve", "--transport", "streamable-http,sse", "--sandbox", "--state", str(state))
    with listening(*words, ready="/healthz") as server:
        yield server, state


def delay_write(state: Path, key: str) -> IsUnderWay:
    """Make the next write of `key` slow; give what tells whether it has reached the sandbox.

    The sandbox is in the server's own process, so a write that the server tore off would be gone: over a
    network Conekta might still finish it.
    """
    with closing(Ledger(str(state))) as ledger:
        fault = {"delay_seconds": WRITING_SECONDS, "method": "POST", "path_prefix": "/customers"}
        placed = Shop(ledger, key).post("/_sandbox/faults", fault)["id"]

    def is_under_way() -> bool:
        with closing(Ledger(str(state))) as ledger:
            return not ledger.execute("SELECT 1 FROM records WHERE id = ?", (placed,))

    return is_under_way


def delay_read(conekta: RunningSandbox, key: str) -> IsUnderWay:
    """Make the next read of `key` slow; give what tells whether it has reached Conekta."""
    fault = {"delay_seconds": READING_SECONDS, "method": "GET", "path_prefix": "/customers"}
    call = {"headers": {"Authorization": f"Bearer {key}"}, "trust_env": False}
    httpx.post(f"{conekta.url}/_sandbox/faults", json=fault, **call).raise_for_status()

    def is_under_way() -> bool:
        return bool(httpx.get(f"{conekta.url}/_sandbox/faults", **call).json()["total"] == 0)

    return is_under_way


@asynccontextmanager
async def on_slow_state(
    transport: str, era: Era, request: pytest.FixtureRequest, key: str, tmp_path: Path
) -> AsyncIterator[tuple[Client, IsUnderWay]]:
    """A client of a server whose sandbox is slow with one write, and what tells that it got there."""
    if transport == "stdio":
        state = tmp_path / "state.sqlite3"
        is_under_way = delay_write(state, SANDBOX_KEY)
        async with over_stdio(stdio_server("--sandbox", "--state", str(state)), era) as client:
            yield client, is_under_way
        return
    server, state = request.getfixturevalue("slow_server")
    is_under_way = delay_write(state, key)
    async with over_http(server.url, transport, key, era) as client:
        yield client, is_under_way


async def times_out(client: Client, is_under_way: IsUnderWay, tool: str, arguments: dict[str, Any]) -> None:
    """Let a call time out while it is under way: the one that is slow takes longer than that.

    On a busy machine the first call may get there after it was given up, and the next one finds it there.
    """
    while not is_under_way():
        with contextlib.suppress(MCPError):
            await client.call_tool(tool, arguments, read_timeout_seconds=PATIENCE)


async def is_cancelled(
    client: Client, is_under_way: IsUnderWay, tool: str, arguments: dict[str, Any]
) -> None:
    """Cancel the call once it is under way."""
    with anyio.fail_after(60):
        async with anyio.create_task_group() as calls:

            async def call() -> None:
                await client.call_tool(tool, arguments)
                raise AssertionError("answered before it was cancelled")

            calls.start_soon(call)
            while not is_under_way():  # noqa: ASYNC110  it is another process that says so
                await anyio.sleep(0.02)
            calls.cancel_scope.cancel()


impatient = pytest.mark.parametrize("give_up", [times_out, is_cancelled])


@impatient
@pytest.mark.parametrize("transport", ["stdio", "streamable-http", "sse"])
async def test_a_write_that_the_client_gave_up_is_completed_once(
    give_up: Callable[..., Any],
    transport: str,
    era: Era,
    request: pytest.FixtureRequest,
    key: str,
    tmp_path: Path,
) -> None:
    wish = {**ANA, "idempotency_key": "alta-1"}
    with anyio.fail_after(LONGEST):
        async with on_slow_state(transport, era, request, key, tmp_path) as (client, is_under_way):
            await give_up(client, is_under_way, "create_customer", wish)
            names: list[str] = []
            while not names:
                await anyio.sleep(0.05)
                names = [row["name"] for row in rows_of(await answer(client, "list_customers", {}))]
    assert names == ["Ana Ruiz"]


@impatient
async def test_a_read_that_the_client_gave_up_does_not_hold_the_server_up(
    give_up: Callable[..., Any], era: Era, conekta: RunningSandbox, key: str
) -> None:
    server = stdio_server(CONEKTA_API_KEY=key, CONEKTA_BASE_URL=conekta.url)
    is_under_way = delay_read(conekta, key)
    with anyio.fail_after(LONGEST):
        async with over_stdio(server, era) as client:
            await give_up(client, is_under_way, "list_customers", {})
            assert rows_of(await answer(client, "list_customers", {})) == []
