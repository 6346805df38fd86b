"""A settlement that is cut short: its caller cancels, or its process is frozen before it sends again."""

from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.catalog import Verification
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.idempotency import build_raw_answer
from conekta_mcp.writes.intents import Intents
from tests.storage.fixtures import MovableClock
from tests.writes.intending import LEASE, START, claim, refused
from tests.writes.test_settling import UNKNOWN, repeat
from tests.writes.wire import ORDER, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio


async def test_a_repeat_that_is_cancelled_while_it_reads_leaves_the_lost_call_to_the_next_one() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        one.wire.faults, one.wire.blind = [("POST", "after")], 4
        assert (await ask(app, "refund_order", call))["error"]["outcome"] == "unknown"
        one.wire.faults = [("GET", "hold")]
        named = {"name": "refund_order", "arguments": call}
        with anyio.fail_after(20):
            async with Client(app.server) as client, anyio.create_task_group() as running:
                await client.list_tools()
                running.start_soon(client.call_tool, "call_write_operation", named)
                await one.wire.arrived.wait()
                running.cancel_scope.cancel()
            made = await ask(app, "refund_order", call)
        assert (made["settled"][:18], await refunded(app, order_id)) == ("The answer was los", 50000)
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 1


async def test_a_process_that_is_frozen_before_it_sends_a_lost_order_again_does_not_send_it() -> None:
    """When it wakes, another one has made the order, and Conekta may have forgotten the key."""
    async with scene("memory") as one:
        first = one.server()
        second = one.server()
        second.store = first.store
        call = {**ORDER, "idempotency_key": "k"}
        one.wire.faults = [("POST", "before")] * 4
        assert (await ask(first, "create_order", call))["error"]["outcome"] == "unknown"
        one.wire.faults.clear()
        answer, later = one.wire.handle_async_request, []

        async def freeze(request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and not later:
                later.append({})
                for seconds in (7200, 61):
                    one.clock.now += seconds
                    later[0] = await ask(second, "create_order", call)
                if trace := request.extensions.get("trace"):
                    await trace("http11.send_request_headers.started", {})
            return await answer(request)

        one.wire.handle_async_request = freeze  # type: ignore[method-assign]  # as long as the test lasts
        with anyio.fail_after(20):
            woken: dict[str, Any] = await ask(first, "create_order", call)
        assert (later[0]["amount"], woken["error"]["outcome"]) == (125000, "unknown")
        assert len((await ask(first, "list_orders", {}))["rows"]) == 1


async def test_a_lost_order_whose_sending_again_took_long_is_settled_with_its_answer() -> None:
    """The lease is renewed on the way, and the claim that is noted as done is the renewed one."""
    async with scene("memory") as one:
        app = one.server()
        call = {**ORDER, "idempotency_key": "k"}
        one.wire.faults = [("POST", "before")] * 4
        assert (await ask(app, "create_order", call))["error"]["outcome"] == "unknown"
        one.wire.faults.clear()
        answer = one.wire.handle_async_request

        async def connect_slowly(request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                one.clock.now += 20
                await request.extensions["trace"]("http11.send_request_headers.started", {})
            return await answer(request)

        one.wire.handle_async_request = connect_slowly  # type: ignore[method-assign]  # for this test
        made = await ask(app, "create_order", call)
        again = await ask(app, "create_order", call)
        assert (made["id"], again["repeated"]) == (again["id"], True)
        assert len((await ask(app, "list_orders", {}))["rows"]) == 1


async def test_what_was_read_while_another_took_the_claim_over_is_no_finding(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim(state="unknown", until=START, absent_since=START + 120))
    clock.now = START + 200

    async def read_for_too_long(taken: Claim) -> Verification:
        clock.now += LEASE
        other = await intents.take_claim(taken, "another")
        assert other
        await intents.finish(other, build_raw_answer({"id": "ord_1"}, settled=True), settled_by="reading")
        return Verification(outcome="not_applied")

    assert await refused(repeat(intents, read_for_too_long)) == UNKNOWN
    standing = await intents.store.find(claim().place)
    assert standing
    assert (standing.state, standing.outcome) == ("done", "applied")
