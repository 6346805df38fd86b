"""What became of an intent that was lost: proved by reading, by lasting absence, or by the same key."""

from dataclasses import replace
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from conekta_mcp.catalog import Verification
from conekta_mcp.errors import Detail, Failure, RequestRefused, Unreachable
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Cap, Claim
from conekta_mcp.writes.intents import Intents
from tests.storage.fixtures import MovableClock
from tests.writes.intending import (
    LEASE,
    START,
    Prove,
    claim,
    proving,
    refused,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("quiet", "outcome"), [(0.0, "unknown"), (119.9, "unknown"), (120.0, None)])
async def test_absence_counts_once_it_lasted_120_seconds(
    intents: Intents, clock: MovableClock, quiet: float, outcome: str | None
) -> None:
    lost = claim(state="unknown", until=START)
    await intents.store.claim(lost)
    clock.now = START + quiet
    if outcome is None:
        assert await intents.await_finished_claim(claim("two"), proving("not_applied")) is None
        assert await intents.store.find(lost.place) is None
        return
    assert await refused(intents.await_finished_claim(claim("two"), proving("not_applied"))) == (
        "connection_error",
        "unknown",
    )
    assert await intents.store.find(lost.place) == replace(lost, owner="two")


async def test_asking_again_and_again_does_not_prolong_the_quiet_time(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim(state="unknown", until=START))
    for seconds in (30, 60, 90, 119):
        clock.now = START + seconds
        await refused(intents.await_finished_claim(claim("two"), proving("not_applied")))
    clock.now = START + 120
    assert await intents.await_finished_claim(claim("two"), proving("not_applied")) is None


@pytest.mark.parametrize("prove", [None, proving("unknown", look="get_order: amount_refunded")])
async def test_what_reading_does_not_tell_stays_unknown_for_ever(
    intents: Intents, clock: MovableClock, prove: Prove | None
) -> None:
    lost = claim(state="unknown", until=START, spent="r-1")
    await intents.store.reserve("r-1", [Cap(counter="refund", amount=500)])
    await intents.store.claim(lost)
    clock.now = START + 50_000
    with pytest.raises(Failure) as caught:
        await intents.await_finished_claim(claim("two"), prove)
    assert (caught.value.outcome, caught.value.idempotency_key, caught.value.retryable) == (
        "unknown",
        "k-1",
        False,
    )
    assert caught.value.look == ("get_order: amount_refunded" if prove else None)
    assert await intents.store.find(lost.place) == replace(lost, owner="two")
    held = await intents.store.reserve("r-2", [Cap(counter="refund", amount=1, most=500)])
    assert held is not None


@pytest.mark.parametrize("outcome", ["not_applied", "unknown"])
@pytest.mark.parametrize(("age", "again"), [(0.0, True), (3599.0, True), (3600.0, False)])
async def test_where_conekta_knows_the_key_it_is_sent_again_within_an_hour(
    intents: Intents, clock: MovableClock, outcome: str, age: float, again: bool
) -> None:
    await intents.store.claim(claim(state="unknown", until=START + age))
    clock.now = START + age
    sent: list[str] = []

    async def resend(lost: Claim) -> dict[str, str]:
        sent.append(lost.key)
        return {"id": "ord_1"}

    if again:
        done = await intents.await_finished_claim(claim("two"), proving(outcome), resend)
        assert done is not None
        assert (done.state, done.at, done.answer) == (
            "done",
            START,
            '{"raw": {"id": "ord_1"}, "settled": true}',
        )
        assert sent == ["k-1"]
        return
    assert await refused(intents.await_finished_claim(claim("two"), proving(outcome), resend)) == (
        "connection_error",
        "unknown",
    )
    assert sent == []


@pytest.mark.parametrize(
    ("told", "state"), [("applied", "done"), ("unknown", "unknown"), ("not_applied", "unknown")]
)
async def test_what_the_repeated_request_tells_counts_only_where_it_was_applied(
    intents: Intents, told: Any, state: str
) -> None:
    await intents.store.claim(claim(state="unknown", until=START))

    async def resend(_: Claim) -> dict[str, str]:
        raise RequestRefused(type="processing_error", details=(Detail(code="declined"),), outcome=told)

    if told == "applied":
        assert await intents.await_finished_claim(claim("two"), proving("unknown"), resend) is not None
    else:
        with pytest.raises(Unreachable):
            await intents.await_finished_claim(claim("two"), proving("not_applied"), resend)
    kept = await intents.store.find(claim().place)
    assert kept is not None
    assert kept.state == state


async def test_what_was_not_applied_gives_back_what_it_reserved(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.reserve("r-1", [Cap(counter="refund", amount=500)])
    await intents.store.claim(claim(state="unknown", until=START, spent="r-1"))
    clock.now = START + 120
    assert await intents.await_finished_claim(claim("two"), proving("not_applied")) is None
    assert await intents.store.reserve("r-2", [Cap(counter="refund", amount=500, most=500)]) is None


async def test_of_two_that_settle_one_reads_and_the_other_gets_its_answer(
    store: Store, clock: MovableClock
) -> None:
    reads, answers = 0, []
    intents = Intents(store=store, clock=clock, lease=LEASE)

    async def prove(_: Claim) -> Verification:
        nonlocal reads
        reads += 1
        await anyio.lowlevel.checkpoint()
        return Verification(outcome="applied", answer={"id": "ord_1"})

    async def repeat(owner: str) -> None:
        answers.append(await intents.await_finished_claim(claim(owner), prove))

    await store.claim(claim(state="unknown", until=START))
    async with anyio.create_task_group() as calls:
        for owner in ("two", "three", "four"):
            calls.start_soon(repeat, owner)
    assert reads == 1
    assert len(answers) == 3
    assert {(found.outcome, found.answer) for found in answers if found} == {
        ("applied", '{"raw": {"id": "ord_1"}, "settled": true}')
    }


async def test_who_was_quicker_keeps_a_claim(intents: Intents) -> None:
    lost = claim(state="unknown")
    await intents.store.claim(lost)
    assert await intents.take_claim(lost, "two") is not None
    assert await intents.take_claim(lost, "three") is None


async def test_leaving_notes_since_when_it_is_not_known(intents: Intents, clock: MovableClock) -> None:
    await intents.store.claim(claim())
    clock.now = START + 7
    await intents.mark_unknown(claim())
    assert await intents.store.find(claim().place) == claim(state="unknown", until=START + 7)
