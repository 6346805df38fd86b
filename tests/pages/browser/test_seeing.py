"""Every page for every reader: keyboard, screen reader, narrow and dark screens, both languages."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.pages.browser.accessibility import find_violations
from tests.pages.browser.conftest import Desktop
from tests.pages.questions import BILL, CHANGE, QUESTION

pytestmark = [pytest.mark.system, pytest.mark.anyio]
SPEAKS = {"es": "es-MX", "en": "en-US"}
HEARD = r"""
- main:
  - paragraph:
    - strong: EN VIVO
    - text: Cuenta tienda-centro, dinero REAL
  - heading "¿Lo apruebas?" [level=1]
  - paragraph: MXN 500.00
  - paragraph: /¿Cobrar MXN 500\.00 por SPEI/
  - term: Se repite
  - definition: MXN 500.00 cada mes, 12 veces
  - term: ¿Se puede deshacer?
  - definition: "No"
  - term: Operación
  - definition: create_order
  - table "Qué cambia":
    - caption: Qué cambia
    - rowgroup:
      - row "Dato Antes Después":
        - columnheader "Dato"
        - columnheader "Antes"
        - columnheader "Después"
    - rowgroup:
      - row "Importe MXN 400.00 MXN 500.00":
        - rowheader "Importe"
        - cell "MXN 400.00"
        - cell "MXN 500.00"
      - row /Repetición/:
        - rowheader "Repetición"
        - cell "MXN 400.00 cada mes, sin fin"
        - cell "MXN 500.00 cada 2 meses, 12 veces"
  - paragraph:
    - text: "Puedes responder todavía:"
    - timer: /\d+:\d\d/
  - button "No"
  - button "Sí, hazlo una vez"
  - paragraph: Si dices que no, no se hace nada.
"""
"""What a screen reader is told of a change."""


@dataclass
class Gallery:
    """Brings each page before a reader with a browser of these settings."""

    desktop: Desktop
    settings: dict[str, Any]

    async def ask(self, facts: dict[str, Any] = BILL, **more: Any) -> tuple[Any, Page]:
        approval = await self.desktop.questions.ask(facts=facts, **more)
        return approval, await self.desktop.show(approval, **self.settings)

    async def show_live_bill(self) -> Page:
        return (await self.ask())[1]

    async def show_test_change(self) -> Page:
        lines = {language: text.split("\n") for language, text in QUESTION.items()}
        warned = {language: "\n".join((*one[:2], "OJO.", one[2])) for language, one in lines.items()}
        return (await self.ask({**CHANGE, "mode": "test"}, question=warned))[1]

    async def show_approved(self) -> Page:
        approval, page = await self.ask()
        await page.locator("button.yes").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("que sí|said yes"))
        assert await self.desktop.read_state(approval) == "approved"
        return page

    async def show_carried_out(self) -> Page:
        approval, page = await self.ask()
        await page.locator("button.yes").click()
        pending = self.desktop.questions.pending
        await pending.spend(await self.desktop.questions.find(approval))
        await pending.note_result(approval.id, {"outcome": "not_applied", "message": "Ya <b>venció</b>."})
        await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("ya terminó|has ended"))
        return page

    async def show_declined(self) -> Page:
        _, page = await self.ask()
        await page.locator("button").first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("que no|said no"))
        return page

    async def show_decided_elsewhere(self) -> Page:
        approval, page = await self.ask()
        await self.desktop.questions.pending.decide(approval.id, approved=False, by="berta", channel="inbox")
        await page.reload()
        await expect(page.get_by_text("«berta»")).to_be_visible()
        return page

    async def show_expired(self) -> Page:
        approval, page = await self.ask()
        self.desktop.questions.clock.now = approval.expires_at
        await page.reload()
        await expect(page.get_by_role("timer")).to_have_count(0)
        return page

    async def show_used_address(self) -> Page:
        _, page = await self.ask()
        await page.goto("about:blank")
        await page.goto(self.desktop.addresses[-1])
        await page.wait_for_url("**/session")
        return page

    async def show_unknown_address(self) -> Page:
        _, page = await self.ask()
        await page.goto(f"{self.desktop.addresses[-1].partition('#')[0]}nothing")
        return page

    async def show_ended(self) -> Page:
        _, page = await self.ask()
        await self.desktop.process.close()
        await expect(page.get_by_role("alert")).to_be_visible()
        return page


PAGES: dict[str, Callable[[Gallery], Awaitable[Page]]] = {
    name.removeprefix("show_"): show for name, show in vars(Gallery).items() if name.startswith("show_")
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", SPEAKS)
async def test_a_page_has_no_violation_and_no_sideways_scrolling(
    desktop: Desktop, axe: str, language: str, name: str
) -> None:
    page = await PAGES[name](Gallery(desktop, {"locale": SPEAKS[language]}))
    assert await page.evaluate("document.documentElement.lang") == language
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await find_violations(page, axe) == []
    for width in (320, 1280):
        await page.set_viewport_size({"width": width, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_violation_is_found(desktop: Desktop, axe: str) -> None:
    page = await desktop.show(await desktop.questions.ask())
    await page.evaluate("document.querySelector('button').textContent = ''")
    assert [one.split(":")[0] for one in await find_violations(page, axe)] == ["button-name"]


async def test_a_dark_screen_gets_a_dark_page(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval, color_scheme="dark")
    read = "getComputedStyle(document.querySelector('main')).backgroundColor"
    assert await page.evaluate(read) == "rgb(28, 33, 40)"
    await page.emulate_media(color_scheme="light")
    assert await page.evaluate(read) == "rgb(255, 255, 255)"


async def test_live_money_is_marked_in_red_and_the_amount_is_the_largest_text(desktop: Desktop) -> None:
    page = await desktop.show(await desktop.questions.ask())
    await expect(page.get_by_text("EN VIVO", exact=True)).to_be_visible()
    band = page.locator(".band")
    assert await band.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(179, 0, 27)"
    sizes = await page.locator("main *").evaluate_all(
        "all => all.map(one => [parseFloat(getComputedStyle(one).fontSize), one.className])"
    )
    assert max(sizes)[1] == "amount"


async def test_the_keyboard_is_enough_and_comes_to_no_first(desktop: Desktop) -> None:
    approval = await desktop.questions.ask()
    page = await desktop.show(approval)
    await expect(page.get_by_role("button", name="Sí, hazlo una vez")).to_be_enabled()
    # Enter before anything is chosen answers nothing.
    await page.keyboard.press("Enter")
    reached = []
    for _ in range(2):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.value"))
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    assert reached == ["decline", "approve"]
    assert await desktop.read_state(approval) == "shown"
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Dijiste que sí")).to_be_visible()
    assert await desktop.read_state(approval) == "approved"


async def test_a_screen_reader_is_told_what_each_part_is(desktop: Desktop) -> None:
    page = await desktop.show(await desktop.questions.ask(facts=CHANGE))
    await expect(page.get_by_role("main")).to_match_aria_snapshot(HEARD)
