"""The inbox of a server process in a real Chromium: a client that declares nothing gets its yes there."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from playwright.async_api import Browser, BrowserContext, Page, expect

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.storage.opening import open_store
from tests.journeys.clients import answer, over_http
from tests.journeys.processes import finished, listening
from tests.pages.browser.accessibility import find_violations
from tests.pages.browser.conftest import PATIENCE_MS
from tests.pages.browser.test_attacks import elsewhere
from tests.pages.questions import CHANGE, DRAFT
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
BILL = {
    **PERSON,
    "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}],
    "payment_method": "spei",
    "idempotency_key": "renewal-of-ana",
}


@dataclass
class Shop:
    """A server process over HTTP with two approvers, and its store."""

    url: str
    store: str
    passphrases: dict[str, str]
    words: tuple[str, ...] = ()
    """How the server was started: another one with them is its replica."""
    made: int = field(default=0)

    async def ask(self, **more: Any) -> PendingApproval:
        """Ask from another process of the same store."""
        self.made += 1
        opened = open_store(self.store, sandbox_state=None, sandbox=True, clock=time.time)
        now = await opened.read_time()
        draft = replace(
            DRAFT,
            id=f"{self.made:024x}",
            call=f"call-{self.made}",
            created_at=now,
            expires_at=now + 900,
            **more,
        )
        try:
            return await PendingApprovals(opened).create(draft)
        finally:
            await opened.close()

    async def find(self, approval_id: str) -> PendingApproval:
        opened = open_store(self.store, sandbox_state=None, sandbox=True, clock=time.time)
        try:
            found = await PendingApprovals(opened).find(approval_id)
        finally:
            await opened.close()
        assert found is not None
        return found

    async def find_of(self, key: str) -> PendingApproval:
        """Return the one approval that a call with this key asked for."""
        opened = open_store(self.store, sandbox_state=None, sandbox=True, clock=time.time)
        try:
            found = await PendingApprovals(opened).list_all()
        finally:
            await opened.close()
        [pending] = [one for one in found if one.caller == fingerprint_key(key)]
        return pending


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("shop")
    store = str(folder / "safety.sqlite3")
    kept = ("--sandbox", "--state", str(folder / "shop.sqlite3"), "--store", store)
    passphrases = {}
    for name in ("ana", "luis"):
        added = finished("approvers", "add", name, "--generate", *kept)
        assert added.returncode == 0, added.stderr
        passphrases[name] = added.stdout.split()[-1]
    words = ("serve", *kept, "--transport", "streamable-http", "--confirm", "money", "--approval-wait", "0")
    with listening(*words, ready="/healthz") as server:
        yield Shop(server.url, store, passphrases, words)


@asynccontextmanager
async def approver(
    browser: Browser, shop: Shop, name: str = "ana", **settings: Any
) -> AsyncIterator[tuple[BrowserContext, Page]]:
    """A browser in which an approver has signed in."""
    async with visitor(browser, **settings) as (context, page):
        await page.goto(f"{shop.url}/approvals")
        await page.locator("#name").fill(name)
        await page.locator("#passphrase").fill(shop.passphrases[name])
        await page.locator("main button").click()
        await expect(page.locator("nav")).to_contain_text(name)
        yield context, page


@asynccontextmanager
async def visitor(browser: Browser, **settings: Any) -> AsyncIterator[tuple[BrowserContext, Page]]:
    context = await browser.new_context(**{"locale": "es-MX", **settings})
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context, await context.new_page()
    finally:
        await context.close()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_declares_nothing_has_its_bill_made_once_after_a_yes_in_the_inbox(
    mode: Any, shop: Shop, browser: Browser
) -> None:
    key = f"key_agent_{mode}"
    bill = {**BILL, "idempotency_key": f"renewal-{mode}"}
    with anyio.fail_after(180):
        async with over_http(shop.url, "streamable-http", key, mode) as client:
            told = [await answer(client, "create_order", bill) for _ in range(2)]
            assert [one["error"]["type"] for one in told] == ["consent_pending"] * 2
            assert await count_orders(client) == 0
            async with approver(browser, shop) as (_, page):
                pending = await shop.find_of(key)
                await page.locator(f'a[href="/approvals/{pending.id}"]').click()
                await expect(page.locator(".amount")).to_have_text("MXN 500.00")
                await expect(page.locator("q.typed", has_text="Ana Ruiz")).to_be_visible()
                await page.get_by_role("button", name="Sí, hazlo una vez").click()
                await expect(page.get_by_text("aprobada, aún sin usar")).to_be_visible()
                assert await count_orders(client) == 0, "nothing happens by itself"
                made = await answer(client, "create_order", bill)
                assert made["payment_status"] == "pending_payment", made
                # The page notices that the yes was used.
                await expect(page.get_by_text("aprobada y usada, una vez")).to_be_visible()
            again = await answer(client, "create_order", bill)
            assert again["id"] == made["id"]
            assert await count_orders(client) == 1
        seen = str([*told, made, again])
        assert not any(one in seen for one in (shop.url, *shop.passphrases.values()))
        used = await shop.find(pending.id)
        assert (used.state, used.decided_by, used.channel) == ("spent", "ana", "inbox")


async def test_the_record_of_an_approval_says_how_the_server_ended_its_call(
    shop: Shop, browser: Browser
) -> None:
    bill = {**BILL, "idempotency_key": "renewal-by-itself"}
    with (
        listening(*shop.words, "--approval-executes", ready="/healthz") as server,
        anyio.fail_after(180),
    ):
        replica = replace(shop, url=server.url)
        async with over_http(server.url, "streamable-http", "key_agent_gone") as client:
            told = await answer(client, "create_order", bill)
            assert told["error"]["type"] == "consent_pending"
            pending = await shop.find_of("key_agent_gone")
            async with approver(browser, replica) as (_, page):
                await page.goto(f"{server.url}/approvals/{pending.id}")
                await page.get_by_role("button", name="Sí, hazlo una vez").click()
                # Nobody calls again: the page tells by itself what became of it.
                await expect(page.get_by_text("Se hizo, una vez")).to_be_visible()
                [row] = rows_of(await answer(client, "list_orders", {}))
                await expect(page.get_by_text(f"«{row['id']}»")).to_be_visible()
                await page.goto(f"{server.url}/approvals")
                await expect(page.get_by_text("Se hizo, una vez").first).to_be_visible()
            again = await answer(client, "create_order", bill)
            assert (again["id"], again["repeated"]) == (row["id"], True)
            assert await count_orders(client) == 1


async def test_a_no_in_the_inbox_refuses_the_call(shop: Shop, browser: Browser) -> None:
    with anyio.fail_after(180):
        async with over_http(shop.url, "streamable-http", "key_agent_no") as client:
            bill = {**BILL, "idempotency_key": "renewal-no"}
            await answer(client, "create_order", bill)
            pending = await shop.find_of("key_agent_no")
            async with approver(browser, shop, "luis") as (_, page):
                await page.goto(f"{shop.url}/approvals/{pending.id}")
                await page.get_by_role("button", name="No", exact=True).click()
                await expect(page.get_by_text("rechazada")).to_be_visible()
            refused = await answer(client, "create_order", bill)
            assert refused["error"]["type"] == "consent_declined"
            assert await count_orders(client) == 0


async def count_orders(client: Client) -> int:
    return len(rows_of(await answer(client, "list_orders", {})))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["es-MX", "en-US"])
async def test_every_page_is_accessible_and_fits_a_narrow_screen(
    locale: str, scheme: Any, shop: Shop, browser: Browser, axe: str
) -> None:
    opened, closed = await shop.ask(facts=CHANGE), await shop.ask()
    screen: dict[str, Any] = {
        "locale": locale,
        "color_scheme": scheme,
        "viewport": {"width": 320, "height": 640},
    }
    async with visitor(browser, **screen) as (_, page):
        await page.goto(f"{shop.url}/approvals/sign-in")
        assert await examine(page, axe) == []
        await page.locator("#name").fill("ana")
        await page.locator("#passphrase").fill("wrong wrong wrong")
        await page.locator("main button").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await examine(page, axe) == []
    async with approver(browser, shop, **screen) as (_, page):
        await page.goto(f"{shop.url}/approvals/{closed.id}")
        await page.locator("[data-is=approve]").click()
        await expect(
            page.locator("button", has_text="Retirar" if locale == "es-MX" else "Take")
        ).to_be_visible()
        assert await examine(page, axe) == []
        for path in ("", f"/{opened.id}", f"/{'f' * 24}"):
            await page.goto(f"{shop.url}/approvals{path}")
            approve = page.locator("[data-is=approve]")
            if await approve.count():
                await expect(approve).to_be_enabled()
            assert await examine(page, axe) == [], path


async def examine(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds, and whether the page is wider than its screen."""
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*await find_violations(page, axe), *(["too wide"] if wide else [])]


