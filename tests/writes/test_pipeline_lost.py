"""Lost answers: verified by reading, unknown, settled later, never resent blindly."""

import json
from dataclasses import replace

import anyio
import httpx
import pytest
from mcp import Client
from mcp.server.mcpserver import Context

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.server.elicitation import McpClient
from conekta_mcp.storage.records import Claim
from tests.conftest import KEY
from tests.writes.wire import ORDER, Scene, ask, error, paid_order, refund, refunded, scene, settle_absence

pytestmark = pytest.mark.anyio
REFUSED = [("POST", "refused")] * 4
"""As often as a request that certainly was not applied is sent."""


async def the_claim(one: Scene, key: str, tool: str = "refund_order") -> Claim | None:
    app = one.apps[0]
    account = KeyInUse.from_key(KEY, app.conekta.get_account(KEY))
    identity = await app.identities.read_identity(account)
    return await app.store.find((identity.name, tool, key))


async def test_a_lost_answer_that_reading_finds_is_a_success_that_says_so() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "after"))
        made = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert made["settled"] == "The answer was lost on the way; reading showed that it was applied."
        assert (made["amount_refunded"], await refunded(app, order_id)) == (50000, 50000)
        again = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert again["amount_refunded"] == 50000
        assert one.wire.posts() == ["/orders", f"/orders/{order_id}/refunds"]


async def test_a_lost_request_that_reading_does_not_find_is_unknown_with_the_call_that_tells() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "before"))
        lost = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert error(lost) == ("connection_error", "unknown")
        assert (lost["error"]["idempotency_key"], lost["error"]["retryable"]) == ("k", False)
        assert lost["error"]["hint"] == (
            "Whether this was applied is not known. Do not repeat it before looking: "
            "get_order: amount_refunded. "
            "Or repeat the same call with this idempotency_key, in two minutes: it is settled first, "
            "and made only if it was not applied."
        )
        assert (await the_claim(one, "k") or pytest.fail("no claim")).state == "unknown"
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 1


async def test_the_answer_to_a_lost_request_that_is_sent_again_has_to_show_what_was_asked_for() -> None:
    async with scene("memory") as one:
        app = one.server()
        call = {**ORDER, "token_id": "tok_test_visa_4242", "idempotency_key": "k"}
        other = {"object": "order", "id": "ord_3hJF5p111D3U4dACm", "amount": 5, "currency": "MXN"}
        pass_on = one.wire.handle_async_request

        async def answer_falsely(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=other) if request.method == "POST" else await pass_on(request)

        one.wire.handle_async_request = answer_falsely  # type: ignore[method-assign]  # for two calls
        first, again = [await ask(app, "create_card_order", call) for _ in range(2)]
        assert error(first) == ("unreadable_answer", "unknown")
        assert error(again) == ("connection_error", "unknown")
        one.wire.handle_async_request = pass_on  # type: ignore[method-assign]  # as it was
        made = await ask(app, "create_card_order", call)
        assert (made["amount"], len(one.wire.posts())) == (125000, 1)


async def test_a_call_without_a_key_is_given_one_to_settle_it_with() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "before"))
        lost = await ask(app, "refund_order", refund(order_id))
        key = lost["error"]["idempotency_key"]
        assert len(key) == 32
        made = await settle_absence(one, app, "refund_order", refund(order_id, idempotency_key=key))
        assert made["amount_refunded"] == 50000
        assert await refunded(app, order_id) == 50000


async def test_the_repeat_stays_unknown_until_two_readings_showed_absence_and_is_made_once_after() -> None:
    async with scene("memory") as one:
        app, call = one.server(), {}
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "before"))
        call = refund(order_id, idempotency_key="k")
        await ask(app, "refund_order", call)
        for seconds in (1, 118, 1, 59):
            one.clock.now += seconds
            assert error(await ask(app, "refund_order", call)) == ("connection_error", "unknown")
            assert await refunded(app, order_id) == 0
        one.clock.now += 1
        made = await ask(app, "refund_order", call)
        assert await ask(app, "refund_order", call) == {**made, "repeated": True}
        assert ("settled" in made, await refunded(app, order_id)) == (False, 50000)
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 2


