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
from conekta_mcp.sandbox.running import RunningSandbox, serving
from conekta_mcp.settings import SANDBOX_KEY

from .clients import Era, answer, over_http, over_stdio
from .processes import listening, stdio_server

pytestmark = pytest.mark.anyio

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
DELAY = 1.0
PATIENCE = 0.3


def delay(conekta: RunningSandbox, key: str, method: str) -> None:
    """Make the next such request of `key` slow, through the control route."""
    fault = {"delay_seconds": DELAY, "method": method, "path_prefix": "/customers"}
    headers = {"Authorization": f"Bearer {key}"}
    httpx.post(
        f"{conekta.url}/_sandbox/faults", json=fault, headers=headers, trust_env=False
    ).raise_for_status()


@asynccontextmanager
async def on_slow_state(transport: str, era: Era, state: Path) -> AsyncIterator[Client]:
    """A client of a server whose sandbox, in the server's own process, is slow with one write.

    So a write that the server tore off would be gone: over a network Conekta might still finish it.
    """
    with serving(Ledger(str(state))) as conekta:
        delay(conekta, SANDBOX_KEY, "POST")
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
    with anyio.move_on_after(PATIENCE) as scope:
        await client.call_tool(tool, arguments)
    assert scope.cancelled_caught


impatient = pytest.mark.parametrize("give_up", [times_out, is_cancelled])


@impatient
@pytest.mark.parametrize("transport", ["stdio", "streamable-http", "sse"])
async def test_a_write_that_the_client_gave_up_is_completed_once(
    give_up: Callable[..., Any], transport: str, era: Era, tmp_path: Path
) -> None:
    with anyio.fail_after(30):
        async with on_slow_state(transport, era, tmp_path / "state.sqlite3") as client:
            await give_up(client, "create_customer", ANA)
            assert (await answer(client, "list_customers", {}))["data"] == []
            names: list[str] = []
            while not names:
                await anyio.sleep(0.05)
                names = [row["name"] for row in (await answer(client, "list_customers", {}))["data"]]
    assert names == ["Ana Ruiz"]


@impatient
async def test_a_read_that_the_client_gave_up_leaves_the_server_usable(
    give_up: Callable[..., Any], era: Era, conekta: RunningSandbox, key: str
) -> None:
    server = stdio_server(CONEKTA_API_KEY=key, CONEKTA_BASE_URL=conekta.url)
    delay(conekta, key, "GET")
    with anyio.fail_after(30):
        async with over_stdio(server, era) as client:
            await give_up(client, "list_customers", {})
            with anyio.fail_after(DELAY):
                assert (await answer(client, "list_customers", {}))["data"] == []
