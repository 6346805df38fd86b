"""The circuit breaker: per account, for a while, then one trial request."""

import contextlib
from typing import Any

import anyio
import httpx
import pytest

from conekta_mcp.api import Conekta
from conekta_mcp.api.breaker import MAX_ACCOUNTS, MAX_FAILURES, CircuitBreaker
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.catalog import GET, POST
from conekta_mcp.errors import (
    CircuitOpen,
    Failure,
    RequestRefused,
    Unreachable,
    UnreadableAnswer,
)
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
READ = GET("/orders").build_request({})
WRITE = POST("/orders").build_request({"currency": "MXN"})
WELL = httpx.Response(200, json={"id": "ord_1"})
SICK = httpx.Response(503, json={"type": "api_error", "details": []})
REFUSED = httpx.Response(404, json={"type": "resource_not_found_error", "details": []})
BUSY = httpx.Response(429, json={"type": "rate_limit_error", "details": []})


class Clinic:
    """A Conekta that is as well as `answer` says, seen through a clock that only moves on request."""

    def __init__(self) -> None:
        self.now = 0.0
        self.answer: Any = SICK
        self.sent: list[str] = []
        self.conekta = Conekta(Settings(), lambda: httpx.MockTransport(self._answer))
        self.conekta.retry_policy = RetryPolicy(attempts=1)
        self.conekta.breaker = CircuitBreaker(lambda: self.now)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.headers["authorization"])
        if isinstance(self.answer, Exception):
            raise self.answer
        if callable(self.answer):
            await self.answer()
            return WELL
        given: httpx.Response = self.answer
        return given

    async def fail(self, times: int = MAX_FAILURES, key: str = "key_a") -> None:
        for _ in range(times):
            with pytest.raises(Failure):
                await self.conekta.get_account(key).send(READ)

    async def refused(self, request: Any = READ, key: str = "key_a") -> CircuitOpen:
        before = len(self.sent)
        with pytest.raises(CircuitOpen) as caught:
            await self.conekta.get_account(key).send(request)
        assert len(self.sent) == before
        return caught.value


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


@pytest.mark.parametrize(
    "answer", [SICK, httpx.Response(500), httpx.ConnectError("x"), httpx.ReadTimeout("x")], ids=str
)
async def test_after_ten_failures_in_a_row_nothing_is_sent(clinic: Clinic, answer: Any) -> None:
    clinic.answer = answer
    await clinic.fail(10)
    told = await clinic.refused(WRITE)
    assert (told.type, told.retryable, told.retry_after_s, told.outcome) == (
        "circuit_open",
        True,
        30,
        "not_applied",
    )
    assert str(told) == "Conekta failed many times in a row, so nothing is sent to it for a moment."
    assert told.hint == "Nothing was sent. Wait retry_after_s seconds, then repeat the same call."
    assert (await clinic.refused(READ)).outcome is None


async def test_the_rest_of_the_pause_is_told_in_whole_seconds(clinic: Clinic) -> None:
    await clinic.fail()
    clinic.now = 12.5
    assert (await clinic.refused()).retry_after_s == 18


async def test_another_account_is_not_held_back(clinic: Clinic) -> None:
    await clinic.fail()
    clinic.answer = WELL
    assert await clinic.conekta.get_account("key_b").send(READ) == {"id": "ord_1"}
    await clinic.refused()


@pytest.mark.parametrize("answer", [WELL, REFUSED, BUSY, httpx.Response(200, content=b"<")], ids=str)
async def test_any_answer_of_conekta_begins_the_count_anew(clinic: Clinic, answer: Any) -> None:
    await clinic.fail(9)
    clinic.answer = answer
    with contextlib.suppress(RequestRefused, UnreadableAnswer):
        await clinic.conekta.get_account("key_a").send(READ)
    clinic.answer = SICK
    await clinic.fail(9)
    assert len(clinic.sent) == 19


async def test_refusals_however_many_are_no_failures_of_conekta(clinic: Clinic) -> None:
    clinic.answer = REFUSED
    for _ in range(30):
        with pytest.raises(RequestRefused):
            await clinic.conekta.get_account("key_a").send(WRITE)


async def test_failures_spread_over_more_than_a_minute_hold_nothing_back(clinic: Clinic) -> None:
    for _ in range(20):
        clinic.now += 7
        await clinic.fail(1)
    assert len(clinic.sent) == 20


async def test_after_the_pause_one_request_that_succeeds_opens_the_way(clinic: Clinic) -> None:
    await clinic.fail()
    clinic.now, clinic.answer = 30.0, WELL
    for _ in range(3):
        await clinic.conekta.get_account("key_a").send(READ)
    clinic.answer = SICK
    await clinic.fail(9)
    assert len(clinic.sent) == 10 + 3 + 9


async def test_a_trial_that_fails_begins_another_pause(clinic: Clinic) -> None:
    await clinic.fail()
    clinic.now = 30.0
    await clinic.fail(1)
    clinic.now = 59.0
    assert (await clinic.refused()).retry_after_s == 1
    clinic.now = 60.0
    await clinic.fail(1)


async def test_a_trial_is_one_request_and_the_others_wait_for_it(clinic: Clinic) -> None:
    await clinic.fail()
    clinic.now, let = 31.0, anyio.Event()
    clinic.answer = let.wait
    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            group.start_soon(clinic.conekta.get_account("key_a").send, READ)
            await anyio.wait_all_tasks_blocked()
            assert (await clinic.refused()).retry_after_s == 1
            let.set()
    assert await clinic.conekta.get_account("key_a").send(READ) == {"id": "ord_1"}


async def cancel(clinic: Clinic) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            group.start_soon(clinic.conekta.get_account("key_a").send, READ)
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()


async def test_a_cancelled_trial_leaves_room_for_the_next(clinic: Clinic) -> None:
    await clinic.fail()
    clinic.now, clinic.answer = 30.0, anyio.sleep_forever
    await cancel(clinic)
    assert len(clinic.sent) == 11
    clinic.answer = WELL
    assert await clinic.conekta.get_account("key_a").send(READ) == {"id": "ord_1"}


async def test_cancelled_requests_are_no_failures(clinic: Clinic) -> None:
    clinic.answer = anyio.sleep_forever
    for _ in range(30):
        await cancel(clinic)
    clinic.answer = WELL
    assert await clinic.conekta.get_account("key_a").send(READ) == {"id": "ord_1"}
    assert len(clinic.sent) == 31


async def test_a_late_failure_does_not_lengthen_the_pause(clinic: Clinic) -> None:
    await clinic.fail(9)
    let = anyio.Event()

    async def fail_late() -> None:
        await let.wait()
        raise httpx.ReadError("late")

    clinic.answer = fail_late

    async def send() -> None:
        with pytest.raises(Unreachable):
            await clinic.conekta.get_account("key_a").send(READ)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            group.start_soon(send)
            await anyio.wait_all_tasks_blocked()
            clinic.answer = SICK
            await clinic.fail(1)
            clinic.now = 20.0
            let.set()
    assert (await clinic.refused()).retry_after_s == 10


async def test_it_stays_small_and_knows_no_key() -> None:
    breaker = CircuitBreaker(lambda: 0.0)
    for number in range(MAX_ACCOUNTS + 50):
        with pytest.raises(Unreachable), breaker.guard_attempt(f"account {number}", writes=False):
            raise Unreachable(type="connection_error", details=())
    assert len(breaker._circuits) == 1000
    clinic = Clinic()
    await clinic.fail(1, key="key_secret_77")
    assert "key_secret_77" not in repr(vars(clinic.conekta.breaker))
