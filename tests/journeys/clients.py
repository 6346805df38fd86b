"""Real MCP clients on every transport."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.session import ElicitationFnT, MessageHandlerFnT
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

from conekta_mcp.app import App
from conekta_mcp.settings import Settings

Era = Literal["auto", "legacy"]
PATHS = {"streamable-http": "/mcp", "sse": "/sse"}


@asynccontextmanager
async def in_memory(mode: Era = "auto", **settings: Any) -> AsyncIterator[tuple[Client, App]]:
    """A client of a server in this process, on the sandbox unless told otherwise."""
    app = App(Settings(**{"sandbox": True, **settings}))
    try:
        async with Client(app.server, mode=mode) as client:
            yield client, app
    finally:
        await app.close()


@asynccontextmanager
async def over_stdio(
    server: StdioServerParameters,
    mode: Era = "auto",
    person: ElicitationFnT | None = None,
    hears: MessageHandlerFnT | None = None,
) -> AsyncIterator[Client]:
    """A client of a server that it starts itself; `person` answers what the client is asked."""
    async with Client(server, mode=mode, elicitation_callback=person, message_handler=hears) as client:
        yield client


@asynccontextmanager
async def over_http(
    url: str,
    transport: str,
    key: str | None,
    mode: Era = "auto",
    person: ElicitationFnT | None = None,
    hears: MessageHandlerFnT | None = None,
) -> AsyncIterator[Client]:
    """A client of the server at `url` that sends `key`, if any, as its Bearer."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if transport == "sse":
        target = sse_client(url + PATHS[transport], headers=headers, httpx_client_factory=plain_client)
        async with Client(target, mode=mode, elicitation_callback=person, message_handler=hears) as client:
            yield client
        return
    async with plain_client(headers) as http:
        target = streamable_http_client(url + PATHS[transport], http_client=http)
        async with Client(target, mode=mode, elicitation_callback=person, message_handler=hears) as client:
            yield client


def plain_client(
    headers: dict[str, str] | None = None,
    timeout: httpx2.Timeout | None = None,
    auth: httpx2.Auth | None = None,
) -> httpx2.AsyncClient:
    """An HTTP client that ignores the proxies of the environment."""
    return httpx2.AsyncClient(headers=headers, timeout=timeout or 30, auth=auth, trust_env=False)


async def answer(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What the tool answered, be it a success or an error."""
    return (await client.call_tool(tool, arguments)).structured_content or {}
