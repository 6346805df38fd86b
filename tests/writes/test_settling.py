"""Lost intents: settled by reading, by lasting absence, or by a resend with the same key."""

from dataclasses import replace
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from conekta_mcp.catalog import LostWrite, Verification
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.errors import Detail, Failure, RequestRefused, Unreachable
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Attempt, Cap, Claim
from conekta_mcp.writes.intents import Intents
from conekta_mcp.writes.settling import LostCall, describe_loss
from tests.storage.fixtures import MovableClock
from tests.writes.intending import (
    LEASE,
    START,
    Prove,
    claim,
    proving,
    refused,
    settling,
)

pytestmark = pytest.mark.anyio


ABSENT = proving("not_applied")
TOOLS = {tool.name: tool for tool in ALL_TOOLS}
PLAN = {"name": "Plan anual", "amount": 50_000, "interval": "year", "frequency": 1}


async def repeat(intents: Intents, verify: Prove | None = ABSENT, resend: Any = None) -> Claim | None:
    return await intents.await_standing_claim(claim("two"), settling(intents, verify, resend))


UNKNOWN = ("connection_error", "unknown")


async def test_absence_counts_once_two_readings_showed_it_late_and_far_enough_apart(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim(state="unknown", until=START))
    for seconds in (0, 60, 119.9, 120, 150, 179.9):
        clock.now = START + seconds
        assert await refused(repeat(intents)) == UNKNOWN
    kept = await intents.store.find(claim().place)
    assert kept is not None
    assert (kept.state, kept.until, kept.absent_since, kept.fence) == ("unknown", START, START + 120, 7)
    clock.now = START + 180
    gone = await repeat(intents)
    assert gone is not None
    assert (gone.state, gone.outcome, gone.settled_by) == ("refused", "not_applied", "reading")


async def test_a_reading_that_tells_nothing_starts_the_absence_anew(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim(state="unknown", until=START))
    for seconds, verify in ((120, ABSENT), (150, proving("unknown")), (180, ABSENT), (239, ABSENT)):
        clock.now = START + seconds
        assert await refused(repeat(intents, verify)) == UNKNOWN
    clock.now = START + 240
    assert await repeat(intents) is not None


async def test_what_was_read_before_an_attempt_says_nothing_about_it(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim(state="unknown", until=START, absent_since=START - 500))
    await intents.store.replace(
        claim(state="unknown", until=START, absent_since=START - 500), claim(absent_since=START - 500)
    )
    await intents.mark_unknown(claim(absent_since=START - 500))
    clock.now = START + 120
    assert await refused(repeat(intents)) == UNKNOWN


@pytest.mark.parametrize("prove", [None, proving("unknown", look="get_order: amount_refunded")])
async def test_what_reading_does_not_tell_stays_unknown_for_ever(
    intents: Intents, clock: MovableClock, prove: Prove | None
) -> None:
    lost = claim(state="unknown", until=START, spent="r-1")
    await intents.store.reserve("r-1", [Cap(counter="refund", amount=500)])
    await intents.store.claim(lost)
    clock.now = START + 50_000
    with pytest.raises(Failure) as caught:
        await repeat(intents, prove)
    assert (caught.value.outcome, caught.value.idempotency_key, caught.value.retryable) == (
        "unknown",
        "k-1",
        False,
    )
    assert caught.value.look == ("get_order: amount_refunded" if prove else None)
    assert await intents.store.find(lost.place) == replace(lost, owner="two", fence=2)
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

    async def resend(lost: Claim, _: float) -> dict[str, str]:
        sent.append(lost.key)
        return {"id": "ord_1"}

    if again:
        done = await repeat(intents, proving(outcome), resend)
        assert done is not None
        assert (done.state, done.at, done.answer) == (
            "done",
            START,
            '{"raw": {"id": "ord_1"}, "settled": true}',
        )
        assert sent == ["k-1"]
        return
    assert await refused(repeat(intents, proving(outcome), resend)) == UNKNOWN
    assert sent == []


