"""How long a call takes as a multiple of one plain request, and how many requests it makes."""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.latency.scenarios import SCENARIOS, Scenario, Step
from bench.latency.slow_sandbox import SlowSandbox, run_slow_sandbox
from bench.wire import BARE_COMMAND, OUR_COMMAND, Conversation, start_conversation

SLOW_MS = 200
WRITE_GOAL = 2.0
MAX_REQUESTS_ASKED = 3
"""Where a person is asked: two round trips beside the one that sends."""
WRITE, READ = "create_customer", "get_order"


@dataclass
class RoundTrips:
    """One tool at one delay: seconds of ours, the bare server's and the plain request, and our requests."""

    name: str
    delay_ms: int
    goal: float | None
    """The most times a plain request."""
    max_requests: int | None
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    def find_ratio(self, other: list[float]) -> float:
        return median(one / two for one, two in zip(self.ours, other, strict=True))

    @property
    def own_seconds(self) -> float:
        """Return what ours takes beyond one plain request."""
        return median(one - two for one, two in zip(self.ours, self.plain, strict=True))


def measure_round_trips(fast_rounds: int, slow_rounds: int) -> list[RoundTrips]:
    found = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = stack.enter_context(run_slow_sandbox())

        def start(command: tuple[str, ...]) -> Conversation:
            talk = stack.enter_context(start_conversation(command, sandbox.url))
            talk.open_session()
            return talk

        bare = start(BARE_COMMAND)
        ours = start((*OUR_COMMAND, "--store", str(folder / "never.db"), "--confirm", "never"))
        asking = start((*OUR_COMMAND, "--store", str(folder / "asked.db"), "--confirm", "writes"))
        for delay, rounds in ((0, fast_rounds), (SLOW_MS, slow_rounds)):
            for scenario in SCENARIOS:
                found.append(_measure(scenario, delay, rounds, sandbox, ours, bare, asked=False))
                if scenario.is_asked:
                    found.append(_measure(scenario, delay, rounds, sandbox, asking, bare, asked=True))
    return found


def _measure(
    scenario: Scenario,
    delay: int,
    rounds: int,
    sandbox: SlowSandbox,
    ours: Conversation,
    bare: Conversation,
    *,
    asked: bool,
) -> RoundTrips:
    goal = None if asked else scenario.goal
    most = MAX_REQUESTS_ASKED if asked else None
    name = scenario.tool + (", asked" if asked else "")
    found = RoundTrips(name, delay, goal if delay else None, most if delay else None)
    # The first round without delay is not kept: it loads what later calls have, such as the account's mode.
    for number in range(bool(delay), rounds + 1):
        steps = [_prepare(scenario, sandbox, delay) for _ in range(3)]
        before = sandbox.count_requests()
        ours_took = time_seconds(lambda: ours.call_tool(scenario.tool, steps[0].arguments))  # noqa: B023 - called at once
        requests = sandbox.count_requests() - before
        bare_took = time_seconds(lambda: _call_bare(bare, steps[1]))  # noqa: B023 - called at once
        plain_took = time_seconds(lambda: _call_plain(sandbox, steps[2]))  # noqa: B023 - called at once
        if number:
            found.ours.append(ours_took)
            found.bare.append(bare_took)
            found.plain.append(plain_took)
            found.requests.append(requests)
    return found


def _prepare(scenario: Scenario, sandbox: SlowSandbox, delay: int) -> Step:
    sandbox.set_delay(0)
    step = scenario.prepare(sandbox)
    sandbox.set_delay(delay)
    return step


def _call_bare(bare: Conversation, step: Step) -> None:
    method = "GET" if step.body is None else "POST"
    reply = bare.call_tool("conekta", {"method": method, "path": step.path, "body": step.body})
    if reply.result["structuredContent"].get("object") == "error":
        raise RuntimeError(f"{method} {step.path}: {reply.result['content']}")


def _call_plain(sandbox: SlowSandbox, step: Step) -> None:
    sandbox.send("GET" if step.body is None else "POST", step.path, step.body)


def time_seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def write_round_trips(found: list[RoundTrips]) -> str:
    lines = [
        "round trips: time of a call, as a multiple of one plain httpx request and of the bare server",
        f"  {'':36}{'delay':>7}{'requests':>10}{'ms':>8}{'plain':>8}{'bare':>8}{'goal':>16}",
    ]
    lines += [
        f"  {one.name:36}{one.delay_ms:>7}{median(one.requests):>10g}{median(one.ours) * 1000:>8.1f}"
        f"{one.find_ratio(one.plain):>8.2f}{one.find_ratio(one.bare):>8.2f}{_describe_goal(one):>16}"
        for one in found
    ]
    return "\n".join([*lines, _write_comparison(found)])


def _describe_goal(one: RoundTrips) -> str:
    if one.max_requests is not None:
        return f"{one.max_requests} requests {_judge(max(one.requests) <= one.max_requests)}"
    return "" if one.goal is None else f"{one.goal:.1f} {_judge(one.find_ratio(one.plain) <= one.goal)}"


def _judge(is_met: bool) -> str:
    return "met" if is_met else "NOT MET"


def _write_comparison(found: list[RoundTrips]) -> str:
    """Compare a write to a read without delay: whole, and beyond the plain request that each stands for."""
    whole = {one.name: median(one.ours) for one in found if one.delay_ms == 0}
    own = {one.name: one.own_seconds for one in found if one.delay_ms == 0}
    ratio = whole[WRITE] / whole[READ]
    verdict = _judge(ratio <= WRITE_GOAL)
    return (
        f"  {WRITE} against {READ}, no delay, durable store: {ratio:.2f} (goal {WRITE_GOAL}) {verdict}; "
        f"without the time of the plain requests: {own[WRITE] / own[READ]:.2f}"
    )
