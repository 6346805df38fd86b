"""Few requests begin in each iteration of the event loop."""

import asyncio
from collections import Counter

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from conekta_mcp.server.http.bodies import BodyGate
from conekta_mcp.server.http.starts import StartGate

pytestmark = pytest.mark.anyio
MOST = 4


class Iterations:
    """An app behind the gate that notes which request began in which iteration of the event loop."""

    def __init__(self) -> None:
        self.gate = StartGate(self, MOST)
        self.begun: list[tuple[int, int]] = []
        self._iteration = 0

    async def __call__(self, scope: Scope, _: Receive, __: Send) -> None:
        self.begun.append((self._iteration, scope["number"]))

    async def post(self, number: int, method: str = "POST") -> None:
        await self.gate({"type": "http", "method": method, "number": number}, None, None)  # type: ignore[arg-type]

    def count_iterations(self) -> None:
        self._iteration += 1
        asyncio.get_running_loop().call_soon(self.count_iterations)


async def test_few_requests_begin_in_an_iteration_and_all_in_their_order() -> None:
    seen = Iterations()
    seen.count_iterations()
    async with anyio.create_task_group() as tasks:
        for number in range(10 * MOST):
            tasks.start_soon(seen.post, number)
    assert [number for _, number in seen.begun] == list(range(10 * MOST))
    assert set(Counter(one for one, _ in seen.begun).values()) == {MOST}


async def test_requests_that_come_while_others_wait_begin_after_them() -> None:
    seen = Iterations()

    async def post_late() -> None:
        await asyncio.sleep(0)
        await seen.post(100)

    async with anyio.create_task_group() as tasks:
        for number in range(3 * MOST):
            tasks.start_soon(seen.post, number)
        tasks.start_soon(post_late)
    assert seen.begun[-1][1] == 100


async def test_a_request_that_nobody_precedes_begins_at_once() -> None:
    seen = Iterations()
    for number in range(3 * MOST):
        await seen.post(number)
        assert seen.begun[-1][1] == number
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_what_is_not_posted_waits_for_nobody() -> None:
    seen = Iterations()
    async with anyio.create_task_group() as tasks:
        for number in range(3 * MOST):
            tasks.start_soon(seen.post, number)
        tasks.start_soon(seen.post, 100, "GET")
    assert 100 in [number for _, number in seen.begun[: MOST + 1]]


async def test_requests_that_are_cancelled_while_they_wait_hold_up_nobody() -> None:
    seen = Iterations()
    async with anyio.create_task_group() as tasks:
        for number in range(MOST):
            tasks.start_soon(seen.post, number)
        waiting = [asyncio.ensure_future(seen.post(number)) for number in range(MOST, 3 * MOST)]
        await asyncio.sleep(0)
        for one in waiting[:-1]:
            one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert [number for _, number in seen.begun] == [*range(MOST), 3 * MOST - 1]
    await seen.post(50)
    assert seen.begun[-1][1] == 50


async def test_the_request_of_a_client_that_left_while_it_waited_is_dropped() -> None:
    seen, departed = Iterations(), False
    gate = StartGate(BodyGate(seen), most=1)

    async def receive() -> Message:
        whole: Message = {"type": "http.request", "body": b"{}", "more_body": False}
        return {"type": "http.disconnect"} if departed else whole

    async def post(number: int) -> None:
        scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "number": number}
        await gate(scope, receive, None)  # type: ignore[arg-type]

    async with anyio.create_task_group() as tasks:
        for number in range(3):
            tasks.start_soon(post, number)
        await asyncio.sleep(0)
        departed = True
    assert [number for _, number in seen.begun] == [0]
