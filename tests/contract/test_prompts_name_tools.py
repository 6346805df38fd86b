"""Prompts only name tools and resources that exist."""

import re
from pathlib import Path

import pytest

from conekta_mcp.domains import TOOLS
from conekta_mcp.domains.all_resources import RESOURCES
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS

PROMPTS = sorted((Path(__file__).parents[2] / "prompts").glob("*.md"))
TOOL_NAMES = {tool.name for tool in (*ALL_TOOLS, *DISCOVERY_TOOLS)}
LISTED = {tool.name for tool in (*TOOLS, *DISCOVERY_TOOLS)}
NOT_TOOLS = {'outcome: "unknown"'}


@pytest.mark.parametrize("file", PROMPTS, ids=lambda file: file.stem)
def test_every_name_in_backticks_is_a_tool(file: Path) -> None:
    quoted = set(re.findall(r"`([^`]+)`", file.read_text(encoding="utf-8"))) - NOT_TOOLS
    assert quoted
    assert quoted <= TOOL_NAMES
    assert quoted <= LISTED or "call_write_operation" in quoted


@pytest.mark.parametrize("file", PROMPTS, ids=lambda file: file.stem)
def test_both_languages_name_the_same_tools(file: Path) -> None:
    spanish, english = file.read_text(encoding="utf-8").split("--- es")[1].split("--- en")
    assert set(re.findall(r"`(\w+)`", spanish)) == set(re.findall(r"`(\w+)`", english))


def test_every_address_of_a_resource_is_served() -> None:
    addresses = {
        address
        for file in PROMPTS
        for address in re.findall(r"conekta://\w+/", file.read_text(encoding="utf-8"))
    }
    assert addresses
    assert addresses <= {readable.template.partition("{")[0] for readable in RESOURCES}


def test_there_are_prompts() -> None:
    assert len(PROMPTS) == 5
