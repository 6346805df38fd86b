"""The fence: a call that lost its claim, or waited too long, sends nothing."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.errors import Failure
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.intent_sender import Fence, IntentSender
from conekta_mcp.writes.intents import Intents
from tests.storage.fixtures import MovableClock
from tests.writes.intending import LEASE, START, claim
from tests.writes.wire import ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
POST = Request(method="POST", path="/orders/ord_1/refunds", body={"amount": 500})


class Conekta:
    """An account that awaits what has to be awaited before it sends."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    async def send(self, request: Request) -> dict[str, Any]:
        if request.before_sending:
            await request.before_sending()
        self.sent.append(request)
        return {"id": "ord_1"}


async def begin(store: Store, clock: MovableClock) -> tuple[Fence, Conekta, IntentSender]:
    held = claim()
    assert await store.claim(held) is None
    fence, conekta = Fence(store, held, LEASE, clock, clock()), Conekta()
    return fence, conekta, IntentSender(conekta, held, None, fence)


async def test_within_five_seconds_of_the_claim_nothing_is_asked_of_the_store(
    store: Store, clock: MovableClock
) -> None:
    fence, conekta, sender = await begin(store, clock)
    clock.now += 5
    await sender.send(POST)
    assert (len(conekta.sent), fence.claim, await store.find(claim().place)) == (1, claim(), claim())


async def test_later_the_lease_is_renewed_first(store: Store, clock: MovableClock) -> None:
    fence, conekta, sender = await begin(store, clock)
    clock.now += 6
    await sender.send(POST)
    renewed = claim(until=START + 6 + LEASE)
    assert (len(conekta.sent), fence.claim, await store.find(claim().place)) == (1, renewed, renewed)


async def test_who_lost_the_claim_sends_nothing(intents: Intents, store: Store, clock: MovableClock) -> None:
    fence, conekta, sender = await begin(store, clock)
    await sender.send(POST)
    clock.now += LEASE
    taken = await intents.take_claim(claim(), "two")
    assert taken is not None
    with pytest.raises(Failure) as caught:
        await sender.send(POST)
    assert (caught.value.type, caught.value.outcome, caught.value.idempotency_key) == (
        "in_progress",
        "unknown",
        "k-1",
    )
    assert (len(conekta.sent), fence.is_lost) == (1, True)
    assert await store.find(claim().place) == taken


async def test_what_waited_for_more_than_a_minute_is_given_up(store: Store, clock: MovableClock) -> None:
    fence, conekta, sender = await begin(store, clock)
    clock.now += 61
    with pytest.raises(Failure) as caught:
        await sender.send(POST)
    assert (caught.value.outcome, caught.value.retryable, conekta.sent) == ("not_applied", True, [])
    assert (fence.has_sent, fence.is_lost) == (False, False)


async def test_a_read_needs_no_fence(store: Store, clock: MovableClock) -> None:
    _, conekta, sender = await begin(store, clock)
    clock.now += 10_000
    await sender.send(Request(method="GET", path="/orders/ord_1"))
    assert len(conekta.sent) == 1


async def test_a_process_that_is_frozen_before_its_request_leaves_does_not_send_it() -> None:
    """The second process takes the intent over while the first one is stopped between claim and request."""
    async with scene("memory") as one:
        first = one.server()
        order_id = await paid_order(first)
        call = refund(order_id, idempotency_key="ticket-812")
        answer = one.wire.handle_async_request
        later: list[dict[str, Any]] = []

        async def freeze(request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and not later:
                later.append({})
                await stop_for(216)
                later[0] = await ask(second, "refund_order", call)
                # The process wakes; the transport asks once more whether the bytes may leave.
                await request.extensions["trace"]("http11.send_request_headers.started", {})
            return await answer(request)

        async def stop_for(seconds: float) -> None:
            one.clock.now += seconds

        second = one.server()
        second.store = first.store
        one.wire.handle_async_request = freeze  # type: ignore[method-assign]  # as long as the test lasts
        woken = await ask(first, "refund_order", call)
        assert woken["error"]["code"] == "conekta_mcp.errors.fence_lost"
        assert (later[0]["error"]["outcome"], await refunded(first, order_id)) == ("unknown", 0)
        one.clock.now += 120
        assert (await ask(second, "refund_order", call))["error"]["outcome"] == "unknown"
        one.clock.now += 60
        assert (await ask(second, "refund_order", call))["amount_refunded"] == 50000
        assert await refunded(first, order_id) == 50000


async def test_a_process_that_is_stopped_just_after_its_claim_was_stored_does_not_send_it() -> None:
    """It has to count from before the claim: when it wakes, its own clock is all that it has."""
    async with scene("memory") as one:
        first = one.server()
        order_id = await paid_order(first)
        call = refund(order_id, idempotency_key="ticket-812")
        second, claim_it = one.server(), first.store.claim
        second.store = first.store
        later: list[dict[str, Any]] = []

        async def stop_after(wanted: Claim, *more: Any, **named: Any) -> Any:
            stands = await claim_it(wanted, *more, **named)
            if not later:
                later.append({})
                one.clock.now += 216
                later[0] = await ask(second, "refund_order", call)
            return stands

        first.store.claim = stop_after  # type: ignore[method-assign]  # as long as the test lasts
        woken = await ask(first, "refund_order", call)
        assert woken["error"]["code"] == "conekta_mcp.errors.fence_lost"
        assert (later[0]["error"]["outcome"], await refunded(first, order_id)) == ("unknown", 0)


async def test_who_is_stopped_just_after_a_renewal_asks_again(
    intents: Intents, store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fence, conekta, sender = await begin(store, clock)
    renew, moments = store.replace, [LEASE]

    async def stop_after(old: Claim, new: Claim, **more: Any) -> bool:
        renewed = await renew(old, new, **more)
        clock.now += moments.pop() if moments else 0
        return renewed

    monkeypatch.setattr(store, "replace", stop_after)
    clock.now += 6
    await fence.confirm()
    assert await intents.take_claim(fence.claim, "two") is not None
    with pytest.raises(Failure) as caught:
        await sender.send(POST)
    assert (caught.value.type, conekta.sent, fence.is_lost) == ("in_progress", [], True)


async def test_an_owner_with_an_older_number_cannot_note_how_it_ended(intents: Intents) -> None:
    held = claim()
    await intents.store.claim(held)
    taken = await intents.take_claim(held, "two")
    assert isinstance(taken, Claim)
    await intents.finish(held, {"raw": {"id": "ord_1"}})
    await intents.mark_unknown(replace(held, owner="one"))
    assert await intents.store.find(held.place) == taken
