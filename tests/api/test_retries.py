"""Harmless requests are retried with growing pauses and within a budget; others are not."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import httpx
import pytest

from conekta_mcp.api import Conekta
from conekta_mcp.api.breaker import CircuitBreaker
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.catalog import GET, POST, Request
from conekta_mcp.errors import CircuitOpen, Failure
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
READ = GET("/orders").build_request({"search": "ana@example.com"})
SEARCH = POST("/search", reads=True).build_request({"text": "ana"})
PLAIN = POST("/orders/{id}/refunds").build_request({"id": "ord_1", "amount": 500})
KEYED = replace(
    POST("/orders", accepts_key=True).build_request({"currency": "MXN", "metadata": {"b": 1, "a": "ñ"}}),
    idempotency_key="intent-1",
)
UNNAMED = POST("/orders", accepts_key=True).build_request({"currency": "MXN"})
WELL = httpx.Response(200, json={"id": "ord_1"})
REFUSED = httpx.Response(422, json={"type": "parameter_validation_error", "details": []})
BUSY = httpx.Response(429, json={"type": "rate_limit_error", "details": []})
NEVER_SENT = httpx.ConnectError("no route")
LOST = httpx.ReadError("cut")


def busy(seconds: str) -> httpx.Response:
    return httpx.Response(429, json={"details": []}, headers={"Retry-After": seconds})


class Road:
    """A way to Conekta with these accidents, the last one for ever; its time only passes by waiting."""

    def __init__(
        self, *answers: httpx.Response | Exception, chance: float = 0.0, seconds: float = 0.0
    ) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str | None, bytes]] = []
        self.waits: list[float] = []
        self.now = 0.0
        self.seconds = seconds
        self.conekta = Conekta(Settings(), lambda: httpx.MockTransport(self._answer))
        self.conekta.retry_policy = RetryPolicy(
            sleep=self._wait, clock=lambda: self.now, chance=lambda: chance
        )
        self.conekta.breaker = CircuitBreaker(lambda: self.now)

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.method, request.headers.get("idempotency-key"), request.content))
        self.now += self.seconds
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def send(self, request: Request) -> dict[str, Any]:
        return await self.conekta.get_account("key_a").send(request)

    async def fail(self, request: Request) -> Failure:
        with pytest.raises(Failure) as caught:
            await self.send(request)
        return caught.value


@pytest.mark.parametrize("request_", [READ, SEARCH], ids=["GET", "a POST that reads"])
@pytest.mark.parametrize(
    "accident",
    [BUSY, *map(httpx.Response, (502, 503, 504)), LOST, NEVER_SENT, httpx.ReadTimeout("slow")],
    ids=str,
)
async def test_a_read_gets_over_what_passes(request_: Request, accident: Any) -> None:
    road = Road(accident, accident, accident, WELL)
    assert await road.send(request_) == {"id": "ord_1"}
    assert (len(road.sent), road.waits) == (4, [0.25, 0.5, 1.0])


@pytest.mark.parametrize("accident", [BUSY, httpx.Response(503), LOST, NEVER_SENT], ids=str)
async def test_a_read_is_tried_four_times_at_most(accident: Any) -> None:
    road = Road(accident)
    await road.fail(READ)
    assert len(road.sent) == 4


@pytest.mark.parametrize(
    "answer", [*map(httpx.Response, (302, 400, 401, 404, 408, 500, 501)), REFUSED], ids=str
)
async def test_a_read_is_not_repeated_where_it_would_not_help(answer: Any) -> None:
    road = Road(answer)
    await road.fail(READ)
    assert len(road.sent) == 1


async def test_waits_have_jitter() -> None:
    road = Road(httpx.Response(503), chance=0.5)
    await road.fail(READ)
    assert road.waits == [0.375, 0.75, 1.5]


@pytest.mark.parametrize(("header", "wait"), [("7", 7.0), ("0", 0.0), ("20", 20.0)])
async def test_conekta_says_how_long_to_wait(header: str, wait: float) -> None:
    road = Road(busy(header), WELL)
    await road.send(READ)
    assert road.waits == [wait]


@pytest.mark.parametrize("header", ["21", "3600"])
async def test_a_long_wait_is_left_to_the_agent(header: str) -> None:
    road = Road(busy(header))
    told = await road.fail(READ)
    assert (len(road.sent), told.retry_after_s, told.retryable) == (1, int(header), True)


async def test_no_attempt_begins_after_the_deadline() -> None:
    road = Road(LOST, seconds=14.9)
    await road.fail(READ)
    assert (len(road.sent), road.waits) == (2, [0.25])


async def test_a_wait_that_would_pass_the_deadline_is_not_begun() -> None:
    road = Road(busy("16"))
    await road.fail(READ)
    assert (len(road.sent), road.waits) == (2, [16.0])


@pytest.mark.parametrize(
    "accident",
    [LOST, httpx.ReadTimeout("slow"), BUSY, NEVER_SENT, httpx.Response(200, content=b"<html>")]
    + [httpx.Response(status) for status in (408, 500, 502, 503, 504)],
    ids=str,
)
async def test_a_write_that_conekta_knows_again_is_repeated_as_it_was(accident: Any) -> None:
    road = Road(accident, accident, WELL)
    assert await road.send(KEYED) == {"id": "ord_1"}
    body = '{"currency":"MXN","metadata":{"b":1,"a":"ñ"}}'.encode()
    assert road.sent == [("POST", "intent-1", body)] * 3


@pytest.mark.parametrize("answer", [REFUSED, *map(httpx.Response, (302, 307, 401, 409))], ids=str)
async def test_an_answer_that_stands_is_not_asked_for_again(answer: Any) -> None:
    road = Road(answer)
    await road.fail(KEYED)
    assert len(road.sent) == 1


@pytest.mark.parametrize("request_", [PLAIN, UNNAMED], ids=["no such header", "no key"])
@pytest.mark.parametrize("accident", [LOST, BUSY, *map(httpx.Response, (500, 503))], ids=str)
async def test_any_other_write_is_sent_once(request_: Request, accident: Any) -> None:
    road = Road(accident)
    await road.fail(request_)
    assert len(road.sent) == 1


@pytest.mark.parametrize("request_", [READ, PLAIN, UNNAMED, KEYED])
@pytest.mark.parametrize("accident", [NEVER_SENT, httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")], ids=str)
async def test_what_was_never_sent_is_sent(request_: Request, accident: Any) -> None:
    road = Road(accident, accident, WELL)
    assert await road.send(request_) == {"id": "ord_1"}
    assert len(road.sent) == 3


async def test_a_write_is_not_repeated_once_it_may_have_arrived() -> None:
    road = Road(NEVER_SENT, LOST, WELL)
    told = await road.fail(PLAIN)
    assert (len(road.sent), told.outcome, told.retryable) == (2, "unknown", False)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (NEVER_SENT, "No answer from Conekta: it cannot be reached."),
        (BUSY, "Conekta answered 429 without an explanation."),
        (REFUSED, "Conekta answered 422 without an explanation."),
        (httpx.Response(401), "Conekta answered 401 without an explanation."),
    ],
    ids=str,
)
async def test_after_a_lost_attempt_the_outcome_stays_unknown(last: Any, said: str) -> None:
    road = Road(LOST, last)
    told = await road.fail(KEYED)
    assert (str(told), told.outcome, told.retryable) == (said, "unknown", False)


async def test_after_a_lost_attempt_an_order_that_exists_is_told() -> None:
    made = {"id": "ord_1", "payment_status": "declined"}
    declined = httpx.Response(402, json={"type": "processing_error", "details": [], "data": made})
    told = await Road(httpx.Response(502), declined).fail(KEYED)
    assert (told.outcome, told.created) == ("applied", made)


async def test_attempts_that_never_arrived_were_not_applied() -> None:
    road = Road(NEVER_SENT)
    told = await road.fail(KEYED)
    assert (len(road.sent), told.outcome, told.retryable) == (4, "not_applied", True)


async def test_nothing_is_repeated_once_conekta_is_left_alone() -> None:
    road = Road(LOST)
    told = [(await road.fail(READ)).type for _ in range(3)]
    assert (told, len(road.sent), len(road.waits)) == (["connection_error"] * 3, 10, 3 + 3 + 1)
    with pytest.raises(CircuitOpen):
        await road.send(READ)


async def test_a_circuit_that_opens_between_two_attempts_leaves_a_lost_write_unknown() -> None:
    road = Road(LOST)

    async def others_fail(_: float) -> None:
        for _ in range(9):
            with pytest.raises(Failure):
                await road.conekta.exchange(PLAIN, "key_a")

    road.conekta.retry_policy = replace(road.conekta.retry_policy, sleep=others_fail)
    told = await road.fail(KEYED)
    assert (told.type, told.outcome, told.retryable, len(road.sent)) == ("circuit_open", "unknown", False, 10)


async def test_a_defect_of_ours_is_not_repeated() -> None:
    road = Road(LOST, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await road.send(READ)
    assert len(road.sent) == 2


@pytest.mark.system
def test_the_library_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, conekta_mcp.app; sys.exit('tenacity' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
