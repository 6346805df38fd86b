"""A person answers on a card, in a real browser and a real host, over stdio and HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from playwright.async_api import Frame, expect

from tests.journeys.processes import listening, stdio_server
from tests.server.cards.browser.card_host import CardHost, find_violations, is_too_wide
from tests.server.cards.browser.conftest import OpenHost
from tests.server.cards.shop import APPS, MovableTime, bill, connect, count_orders, read_card_meta

pytestmark = [pytest.mark.system, pytest.mark.anyio]
CONFIRM = ("--sandbox", "--confirm", "money", "--approval-channels", "card")
PATIENCE_MS = 60_000
YES, NO = "Sí, hazlo una vez", "No"


@asynccontextmanager
async def over_stdio(state: Path, mode: str) -> AsyncIterator[Client]:
    server = stdio_server(*CONFIRM, "--state", str(state / "ledger.db"), "--store", str(state / "store.db"))
    async with Client(server, mode=mode, extensions=APPS) as client:  # type: ignore[arg-type]  # an era
        yield client


@asynccontextmanager
async def over_http(_: Path, mode: str) -> AsyncIterator[Client]:
    words = ("serve", "--transport", "streamable-http", *CONFIRM, "--store", "memory")
    with listening(*words, ready="/healthz") as running:
        headers = {"Authorization": "Bearer key_of_a_shop_0123456789"}
        async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as wire:
            target = streamable_http_client(f"{running.url}/mcp", http_client=wire)
            async with Client(target, mode=mode, extensions=APPS) as client:  # type: ignore[arg-type]  # an era
                yield client


async def press(card: Frame, name: str) -> None:
    await card.get_by_role("button", name=name, exact=True).click()


async def read_heading(card: Frame) -> str:
    return (await card.locator("h1").inner_text()).strip()


@pytest.mark.parametrize(
    ("reach", "mode", "version"),
    [(over_stdio, "auto", "2"), (over_http, "legacy", "1")],
)
async def test_a_yes_makes_the_bill_once_and_a_no_makes_none(
    open_host: OpenHost, tmp_path: Path, reach: Any, mode: str, version: str
) -> None:
    async with reach(tmp_path, mode) as client:
        host = await open_host(client, version=version)
        asked = await bill(client)
        card = await host.draw("create_order", asked)
        await expect(card.locator(".amount")).to_have_text("MXN 500.00")
        await press(card, NO)
        await expect(card.locator("h1")).to_have_text("Dijiste que no")
        assert (await bill(client)).is_error
        card = await host.draw("create_order", await bill(client))
        await press(card, YES)
        await expect(card.locator("h1")).to_have_text("Dijiste que sí")
        assert await count_orders(client) == 0
        made = await bill(client)
        assert (made.structured_content or {})["payment_status"] == "pending_payment"
        assert await count_orders(client) == 1
        assert [text.split(" on the card")[0] for text in await host.read_news(2)] == [
            "The person declined",
            "The person approved",
        ]
        assert host.problems == []


@pytest.fixture
async def shop() -> AsyncIterator[Client]:
    async with connect() as client:
        yield client


@pytest.fixture
async def host(open_host: OpenHost, shop: Client) -> CardHost:
    return await open_host(shop)


async def test_what_the_card_shows(host: CardHost, shop: Client, axe: str) -> None:
    name = "<img src=x onerror=alert(1)> ¿Aprobar?»"
    asked = await bill(shop, name=name)
    for words in ({"locale": "es-MX"}, {"locale": "en-US", "theme": "dark"}):
        card = await host.draw("create_order", asked, width=320, **words)
        await card.evaluate(axe)
        assert await find_violations(card) == []
        assert not await is_too_wide(card)
    assert await card.locator("html").get_attribute("lang") == "en"
    assert await card.locator("html").get_attribute("data-theme") == "dark"
    assert await card.locator(".band").inner_text() == "TEST Account «Comercio de Prueba», test mode"
    assert await read_heading(card) == "Do you approve this?"
    assert await card.locator("img").count() == 0
    # What somebody typed is a quotation in its own colour, which it cannot end.
    typed = card.locator(".question .typed").first
    assert await typed.inner_text() == "«img src=x onerror=alert(1) ¿Aprobar?»"
    colours = "(one) => getComputedStyle(one).color"
    assert await typed.evaluate(colours) != await card.locator(".question").evaluate(colours)
    # The secret is nowhere in what is drawn.
    assert host.calls.count("approval_state") == 2
    assert (asked.meta or {})["conekta-mcp/approval"]["secret"] not in await card.content()
    assert host.problems == []


async def test_live_money_is_a_red_band(host: CardHost, shop: Client, axe: str) -> None:
    card = await host.draw("create_order", await bill(shop))
    # The sandbox has no live accounts: the band is drawn as the card draws it.
    await card.evaluate("card.querySelector('.band').replaceWith(band(true, 'Tienda Centro'))")
    band = card.locator(".band")
    assert await band.inner_text() == "EN VIVO Tienda Centro"
    assert await band.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(179, 0, 27)"
    await card.evaluate(axe)
    assert await find_violations(card) == []


async def test_decline_comes_first_and_approve_is_dead_for_a_second(
    open_host: OpenHost, shop: Client
) -> None:
    host = await open_host(shop, paused=True)
    card = await host.draw("create_order", await bill(shop))
    buttons = card.get_by_role("button")
    assert await buttons.all_inner_texts() == [NO, YES]
    approve = buttons.last
    await host.page.clock.run_for(999)
    await expect(approve).to_be_disabled()
    await host.page.clock.run_for(1)
    await expect(approve).to_be_enabled()
    # Nothing has the focus by itself, and the first that gets it says no.
    assert await card.evaluate("document.activeElement === document.body")
    await host.page.keyboard.press("Tab")
    await expect(buttons.first).to_be_focused()
    await host.page.keyboard.press("Tab")
    await expect(approve).to_be_focused()
    await host.page.keyboard.press("Enter")
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")
    assert await card.locator("#told").inner_text() == "Dijiste que sí"


async def test_a_double_click_answers_once(host: CardHost, shop: Client) -> None:
    card = await host.draw("create_order", await bill(shop))
    approve = card.get_by_role("button", name=YES)
    await expect(approve).to_be_enabled()
    await approve.evaluate("(one) => { one.click(); one.click(); one.previousSibling.click(); }")
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")
    assert (host.calls.count("approve_pending"), host.calls.count("decline_pending")) == (1, 0)


async def test_the_card_counts_down_and_ends(open_host: OpenHost) -> None:
    clock = MovableTime()
    async with connect(clock=clock) as client:
        host = await open_host(client, paused=True)
        card = await host.draw("create_order", await bill(client))
        await expect(card.get_by_text("15:00")).to_be_visible()
        await host.page.clock.run_for(61_000)
        await expect(card.get_by_text("13:59")).to_be_visible()
        clock.now += 901
        await host.page.clock.run_for(5_000)
        await expect(card.locator("h1")).to_have_text("Ya no se puede responder")
        assert await card.get_by_role("button").count() == 0
        # Drawn again, it says the same.
        card = await host.draw("create_order", await bill(client))
        await expect(card.locator("h1")).to_have_text("¿Lo apruebas?")


async def test_an_old_card_drawn_again_shows_what_became_of_it(host: CardHost, shop: Client) -> None:
    old = await bill(shop)
    card = await host.draw("create_order", old)
    await press(card, YES)
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")
    card = await host.draw("create_order", old)
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")
    await bill(shop)
    card = await host.draw("create_order", old)
    await expect(card.locator("h1")).to_have_text("El sí ya se usó")
    assert await card.get_by_role("button").count() == 0


async def test_an_old_card_of_a_process_that_ended_cannot_answer(
    open_host: OpenHost, tmp_path: Path, axe: str
) -> None:
    kept = {"state": str(tmp_path / "ledger.db"), "store": str(tmp_path / "store.db")}
    async with connect(**kept) as client:
        old = await bill(client)
    async with over_stdio(tmp_path, "auto") as client:
        host = await open_host(client)
        card = await host.draw("create_order", old)
        await expect(card.locator("h1")).to_have_text("Aquí ya no se puede responder")
        assert await card.get_by_role("button").count() == 0
        await card.evaluate(axe)
        assert await find_violations(card) == []
        # The question still stands, and a card of this process answers it.
        card = await host.draw("create_order", await bill(client))
        await press(card, YES)
        await expect(card.locator("h1")).to_have_text("Dijiste que sí")
        assert not (await bill(client)).is_error
        assert await count_orders(client) == 1


async def test_a_host_that_takes_no_context_and_one_that_loses_a_call(host: CardHost, shop: Client) -> None:
    card = await host.draw("create_order", await bill(shop), takes_context=False)
    await expect(card.get_by_role("button", name=YES)).to_be_enabled()
    host.is_cut_off = True
    await press(card, YES)
    await expect(card.locator("#told")).to_have_text("No se pudo enviar tu respuesta. Vuelve a intentarlo.")
    host.is_cut_off = False
    await press(card, YES)
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")
    assert host.informed == []


async def test_a_connection_that_is_lost_for_a_while_leaves_the_card_as_it_is(
    open_host: OpenHost, shop: Client
) -> None:
    host = await open_host(shop, paused=True)
    card = await host.draw("create_order", await bill(shop))
    host.is_cut_off = True
    while len(host.lost) < 2:  # the second shows that the first was borne
        await host.page.clock.run_for(1_000)
    assert await read_heading(card) == "¿Lo apruebas?"
    host.is_cut_off = False
    await press(card, YES)
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")


async def test_the_question_is_read_before_the_server_can_be_reached_and_answered_only_then(
    open_host: OpenHost, shop: Client
) -> None:
    host = await open_host(shop, paused=True)
    host.is_cut_off = True
    card = await host.draw("create_order", await bill(shop))
    await expect(card.locator(".amount")).to_have_text("MXN 500.00")
    await expect(card.locator(".question .typed").first).to_have_text("«Ana Ruiz»")
    await host.page.clock.run_for(4_000)
    for button in await card.get_by_role("button").all():
        await expect(button).to_be_disabled()
    await expect(card.get_by_text("todavía no se sabe")).to_be_visible()
    host.is_cut_off = False
    await host.page.clock.run_for(1_000)
    await expect(card.get_by_text("Puedes responder todavía")).to_be_visible()
    await host.page.clock.run_for(1_000)
    await press(card, YES)
    await expect(card.locator("h1")).to_have_text("Dijiste que sí")
    assert host.calls.count("approve_pending") == 1


async def test_a_question_that_cannot_be_answered_yet_is_as_readable(
    host: CardHost, shop: Client, axe: str
) -> None:
    host.is_cut_off = True
    for words in ({"locale": "es-MX"}, {"locale": "en-US", "theme": "dark"}):
        card = await host.draw("create_order", await bill(shop), width=320, **words)
        await card.evaluate(axe)
        assert await find_violations(card) == []
        assert not await is_too_wide(card)


async def test_an_old_question_is_not_shown_as_open_again(open_host: OpenHost, shop: Client) -> None:
    host = await open_host(shop, paused=True)
    old = await bill(shop)
    await shop.call_tool("decline_pending", read_card_meta(old))
    host.is_cut_off = True
    card = await host.draw("create_order", old)
    await expect(card.get_by_role("button", name=YES)).to_be_disabled()
    host.is_cut_off = False
    await host.page.clock.run_for(5_000)
    await expect(card.locator("h1")).to_have_text("Dijiste que no")
    assert await card.get_by_role("button").count() == 0


async def test_an_answer_from_elsewhere_closes_the_card(open_host: OpenHost, shop: Client) -> None:
    host, other = await open_host(shop, paused=True), await open_host(shop)
    card = await host.draw("create_order", await bill(shop))
    there = await other.draw("create_order", await bill(shop))
    await press(there, NO)
    await expect(there.locator("h1")).to_have_text("Dijiste que no")
    await host.page.clock.run_for(5_000)
    await expect(card.locator("h1")).to_have_text("Dijiste que no")
    assert await card.get_by_role("button").count() == 0


@pytest.mark.parametrize(
    ("locale", "ended"),
    [("es-MX", "Cómo terminó Se hizo, una vez"), ("en-US", "How it ended It was done, once")],
)
async def test_a_card_says_how_the_server_ended_its_call(
    open_host: OpenHost, locale: str, ended: str, axe: str
) -> None:
    async with connect(approval_executes=True) as client:
        host = await open_host(client)
        card = await host.draw("create_order", await bill(client), locale=locale)
        await card.locator("button.yes").click()
        # Nobody calls again: the card asks until it knows.
        await expect(card.locator("dl")).to_contain_text("ord_", timeout=PATIENCE_MS)
        shown = " ".join((await card.locator("dl").inner_text()).split())
        assert shown.startswith(ended)
        assert await count_orders(client) == 1
        await card.evaluate(axe)
        assert await find_violations(card) == []
