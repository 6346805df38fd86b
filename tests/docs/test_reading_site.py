"""The site in a Chromium: search in both languages, light and dark, without other hosts."""

import re
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

pytestmark = [pytest.mark.system, pytest.mark.anyio]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that the base class has
        """Say nothing."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def asked() -> set[str]:
    """The hosts that the page asks for anything."""
    return set()


@pytest.fixture
async def page(browser: Browser, asked: set[str]) -> AsyncIterator[Page]:
    context = await browser.new_context(color_scheme="light")
    opened = await context.new_page()
    opened.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    yield opened
    await context.close()


async def find(page: Page, words: str, title: str) -> None:
    """Search, and go to the page of this title."""
    await page.get_by_role("textbox").click()
    # What is typed before the index is read is not looked for; the search listens to keys.
    await expect(page.locator(".md-search-result__meta")).not_to_contain_text(re.compile("Initiali|Iniciali"))
    await page.get_by_role("textbox").press_sequentially(words)
    found = page.locator(".md-search-result__item").get_by_role("link").filter(has_text=title).first
    await expect(found).to_be_visible()
    await found.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(title)


async def test_a_reader_searches_in_both_languages_and_asks_no_other_host(
    page: Page, address: str, asked: set[str]
) -> None:
    await page.goto(f"{address}/index.html")
    await find(page, "payment link expires", "Tools")
    await page.get_by_role("link", name="Español", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Herramientas")
    await find(page, "llavero del sistema", "Configuración")
    assert asked == {"127.0.0.1"}


async def test_a_reader_chooses_between_light_and_dark(page: Page, address: str, asked: set[str]) -> None:
    await page.goto(f"{address}/safety.html")
    body = page.locator("body")
    await expect(body).to_have_attribute("data-md-color-scheme", "default")
    await page.get_by_title("Dark").click()
    await expect(body).to_have_attribute("data-md-color-scheme", "slate")
    await page.reload()
    await expect(body).to_have_attribute("data-md-color-scheme", "slate")
    assert asked == {"127.0.0.1"}


async def test_a_reader_whose_system_is_dark_gets_it_dark(browser: Browser, address: str) -> None:
    context = await browser.new_context(color_scheme="dark")
    page = await context.new_page()
    await page.goto(f"{address}/es/index.html")
    await expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    await context.close()
