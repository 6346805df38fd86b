"""Shared fixtures: a real MCP client in memory, and a fake Conekta behind it."""

import gc
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

import httpx
import pytest
from mcp import Client

from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.catalog import Risk, Tool
from conekta_mcp.cli.parser import LOCALES
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.settings.table import Settings
from conekta_mcp.storage import opening
from tests.checked_schemas import remember_checked_schemas

pytest_plugins = [
    "conekta_mcp.sandbox.pytest_plugin",
    "tests.memory_keyring",
    "tests.slowest_first",
    "tests.storage.fixtures",
    "tests.system",
    "tests.untraced",
]

KEY = "key_test"
# As over a remote shell: no test, and no process of one, opens the browser of whoever runs the tests.
os.environ["SSH_CONNECTION"] = "127.0.0.1 1 127.0.0.1 22"
Era = Literal["auto", "legacy"]
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]
Connected = AbstractAsyncContextManager[tuple[Client, list[httpx.Request]]]


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


QUICK = RetryPolicy(sleep=at_once)


class ClientFor(Protocol):
    """Connects a client to a server whose Conekta gives `answer` to every request."""

    def __call__(
        self, answer: Answer, *, mode: Era = "auto", pace: RetryPolicy = QUICK, **settings: Any
    ) -> Connected: ...


def pytest_configure(config: pytest.Config) -> None:
    """Keep every test, and what it starts, away from the user's real state folder, store and logins."""
    folder = tempfile.TemporaryDirectory(prefix="conekta-mcp-state-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_STATE_HOME"] = folder.name
    os.environ["XDG_CONFIG_HOME"] = str(Path(folder.name) / "config")
    os.environ.pop("CONEKTA_MCP_STORE", None)
    # Help is in the language of the system, which is not that of whoever runs the tests.
    os.environ |= {name: "C.UTF-8" for name in LOCALES if os.environ.get(name, "").startswith("es")}
    # A store in a /tmp of memory would be refused for live money, and a policy that others may write.
    opening.MOUNTS = Path(os.devnull)
    os.umask(0o022)


def pytest_collection_finish() -> None:
    """Look for garbage less often: it takes an eighth of the time, and what was collected is none."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def checked_schemas() -> Iterator[None]:
    """No schema is checked twice."""
    with remember_checked_schemas():
        yield


@pytest.fixture(autouse=True)
def fresh_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds the intents of another; the folder is made when something is kept in it."""
    root = Path(os.environ["XDG_STATE_HOME"])
    monkeypatch.setenv("XDG_STATE_HOME", str(root / uuid.uuid4().hex))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> Era:
    """Both eras of the protocol: 2026-07-28, and 2025-11-25 and before."""
    chosen: Era = request.param
    return chosen


@pytest.fixture
def client_for() -> ClientFor:
    """Connect: `async with client_for(answer) as (client, sent)`, with the requests that left."""

    @asynccontextmanager
    async def connected(
        answer: Answer, *, mode: Era = "auto", pace: RetryPolicy = QUICK, safe: bool = False, **settings: Any
    ) -> AsyncIterator[tuple[Client, list[httpx.Request]]]:
        sent: list[httpx.Request] = []

        async def upstream(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            if isinstance(answer, Exception):
                raise answer
            given = answer(request) if callable(answer) else answer
            return given if isinstance(given, httpx.Response) else await given

        chosen = Settings(**{"api_key": KEY, "store": "memory", **settings})
        app = App(chosen, transport=lambda: httpx.MockTransport(upstream), safe=safe)
        app.conekta.retry_policy = pace
        async with Client(app.server, mode=mode) as client:
            yield client, sent
        await app.close()

    return connected


def switched_on(tool: Tool[Any]) -> dict[str, Any]:
    """The settings with which `tool` can be called: what is secret has to be named."""
    return {"toolsets": (tool.toolset.value,)} if tool.risk is Risk.SECRET else {}


LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
FISCAL_ADDRESS = {"street1": "Calle Dos 2", "postal_code": "06100", "city": "Ciudad de Mexico"}
PDF = "JVBERi0xLjcgbm90YQ=="


@pytest.fixture(scope="session")
def arguments() -> dict[str, dict[str, Any]]:
    """The least that each tool can be called with: the example of its declaration."""
    every = (*ALL_TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)
    return {tool.name: dict(tool.example) for tool in every}
