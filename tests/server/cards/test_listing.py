"""What is listed for clients that show cards, and for no others."""

import json
import re
from typing import Any

import pytest
from mcp import MCPError
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.default_tools import TOOLS
from conekta_mcp.results.page import Page
from conekta_mcp.server.cards.all_cards import ASKING_CARD, CARDS
from conekta_mcp.server.cards.documents import VIEWS, get_address
from conekta_mcp.server.cards.listing import APP_ONLY_TOOLS, can_ask, find_card
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from tests.server.cards.examples import list_examples
from tests.server.cards.shop import connect

pytestmark = pytest.mark.anyio
MAX_GROWTH = 400
"""By how many bytes tools/list may be longer for a client that shows cards."""
BOUND = {tool.name: card for tool in (*TOOLS, *DISCOVERY_TOOLS) if (card := find_card(tool))}
"""The card of each listed tool; docs/cards.md has them as a table, so that a change of one is seen."""
READING = {tool.name for tool in (*TOOLS, *DISCOVERY_TOOLS) if not can_ask(tool)}


async def list_tools(mode: str, **more: Any) -> dict[str, dict[str, Any]]:
    async with connect(mode, **more) as client:
        listed = await client.list_tools()
    # A cache that clients share would hand the list of one to another.
    assert (listed.ttl_ms or 0, listed.cache_scope) in {(0, "private"), (0, None)}
    return {one.name: one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in listed.tools}


def count_bytes(tools: dict[str, dict[str, Any]]) -> int:
    return len(json.dumps(list(tools.values()), ensure_ascii=False, separators=(",", ":")).encode())


async def test_tools_are_bound_to_cards_for_clients_that_show_them(era: str) -> None:
    shown, plain = await list_tools(era), await list_tools(era, apps=False)
    cards = {name: tool["_meta"]["ui"] for name, tool in shown.items() if "_meta" in tool}
    assert cards == {
        **{name: {"resourceUri": f"ui://conekta/{card}"} for name, card in BOUND.items()},
        **{name: {"visibility": ["app"]} for name in APP_ONLY_TOOLS},
    }
    assert list(shown) == [*plain, *APP_ONLY_TOOLS]


async def test_other_clients_are_listed_what_they_always_were(era: str) -> None:
    plain = await list_tools(era, apps=False)
    assert all("_meta" not in tool and "outputSchema" in tool for tool in plain.values())
    shown = await list_tools(era)
    for name, tool in plain.items():
        left_out = {"outputSchema"} if name in BOUND and name not in READING else set()
        same = {key: value for key, value in shown[name].items() if key != "_meta"}
        assert same == {key: value for key, value in tool.items() if key not in left_out}, name


async def test_the_list_does_not_grow_by_more_than_400_bytes_for_cards() -> None:
    for settings in ({}, {"toolsets": ("all",)}, {"read_only": True}):
        shown = await list_tools("auto", apps=True, **settings)
        plain = await list_tools("auto", apps=False, **settings)
        assert count_bytes(shown) - count_bytes(plain) <= MAX_GROWTH, settings


def test_every_card_that_a_tool_names_is_declared_and_every_declared_card_has_a_script_and_a_tool() -> None:
    named = {find_card(tool) for tool in (*ALL_TOOLS, *DISCOVERY_TOOLS)}
    undeclared = [card for card in named if card and card not in CARDS]
    assert not undeclared, f"conekta_mcp/server/cards/all_cards.py: CARDS: {undeclared}"
    missing = [f"{card}.js" for card in CARDS if card != ASKING_CARD and not (VIEWS / f"{card}.js").exists()]
    unused = [card for card in CARDS if card not in named]
    assert (missing, unused) == ([], []), "conekta_mcp/server/cards/views/, and `card` in a tool's block"


async def test_every_card_has_an_example_that_the_browser_tests_and_the_pictures_draw() -> None:
    async with connect() as client:
        examples = [address for address, _ in await list_examples(client)]
    missing = [get_address(card) for card in CARDS if get_address(card) not in examples]
    assert not missing, f"tests/server/cards/examples.py: list_examples: {missing}"


def test_whatever_can_ask_has_a_card_and_lists_are_tables() -> None:
    for tool in ALL_TOOLS:
        assert find_card(tool) is not None or not can_ask(tool), tool.name
        if issubclass(tool.output, Page):
            assert find_card(tool) == "table", tool.name


async def test_where_cards_may_not_answer_only_read_cards_are_left() -> None:
    shown = await list_tools("auto", approval_channels=("terminal",))
    assert not set(APP_ONLY_TOOLS) & set(shown)
    assert shown["explain_payment"]["_meta"] == {"ui": {"resourceUri": "ui://conekta/order"}}


async def test_where_nothing_is_written_no_card_has_buttons(era: str) -> None:
    shown = await list_tools(era, read_only=True)
    assert not set(APP_ONLY_TOOLS) & set(shown)
    assert shown["explain_payment"]["_meta"] == {"ui": {"resourceUri": "ui://conekta/order"}}


async def test_the_extension_is_declared() -> None:
    async with connect("auto") as client:
        assert (client.server_capabilities.extensions or {})[EXTENSION_ID] == {}


async def test_cards_are_resources_that_only_clients_with_cards_are_listed(era: str) -> None:
    for apps, expected in ((True, [get_address(card) for card in CARDS]), (False, [])):
        async with connect(era, apps=apps) as client:
            listed = (await client.list_resources()).resources
            assert [one.uri for one in listed if one.uri.startswith("ui:")] == expected
            assert {one.mime_type for one in listed} <= {APP_MIME_TYPE, "application/json"}


@pytest.mark.parametrize("card", CARDS)
async def test_a_card_is_read_as_a_page_of_its_own(era: str, card: str) -> None:
    async with connect(era, language="en") as client:
        [read] = (await client.read_resource(f"ui://conekta/{card}")).contents
    assert read.mime_type == APP_MIME_TYPE
    text = read.text  # type: ignore[union-attr]  # text, as its type says
    assert text.startswith('<!doctype html>\n<html lang="en" data-time-zone="America/Mexico_City"')
    assert "{{" not in text
    # Nothing of it is loaded from anywhere, and there are no names of hosts in it.
    assert "://" not in text.replace("ui://", "")
    assert len(text.encode()) < 30_000
    [policy] = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert re.sub("'sha256-[^']+'", "HASH", policy) == (
        "default-src 'none'; style-src HASH; script-src HASH; base-uri 'none'; form-action 'none'"
    )


async def test_there_are_no_other_cards(era: str) -> None:
    async with connect(era) as client:
        for address in ("ui://conekta/", "ui://conekta/other", "ui://other/payment"):
            with pytest.raises(MCPError, match="Unknown resource"):
                await client.read_resource(address)