async def test_an_approver_needs_no_mouse(shop: Shop, browser: Browser) -> None:
    approval = await shop.ask()
    async with visitor(browser) as (_, page):
        await page.goto(f"{shop.url}/approvals/{approval.id}")
        await page.locator("#name").focus()
        await page.keyboard.type("ana")
        await page.keyboard.press("Tab")
        await page.keyboard.type(shop.passphrases["ana"])
        await page.keyboard.press("Enter")
        approve = page.locator("[data-is=approve]")
        await expect(approve).to_be_enabled()
        await page.locator("[data-is=decline]").focus()
        await page.keyboard.press("Tab")
        await expect(approve).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("aprobada, aún sin usar")).to_be_visible()


async def test_a_link_of_another_site_leads_to_the_question_without_signing_in_again(
    shop: Shop, browser: Browser
) -> None:
    approval = await shop.ask()
    link = f'<a href="{shop.url}/approvals/{approval.id}">approve</a>'
    async with elsewhere(link) as other, approver(browser, shop) as (_, page):
        # Another name of this computer is another site.
        await page.goto(other.replace("127.0.0.1", "localhost"))
        await page.get_by_role("link").click()
        await expect(page.get_by_role("timer")).to_be_visible()
        await expect(page.locator("nav")).to_contain_text("ana")


