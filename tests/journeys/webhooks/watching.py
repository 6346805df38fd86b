"""Clients of both eras that subscribe to resources, and what they are told."""

import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
from mcp import Client
from mcp.shared.exceptions import MCPDeprecationWarning

from tests.journeys.clients import Era

SECONDS = 60
LIST = "the list"
Told = Callable[[], Awaitable[str]]


class Ear:
    """Keeps the notifications about resources that a client of 2025-11-25 gets."""

    def __init__(self) -> None:
        self._send, self._receive = anyio.create_memory_object_stream[str](10_000)

    async def hear(self, message: Any) -> None:
        method = getattr(message, "method", "")
        if method == "notifications/resources/updated":
            self._send.send_nowait(message.params.uri)
        elif method == "notifications/resources/list_changed":
            self._send.send_nowait(LIST)

    async def receive(self) -> str:
        return await self._receive.receive()

    def close(self) -> None:
        self._send.close()
        self._receive.close()


@asynccontextmanager
async def watch(
    client: Client, era: Era, ear: Ear, addresses: list[str], *, lists: bool = False
) -> AsyncIterator[Told]:
    """Subscribe, and give what returns the address of the next notification."""
    if era == "legacy":
        if lists:
            await client.list_resources()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MCPDeprecationWarning)
            for address in addresses:
                await client.subscribe_resource(address)
        yield ear.receive
        return
    async with client.listen(resource_subscriptions=addresses, resources_list_changed=lists) as stream:
        events = aiter(stream)

        async def receive() -> str:
            return str(getattr(await anext(events), "uri", LIST))

        yield receive


async def hear(told: Told) -> str:
    with anyio.fail_after(SECONDS):
        return await told()
