"""Draws every page of the approvals, every card, and terminals into docs/pictures/ (make pictures)."""

import argparse
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
from card_pictures import draw_cards
from inbox_pictures import draw_inbox
from mcp import Client
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect
from terminal_pictures import draw_terminals

from conekta_mcp.app import App
from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.consent.question import WORDS
from conekta_mcp.pages.loopback.page import LoopbackPage
from conekta_mcp.settings import Settings
from tests.pages.browser.chromium import ARGUMENTS, find_or_install_chromium

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
LOCALES = {"es": "es-MX", "en": "en-US"}
SCHEMES = ("light", "dark")
SIZE: ViewportSize = {"width": 520, "height": 320}
PAYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
BILL: dict[str, Any] = {
    **PAYER,
    "line_items": [{"name": "Plan anual", "unit_price": 50_000, "quantity": 1}],
    "payment_method": "spei",
}
PLAN = {"plan_id": "plan-oro", "name": "Plan Oro", "amount": 40_000, "interval": "month"}
RISE = {"plan_id": "plan-oro", "amount": 50_000, "expiry_count": 12}


@dataclass
class Studio:
    """A process on the sandbox, and a browser that shows the pages it opens."""

    app: App
    client: Client
    browser: Browser
    language: str
    addresses: list[str] = field(default_factory=list)

    async def ask(self, tool: str, arguments: dict[str, Any]) -> PendingApproval:
        """Make a call that a person has to approve; return its question."""
        result = await self.client.call_tool(tool, arguments)
        told = (result.structured_content or {}).get("error", {})
        if told.get("type") != "consent_pending":
            raise RuntimeError(f"{tool} asked nobody: {result.content}")
        return (await self.app.consent.pending.list_open())[0]

    async def carry_out(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Make a call with the yes of a terminal; return its answer."""
        approval = await self.ask(tool, arguments)
        await self.app.consent.pending.decide(approval.id, approved=True, by="make", channel="terminal")
        result = await self.client.call_tool(tool, arguments)
        return result.structured_content or {}

    async def open(self, approval: PendingApproval) -> Page:
        """Show a question as it is a second after it opened."""
        page = await self.browser.new_page(locale=LOCALES[self.language], viewport=SIZE)
        page.set_default_timeout(60_000)
        # The call opened the page of its question in the background; of others it is opened here.
        if self.app.channels.browser is None or not await self.app.channels.browser.show(approval):
            raise RuntimeError("the page did not open")
        await page.goto(self.addresses[-1])
        await expect(page.locator("button.yes")).to_be_enabled()
        return page


async def show_test_bill(studio: Studio) -> Page:
    return await studio.open(await studio.ask("create_order", BILL))


async def show_live_bill(studio: Studio) -> Page:
    return await show_live(studio, await studio.ask("create_order", BILL))


async def show_clabe_bill(studio: Studio) -> Page:
    customer = await studio.carry_out("create_customer", PAYER)
    payer = {"customer_id": customer["id"]}
    await studio.carry_out("add_spei_recurrent_source", payer)
    lines = {"line_items": BILL["line_items"]}
    return await show_live(studio, await studio.ask("create_order_reusing_clabe", {**payer, **lines}))


async def show_live(studio: Studio, asked: PendingApproval) -> Page:
    """Show a question as a live account asks it; the sandbox has test accounts only."""
    words = {language: (texts["test"], texts["live"]) for language, texts in WORDS.items()}
    question = {language: text.replace(*words[language], 1) for language, text in asked.question.items()}
    live = replace(asked, id="f" * 24, call="live", question=question, facts={**asked.facts, "mode": "live"})
    return await studio.open(await studio.app.consent.pending.create(live))


async def show_change(studio: Studio) -> Page:
    await studio.carry_out("create_plan", PLAN)
    return await studio.open(await studio.ask("update_plan", RISE))


async def show_approved(studio: Studio) -> Page:
    page = await show_live_bill(studio)
    await page.locator("button.yes").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("que sí|said yes"))
    return page


async def show_declined(studio: Studio) -> Page:
    page = await show_live_bill(studio)
    await page.locator("button").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("que no|said no"))
    return page


async def show_decided_elsewhere(studio: Studio) -> Page:
    page = await show_live_bill(studio)
    await studio.app.consent.pending.decide("f" * 24, approved=True, by="berta", channel="inbox")
    await page.reload()
    return page


async def show_expired(studio: Studio) -> Page:
    page = await show_live_bill(studio)
    standing = await studio.app.consent.pending.find("f" * 24)
    if standing is None:
        raise RuntimeError("the question is gone")
    await studio.app.consent.pending.withdraw(standing)
    await page.reload()
    return page


async def show_used_address(studio: Studio) -> Page:
    page = await show_live_bill(studio)
    await page.goto("about:blank")
    await page.goto(studio.addresses[-1])
    await page.wait_for_url("**/session")
    return page


async def show_ended(studio: Studio) -> Page:
    page = await show_live_bill(studio)
    if studio.app.channels.browser:
        await studio.app.channels.browser.close()
    await expect(page.get_by_role("alert")).to_be_visible()
    return page


PAGES: dict[str, Callable[[Studio], Awaitable[Page]]] = {
    "bill-test": show_test_bill,
    "bill-live": show_live_bill,
    "bill-clabe": show_clabe_bill,
    "change": show_change,
    "approved": show_approved,
    "declined": show_declined,
    "decided-elsewhere": show_decided_elsewhere,
    "expired": show_expired,
    "used-address": show_used_address,
    "process-ended": show_ended,
}


@asynccontextmanager
async def open_studio(browser: Browser, language: str) -> AsyncIterator[Studio]:
    """Start a process on an empty sandbox that asks before every write, and a client that can ask nobody."""
    settings = Settings(sandbox=True, confirm="writes", store="memory", language=language)
    app = App(settings)
    addresses: list[str] = []

    async def note_address(address: str) -> bool:
        addresses.append(address)
        return True

    async def find_no_pause(_: str) -> float:
        return 0.0

    page = LoopbackPage(
        find_pending=lambda: app.consent.pending,
        read_time=lambda: app.store.read_time(),
        find_pause=find_no_pause,
        language=language,
        open_address=note_address,
    )
    app.channels = Channels(browser=page, wait_seconds=0.0)
    try:
        async with Client(app.server) as client:
            yield Studio(app, client, browser, language, addresses)
    finally:
        await app.close()


async def draw_pages(folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_or_install_chromium(), args=ARGUMENTS)
        for language in LOCALES:
            for name, show in PAGES.items():
                async with open_studio(browser, language) as studio:
                    page = await show(studio)
                    for scheme in SCHEMES:
                        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two
                        await page.screenshot(path=folder / f"{name}.{language}.{scheme}.png", full_page=True)
                    await page.close()
        await draw_inbox(browser, folder)
        await draw_cards(browser, folder)
        await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", nargs="?", type=Path, default=PICTURES, help="where, else docs/pictures")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    anyio.run(draw_pages, folder)
    draw_terminals(folder)
