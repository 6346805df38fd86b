"""An example of every tool for docs/tools.md: a real call of the server on its sandbox, always the same."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import walk
from mcp import Client

from conekta_mcp.api.in_process import InProcess
from conekta_mcp.app import App
from conekta_mcp.catalog import Request, Tool, Toolset
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.core.account import Account
from conekta_mcp.sandbox.webhooks.postman import Postman
from conekta_mcp.settings.table import SANDBOX_KEY, Settings

SEED = 1
ROWS = 2
LONGEST = 120
BEGINNING = 60
"""Characters shown of a text longer than LONGEST: those of a public key that all keys have."""

EVERYTHING = tuple(toolset.value for toolset in Toolset)


@dataclass(frozen=True)
class Example:
    """One call and its answer."""

    arguments: dict[str, Any]
    answer: dict[str, Any]


class StayingPostman(Postman):
    """Delivers nothing: when a webhook answers is not the same every time."""

    def wake(self, account: Account) -> None:
        """Stay."""


class Visitor:
    """Calls tools as an agent does, and keeps the first success of each."""

    def __init__(self, listed: Client, unlisted: Client, app: App) -> None:
        self._clients = {True: listed, False: unlisted}
        self._account = app.conekta.account(SANDBOX_KEY)
        self.examples: dict[str, Example] = {}

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool, which must succeed."""
        told = await self._clients[tool not in walk.FINDING].call_tool(tool, arguments)
        answer = told.structured_content or {}
        if told.is_error:
            raise LookupError(f"scripts/walk.py: {tool} answered {json.dumps(answer, ensure_ascii=False)}")
        self.examples.setdefault(tool, Example(arguments, answer))
        return answer

    async def shop(self, method: Any, path: str, **body: Any) -> dict[str, Any]:
        """Do what no tool does: play the payer, the bank, the clock or the merchant's shop."""
        return await self._account.send(Request(method, path, body=body or None))

    async def rows(self, path: str) -> list[dict[str, Any]]:
        """Read a bare array as it is on the wire."""
        found: list[dict[str, Any]] = (await self._account.send(Request("GET", path, array=True)))["data"]
        return found


def examples(tools: Iterable[Tool[Any]]) -> dict[str, Example]:
    """Walk through the sandbox, and give an example of each of `tools`.

    Raises:
        LookupError: the walk does not call one of them, or one did not succeed.
    """
    found = anyio.run(_walked)
    missing = [tool.name for tool in tools if tool.name not in found]
    if missing:
        raise LookupError(f"scripts/walk.py has no example of {', '.join(missing)}")
    return found


async def _walked() -> dict[str, Example]:
    problem: LookupError | None = None
    async with _visitor() as visitor:
        try:
            for step in walk.STEPS:
                await step(visitor)
        except LookupError as failure:
            problem = failure  # raised below: a connection would wrap it in groups
    if problem:
        raise problem
    return visitor.examples


@asynccontextmanager
async def _visitor() -> AsyncIterator[Visitor]:
    """Connect to two servers on one sandbox: one lists everything, so the other has what finds the rest."""
    ledger = Ledger(clock=lambda: walk.NOW, seed=SEED)
    sandbox = create_sandbox(ledger, StayingPostman(ledger))
    whole, usual = (
        App(Settings(sandbox=True, language="en", toolsets=toolsets), lambda: InProcess(sandbox))
        for toolsets in (EVERYTHING, ())
    )
    async with Client(whole.server) as listed, Client(usual.server) as unlisted:
        yield Visitor(listed, unlisted, whole)
    await whole.close()
    await usual.close()
    ledger.close()


def shown(value: object) -> str:
    """Write JSON on one line, with the first rows of lists and the beginning of long texts."""
    return json.dumps(_cut(value), ensure_ascii=False)


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    if isinstance(value, list):
        rows = all(isinstance(inner, dict | list) for inner in value)
        return [_cut(inner) for inner in (value[:ROWS] if rows else value)]
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:BEGINNING] + "…"
    return value
