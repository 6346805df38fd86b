"""Plays the solutions that stand in the tasks: references must be right, wrong ones must be caught."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from evals.play import Play, play_task
from evals.scripted import ScriptedAgent, Strayed
from evals.server import Server, start_server
from evals.shop import Shop
from evals.task import Task, Wrong


@dataclass(frozen=True)
class Rehearsed:
    task: str
    why: str
    """Of a wrong solution what it does; empty for the reference."""
    calls: int
    problem: str
    """How the checks judged otherwise than the task says; empty where they did not."""


@dataclass
class SharedServer:
    """One process for many plays; another one for other settings, and after a question that was declined.

    The server asks nobody for ten minutes after a no.
    """

    shop: Shop
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _server: Server | None = None
    _settings: dict[str, str] = field(default_factory=dict)

    async def get_server(self, task: Task) -> Server:
        settings = dict(task.settings)
        if self._server is None or self._settings != settings or self._server.person.has_declined:
            await self.close()
            self._server = await self._stack.enter_async_context(start_server(self.shop, settings))
            self._settings = settings
        return self._server

    async def close(self) -> None:
        await self._stack.aclose()


async def rehearse(tasks: Iterable[Task], shop: Shop) -> list[Rehearsed]:
    """Play the reference and every wrong solution of each task."""
    shared = SharedServer(shop)
    turns = [(task, wrong) for task in tasks for wrong in (None, *task.wrong)]
    try:
        return [
            await _rehearse_solution(task, wrong, shop, await shared.get_server(task))
            for task, wrong in turns
        ]
    finally:
        await shared.close()


async def _rehearse_solution(task: Task, wrong: Wrong | None, shop: Shop, server: Server) -> Rehearsed:
    agent = ScriptedAgent(wrong.solution) if wrong else ScriptedAgent(task.reference, True)
    why = wrong.why if wrong else ""
    try:
        play = await play_task(task, agent, shop, server, "script")
    except Strayed as problem:
        return Rehearsed(task.name, why, 0, str(problem))
    return Rehearsed(task.name, why, play.usage.calls, find_problem(play, wrong))


def find_problem(play: Play, wrong: Wrong | None) -> str:
    if wrong is None:
        return "; ".join(f"{one.fault}: {one.text}" for one in play.findings)
    if wrong.fault in [one.fault for one in play.findings]:
        return ""
    return f"not caught as {wrong.fault}, but judged {play.findings}"
