"""How long a question is waited for: what it needs is read side by side, in two round trips at the most."""

from typing import Any

import anyio
import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from tests.contract.declarations import to_file
from tests.effects.scenes import SCENES
from tests.effects.world import TOOLS, World

pytestmark = pytest.mark.anyio
MOST = 2


class WaitingSender:
    """Sends nothing until it is released, so that what is asked together goes in one round trip."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._held: list[anyio.Event] = []
        self.round_trips = 0

    async def send(self, request: Request) -> dict[str, Any]:
        event = anyio.Event()
        self._held.append(event)
        await event.wait()
        return await self._world.send(request)

    async def release(self) -> None:
        """Let all that wait be answered, again and again, until nothing is asked any more."""
        while True:
            await anyio.wait_all_tasks_blocked()
            if self._held:
                self.round_trips += 1
            held, self._held = self._held, []
            for event in held:
                event.set()


@pytest.mark.parametrize("tool", sorted(SCENES.keys() & WRITE_HANDLERS.keys()))
async def test_a_question_needs_two_round_trips_at_most(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    sender = WaitingSender(world)
    async with anyio.create_task_group() as group:
        group.start_soon(sender.release)
        await WRITE_HANDLERS[tool].read_effect(sender, world.arguments(tool, given))
        group.cancel_scope.cancel()
    assert sender.round_trips <= MOST, (
        f"{to_file(TOOLS[tool].input.__module__)}: {tool} reads {sender.round_trips} times in a row for its "
        "question: gather_answers"
    )
