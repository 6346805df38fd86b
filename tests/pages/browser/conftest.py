"""One Chromium for the tests of a module, and a computer whose browser it is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.loopback.page import LoopbackPage
from tests.pages.browser.accessibility import install_axe
from tests.pages.browser.chromium import ARGUMENTS, find_or_install_chromium
from tests.pages.questions import Questions

PATIENCE_MS = 60_000
"""How long a page may take at most; what is expected of it usually comes at once."""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def chromium() -> str:
    try:
        return find_or_install_chromium()
    except LookupError as reason:
        pytest.skip(f"no Chromium: {reason}")


@pytest.fixture(scope="session")
def axe() -> str:
    try:
        return install_axe()
    except LookupError as reason:
        pytest.skip(f"no axe-core: {reason}")


@pytest.fixture(scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Desktop:
    """A computer with questions, whose process opens each in a Chromium."""

    browser: Browser
    questions: Questions = field(default_factory=Questions)
    addresses: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.process = LoopbackPage(
            find_pending=lambda: self.questions.pending,
            read_time=self.questions.read_time,
            find_pause=self.find_pause,
            language="es",
            open_address=self.note,
        )

    async def find_pause(self, _: str) -> float:
        return 0.0

    async def note(self, address: str) -> bool:
        self.addresses.append(address)
        return True

    async def person(self, **settings: Any) -> BrowserContext:
        """A browser with cookies of its own."""
        context = await self.browser.new_context(**{"locale": "es-MX", **settings})
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        return context

    async def address(self, approval: PendingApproval) -> str:
        """A new address for a question."""
        self.questions.clock.now += 91  # where a page is open, none is opened
        await self.process.show(approval)
        return self.addresses[-1]

    async def show(self, approval: PendingApproval, **settings: Any) -> Page:
        """The page of a question, a second after it was shown."""
        page = await (await self.person(**settings)).new_page()
        await self.open(page, await self.address(approval))
        return page

    async def open(self, page: Page, address: str) -> None:
        await page.goto(address)
        await expect(page.get_by_role("timer")).to_be_visible()
        self.questions.clock.now += 1

    async def read_state(self, approval: PendingApproval) -> str:
        return (await self.questions.find(approval)).state


@pytest.fixture
async def desktop(browser: Browser) -> AsyncIterator[Desktop]:
    desktop = Desktop(browser)
    yield desktop
    for context in desktop.contexts:
        await context.close()
    await desktop.process.close()
    await desktop.questions.store.close()
