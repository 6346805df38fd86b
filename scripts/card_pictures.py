"""Draws every card in a host as a chat client has one; `make pictures` calls it."""

from contextlib import ExitStack
from pathlib import Path

from mcp.types import CallToolResult
from playwright.async_api import Browser

from tests.server.cards.browser.card_host import CardHost, install_project, serve_host
from tests.server.cards.examples import list_examples
from tests.server.cards.shop import connect

LOCALES = {"es": "es-MX", "en": "en-US"}
THEMES = ("light", "dark")
WIDTH = 480


async def draw_cards(browser: Browser, folder: Path) -> list[Path]:
    """Draw each card as `card-<name>.<language>.<theme>.png`, in both languages and themes."""
    drawn: list[Path] = []
    for language, locale in LOCALES.items():
        with ExitStack() as ends:
            pages = ends.enter_context(serve_host(install_project(), "2"))
            async with connect(language=language) as client:
                context = await browser.new_context(locale=locale, viewport={"width": WIDTH, "height": 600})
                host = CardHost(await context.new_page(), pages, client)
                await host.start()
                for address, result in await list_examples(client):
                    for theme in THEMES:
                        file = folder / f"card-{address.rsplit('/', 1)[1]}.{language}.{theme}.png"
                        await _draw_card(host, address, result, locale, theme, file)
                        drawn.append(file)
                await context.close()
    return drawn


async def _draw_card(
    host: CardHost, address: str, result: CallToolResult, locale: str, theme: str, file: Path
) -> None:
    card = await host.draw_card(address, result, width=WIDTH, locale=locale, theme=theme)
    # A button that is still dead looks as if it could not be pressed.
    await card.wait_for_function("() => !document.querySelector('button:disabled')")
    # The frame grows to what the card measured, a message later.
    await card.wait_for_function(
        "() => innerHeight === Math.ceil(document.body.getBoundingClientRect().height)"
    )
    await host.page.locator("iframe").screenshot(path=file)