async def test_a_form_of_another_origin_is_refused_even_with_the_cookie_and_the_token(
    shop: Shop, browser: Browser
) -> None:
    approval = await shop.ask()
    async with approver(browser, shop) as (context, page):
        await page.goto(f"{shop.url}/approvals/{approval.id}")
        csrf = await page.locator("main input[name=csrf]").input_value()
        form = (
            f'<form method="post" action="{page.url}"><input name="csrf" value="{csrf}">'
            '<input name="decision" value="approve"><button>Win a prize</button></form>'
        )
        await expect(page.locator("[data-is=approve]")).to_be_enabled()
        async with elsewhere(form) as trap:
            other = await context.new_page()
            await other.goto(trap)
            async with other.expect_request(lambda one: one.method == "POST") as sent:
                await other.get_by_role("button").click()
            await expect(other.get_by_role("heading", name="Este envío no se aceptó")).to_be_visible()
            headers = await (await sent.value).all_headers()
    # Another port of this computer is the same site: the browser sends the cookie, and our check refuses.
    assert "conekta_approvals=" in headers["cookie"]
    assert (await shop.find(approval.id)).state == "shown"


async def test_no_script_can_read_the_session_and_no_page_can_frame_the_inbox(
    shop: Shop, browser: Browser
) -> None:
    async with approver(browser, shop) as (context, page):
        assert await page.evaluate("document.cookie") == ""
        [cookie] = await context.cookies(page.url)
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/approvals")
        async with elsewhere(f'<iframe src="{page.url}"></iframe>') as trap:
            other = await context.new_page()
            complaints: list[str] = []
            other.on("console", lambda message: complaints.append(message.text))
            await other.goto(trap)
            await expect(other.frame_locator("iframe").locator("nav")).to_have_count(0)
            assert [text for text in complaints if "frame-ancestors 'none'" in text]


async def test_signing_out_leaves_nothing_behind_the_back_button(shop: Shop, browser: Browser) -> None:
    async with approver(browser, shop) as (_, page):
        await page.get_by_role("button", name="Salir").click()
        await expect(page.locator("#passphrase")).to_be_visible()
        await page.go_back()
        await expect(page.locator("#passphrase")).to_be_visible()
