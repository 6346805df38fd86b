"""Draws the pages of the inbox of a server over HTTP; `make pictures` calls it."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, expect

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.storage.opening import open_store
from tests.journeys.clients import answer, over_http
from tests.journeys.processes import finished, listening

LOCALES = {"es": "es-MX", "en": "en-US"}
SCHEMES = ("light", "dark")
SIZE: ViewportSize = {"width": 640, "height": 320}
LINES = [{"name": "Plan anual", "unit_price": 50_000, "quantity": 1}]
PEOPLE = (
    {"name": "Luis Soto", "email": "luis@example.com", "phone": "+525511111111"},
    {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"},
)


async def draw_inbox(browser: Browser, folder: Path) -> None:
    """Draw each page as `inbox-<name>.<language>.<scheme>.png`."""
    for language, locale in LOCALES.items():
        with tempfile.TemporaryDirectory() as place:
            store, kept = (
                str(Path(place) / "safety.sqlite3"),
                ("--sandbox", "--state", f"{place}/shop.sqlite3"),
            )
            added = finished("approvers", "add", "berta", "--generate", *kept, "--store", store)
            words = ("--confirm", "money", "--approval-wait", "0", "--language", language, "--store", store)
            with listening(
                "serve", *kept, *words, "--transport", "streamable-http", ready="/healthz"
            ) as server:
                waiting, approved = await _ask(server.url, store)
                async with _open_page(browser, locale) as page:
                    await page.goto(f"{server.url}/approvals")
                    await _draw(page, folder, "inbox-sign-in", language)
                    await page.locator("#name").fill("berta")
                    await page.locator("#passphrase").fill(added.stdout.split()[-1])
                    await page.locator("main button").click()
                    await expect(page.locator("nav")).to_contain_text("berta")
                    await _draw(page, folder, "inbox-list", language)
                    await page.goto(f"{server.url}/approvals/{waiting}")
                    await expect(page.locator("button.yes")).to_be_enabled()
                    await _draw(page, folder, "inbox-question", language)
                    await page.goto(f"{server.url}/approvals/{approved}")
                    await _draw(page, folder, "inbox-record", language)


async def _ask(url: str, store: str) -> tuple[str, str]:
    """Make two calls; return the ids of a question that waits and of one that somebody approved."""
    async with over_http(url, "streamable-http", "key_agent") as client:
        for person in PEOPLE:
            bill: dict[str, Any] = {**person, "line_items": LINES, "payment_method": "spei"}
            await answer(client, "create_order", bill)
    opened = open_store(store, sandbox_state=None, sandbox=True, clock=time.time)
    try:
        pending = PendingApprovals(opened)
        waiting, other = await pending.list_open()
        await pending.note_shown(other.id)
        await pending.decide(other.id, approved=True, by="carla", channel="inbox")
    finally:
        await opened.close()
    return waiting.id, other.id


@asynccontextmanager
async def _open_page(browser: Browser, locale: str) -> AsyncIterator[Page]:
    context = await browser.new_context(locale=locale, viewport=SIZE)
    context.set_default_timeout(60_000)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def _draw(page: Page, folder: Path, name: str, language: str) -> None:
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two
        await page.screenshot(path=folder / f"{name}.{language}.{scheme}.png", full_page=True)
