"""The published schemas equal the committed snapshots, so that a change is reviewed."""

import importlib.util
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio
import pytest
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.catalog import Toolset
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.settings import Settings

SCRIPT = Path(__file__).parents[2] / "scripts" / "snapshots.py"
NAMES = {tool.name for tool in (*ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)}
EVERYTHING = tuple(toolset.value for toolset in Toolset)


@pytest.fixture(scope="module")
def snapshots() -> ModuleType:
    spec = importlib.util.spec_from_file_location("snapshots", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def listed(**settings: Any) -> dict[str, dict[str, Any]]:
    async with Client(App(Settings(sandbox=True, language="en", **settings)).server) as client:
        tools = (await client.list_tools()).tools
    return {tool.name: tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools}


def test_every_snapshot_has_a_tool(snapshots: ModuleType) -> None:
    assert snapshots.load_stored_tools().keys() <= NAMES, "make snapshot removes it"


def test_what_a_client_lists_is_what_the_snapshots_say(snapshots: ModuleType) -> None:
    stored = snapshots.load_stored_tools()
    shown = {**anyio.run(listed), **anyio.run(partial(listed, toolsets=EVERYTHING))}
    changed = [name for name in stored if shown[name] != stored[name]]
    assert changed == [], "make snapshot, and look at the change"
