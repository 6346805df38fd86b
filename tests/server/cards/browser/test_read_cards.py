"""The cards of answers: what each shows, in both languages and themes, at 320 px, passed by axe."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult
from playwright.async_api import Frame, expect

from tests.server.cards.browser.card_host import CardHost, find_violations, is_too_wide
from tests.server.cards.browser.conftest import OpenHost
from tests.server.cards.examples import SALES, list_examples
from tests.server.cards.shop import LINES, PAYER, connect

pytestmark = [pytest.mark.system, pytest.mark.anyio]


@pytest.fixture
async def shop() -> AsyncIterator[Client]:
    async with connect(confirm="never") as client:
        yield client


@pytest.fixture
async def host(open_host: OpenHost, shop: Client) -> CardHost:
    return await open_host(shop)


async def call(client: Client, tool: str, **arguments: Any) -> CallToolResult:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result


async def read_facts(card: Frame) -> dict[str, str]:
    names, values = await card.locator("dt").all_inner_texts(), await card.locator("dd").all_inner_texts()
    return dict(zip(names, (" ".join(value.split()) for value in values), strict=True))


async def test_no_card_has_a_finding_of_axe_or_is_wider_than_320_px(open_host: OpenHost, axe: str) -> None:
    async with connect() as client:
        host = await open_host(client)
        examples = await list_examples(client)
        for address, result in examples:
            card = await host.draw_card(address, result, width=320)
            await card.evaluate(axe)
            for locale, theme in (
                ("es-MX", "light"),
                ("es-MX", "dark"),
                ("en-US", "dark"),
                ("en-US", "light"),
            ):
                await host.change_context(locale=locale, theme=theme)
                selector = f"html[lang={locale[:2]}][data-theme={theme}] h1"
                await card.wait_for_selector(selector, state="attached")
                seen = (address, locale, theme)
                assert await find_violations(card) == [], seen
                assert not await is_too_wide(card), seen
        assert host.problems == []


async def test_a_payment_shows_what_the_payer_needs_and_refreshes(host: CardHost, shop: Client) -> None:
    made = await call(shop, "create_order", **PAYER, line_items=LINES)
    order = made.structured_content or {}
    card = await host.draw("create_order", made)
    assert await card.locator(".amount").inner_text() == "MXN 500.00"
    facts = await read_facts(card)
    assert facts["CLABE"] == f"{order['clabe']} Copiar"
    assert facts["Paga"] == "«Ana Ruiz»"
    assert "2027" in facts["Hasta"] or "2026" in facts["Hasta"]
    await card.get_by_role("button", name="Copiar: CLABE").click()
    await expect(card.locator("#told")).to_have_text("Copiado.")
    await call(shop, "simulate_payment", order_id=order["id"])
    await card.get_by_role("button", name="Actualizar").click()
    await expect(card.locator(".good")).to_have_text("pagada")
    assert host.calls == ["explain_payment"]
    assert await host.read_news(1) == [f"The card was refreshed: {order['id']} is now paid."]
    assert host.problems == []


async def test_an_order_is_a_timeline(host: CardHost, shop: Client) -> None:
    order = (await call(shop, "create_order", **PAYER, line_items=LINES)).structured_content or {}
    await call(shop, "simulate_payment", order_id=order["id"])
    refunded = await call(
        shop, "refund_order", order_id=order["id"], amount=50000, reason="requested_by_client"
    )
    card = await host.draw("refund_order", refunded, locale="en")
    steps = await card.locator("ol li").all_inner_texts()
    assert steps[0].startswith("Created — ")
    assert steps[1].startswith("Charge MXN 500.00")
    assert steps[2].startswith("Refund MXN 500.00")
    assert await card.locator("ul li").all_inner_texts() == ["1 × «Plan anual» MXN 500.00"]


async def test_a_customer_shows_how_they_can_pay(host: CardHost, shop: Client) -> None:
    made = (await call(shop, "create_customer", **PAYER)).structured_content or {}
    source = await call(shop, "add_spei_recurrent_source", customer_id=made["id"])
    clabe = (source.structured_content or {})["clabe"]
    card = await host.draw("add_spei_recurrent_source", source)
    assert (await read_facts(card))["CLABE"] == f"{clabe} Copiar"
    read = await call(shop, "get_customer", customer_id=made["id"])
    card = await host.draw("get_customer", read)
    assert await card.locator(".question").inner_text() == "«Ana Ruiz»"
    assert await card.locator("ul li").all_inner_texts() == [f"CLABE {clabe}"]


async def test_a_list_is_a_table_in_which_typed_text_is_quoted(host: CardHost, shop: Client) -> None:
    await call(shop, "create_order", **{**PAYER, "name": "paid"}, line_items=LINES)
    listed = await call(shop, "list_orders")
    card = await host.draw("list_customers", listed, width=480)
    heads = await card.locator("th").all_inner_texts()
    cells = dict(zip(heads, await card.locator("td").all_inner_texts(), strict=True))
    assert cells["Nombre"] == "«paid»"
    assert cells["Importe"] == "MXN 500.00"
    assert cells["Pago"] == "pendiente de pago"
    assert "currency" not in heads
    # Who, how much and whether it is paid stand within the card; the rest is a sideways scroll away.
    assert heads[:3] == ["Nombre", "Importe", "Pago"]
    assert heads[-1] == "Id"
    edge = await card.locator("td").nth(2).evaluate("(cell) => cell.getBoundingClientRect().right")
    assert edge <= 480


async def test_an_explained_payment_tells_its_story_on_the_card_of_an_order(
    host: CardHost, shop: Client
) -> None:
    order = (await call(shop, "create_order", **PAYER, line_items=LINES)).structured_content or {}
    card = await host.draw("explain_payment", await call(shop, "explain_payment", id=order["id"]))
    steps = await card.locator("ol li").all_inner_texts()
    assert [step.split(" — ")[0] for step in steps] == [
        "Se creó la orden, MXN 500.00.",
        "Cobro de MXN 500.00 por SPEI.",
    ]
    assert (await read_facts(card))["Paga"] == "«Ana Ruiz»"
    await call(shop, "simulate_payment", order_id=order["id"])
    await card.get_by_role("button", name="Actualizar").click()
    await expect(card.locator("ol li")).to_have_count(3)
    assert host.problems == []


async def test_sales_are_summed_by_currency_with_a_bar_for_each_day(host: CardHost) -> None:
    card = await host.draw_card("ui://conekta/sales", SALES)
    assert await card.locator(".amount").all_inner_texts() == ["MXN 1,750.00", "USD 20.00"]
    assert await card.locator("tbody th").all_inner_texts() == ["2026-11-26", "2026-11-27", "2026-11-27"]
    wide = await card.locator(".bar").evaluate_all("(bars) => bars.map((bar) => bar.style.width)")
    assert wide == ["100%", "40%", "100%"]


async def test_a_failure_is_shown_as_its_message(host: CardHost, shop: Client) -> None:
    failed = await shop.call_tool("explain_payment", {"id": "ord_none"})
    assert failed.is_error
    card = await host.draw("explain_payment", failed)
    message = (failed.structured_content or {})["error"]["message"]
    assert await card.locator(".warning").inner_text() == message
