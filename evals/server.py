"""The MCP server as a process over stdio, and the person whom it asks."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mcp import Client, StdioServerParameters
from mcp.client.session import ClientRequestContext
from mcp.types import ElicitRequestFormParams, ElicitRequestParams, ElicitResult, TextContent, Tool

from evals.shop import KEY, Shop
from evals.task import Json

ROOT = Path(__file__).parents[1]
SETTINGS = {
    "CONEKTA_MCP_CONFIRM": "money",
    "CONEKTA_MCP_APPROVAL_CHANNELS": "client",
    "CONEKTA_MCP_AUDIT": "off",
}
"""A person is asked as on a live account, through the client only."""
OURS = ("CONEKTA_", "EVALS_", "PYTHONDONTWRITEBYTECODE")


@dataclass
class Person:
    """Answers what the server asks, as the task says; without an answer of the task, it is a no."""

    consent: bool | None = None
    questions: list[str] = field(default_factory=list)
    has_declined: bool = False

    async def __call__(
        self,
        context: ClientRequestContext,  # noqa: ARG002 - the protocol's
        params: ElicitRequestParams,
    ) -> ElicitResult:
        self.questions.append(params.message if isinstance(params, ElicitRequestFormParams) else "")
        if self.consent:
            return ElicitResult(action="accept", content={"approve": True})
        self.has_declined = True
        return ElicitResult(action="decline")


@dataclass(frozen=True)
class Answer:
    """What a tool answered, in both forms."""

    text: str
    structured: Json
    failed: bool


@dataclass(frozen=True)
class Server:
    client: Client
    person: Person
    tools: tuple[Tool, ...]
    instructions: str

    async def call(self, tool: str, arguments: Json) -> Answer:
        result = await self.client.call_tool(tool, arguments)
        text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
        return Answer(text, result.structured_content or {}, bool(result.is_error))


@asynccontextmanager
async def start_server(shop: Shop, settings: Mapping[str, str]) -> AsyncIterator[Server]:
    """Start the server on the shop's account, with a store of its own and none of the caller's settings."""
    with tempfile.TemporaryDirectory() as state:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ours = {"CONEKTA_API_KEY": KEY, "CONEKTA_BASE_URL": shop.url, "XDG_STATE_HOME": state, **SETTINGS}
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "conekta_mcp", "serve"],
            env={**inherited, **ours, **settings},
            cwd=ROOT,
        )
        person = Person()
        async with Client(command, mode="legacy", elicitation_callback=person) as client:
            tools = tuple((await client.list_tools()).tools)
            yield Server(client, person, tools, client.instructions or "")
