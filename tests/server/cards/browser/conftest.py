"""One Chromium for the tests of a module, and hosts of cards in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
from mcp import Client
from playwright.async_api import Browser, async_playwright, expect

from tests.pages.browser.chromium import ARGUMENTS, find_or_install_chromium
from tests.server.cards.browser.card_host import VERSIONS, CardHost, HostPages, install_project, serve_host

PATIENCE_MS = 60_000
"""How long something may take at most; what is expected usually comes at once."""
OpenHost = Callable[..., Awaitable[CardHost]]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def project() -> Path:
    try:
        return install_project()
    except LookupError as reason:
        pytest.skip(f"no host of cards: {reason}")


@pytest.fixture(scope="session")
def axe(project: Path) -> str:
    return (project / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def host_pages(project: Path) -> Iterator[dict[str, HostPages]]:
    with ExitStack() as ends:
        yield {version: ends.enter_context(serve_host(project, version)) for version in VERSIONS}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    try:
        chromium = find_or_install_chromium()
    except LookupError as reason:
        pytest.skip(f"no Chromium: {reason}")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_host(browser: Browser, host_pages: dict[str, HostPages]) -> AsyncIterator[OpenHost]:
    """Opens the host of a client; its clock stands still with `paused`."""
    async with AsyncExitStack() as ends:

        async def open_one(client: Client, *, version: str = "2", paused: bool = False) -> CardHost:
            context = await browser.new_context()
            ends.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if paused:
                await context.clock.install(time=0)
                await context.clock.pause_at(1)
            host = CardHost(await context.new_page(), host_pages[version], client)
            await host.start()
            return host

        yield open_one