@pytest.mark.parametrize(
    ("told", "state"), [("applied", "done"), ("unknown", "unknown"), ("not_applied", "unknown")]
)
async def test_what_the_repeated_request_tells_counts_only_where_it_was_applied(
    intents: Intents, told: Any, state: str
) -> None:
    await intents.store.claim(claim(state="unknown", until=START))

    async def resend(_: Claim, __: float) -> dict[str, str]:
        raise RequestRefused(type="processing_error", details=(Detail(code="declined"),), outcome=told)

    if told == "applied":
        assert await repeat(intents, proving("unknown"), resend) is not None
    else:
        with pytest.raises(Unreachable):
            await repeat(intents, ABSENT, resend)
    kept = await intents.store.find(claim().place)
    assert kept is not None
    assert kept.state == state


async def test_what_was_not_applied_gives_back_what_it_reserved(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.reserve("r-1", [Cap(counter="refund", amount=500)])
    await intents.store.claim(claim(state="unknown", until=START, spent="r-1"))
    clock.now = START + 120
    assert await refused(repeat(intents)) == UNKNOWN
    clock.now = START + 180
    assert await repeat(intents) is not None
    assert await intents.store.reserve("r-2", [Cap(counter="refund", amount=500, most=500)]) is None


async def test_of_two_that_settle_one_reads_and_the_other_gets_its_answer(
    store: Store, clock: MovableClock
) -> None:
    reads, answers = 0, []
    intents = Intents(store=store, clock=clock, lease=LEASE, monotonic=clock)

    async def prove(_: Claim) -> Verification:
        nonlocal reads
        reads += 1
        await anyio.lowlevel.checkpoint()
        return Verification(outcome="applied", answer={"id": "ord_1"})

    async def call(owner: str) -> None:
        answers.append(await intents.await_standing_claim(claim(owner), settling(intents, prove)))

    await store.claim(claim(state="unknown", until=START))
    with anyio.fail_after(60):
        async with anyio.create_task_group() as calls:
            for owner in ("two", "three", "four"):
                calls.start_soon(call, owner)
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


async def test_a_lost_write_notes_since_when_it_is_not_known_and_what_differed(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim())
    clock.now = START + 7
    await intents.mark_unknown(claim(), "amount is 5, not 500")
    ended = Attempt(at=START, wall=START, ended=START + 7, outcome="unknown: amount is 5, not 500")
    assert await intents.store.find(claim().place) == claim(
        state="unknown", until=START + 7, attempts=(ended,)
    )


async def test_a_lost_write_is_described_by_its_attempts_and_by_what_others_made(intents: Intents) -> None:
    await intents.store.claim(claim("other", key="k-2"))
    await intents.finish(claim("other", key="k-2"), {"raw": {"id": "ord_7"}})
    ended = Attempt(at=START, wall=START, ended=START + 7, outcome="unknown")
    lost = claim(state="unknown", witness='{"ids": ["a"]}', attempts=(ended,), mark="mcp_1")
    await intents.store.claim(lost)
    # Conekta's clock is an hour ahead of this machine's.
    timed = replace(intents, read_server_time=lambda key: START + 3600 if key == "key-1" else None)
    assert await describe_loss(timed, lost, "key-1") == LostWrite(
        state_before={"ids": ["a"]},
        mark="mcp_1",
        since=START - 30,
        until=START + 3600 + 7 + 300,
        read_at=START + 3600,
        local_window=(START - 30 - 3600, START + 7 + 300),
        owned_ids=frozenset({"ord_7"}),
    )


async def test_what_another_intent_made_long_ago_is_owned_however_late_a_lost_one_is_settled(
    intents: Intents, clock: MovableClock
) -> None:
    """Each take-over moves `at`; Conekta dates a link by its day, so that of the morning fits as well."""
    begun = clock.now
    await intents.store.claim(claim("other", key="k-2", at=begun - 80_000.0))
    await intents.finish(claim("other", key="k-2", at=begun - 80_000.0), {"raw": {"id": "ord_7"}})
    clock.now = begun + 5 * 86_400
    lost = claim(state="unknown", at=clock.now, attempts=(Attempt(at=begun, wall=begun, ended=begun + 7),))
    await intents.store.claim(lost)
    assert (await describe_loss(intents, lost, "key-1")).owned_ids == frozenset({"ord_7"})


async def test_without_conektas_time_whatever_others_made_is_theirs(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.claim(claim("other", key="k-2"))
    await intents.finish(claim("other", key="k-2"), {"raw": {"id": "ord_7"}})
    begun = clock.now = clock.now + 5 * 86_400
    lost = claim(state="unknown", at=begun, attempts=(Attempt(at=begun, wall=begun, ended=begun + 7),))
    await intents.store.claim(lost)
    silent = replace(intents, read_server_time=lambda _: None)
    loss = await describe_loss(silent, lost, "key-1")
    assert (loss.is_dated, loss.owned_ids) == (False, frozenset({"ord_7"}))


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_process_that_hears_conektas_time_only_now_reads_once_more(
    is_told: bool, intents: Intents
) -> None:
    """What is alike proves something only where it is known when the call was sent."""
    told: list[float] = []
    read: list[bool] = []

    async def prove(sender: Any, arguments: Any, lost: LostWrite) -> Verification:  # noqa: ARG001
        read.append(lost.is_dated)
        if is_told:
            told.append(START)
        return Verification(outcome="applied" if lost.is_dated else "unknown")

    lost = claim(state="unknown", attempts=(Attempt(at=START, wall=START, ended=START + 7),))
    await intents.store.claim(lost)
    call = LostCall(
        replace(intents, read_server_time=lambda _: told[-1] if told else None),
        replace(WRITE_HANDLERS["create_plan"], verify=prove),
        TOOLS["create_plan"],
        TOOLS["create_plan"].input.model_validate(PLAN),
        sender=None,  # type: ignore[arg-type] # nothing is sent
        key="key-1",
    )
    found = await call.verify(lost)
    assert (found.outcome, read) == (("applied", [False, True]) if is_told else ("unknown", [False]))


async def test_a_person_settles_what_no_reading_tells(intents: Intents) -> None:
    lost = claim(state="unknown", spent="r-1")
    assert await intents.store.claim(lost, [Cap(counter="refund", amount=500)]) is None
    taken = await intents.take_claim(lost, "two")
    assert taken is not None
    told = await intents.settle_by_person(taken, applied=False)
    assert told is not None
    assert (told.state, told.outcome, told.settled_by, told.spent) == ("refused", "not_applied", "person", "")
    assert await intents.store.reserve("r-2", [Cap(counter="refund", amount=500, most=500)]) is None
    second = claim(key="k-2", state="unknown")
    await intents.store.claim(second)
    taken = await intents.take_claim(second, "two")
    assert taken is not None
    done = await intents.settle_by_person(taken, applied=True)
    assert await intents.await_standing_claim(claim("three", key="k-2"), settling(intents, None)) == done


async def test_what_another_call_took_over_meanwhile_is_not_settled_by_a_person(intents: Intents) -> None:
    lost = claim(state="unknown")
    await intents.store.claim(lost)
    taken = await intents.take_claim(lost, "two")
    assert taken is not None
    later = await intents.take_claim(taken, "three")
    assert later is not None
    done = await intents.finish(later, {"raw": {"id": "ord_1"}})
    assert await intents.settle_by_person(taken, applied=False) is None
    assert await intents.store.find(lost.place) == done


async def test_without_conektas_time_anything_could_be_what_was_lost(intents: Intents) -> None:
    lost = claim(state="unknown")
    await intents.store.claim(lost)
    told = await describe_loss(intents, lost, "key-1")
    assert (told.since, told.until) == (0.0, float("inf"))


async def test_a_clock_that_was_set_in_between_moves_no_window(intents: Intents, clock: MovableClock) -> None:
    lost = claim(state="unknown", attempts=(Attempt(at=START, wall=START, ended=START + 2),))
    await intents.store.claim(lost)
    clock.now = START + 60
    timed = replace(intents, clock=lambda: START + 9_999_999, read_server_time=lambda _: START + 60)
    told = await describe_loss(timed, lost, "key-1")
    assert (told.since, told.until) == (START - 30, START + 302)
