"""Plays random calls on two real servers: one gets the meant call, the other the call of a client layer."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, seed, settings
from mcp import Client, MCPError
from mcp.types import CallToolResult

from conekta_mcp.catalog import Toolset
from tests.client_calls.calls import REPORTS, DrawnCall, draw_calls
from tests.client_calls.recorded_shop import Recorder, serve_recorded_shop
from tests.journeys.processes import stdio_server

TOOLSETS = ("all", *(one.value for one in Toolset if one not in {Toolset.DISCOVERY, Toolset.SANDBOX}))
Request = tuple[str, str, bytes]
SECONDS = re.compile(r"\b1[0-9]{9}\b")
ANSWER_SECONDS = 60.0
"""A call that has not ended by then hangs; what a call takes is not measured."""


@dataclass
class Report:
    """What was found; each list is of faults, and has to stay empty."""

    calls: int = 0
    sent: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    unstructured: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, list[str]]:
        return {
            "crashes": self.crashes,
            "hangs": self.hangs,
            "unstructured answers": self.unstructured,
            "requests that differ": self.differing,
        }


@dataclass
class PlayedServer:
    """A server process with a shop of its own, and the client that talks to it."""

    portal: BlockingPortal
    client: Client
    recorder: Recorder

    def call(self, name: str, arguments: dict[str, Any]) -> tuple[CallToolResult, list[Any]]:
        """Return the answer, and what was sent to Conekta for it."""
        before = len(self.recorder.requests)
        answer = self.portal.call(self._call, name, arguments)
        return answer, self.recorder.requests[before:]

    async def _call(self, name: str, arguments: dict[str, Any]) -> CallToolResult:
        with anyio.fail_after(ANSWER_SECONDS):
            return await self.client.call_tool(name, arguments)


def play(count: int, chance: int, tell: Callable[[str], None] = lambda _: None) -> Report:
    """Play `count` calls drawn from `chance`, and judge each of them."""
    report = Report()
    with (
        TemporaryDirectory() as folder,
        start_blocking_portal() as portal,
        run_server(portal, Path(folder) / "meant.db") as meant,
        run_server(portal, Path(folder) / "layered.db") as layered,
    ):

        @seed(chance)
        @settings(
            max_examples=count,
            derandomize=False,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(call=draw_calls())
        def judge_all(call: DrawnCall) -> None:
            judge(call, meant, layered, report)
            if report.calls % 500 == 0:
                tell(f"{report.calls} calls, {sum(map(len, report.faults.values()))} faults")

        judge_all()
    return report


@contextmanager
def run_server(portal: BlockingPortal, store: Path) -> Iterator[PlayedServer]:
    with serve_recorded_shop() as (url, recorder):
        ours = {
            "CONEKTA_API_KEY": "key_clientcalls",
            "CONEKTA_BASE_URL": url,
            "CONEKTA_MCP_STORE": str(store),
        }
        process = stdio_server("--toolsets", ",".join(TOOLSETS), **ours)
        with portal.wrap_async_context_manager(Client(process, raise_exceptions=False)) as client:
            yield PlayedServer(portal, client, recorder)


def judge(call: DrawnCall, meant: PlayedServer, layered: PlayedServer, report: Report) -> None:
    report.calls += 1
    shown = f"{call.arrives_at} {str(call.arrives)[:300]}"
    try:
        answer, sent = layered.call(call.arrives_at, call.arrives)
    except TimeoutError:
        report.hangs.append(shown)
        return
    except MCPError as refused:
        # A refusal of the protocol is an answer, but no tool call may end in one.
        report.unstructured.append(f"{shown}: {refused}")
        return
    except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError) as lost:
        report.crashes.append(f"{shown}: {lost!r}")
        raise
    report.sent += len(sent)
    fault = find_answer_fault(answer)
    report.outcomes[name_outcome(answer)] += 1
    if fault:
        report.unstructured.append(f"{shown}: {fault}")
    if call.meant is None:
        # What the server knows, and what the shop has, has to stay the same for both.
        meant.call(call.arrives_at, call.arrives)
    else:
        expected_answer, expected = meant.call(call.tool, call.meant)
        if call.tool in REPORTS:
            # They read side by side, and until now: neither the order nor the second is part of the call.
            sent, expected = sorted(map(_hide_seconds, sent)), sorted(map(_hide_seconds, expected))
        if sent != expected:
            report.differing.append(f"{shown}: sent {sent}, meant {expected}")
        elif answer.is_error != expected_answer.is_error:
            report.differing.append(f"{shown}: answered {answer}, meant {expected_answer}")


def _hide_seconds(request: Request) -> Request:
    method, target, body = request
    return method, SECONDS.sub("seconds", target), body


def find_answer_fault(answer: CallToolResult) -> str | None:
    """Say what a client that shows only one part of an answer would miss."""
    structured = answer.structured_content
    if not isinstance(structured, dict) or not structured:
        return f"structured content is {structured!r}"
    if not any(getattr(part, "text", "") for part in answer.content):
        return "no text"
    if answer.is_error:
        error = structured.get("error", {})
        if missing := {"type", "code", "message", "retryable"} - error.keys():
            return f"an error without {sorted(missing)}: {error}"
        if error["type"] == "internal_error":
            return f"a defect: {error}"
    return None


def name_outcome(answer: CallToolResult) -> str:
    return str((answer.structured_content or {})["error"]["code"]) if answer.is_error else "answered"
