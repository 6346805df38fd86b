"""The SDK's module for MCP Apps is loaded only for clients that declare it."""

import subprocess
import sys

import pytest
from mcp.server import apps

from conekta_mcp.server.card_support import EXTENSION_ID

LIST = """
import sys
import anyio
from mcp.client import Client
from conekta_mcp.app import App
from conekta_mcp.settings import Settings

async def main():
    async with Client(App(Settings(store="memory")).server) as client:
        assert (await client.list_tools()).tools

anyio.run(main)
print([name for name in sys.argv[1:] if name in sys.modules])
"""
UNNEEDED = (
    "mcp.server.apps",
    "conekta_mcp.consent.pending.record",
    "conekta_mcp.server.discovery.ranking",
    "conekta_mcp.server.lines.unreadable",
    "conekta_mcp.server.tools.client_habits",
    "conekta_mcp.storage.records",
    "conekta_mcp.sandbox",
    "rich",
)
"""What a start that lists its tools does without."""


def test_the_extension_has_the_name_that_the_sdk_gives_it() -> None:
    assert EXTENSION_ID == apps.EXTENSION_ID


@pytest.mark.system
def test_a_list_of_tools_loads_nothing_that_only_calls_need() -> None:
    done = subprocess.run([sys.executable, "-c", LIST, *UNNEEDED], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
