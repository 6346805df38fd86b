"""Plays one task: seeds the shop, lets an agent work, and judges what came of it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from evals.judging import Finding, compare_states, judge
from evals.paths import fill
from evals.server import Answer, Server
from evals.shop import Shop
from evals.task import Json, Task

Ask = Callable[[str, Json], Awaitable[Answer]]
"""Calls a tool with arguments."""


@dataclass
class Usage:
    """What a play took."""

    calls: int = 0
    failed_calls: int = 0
    answer_bytes: int = 0
    """Bytes of UTF-8 of the answers, in the form that the agent was shown."""
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class Outcome:
    """How an agent ended: with a text for the person, or by a bound."""

    text: str
    ended: str = "answered"


class Agent(Protocol):
    async def work(self, scene: "Scene") -> Outcome: ...


@dataclass
class Scene:
    """What an agent has before it."""

    task: Task
    seeds: Json
    server: Server
    is_done: Callable[[], bool]
    """Whether the end state holds already; only the person's reply depends on it."""

    now: str
    """The sandbox's time as people read it."""
    usage: Usage = field(default_factory=Usage)

    @property
    def request(self) -> str:
        return str(fill(self.task.request, self.seeds))

    async def call(self, tool: str, arguments: Json) -> Answer:
        self.usage.calls += 1
        answer = await self.server.call(tool, arguments)
        self.usage.failed_calls += answer.failed
        return answer


@dataclass(frozen=True)
class Play:
    """One task played once, as it stands in the JSON."""

    task: str
    view: str
    ended: str
    text: str
    questions: int
    usage: Usage
    findings: list[Finding]

    @property
    def has_right_state(self) -> bool:
        return not any(one.fault in ("state", "question") for one in self.findings)

    @property
    def wrong_claims(self) -> int:
        return sum(one.fault in ("claim", "leak") for one in self.findings)

    @property
    def missing(self) -> int:
        return sum(one.fault == "missing" for one in self.findings)

    @property
    def is_right(self) -> bool:
        return not self.findings


async def play_task(task: Task, agent: Agent, shop: Shop, server: Server, view: str) -> Play:
    seeds = shop.seed(task.seeds)
    before = shop.read_state()
    # Until its first answer of Conekta the server goes by its own clock, which is not the sandbox's.
    await server.call("list_customers", {"limit": 1})
    server.person.consent, server.person.questions = task.consent, []

    def is_done() -> bool:
        return not list(compare_states(task.end, seeds, before, shop.read_state()))

    scene = Scene(task, seeds, server, is_done, shop.read_time())
    outcome = await agent.work(scene)
    questions = len(server.person.questions)
    findings = judge(task, seeds, before, shop.read_state(), outcome.text, questions)
    if outcome.ended != "answered":
        findings.append(Finding("bound", outcome.ended))
    return Play(task.name, view, outcome.ended, outcome.text, questions, scene.usage, findings)


def measure_bytes(content: str) -> int:
    return len(content.encode())


def write_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
