"""Composes the HTML document of each card from its parts: no library, no build step, no external loads."""

from functools import cache
from html import escape
from pathlib import Path

from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.types import Resource

from conekta_mcp.results.times import LocalTimes, get_times
from conekta_mcp.server.cards.all_cards import ASKING_CARD, CARDS

ADDRESS_PREFIX = "ui://conekta/"
PIECES, VIEWS = Path(__file__).parent / "pieces", Path(__file__).parent / "views"
# Every card can show a question: the tool that it belongs to may ask one before it answers.
SHARED_SCRIPTS = ("bridge.js", "words.js", "page.js", "approval.js")


def get_address(card: str) -> str:
    return f"{ADDRESS_PREFIX}{card}"


def list_cards(language: str) -> list[Resource]:
    from mcp.server.apps import APP_MIME_TYPE  # only for clients that show cards

    return [
        Resource(
            uri=get_address(card.name), name=card.name, title=card.title[language], mime_type=APP_MIME_TYPE
        )
        for card in CARDS.values()
    ]


def read_card(address: str, language: str) -> ReadResourceContents | None:
    """Return the card at `address`; None if there is none."""
    card = address.removeprefix(ADDRESS_PREFIX)
    if card == address or card not in CARDS:
        return None
    from mcp.server.apps import APP_MIME_TYPE

    return ReadResourceContents(content=compose_card(card, language, get_times()), mime_type=APP_MIME_TYPE)


@cache
def compose_card(card: str, language: str, times: LocalTimes) -> str:
    """Return the document of a card; `language` is the default if the host names none."""
    from conekta_mcp.pages.rendering import hash_source  # only for clients that show cards

    style = _read_file(PIECES / "style.css")
    scripts = [PIECES / name for name in SHARED_SCRIPTS]
    if card != ASKING_CARD:
        scripts.append(VIEWS / f"{card}.js")
    script = "".join(map(_read_file, scripts)) + f'start("{card}");\n'
    policy = (
        "default-src 'none'",
        f"style-src {hash_source(style)}",
        f"script-src {hash_source(script)}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    parts = {
        "{{policy}}": "; ".join(policy),
        "{{language}}": language,
        "{{zone}}": escape(times.zone),
        "{{place-es}}": escape(times.get_place("es")),
        "{{place-en}}": escape(times.get_place("en")),
        "{{title}}": CARDS[card].title[language],
        "{{style}}": style,
        "{{script}}": script,
    }
    document = _read_file(PIECES / "card.html")
    for mark, text in parts.items():
        document = document.replace(mark, text)
    return document


@cache
def _read_file(path: Path) -> str:
    return path.read_text(encoding="utf-8")
