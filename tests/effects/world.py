"""A sandbox in process, a shop in it, and an account that counts what it asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from conekta_mcp.api import Conekta
from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.catalog import (
    Effect,
    Input,
    LostWrite,
    MarkPlace,
    Request,
    Tool,
    Verification,
    WriteHandler,
)
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.all_writes import WRITE_HANDLERS, WRITE_PLANS
from conekta_mcp.effects.intent_mark import write_mark
from conekta_mcp.errors import Failure
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.settings import Settings
from tests.sandbox.shop import Shop

KEY = "key_test"
TOOLS: Mapping[str, Tool[Any]] = {tool.name: tool for tool in ALL_TOOLS}
Answer = Callable[[Request, dict[str, Any]], dict[str, Any]]


class World:
    """One merchant with a key; `shop` acts as somebody else with the same key."""

    def __init__(self, ledger: Ledger) -> None:
        self.shop = Shop(ledger, KEY)
        self.conekta = Conekta(Settings(api_key=KEY), lambda: InProcessTransport(create_sandbox(ledger)))
        self.asked: list[Request] = []
        self.failing: Failure | None = None
        self.altered: Answer = lambda _, answer: answer

    async def send(self, request: Request) -> dict[str, Any]:
        """Send as a `Sender`."""
        self.asked.append(request)
        if self.failing:
            raise self.failing
        return self.altered(request, await self.conekta.get_account(KEY).send(request))

    def arguments(self, tool: str, given: Mapping[str, Any]) -> Input:
        made: Input = TOOLS[tool].input.model_validate(given)
        return made

    async def read_effect(self, tool: str, given: Mapping[str, Any]) -> Effect:
        return await WRITE_HANDLERS[tool].read_effect(self, self.arguments(tool, given))

    async def act(self, tool: str, given: Mapping[str, Any], mark: str = "") -> dict[str, Any]:
        """Call a tool; with a mark, as the path of a write does."""
        arguments = self.arguments(tool, given)
        place = WRITE_PLANS[tool].mark if mark else None
        sender = MarkingSender(self, place, mark) if place else self
        return await TOOLS[tool].call(sender, arguments)

    async def prove(
        self, tool: str, given: Mapping[str, Any], witness: Mapping[str, Any], **lost: Any
    ) -> Verification:
        handler: WriteHandler = WRITE_HANDLERS[tool]
        assert handler.verify
        # It is known that it was sent after 1970, unless a test says since=0: any dated row is young enough.
        loss = LostWrite(state_before=witness, **{"since": 1.0, **lost})
        return await handler.verify(self, self.arguments(tool, given), loss)


async def act_in_scene(tool: str, given: Mapping[str, Any], world: World) -> dict[str, Any]:
    try:
        return await world.act(tool, given)
    except Failure as refused:
        pytest.fail(f"tests/effects/scenes.py: SCENES: {tool} needs a shop that takes {given}: {refused}")


@dataclass
class MarkingSender:
    """Sends as `world`, with the mark of an intent."""

    world: World
    place: MarkPlace
    mark: str

    async def send(self, request: Request) -> dict[str, Any]:
        return await self.world.send(write_mark(request, self.place, self.mark))


async def witness_of(world: World, tool: str, given: Any) -> Any:
    return (await world.read_effect(tool, given)).state_before


async def outcome(world: World, tool: str, given: Any, witness: Any, **lost: Any) -> tuple[str, str | None]:
    proof = await world.prove(tool, given, witness, **lost)
    return proof.outcome, proof.lookup
