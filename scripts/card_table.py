"""The cards of docs/cards.md in both languages, from their declarations and the tools that have them."""

from collections.abc import Sequence

from reference_tables import render_table

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.default_tools import TOOLS
from conekta_mcp.server.cards.all_cards import CARDS, Card
from conekta_mcp.server.cards.documents import get_address
from conekta_mcp.server.cards.listing import find_card
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS

UNLISTED = {"en": "none; {tools} is found by searching", "es": "ninguna; {tools} se encuentra buscando"}
PICTURES = {
    "en": '![The card "{title}"](pictures/card-{name}.en.light.png)',
    "es": "![La tarjeta «{title}»](../pictures/card-{name}.es.light.png)",
}


def render_cards(language: str) -> str:
    """Return the table of cards and a picture of each."""
    table = render_table("cards", language, [_list_cells(card, language) for card in CARDS.values()])
    pictures = [
        PICTURES[language].format(title=card.title[language], name=card.name) for card in CARDS.values()
    ]
    return "\n\n".join([table, *pictures])


def _list_cells(card: Card, language: str) -> tuple[str, ...]:
    listed = [tool.name for tool in (*TOOLS, *DISCOVERY_TOOLS) if find_card(tool) == card.name]
    others = [tool.name for tool in ALL_TOOLS if find_card(tool) == card.name]
    tools = _join_names(listed) or UNLISTED[language].format(tools=_join_names(others))
    return f"`{get_address(card.name)}`", card.shows[language], tools


def _join_names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
