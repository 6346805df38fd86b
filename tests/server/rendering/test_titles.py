"""Titles are for people: in Spanish unless told otherwise, and only there."""

import re
import subprocess
import sys
from typing import Any

import pytest
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.catalog import DeferredTool, Toolset
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.rendering.titles import Titles
from conekta_mcp.settings import Settings
from tests.one_test import all_in_one_test

EVERY = (*ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)
EVERYTHING = tuple(toolset.value for toolset in Toolset)
CAPITALS = {"API", "CLABE", "SMS", "SPEI"}


async def titles_in(era: Any, **settings: Any) -> dict[str, str | None]:
    async with Client(App(Settings(sandbox=True, **settings)).server, mode=era) as client:
        return {tool.name: tool.title for tool in (await client.list_tools()).tools}


def test_no_two_tools_have_the_same_title() -> None:
    for titles in ([tool.title_es for tool in EVERY], [tool.title for tool in EVERY]):
        assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("language", ["es", "en"])
@all_in_one_test("tool", EVERY)
def test_a_title_is_short_and_in_sentence_case(tool: Any, language: str) -> None:
    title = Titles(language).get_title(tool)
    assert 3 <= len(title) <= 60
    assert re.fullmatch(r"[A-ZÁÉÍÓÚ](.*[^\s.])", title)
    assert {word for word in re.findall(r"\w+", title)[1:] if word != word.lower()} <= CAPITALS


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({}, "Buscar clientes"),
        ({"language": "es"}, "Buscar clientes"),
        ({"language": "en"}, "Find customers"),
    ],
)
async def test_clients_show_a_title_in_the_language_that_is_set(
    settings: dict[str, Any], title: str, era: str
) -> None:
    assert (await titles_in(era, **settings))["list_customers"] == title


@pytest.mark.anyio
@pytest.mark.parametrize("toolsets", [(), EVERYTHING])
async def test_in_spanish_no_listed_tool_keeps_its_english_title(toolsets: tuple[str, ...]) -> None:
    shown, english = await titles_in("auto", toolsets=toolsets), {tool.name: tool.title for tool in EVERY}
    assert [name for name, title in shown.items() if title == english[name]] == []
    assert shown == {tool.name: tool.title_es for tool in EVERY if tool.name in shown}


@pytest.mark.parametrize(("language", "title"), [("es", "Buscar clientes"), ("en", "Find customers")])
def test_the_title_of_a_default_tool_is_known_without_its_declaration(language: str, title: str) -> None:
    known = {"title": "Find customers", "title_es": "Buscar clientes"}
    tool = DeferredTool({**known}, lambda: pytest.fail("imported"))
    assert Titles(language).get_title(tool) == title


LIST_IN_SPANISH = """
import sys, anyio
from mcp import Client
from conekta_mcp.app import App
from conekta_mcp.settings import Settings

async def main():
    async with Client(App(Settings(store="memory")).server) as client:
        assert (await client.list_tools()).tools[0].title == "Buscar clientes"

anyio.run(main)
print([name for name in sys.modules if name.startswith("conekta_mcp.domains.") and name.endswith(".tools")])
"""


@pytest.mark.system
def test_listing_the_default_tools_in_spanish_imports_no_declaration() -> None:
    done = subprocess.run([sys.executable, "-c", LIST_IN_SPANISH], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
