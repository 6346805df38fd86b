"""An example of every tool for docs/tools.md: a real call of the server on its sandbox, always the same."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import walk
from mcp import Client
from stable_ids import StableIds

from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.app import App
from conekta_mcp.catalog import Operation, Request, Tool, Toolset
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import Failure
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.core.account import Account
from conekta_mcp.sandbox.webhooks.webhook_sender import WebhookSender
from conekta_mcp.settings.table import SANDBOX_KEY, Settings

SEED = 1
MAX_ROWS = 2
MAX_CHARACTERS = 120
SHOWN_CHARACTERS = 60
"""Characters shown of a text longer than MAX_CHARACTERS: those of a public key that all keys have."""

ALL_TOOLSETS = tuple(toolset.value for toolset in Toolset)


@dataclass(frozen=True)
class Example:
    """One call and its answer."""

    arguments: dict[str, Any]
    answer: dict[str, Any]


class IdleWebhookSender(WebhookSender):
    """Delivers nothing: when a webhook answers is not the same every time."""

    def wake(self, account: Account) -> None:
        """Stay."""


class Visitor:
    """Calls tools as an agent does, and keeps the first success of each."""

    def __init__(self, listed: Client, unlisted: Client, app: App) -> None:
        self._clients = {True: listed, False: unlisted}
        self._account = app.conekta.get_account(SANDBOX_KEY)
        self.examples: dict[str, Example] = {}

    async def call_tool(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool, which must succeed."""
        told = await self._clients[tool not in walk.DISCOVERY_TOOL_NAMES].call_tool(tool, arguments)
        answer = told.structured_content or {}
        if told.is_error:
            said = json.dumps(answer, ensure_ascii=False)
            raise LookupError(f"scripts/walk.py: {tool} fails: call it in a step on a fit object: {said}")
        self.examples.setdefault(tool, Example(arguments, answer))
        return answer

    async def send_request(self, method: Any, path: str, **body: Any) -> dict[str, Any]:
        """Do what no tool does: play the payer, the bank, the clock or the merchant's shop."""
        return await self._account.send(Request(method, path, body=body or None))

    async def refuse_request(self, method: Any, path: str, **body: Any) -> dict[str, Any]:
        """Do what Conekta refuses and yet leaves an object of, such as an order whose card is declined."""
        try:
            await self.send_request(method, path, **body)
        except Failure as failure:
            return failure.created
        raise LookupError(f"scripts/walk.py: {method} {path} was to be refused")

    async def read_rows(self, path: str) -> list[dict[str, Any]]:
        """Read a bare array as it is on the wire."""
        found: list[dict[str, Any]] = (await self._account.send(Request("GET", path, array=True)))["data"]
        return found


Step = Callable[[Visitor], Awaitable[None]]


def collect_examples(tools: Iterable[Tool[Any]]) -> dict[str, Example]:
    """Walk through the sandbox, and give an example of each of `tools`.

    Raises:
        LookupError: the walk does not call one of them, or one did not succeed.
    """
    found = record_examples()
    missing = [tool.name for tool in tools if tool.name not in found]
    if missing:
        raise LookupError(
            f"scripts/walk.py never calls {', '.join(missing)}: add a step, which becomes the example"
        )
    return found


def record_examples(seed: int = SEED, problems: list[str] | None = None) -> dict[str, Example]:
    """Walk through the sandbox, and give an example of each tool that the walk calls.

    With `problems`, what a step could not do is added to them, and the other steps are made all the same.

    Raises:
        LookupError: a call did not succeed, without `problems`.
    """
    found: dict[str, Example] = {}
    for step in walk.STEPS:
        found = {**_record_step(step, seed, problems), **found}
    for tool in ALL_TOOLS:
        if tool.name not in found and isinstance(tool, Operation) and _has_shop(tool):
            step = partial(walk.walk_example, tool=tool)
            found = {**_record_step(step, seed, problems), **found}
    return {name: _stabilize_example(name, example) for name, example in found.items()}


def _has_shop(tool: Operation[Any]) -> bool:
    return bool(tool.endpoint.path_fields) and tool.endpoint.path_fields[-1] in walk.SHOPS


def _stabilize_example(tool_name: str, example: Example) -> Example:
    ids = StableIds(tool_name)
    arguments = ids.replace(cut_value(example.arguments), "arguments")
    return Example(arguments, ids.replace(cut_value(example.answer), "answer"))


def _record_step(step: Step, seed: int, problems: list[str] | None) -> dict[str, Example]:
    try:
        return anyio.run(_walk_step, step, seed)
    except LookupError as problem:
        if problems is None:
            raise
        problems.append(str(problem))
        return {}


async def _walk_step(step: Step, seed: int) -> dict[str, Example]:
    problem: LookupError | None = None
    async with _connect_visitor(seed) as visitor:
        try:
            await step(visitor)
        except LookupError as failure:
            problem = failure  # raised below: a connection would wrap it in groups
    if problem:
        raise problem
    return visitor.examples


@asynccontextmanager
async def _connect_visitor(seed: int) -> AsyncIterator[Visitor]:
    """Connect to two servers on one sandbox: one lists everything, so the other has what finds the rest."""
    ledger = Ledger(clock=lambda: walk.NOW, seed=seed)
    sandbox = create_sandbox(ledger, IdleWebhookSender(ledger))
    whole, usual = (
        App(Settings(sandbox=True, language="en", toolsets=toolsets), lambda: InProcessTransport(sandbox))
        for toolsets in (ALL_TOOLSETS, ())
    )
    async with Client(whole.server) as listed, Client(usual.server) as unlisted:
        yield Visitor(listed, unlisted, whole)
    await whole.close()
    await usual.close()
    ledger.close()


def format_json(value: object) -> str:
    """Write JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def cut_value(value: Any) -> Any:
    """Keep the first rows of lists and the beginning of long texts."""
    if isinstance(value, dict):
        return {key: cut_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        rows = all(isinstance(inner, dict | list) for inner in value)
        return [cut_value(inner) for inner in (value[:MAX_ROWS] if rows else value)]
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        return value[:SHOWN_CHARACTERS] + "…"
    return value