async def test_what_comes_to_light_later_is_settled_and_not_made_again() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults, one.wire.blind = [("POST", "after")], 4
        call = refund(order_id, idempotency_key="k")
        assert error(await ask(app, "refund_order", call)) == ("connection_error", "unknown")
        made = await ask(app, "refund_order", call)
        assert ("settled" in made, await refunded(app, order_id)) == (True, 50000)
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_where_conekta_takes_the_key_the_repeat_sends_it_again_at_once(when: str) -> None:
    async with scene("memory") as one:
        app = one.server()
        one.wire.faults, one.wire.blind = [("POST", when)] * 4, 1
        lost = await ask(app, "create_order", {**ORDER, "idempotency_key": "k"})
        assert error(lost) == ("connection_error", "unknown")
        one.wire.faults.clear()
        made = await ask(app, "create_order", {**ORDER, "idempotency_key": "k"})
        assert made["id"].startswith("ord_")
        posts = [request for request in one.wire.sent if request.method == "POST"]
        assert len({request.headers["Idempotency-Key"] for request in posts}) == 1
        assert len((await ask(app, "list_orders", {}))["rows"]) == 1


async def test_what_certainly_was_not_sent_leaves_a_refused_claim_and_one_record() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50000)
        order_id = await paid_order(app)
        one.wire.faults += REFUSED
        failed = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert error(failed) == ("connection_error", "not_applied")
        left = await the_claim(one, "k") or pytest.fail("no claim")
        assert (left.state, left.outcome, left.spent) == ("refused", "not_applied", "")
        assert [attempt.outcome for attempt in left.attempts] == ["not_applied"]
        kept = [record for record in await app.store.read_records() if record["tool"] == "refund_order"]
        assert [(record["event"], record.get("outcome")) for record in kept] == [
            ("intent", None),
            ("result", "not_applied"),
        ]
        assert "error" not in await ask(app, "refund_order", refund(order_id, idempotency_key="k"))


@pytest.mark.parametrize("was_sent", [True, False])
async def test_the_claim_of_a_killed_process_is_settled_after_its_lease(was_sent: bool) -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        one.wire.faults, one.wire.blind = [("POST", "after" if was_sent else "before")], 4
        await ask(app, "refund_order", call)
        one.wire.faults.clear()
        ended = await the_claim(one, "k") or pytest.fail("no claim")
        killed = replace(ended, state="claimed", outcome=None, answer="", until=one.clock.now + 150)
        assert await app.store.replace(ended, killed)
        one.clock.now += 150
        answer = await ask(app, "refund_order", call)
        if was_sent:
            assert (answer["settled"][:18], answer["amount_refunded"]) == ("The answer was los", 50000)
            return
        assert error(answer) == ("connection_error", "unknown")
        made = await settle_absence(one, app, "refund_order", call)
        assert made["amount_refunded"] == 50000


async def test_a_cancelled_call_completes_its_write_once_and_the_next_use_tells_it() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        one.wire.faults.append(("POST", "hold"))
        named = {"name": "refund_order", "arguments": call}
        with anyio.fail_after(60):
            async with Client(app.server) as client, anyio.create_task_group() as running:
                await client.list_tools()
                running.start_soon(client.call_tool, "call_write_operation", named)
                await one.wire.arrived.wait()
                running.cancel_scope.cancel()
                one.wire.go.set()
        made = await ask(app, "refund_order", call)
        assert ("settled" in made, made["amount_refunded"]) == (False, 50000)
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 1


async def test_what_is_kept_for_a_repeat_holds_no_key() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        done = await the_claim(one, "k") or pytest.fail("no claim")
        assert (done.state, done.outcome, done.subject) == ("done", "applied", order_id)
        assert json.loads(done.answer)["raw"]["id"] == order_id
        assert KEY not in repr(done)


async def test_what_nothing_that_can_be_read_tells_stays_unknown_and_is_not_sent_again() -> None:
    async with scene("memory") as one:
        app = one.server(toolsets=("tokens",))
        one.wire.faults.append(("POST", "before"))
        call = {"idempotency_key": "k"}
        lost = await ask(app, "create_token", call, listed=True)
        one.clock.now += 50_000
        later = await ask(app, "create_token", call, listed=True)
        assert error(lost) == error(later) == ("connection_error", "unknown")
        assert one.wire.posts() == ["/tokens"]


def test_a_call_from_inside_this_process_has_no_client() -> None:
    assert McpClient(Context()).name is None
