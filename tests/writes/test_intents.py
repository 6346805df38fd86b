"""The answers of repeats, and who settles a lost intent."""

import json
from typing import Any

import pytest

from conekta_mcp.errors import Detail, Failure
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Cap
from conekta_mcp.writes.idempotency import build_failure_answer
from conekta_mcp.writes.intents import Intents
from tests.storage.fixtures import MovableClock
from tests.writes.intending import (
    LEASE,
    START,
    claim,
    proving,
    refused,
    settling,
    unsettled,
)

pytestmark = pytest.mark.anyio


async def test_what_was_never_claimed_is_to_be_made(intents: Intents) -> None:
    assert await intents.await_standing_claim(claim(), unsettled) is None


async def test_a_repeat_gets_the_finished_claim_and_the_same_key_elsewhere_is_another_intent(
    intents: Intents,
) -> None:
    first = claim()
    assert await intents.store.claim(first) is None
    done = await intents.finish(first, {"raw": {"id": "ord_1"}})
    assert (done.state, done.outcome, json.loads(done.answer)) == (
        "done",
        "applied",
        {"raw": {"id": "ord_1"}},
    )
    assert await intents.await_standing_claim(claim("two"), unsettled) == done
    assert await intents.await_standing_claim(claim("two", account="c3d4"), unsettled) is None
    assert await intents.await_standing_claim(claim("two", tool="capture_order"), unsettled) is None
    assert await intents.await_standing_claim(claim("two", key="k-2"), unsettled) is None


@pytest.mark.parametrize("state", ["claimed", "done", "unknown"])
async def test_the_same_key_with_other_arguments_is_a_conflict(intents: Intents, state: Any) -> None:
    await intents.store.claim(claim(state=state, answer="{}"))
    assert await refused(intents.await_standing_claim(claim("two", "g"), unsettled)) == (
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
            await intents.finish(first, {"raw": {"id": "ord_1"}})

    intents = Intents(store=store, clock=clock, lease=LEASE, sleep=sleep, monotonic=clock)
    await store.claim(first)
    found = await intents.await_standing_claim(claim("two"), unsettled)
    assert found is not None
    assert (found.owner, found.outcome, waits) == ("one", "applied", 3)


async def test_waiting_ends_after_a_minute_with_in_progress(intents: Intents, clock: MovableClock) -> None:
    await intents.store.claim(claim())
    with pytest.raises(Failure) as caught:
        await intents.await_standing_claim(claim("two"), unsettled)
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
    found = await intents.await_standing_claim(
        claim("two"), settling(intents, proving("applied", {"id": "ord_1"}))
    )
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
    assert await refused(intents.await_standing_claim(claim("two"), unsettled)) == ("in_progress", "unknown")
    clock.now = START + 61
    found = await intents.await_standing_claim(claim("two"), settling(intents, proving("applied")))
    assert found is not None
    assert json.loads(found.answer) == {"raw": {}, "settled": True}


@pytest.mark.parametrize("state", ["refused", "released"])
async def test_what_was_not_applied_may_be_made_once_more_with_other_arguments_too(
    intents: Intents, state: Any
) -> None:
    left = claim(state=state)
    await intents.store.claim(left)
    assert await intents.await_standing_claim(claim("two", "g"), unsettled) == left


@pytest.mark.parametrize("store", ["file", "memory"], indirect=True)  # Redis expires keys by its own time
async def test_a_key_whose_answer_expired_is_refused_and_not_acted_on(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim())
    await intents.finish(claim(), {"raw": {"id": "ord_1"}})
    clock.now = START + 31 * 86_400
    with pytest.raises(Failure) as caught:
        await intents.await_standing_claim(claim("two"), unsettled)
    assert (caught.value.type, caught.value.outcome) == ("idempotency_expired", "not_applied")
    clock.now = START + 400 * 86_400
    assert await refused(intents.await_standing_claim(claim("two"), unsettled)) == (
        "idempotency_expired",
        "not_applied",
    )


async def test_a_failure_that_took_no_money_gives_its_reservation_back(intents: Intents) -> None:
    held = claim(spent="r-1")
    assert await intents.store.claim(held, [Cap(counter="charge", amount=500, most=500)]) is None
    declined = Failure(type="processing_error", details=(Detail(code="declined"),), created={"id": "ord_9"})
    done = await intents.finish(held, build_failure_answer(declined))
    assert (done.state, done.made, done.spent) == ("done", ("ord_9",), "")
    assert await intents.store.reserve("r-2", [Cap(counter="charge", amount=500, most=500)]) is None


async def test_every_form_of_an_intent_stays_in_its_history(intents: Intents, clock: MovableClock) -> None:
    await intents.store.claim(claim())
    clock.now = START + 7
    await intents.mark_unknown(claim())
    lost = await intents.store.find(claim().place)
    assert lost is not None
    taken = await intents.take_claim(lost, "two")
    assert taken is not None
    await intents.finish(taken, {"raw": {"id": "ord_1"}}, settled_by="reading")
    history = await intents.store.read_history(claim().place)
    assert [(form["state"], form["owner"], form["fence"]) for form in history] == [
        ("claimed", "one", 1),
        ("unknown", "one", 1),
        ("claimed", "two", 2),
        ("done", "two", 2),
    ]
    assert history[1]["attempts"] == [{"at": START, "wall": START, "ended": START + 7, "outcome": "unknown"}]


async def test_what_an_intent_made_is_its_own_but_not_what_it_named(intents: Intents) -> None:
    await intents.store.claim(claim(arguments='{"order_id": "ord_1"}'))
    await intents.finish(claim(arguments='{"order_id": "ord_1"}'), {"raw": {"id": "ord_1"}})
    await intents.store.claim(claim(key="k-2"))
    await intents.finish(claim(key="k-2"), {"raw": {"id": "cus_1"}})
    assert await intents.store.list_made_ids("a1b2", START) == {"cus_1"}
    assert await intents.store.list_made_ids("c3d4", START) == set()
