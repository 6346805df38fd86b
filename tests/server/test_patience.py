"""Which clients a call may keep waiting for a person."""

from typing import Any

import pytest
from mcp import Client
from mcp.client._memory import InMemoryTransport
from mcp.server.mcpserver import Context, MCPServer
from mcp.types import Implementation

from conekta_mcp.server.elicitation import McpClient

pytestmark = pytest.mark.anyio


async def ignore_progress(_progress: float, _total: float | None, _message: str | None) -> None:
    return


async def is_patient(era: Any, name: str, **given: Any) -> bool:
    server = MCPServer("waiting")

    @server.tool()
    async def ask(context: Context[Any, Any]) -> bool:
        return McpClient(context).is_patient

    who = Implementation(name=name, version="1.0")
    # By messages, as between processes: a server in the same process is told without a token.
    async with Client(InMemoryTransport(server), mode=era, client_info=who) as client:
        answer = await client.call_tool("ask", {}, **given)
    return bool((answer.structured_content or {})["result"])


@pytest.mark.parametrize("era", ["auto", "legacy"])
@pytest.mark.parametrize(
    ("name", "waits"),
    [
        ("claude-code", True),
        ("inspector-cli", True),
        ("ai-sdk-mcp-client", True),
        ("@langchain/mcp-adapters", True),
        ("mcp-use", True),
        ("mcp", False),  # openai-agents for Python calls itself so, and gives up after 5 s
        ("claude-ai", False),
        ("my-claude-code", False),
    ],
)
async def test_a_client_that_is_known_to_wait_is_waited_for(name: str, waits: bool, era: str) -> None:
    assert await is_patient(era, name) is waits


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_client_that_wants_progress_waits_whatever_it_is_called(era: str) -> None:
    assert await is_patient(era, "mcp", progress_callback=ignore_progress)
