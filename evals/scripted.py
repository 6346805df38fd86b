"""An agent that plays a solution of a task as it is written down."""

from dataclasses import dataclass
from typing import Any

from mcp.types import Tool

from evals.paths import fill
from evals.play import Outcome, Scene, measure_bytes, write_json
from evals.task import Solution


class Strayed(Exception):
    """A call of a solution was refused, or answered, against what the solution says."""


@dataclass(frozen=True)
class ScriptedAgent:
    solution: Solution
    knows_only_what_it_read: bool = False
    """Refuse to call an operation that nothing named before: no tool, no answer, not the request."""

    async def work(self, scene: Scene) -> Outcome:
        values: dict[str, Any] = dict(scene.seeds)
        known = scene.request + scene.server.instructions + write_json(list_texts(scene.server.tools))
        for number, call in enumerate(self.solution.calls):
            operation = call.arguments.get("name") if call.tool.startswith("call_") else call.tool
            if self.knows_only_what_it_read and str(operation) not in known:
                raise Strayed(f"{scene.task.name}: nothing named {operation} before it was called")
            answer = await scene.call(call.tool, fill(call.arguments, values))
            if answer.failed != call.refused:
                raise Strayed(f"{scene.task.name}: {operation} answered {answer.text}")
            values[str(number)] = answer.structured
            known += answer.text + write_json(answer.structured)
            scene.usage.answer_bytes += measure_bytes(answer.text)
        return Outcome(str(fill(self.solution.text, values)))


def list_texts(tools: tuple[Tool, ...]) -> list[str]:
    return [f"{tool.name} {tool.description}" for tool in tools]
