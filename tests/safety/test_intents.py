"""What a repeat of an intent is told, who settles one that was lost, and who has to wait."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest

from conekta_mcp.catalog import Proof
from conekta_mcp.errors import Detail, Failure, StoreDown
from conekta_mcp.operations.chargebacks import submit_chargeback_evidence
from conekta_mcp.operations.customers import create_customer
from conekta_mcp.operations.refunds import refund_order
from conekta_mcp.safety.intents import Intents, canonical, fingerprint_of, not_known, subject_of
from conekta_mcp.safety.records import Cap, Claim
from conekta_mcp.safety.store import Store

from .conftest import MovableClock

pytestmark = pytest.mark.anyio
LEASE = 150.0
START = 1_790_000_000.0
Prove = Callable[[Claim], Awaitable[Proof]]
BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}


def claim(owner: str = "one", fingerprint: str = "f", **more: Any) -> Claim:
    given = {"account": "a1b2", "tool": "refund_order", "key": "k-1", "arguments": "{}", "at": START}
    return Claim(**{**given, "until": START + LEASE, "owner": owner, "fingerprint": fingerprint, **more})


def proving(outcome: Any, answer: Any = None, look: str | None = None) -> Prove:
    async def prove(_: Claim) -> Proof:
        return Proof(outcome=outcome, answer=answer, look=look)

    return prove


async def unasked(_: Claim) -> Proof:
    raise AssertionError("nothing was lost, so nothing has to be read")


def refund(**more: Any) -> Any:
    given = {"order_id": "ord_1", "amount": 500, "reason": "requested_by_client", **more}
    return refund_order.input.model_validate(given)


@pytest.fixture
def intents(store: Store, clock: MovableClock) -> Intents:
    """The intents of a server whose waiting moves the clock."""

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    return Intents(store=store, clock=clock, lease=LEASE, sleep=sleep)


async def refused(call: Awaitable[object]) -> tuple[str, str | None]:
    with pytest.raises(Failure) as caught:
        await call
    return caught.value.type, caught.value.outcome


async def test_what_was_never_claimed_is_to_be_made(intents: Intents) -> None:
    assert await intents.earlier(claim(), unasked) is None


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
    assert await intents.earlier(claim("two"), unasked) == done
    assert await intents.earlier(claim("two", account="c3d4"), unasked) is None
    assert await intents.earlier(claim("two", tool="capture_order"), unasked) is None
    assert await intents.earlier(claim("two", key="k-2"), unasked) is None


@pytest.mark.parametrize("state", ["claimed", "done", "unknown"])
async def test_the_same_key_with_other_arguments_is_a_conflict(intents: Intents, state: Any) -> None:
    await intents.store.claim(claim(state=state, answer="{}"))
    assert await refused(intents.earlier(claim("two", "g"), unasked)) == (
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
    found = await intents.earlier(claim("two"), unasked)
    assert found is not None
    assert (found.owner, found.outcome, waits) == ("one", "applied", 3)


async def test_waiting_ends_after_a_minute_with_in_progress(intents: Intents, clock: MovableClock) -> None:
    await intents.store.claim(claim())
    with pytest.raises(Failure) as caught:
        await intents.earlier(claim("two"), unasked)
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
    found = await intents.earlier(claim("two"), proving("applied", {"id": "ord_1"}))
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
    assert await refused(intents.earlier(claim("two"), unasked)) == ("in_progress", "unknown")
    clock.now = START + 61
    found = await intents.earlier(claim("two"), proving("applied"))
    assert found is not None
    assert json.loads(found.answer) == {"raw": {}, "settled": True}


@pytest.mark.parametrize(("quiet", "outcome"), [(0.0, "unknown"), (119.9, "unknown"), (120.0, None)])
async def test_absence_counts_once_it_lasted_120_seconds(
    intents: Intents, clock: MovableClock, quiet: float, outcome: str | None
) -> None:
    lost = claim(state="unknown", until=START)
    await intents.store.claim(lost)
    clock.now = START + quiet
    if outcome is None:
        assert await intents.earlier(claim("two"), proving("not_applied")) is None
        assert await intents.store.find(lost.place) is None
        return
    assert await refused(intents.earlier(claim("two"), proving("not_applied"))) == (
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
        await refused(intents.earlier(claim("two"), proving("not_applied")))
    clock.now = START + 120
    assert await intents.earlier(claim("two"), proving("not_applied")) is None


@pytest.mark.parametrize("prove", [None, proving("unknown", look="get_order: amount_refunded")])
async def test_what_reading_does_not_tell_stays_unknown_for_ever(
    intents: Intents, clock: MovableClock, prove: Prove | None
) -> None:
    lost = claim(state="unknown", until=START, spent="r-1")
    await intents.store.reserve("r-1", [Cap(counter="refund", amount=500)])
    await intents.store.claim(lost)
    clock.now = START + 50_000
    with pytest.raises(Failure) as caught:
        await intents.earlier(claim("two"), prove)
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
    if again:
        assert await intents.earlier(claim("two"), proving(outcome), keyed=True) is None
        return
    assert await refused(intents.earlier(claim("two"), proving(outcome), keyed=True)) == (
        "connection_error",
        "unknown",
    )


async def test_what_was_not_applied_gives_back_what_it_reserved(
    intents: Intents, clock: MovableClock
) -> None:
    await intents.store.reserve("r-1", [Cap(counter="refund", amount=500)])
    await intents.store.claim(claim(state="unknown", until=START, spent="r-1"))
    clock.now = START + 120
    assert await intents.earlier(claim("two"), proving("not_applied")) is None
    assert await intents.store.reserve("r-2", [Cap(counter="refund", amount=500, most=500)]) is None


async def test_of_two_that_settle_one_reads_and_the_other_gets_its_answer(
    store: Store, clock: MovableClock
) -> None:
    reads, answers = 0, []
    intents = Intents(store=store, clock=clock, lease=LEASE)

    async def prove(_: Claim) -> Proof:
        nonlocal reads
        reads += 1
        await anyio.sleep(0)
        return Proof(outcome="applied", answer={"id": "ord_1"})

    async def repeat(owner: str) -> None:
        answers.append(await intents.earlier(claim(owner), prove))

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
    assert await intents.take(lost, "two") is not None
    assert await intents.take(lost, "three") is None


async def test_leaving_notes_since_when_it_is_not_known(intents: Intents, clock: MovableClock) -> None:
    await intents.store.claim(claim())
    clock.now = START + 7
    await intents.leave(claim())
    assert await intents.store.find(claim().place) == claim(state="unknown", until=START + 7)


async def test_calls_on_one_object_are_made_one_after_another(store: Store, clock: MovableClock) -> None:
    intents = Intents(store=store, clock=clock, lease=LEASE)
    steps: list[str] = []

    async def act(owner: str, order_id: str) -> None:
        async with intents.turn(claim(owner), refund(order_id=order_id)):
            steps.append(f"{order_id} begins")
            await anyio.sleep(0.01)
            steps.append(f"{order_id} ends")

    async with anyio.create_task_group() as calls:
        for owner in ("one", "two", "three"):
            calls.start_soon(act, owner, "ord_1")
    assert steps == ["ord_1 begins", "ord_1 ends"] * 3


async def test_other_objects_and_other_accounts_do_not_wait(intents: Intents, clock: MovableClock) -> None:
    async with (
        intents.turn(claim(), refund()),
        intents.turn(claim("two"), refund(order_id="ord_2")),
        intents.turn(claim("three", account="c3d4"), refund()),
        intents.turn(claim("four"), create_customer.input.model_validate(BUYER)),
        intents.turn(claim("five"), create_customer.input.model_validate(BUYER)),
    ):
        assert clock.now == START


async def test_a_turn_that_does_not_come_within_a_minute_is_refused(
    intents: Intents, clock: MovableClock
) -> None:
    async with intents.turn(claim(), refund()):
        with pytest.raises(Failure) as caught:
            async with intents.turn(claim("two", key="k-2"), refund()):
                raise AssertionError("entered")
    assert (caught.value.type, caught.value.outcome, caught.value.retryable) == (
        "in_progress",
        "not_applied",
        True,
    )
    assert caught.value.details[0].message == "Other calls are at work on ord_1; nothing was sent."
    assert 60 <= clock.now - START < 61


async def test_a_turn_that_does_not_come_because_of_the_same_intent_does_not_say_not_applied(
    intents: Intents,
) -> None:
    await intents.store.claim(claim())
    async with intents.turn(claim(), refund()):
        with pytest.raises(Failure) as caught:
            async with intents.turn(claim("two"), refund()):
                raise AssertionError("entered")
    assert (caught.value.type, caught.value.outcome) == ("in_progress", "unknown")


async def test_the_turn_of_a_killed_process_is_over_with_its_lease(
    intents: Intents, clock: MovableClock
) -> None:
    assert await intents.store.lock("a1b2:ord_1", "killed", START, START + LEASE)
    clock.now = START + LEASE
    async with intents.turn(claim(), refund()):
        assert clock.now == START + LEASE


async def test_a_turn_whose_end_cannot_be_noted_is_still_over(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object) -> None:
        raise StoreDown(type="store_unavailable", details=(Detail(message="It does not answer."),))

    intents = Intents(store=store, clock=clock, lease=LEASE)
    monkeypatch.setattr(store, "unlock", down)
    async with intents.turn(claim(), refund()):
        pass
    clock.now += LEASE
    assert await store.lock("a1b2:ord_1", "next", clock.now, clock.now + 1)


def test_the_subject_is_the_widest_id_among_the_arguments() -> None:
    assert subject_of(refund()) == "ord_1"
    assert subject_of(create_customer.input.model_validate(BUYER)) is None


def test_the_fingerprint_is_of_the_tool_and_of_all_its_arguments() -> None:
    one = fingerprint_of(refund_order, refund())
    assert one == fingerprint_of(refund_order, refund())
    assert len({one, fingerprint_of(refund_order, refund(amount=501)), fingerprint_of(create_customer, refund())}) == 3  # fmt: skip


def test_canonical_arguments_are_the_same_for_the_same_and_leave_out_what_is_huge() -> None:
    base64 = "JVBERi0xLjcg" * 400
    one = {"base64": base64, "name": "nota.pdf", "evidence_type": "order_details"}
    given = {"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1", "files": [one]}
    evidence = submit_chargeback_evidence.input.model_validate(given)
    (file,) = json.loads(canonical(evidence))["files"]
    assert file == {**one, "base64": f"sha256:{hashlib.sha256(base64.encode()).hexdigest()}"}
    assert canonical(refund()) == ('{"amount": 500, "order_id": "ord_1", "reason": "requested_by_client"}')


def test_not_known_says_that_nothing_was_sent_again() -> None:
    failure = not_known("k-1", "get_order")
    assert (failure.type, failure.look, failure.retryable) == ("connection_error", "get_order", False)
    assert str(failure) == "Whether this was applied is not known yet; nothing was sent again."
