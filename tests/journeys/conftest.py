"""Servers that many journeys share: each test brings a key, and so an account, of its own."""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager

import pytest
from mcp import Client

from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox
from tests.journeys.clients import Era, in_memory, over_http, over_stdio
from tests.journeys.processes import Listening, listening, stdio_server

Connect = Callable[..., AbstractAsyncContextManager[Client]]
Serve = Callable[..., Listening]


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return f"key_{uuid.uuid4().hex}"


@pytest.fixture(scope="session")
def http_server() -> Iterator[Listening]:
    """One process that serves both HTTP transports on the sandbox."""
    with listening("serve", "--transport", "streamable-http,sse", "--sandbox", ready="/healthz") as running:
        yield running


@pytest.fixture(scope="session")
def serve_for_all() -> Iterator[Serve]:
    """Serve on both HTTP transports with these flags: in one process for all tests that ask for the same."""
    running: dict[object, Listening] = {}
    with ExitStack() as ends:

        def serve(*flags: str, **environment: str) -> Listening:
            wanted = (flags, tuple(sorted(environment.items())))
            if wanted not in running:
                words = ("serve", "--transport", "streamable-http,sse", *flags)
                running[wanted] = ends.enter_context(listening(*words, ready="/healthz", **environment))
            return running[wanted]

        yield serve


@pytest.fixture(scope="session")
def conekta() -> Iterator[RunningSandbox]:
    """A Conekta on a port of this machine."""
    with serve_sandbox() as running:
        yield running


@pytest.fixture
def connect(request: pytest.FixtureRequest, key: str) -> Connect:
    """Connects to a server on the sandbox over the named transport."""

    def chosen(transport: str, era: Era) -> AbstractAsyncContextManager[Client]:
        if transport == "memory":
            return only_the_client(era)
        if transport == "stdio":
            return over_stdio(stdio_server("--sandbox"), era)
        server: Listening = request.getfixturevalue("http_server")
        return over_http(server.url, transport, key, era)

    return chosen


@asynccontextmanager
async def only_the_client(era: Era) -> AsyncIterator[Client]:
    async with in_memory(era) as (client, _):
        yield client
