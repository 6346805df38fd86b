"""What a repeat of an intent is told, and who settles one that was lost."""

import json
from typing import Any

import pytest

from conekta_mcp.errors import Failure
from conekta_mcp.storage.protocol import Store
from conekta_mcp.writes.intents import Intents
from tests.storage.fixtures import MovableClock
from tests.writes.intending import (
    LEASE,
    START,
    claim,
    proving,
    refused,
    unasked,
)

pytestmark = pytest.mark.anyio


async def test_what_was_never_claimed_is_to_be_made(intents: Intents) -> None:
    assert await intents.await_finished_claim(claim(), unasked) is None


async def test_a_repeat_gets_the_finished_claim_and_the_same_key_elsewhere_is_another_intent(
    intents: Intents,
) -> None:
    first = claim()
    assert await intents.store.claim(first) is None
    done = await intents.finish(first, "applied", {"raw": {"id": "ord_1"}})
    assert (done.state, done.outcome, json.loads(done.answer)) == (
        "done",
        "applied",
        {"raw": {"id": "ord_1"}},
    )
    assert await intents.await_finished_claim(claim("two"), unasked) == done
    assert await intents.await_finished_claim(claim("two", account="c3d4"), unasked) is None
    assert await intents.await_finished_claim(claim("two", tool="capture_order"), unasked) is None
    assert await intents.await_finished_claim(claim("two", key="k-2"), unasked) is None


@pytest.mark.parametrize("state", ["claimed", "done", "unknown"])
async def test_the_same_key_with_other_arguments_is_a_conflict(intents: Intents, state: Any) -> None:
    await intents.store.claim(claim(state=state, answer="{}"))
    assert await refused(intents.await_finished_claim(claim("two", "g"), unasked)) == (
        "idempotency_conflict",
        "not_applied",
    )
    assert await intents.store.find(claim().place) == claim(state=state, answer="{}")


async def test_who_comes_while_it_is_at_work_waits_for_the_answer(store: Store, clock: MovableClock) -> None:
    first, waits = claim(), 0

    async def sleep(_: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            await intents.finish(first, "applied", {"raw": {"id": "ord_1"}})

    intents = Intents(store=store, clock=clock, lease=LEASE, sleep=sleep)
    await store.claim(first)
    found = await intents.await_finished_claim(claim("two"), unasked)
    assert found is not None
    assert (found.owner, found.outcome, waits) == ("one", "applied", 3)


async def test_waiting_ends_after_a_minute_with_in_progress(intents: Intents, clock: MovableClock) -> None:
    await intents.store.claim(claim())
    with pytest.raises(Failure) as caught:
        await intents.await_finished_claim(claim("two"), unasked)
    assert (caught.value.type, caught.value.outcome, caught.value.idempotency_key) == (
        "in_progress",
        "unknown",
        "k-1",
    )
    assert caught.value.look == "the same call with the same idempotency_key, in a minute"
    assert 60 <= clock.now - START < 61
    assert await intents.store.find(claim().place) == claim()


async def test_a_killed_process_is_taken_over_once_its_lease_is_over(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim())
    clock.now = START + LEASE
    found = await intents.await_finished_claim(claim("two"), proving("applied", {"id": "ord_1"}))
    assert found is not None
    assert (found.owner, found.state, json.loads(found.answer)) == (
        "two",
        "done",
        {"raw": {"id": "ord_1"}, "settled": True},
    )
    assert await intents.store.find(claim().place) == found


async def test_one_second_before_its_lease_is_over_it_is_waited_for(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim(until=START + 61))
    assert await refused(intents.await_finished_claim(claim("two"), unasked)) == ("in_progress", "unknown")
    clock.now = START + 61
    found = await intents.await_finished_claim(claim("two"), proving("applied"))
    assert found is not None
    assert json.loads(found.answer) == {"raw": {}, "settled": True}
