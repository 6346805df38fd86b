"""Clients that lose patience: a write under way is completed, and the server stays usable."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, MCPError

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox
from conekta_mcp.settings.table import SANDBOX_KEY
from tests.journeys.clients import Era, answer, over_http, over_stdio
from tests.journeys.processes import listening, stdio_server
from tests.tables import rows_of

pytestmark = pytest.mark.anyio

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
WRITING_SECONDS = 1.5
READING_SECONDS = 60.0
PATIENCE = 0.8


def delay(conekta: RunningSandbox, key: str, method: str, seconds: float) -> None:
    """Make the next such request of `key` slow, through the control route."""
    fault = {"delay_seconds": seconds, "method": method, "path_prefix": "/customers"}
    headers = {"Authorization": f"Bearer {key}"}
    httpx.post(
        f"{conekta.url}/_sandbox/faults", json=fault, headers=headers, trust_env=False
    ).raise_for_status()


@asynccontextmanager
async def on_slow_state(transport: str, era: Era, state: Path) -> AsyncIterator[Client]:
    """A client of a server whose sandbox, in the server's own process, is slow with one write.

    So a write that the server tore off would be gone: over a network Conekta might still finish it.
    """
    with serve_sandbox(Ledger(str(state))) as conekta:
        delay(conekta, SANDBOX_KEY, "POST", WRITING_SECONDS)
        conekta.ledger.close()
    flags = ("--sandbox", "--state", str(state))
    if transport == "stdio":
        async with over_stdio(stdio_server(*flags), era) as client:
            yield client
        return
    words = ("serve", "--transport", "streamable-http,sse", *flags)
    with listening(*words, ready="/healthz") as server:
        async with over_http(server.url, transport, SANDBOX_KEY, era) as client:
            yield client


async def times_out(client: Client, tool: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(MCPError):
        await client.call_tool(tool, arguments, read_timeout_seconds=PATIENCE)


async def is_cancelled(client: Client, tool: str, arguments: dict[str, Any]) -> None:
    """Cancel the call once the server has said that it is under way."""
    begun = anyio.Event()

    async def report(_done: float, _total: float | None, _message: str | None) -> None:
        begun.set()

    async with anyio.create_task_group() as calls:

        async def call() -> None:
            await client.call_tool(tool, arguments, progress_callback=report)
            raise AssertionError("answered before it was cancelled")

        calls.start_soon(call)
        await begun.wait()
        await anyio.sleep(PATIENCE / 4)
        calls.cancel_scope.cancel()


impatient = pytest.mark.parametrize("give_up", [times_out, is_cancelled])


@impatient
@pytest.mark.parametrize("transport", ["stdio", "streamable-http", "sse"])
async def test_a_write_that_the_client_gave_up_is_completed_once(
    give_up: Callable[..., Any], transport: str, era: Era, tmp_path: Path
) -> None:
    with anyio.fail_after(30):
        async with on_slow_state(transport, era, tmp_path / "state.sqlite3") as client:
            await give_up(client, "create_customer", ANA)
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
    delay(conekta, key, "GET", READING_SECONDS)
    with anyio.fail_after(30):
        async with over_stdio(server, era) as client:
            await give_up(client, "list_customers", {})
            assert rows_of(await answer(client, "list_customers", {})) == []
