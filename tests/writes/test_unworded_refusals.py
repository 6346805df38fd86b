"""A write that is refused in nobody's words: what reading shows counts, then what the status says."""

from typing import Any

import httpx
import pytest

from tests.writes.wire import ORDER, Scene, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
PAGE: dict[str, Any] = {"text": "<html><body>Too many requests</body></html>"}
GATEWAY: dict[str, Any] = {"json": {"message": "Too Many Requests"}}
NOT_LET_IN = (401, 411, 413, 421, 429, 431)


def refuse_writes(one: Scene, status: int, body: dict[str, Any], *, acts: bool, reads: bool = True) -> None:
    """Answer each write with `status`, whether Conekta acted or not; without `reads` each later read too."""
    answer, writes = one.wire.handle_async_request, []

    async def refuse(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and (reads or not writes):
            return await answer(request)
        writes.append(request)
        if acts and request.method != "GET":
            await answer(request)
        return httpx.Response(status, **body)

    one.wire.handle_async_request = refuse  # type: ignore[method-assign]  # as long as the test lasts


@pytest.mark.parametrize("body", [PAGE, GATEWAY], ids=["page", "json"])
@pytest.mark.parametrize("status", [*NOT_LET_IN, 403, 406])
async def test_what_was_carried_out_is_found_whatever_the_status_says(status: int, body: Any) -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        refuse_writes(one, status, body, acts=True)
        made = await ask(app, "refund_order", refund(order_id))
        assert (made["amount_refunded"], "settled" in made, await refunded(app, order_id)) == (
            50000,
            True,
            50000,
        )


@pytest.mark.parametrize("body", [PAGE, GATEWAY], ids=["page", "json"])
@pytest.mark.parametrize("status", NOT_LET_IN)
async def test_what_was_not_let_in_is_not_applied_once_reading_shows_nothing_of_it(
    status: int, body: Any
) -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50000)
        order_id = await paid_order(app)
        pass_on = one.wire.handle_async_request
        refuse_writes(one, status, body, acts=False)
        told = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert (told["error"]["outcome"], told["error"]["retryable"]) == ("not_applied", status == 429)
        one.wire.handle_async_request = pass_on  # type: ignore[method-assign]  # as it was
        made = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert made["amount_refunded"] == 50000


@pytest.mark.parametrize("status", [403, 406])
async def test_what_a_firewall_says_of_an_answer_stays_unknown(status: int) -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        refuse_writes(one, status, PAGE, acts=False)
        assert (await ask(app, "refund_order", refund(order_id)))["error"]["outcome"] == "unknown"


async def test_where_nothing_can_be_read_it_stays_unknown() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        refuse_writes(one, 401, PAGE, acts=True, reads=False)
        told = await ask(app, "refund_order", refund(order_id))
        assert (told["error"]["outcome"], told["error"]["retryable"]) == ("unknown", False)


async def test_a_status_says_nothing_of_an_attempt_before_it_that_was_lost() -> None:
    """The first attempt may still arrive: the page that the second one met is not about it."""
    async with scene("memory") as one:
        app = one.server()
        answer, tries = one.wire.handle_async_request, []

        async def lose_then_refuse(request: httpx.Request) -> httpx.Response:
            if request.method == "GET":
                return await answer(request)
            tries.append(request)
            if len(tries) == 1:
                raise httpx.ReadError("cut")
            return httpx.Response(429, **PAGE)

        one.wire.handle_async_request = lose_then_refuse  # type: ignore[method-assign]  # for this test
        told = await ask(app, "create_order", ORDER)
        assert (told["error"]["outcome"], told["error"]["retryable"], len(tries)) == ("unknown", False, 4)


CONFLICT: dict[str, Any] = {
    "json": {
        "object": "error",
        "type": "conflict_error",
        "details": [{"code": "conekta.errors.conflict.idempotency"}],
    }
}


@pytest.mark.parametrize("acts", [True, False])
async def test_a_conflict_of_its_own_key_may_be_with_what_was_carried_out_already(acts: bool) -> None:
    """A proxy that sends a request twice gets the second answer: the key is used, by the first."""
    async with scene("memory") as one:
        app = one.server()
        refuse_writes(one, 409, CONFLICT, acts=acts)
        told = await ask(app, "create_order", {**ORDER, "idempotency_key": "k"})
        if acts:
            assert (told["amount"], "settled" in told) == (125_000, True)
        else:
            assert told["error"]["outcome"] == "unknown"  # the first one may still be under way
        assert len(one.wire.posts()) == (1 if acts else 0)


async def test_a_conflict_where_conekta_takes_no_key_is_a_refusal() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        refuse_writes(one, 409, CONFLICT, acts=False)
        told = await ask(app, "refund_order", refund(order_id))
        assert (told["error"]["outcome"], told["error"]["type"]) == ("not_applied", "conflict_error")
