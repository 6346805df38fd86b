"""What a client lists is what the reviewed snapshots say: a schema changes in a commit, or not at all."""

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
NAMES = sorted(tool.name for tool in (*ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS))
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


def test_every_tool_has_a_snapshot_and_every_snapshot_a_tool(snapshots: ModuleType) -> None:
    assert sorted(snapshots.load_stored_tools()) == NAMES


def test_what_a_client_lists_is_what_the_snapshots_say(snapshots: ModuleType) -> None:
    shown = {**anyio.run(listed), **anyio.run(partial(listed, toolsets=EVERYTHING))}
    assert shown == snapshots.load_stored_tools()


def test_the_snapshots_are_what_the_models_say(snapshots: ModuleType) -> None:
    assert snapshots.load_current_tools() == snapshots.load_stored_tools()
