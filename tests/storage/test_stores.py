"""Every promise of the store's protocol, over SQLite in a file and in memory, and over Redis."""

from dataclasses import replace
from typing import Any

import anyio
import pytest

from conekta_mcp.errors import StoreUnavailable
from conekta_mcp.storage.audit_chain.verification import verify_chain
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Attempt, Cap, Claim, LimitExceeded
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio

CLAIM = Claim(
    account="a1b2",
    tool="refund_order",
    key="k-1",
    fingerprint="f" * 64,
    arguments='{"order_id":"ord_1","amount":500,"reason":"requested_by_client"}',
    witness='{"refunded":0,"note":"ñ 🙂"}',
    subject="ord_1",
    owner="call-1",
    at=1_790_000_000.25,
    until=1_790_000_060.25,
    spent="r-1",
)
DONE = replace(CLAIM, state="done", outcome="applied", answer='{"id":"ord_1"}')
UNKNOWN = replace(CLAIM, state="unknown")


async def test_a_free_place_takes_a_claim_and_gives_it_back_whole(store: Store) -> None:
    assert await store.find(CLAIM.place) is None
    assert await store.claim(CLAIM) is None
    assert await store.find(CLAIM.place) == CLAIM


def build_record(event: str) -> dict[str, Any]:
    return {"at": CLAIM.at, "event": event, "call": "c-1"}


async def test_a_claim_and_its_end_are_recorded_with_them(store: Store) -> None:
    await store.append(build_record("refusal"))
    assert await store.claim(CLAIM, record=build_record("intent")) is None
    assert await store.replace(CLAIM, DONE, record=build_record("result")) is True
    await store.append(build_record("settlement"))
    told = [one["event"] for one in await store.read_records()]
    assert told == ["refusal", "intent", "result", "settlement"]
    walk = verify_chain(await store.read_chain())
    assert (walk.count, walk.broken) == (4, None)


async def test_a_claim_that_is_not_stored_is_not_recorded(store: Store) -> None:
    full = Cap(counter="c", amount=2, most=1)
    assert await store.claim(CLAIM, [full], record=build_record("intent")) == LimitExceeded(
        cap=full, spent=0, calls=0
    )
    await store.claim(CLAIM)
    later = replace(CLAIM, owner="call-2")
    assert await store.claim(later, record=build_record("intent")) == CLAIM
    assert await store.replace(later, DONE, record=build_record("result")) is False
    assert await store.read_records() == []
    await store.append(build_record("refusal"))
    assert verify_chain(await store.read_chain()).broken is None


async def test_claims_that_are_recorded_at_once_make_one_chain(store: Store) -> None:
    claims = [replace(CLAIM, key=f"k-{number}", spent="") for number in range(20)]

    async def make(claim: Claim) -> None:
        assert await store.claim(claim, record=build_record(claim.key)) is None
        assert await store.replace(claim, replace(claim, state="done"), record=build_record(claim.key))

    async with anyio.create_task_group() as group:
        for claim in claims:
            group.start_soon(make, claim)
    walk = verify_chain(await store.read_chain())
    assert (walk.count, walk.broken) == (40, None)


async def test_a_second_claim_of_a_place_is_given_the_first(store: Store) -> None:
    await store.claim(CLAIM)
    later = replace(CLAIM, owner="call-2", arguments="{}", fingerprint="e" * 64)
    assert await store.claim(later) == CLAIM
    assert await store.find(CLAIM.place) == CLAIM


async def test_a_claim_of_a_place_that_is_done_is_given_the_answer(store: Store) -> None:
    await store.claim(CLAIM)
    await store.replace(CLAIM, DONE)
    assert await store.claim(replace(CLAIM, owner="call-2")) == DONE


async def test_a_claim_can_be_noted_as_done_at_once(store: Store) -> None:
    assert await store.claim(DONE) is None
    assert (await store.find(DONE.place), await store.list_unsettled()) == (DONE, [])


@pytest.mark.parametrize(
    "other",
    [
        {"account": "a1b3"},
        {"tool": "create_payout"},
        {"key": "k-2"},
        {"tool": "refund_order:k", "key": "1"},
        {"account": 'a1b2", "refund_order', "tool": "k-1", "key": ""},
    ],
    ids=str,
)
async def test_another_account_tool_or_key_is_another_place(store: Store, other: dict[str, str]) -> None:
    beside = replace(CLAIM, **other)  # type: ignore[arg-type]  # all of them are texts
    await store.claim(CLAIM)
    assert await store.claim(beside) is None
    assert (await store.find(CLAIM.place), await store.find(beside.place)) == (CLAIM, beside)


async def test_a_claim_is_replaced_only_while_it_equals_what_was_read(store: Store) -> None:
    await store.claim(CLAIM)
    assert await store.replace(replace(CLAIM, owner="call-2"), DONE) is False
    assert await store.find(CLAIM.place) == CLAIM
    assert await store.replace(CLAIM, UNKNOWN) is True
    assert await store.replace(CLAIM, DONE) is False
    assert await store.find(CLAIM.place) == UNKNOWN
    assert await store.replace(UNKNOWN, DONE) is True
    assert await store.replace(DONE, UNKNOWN) is True
    assert (await store.find(CLAIM.place), await store.list_unsettled()) == (UNKNOWN, [UNKNOWN])


async def test_what_was_never_claimed_is_not_replaced(store: Store) -> None:
    assert await store.replace(CLAIM, DONE) is False
    assert await store.find(CLAIM.place) is None


@pytest.mark.parametrize("state", ["refused", "released", "done"])
async def test_a_claim_over_another_needs_the_very_one_that_stands(store: Store, state: Any) -> None:
    ended = replace(CLAIM, state=state, spent="")
    again = replace(CLAIM, owner="call-2", fence=2, reopened=1)
    await store.claim(ended)
    assert await store.list_unsettled() == []
    assert await store.claim(again) == ended
    assert await store.claim(again, over=replace(ended, owner="call-3")) == ended
    assert await store.claim(again, over=ended) is None
    assert (await store.find(CLAIM.place), await store.list_unsettled()) == (again, [again])


async def test_a_claim_and_its_reservation_are_one(store: Store) -> None:
    fits, too_much = Cap(counter="c", amount=500, most=1000), Cap(counter="c", amount=501, most=1000)
    assert await store.claim(CLAIM, [fits]) is None
    # The place is taken: nothing is added.
    assert await store.claim(replace(CLAIM, owner="call-2", spent="r-2"), [fits]) == CLAIM
    refused = await store.claim(replace(CLAIM, key="k-2", spent="r-3"), [too_much])
    assert refused == LimitExceeded(cap=too_much, spent=500, calls=1)
    assert await store.find(replace(CLAIM, key="k-2").place) is None
    assert await counted(store, "c") == (500, 1)
    assert await store.replace(replace(CLAIM, owner="call-2"), DONE, release="r-1") is False
    assert await counted(store, "c") == (500, 1)
    assert await store.replace(CLAIM, DONE, release="r-1") is True
    assert await counted(store, "c") == (0, 0)


async def test_equal_claims_come_newest_first_and_of_one_account(store: Store) -> None:
    first, second = replace(DONE, key="k-2", at=10.0), replace(UNKNOWN, key="k-3", at=20.0)
    for one in (
        first,
        second,
        replace(CLAIM, key="k-4", fingerprint="e" * 64),
        replace(CLAIM, account="c3d4"),
    ):
        await store.claim(one)
    fingerprint = CLAIM.fingerprint
    assert await store.list_equal("a1b2", fingerprint, 0) == [second, first]
    assert await store.list_equal("a1b2", fingerprint, 15) == [second]
    assert await store.list_equal("nobody", fingerprint, 0) == []


async def test_ids_that_were_made_are_known_by_account_and_by_when_they_were_noted(
    store: Store, clock: MovableClock
) -> None:
    await store.claim(CLAIM)
    # Settled days after it was asked for.
    clock.now = CLAIM.at + 5 * 86_400
    await store.replace(CLAIM, replace(DONE, made=("ord_1", "ord_2")))
    assert await store.list_made_ids("a1b2", clock.now) == {"ord_1", "ord_2"}
    assert await store.list_made_ids("a1b2", clock.now + 1) == set()
    assert await store.list_made_ids("c3d4", 0) == set()
    assert await store.list_made_ids("a1b2", clock.now, ["ord_1", "ord_3"]) == {"ord_1"}
    assert await store.list_made_ids("a1b2", clock.now + 1, ["ord_1"]) == set()
    assert await store.list_made_ids("c3d4", 0, ["ord_1"]) == set()


async def test_the_history_of_a_claim_keeps_every_form_of_it(store: Store) -> None:
    attempt = Attempt(at=1.5, wall=2.5, ended=3.5, outcome="unknown")
    for old, new in ((None, CLAIM), (CLAIM, replace(UNKNOWN, attempts=(attempt,)))):
        assert not await store.claim(new) if old is None else await store.replace(old, new)
    history = await store.read_history(CLAIM.place)
    assert [form["state"] for form in history] == ["claimed", "unknown"]
    assert history[1]["attempts"] == [{"at": 1.5, "wall": 2.5, "ended": 3.5, "outcome": "unknown"}]
    assert await store.read_history(replace(CLAIM, key="k-2").place) == []


async def test_unsettled_claims_come_oldest_first_and_of_one_account_if_it_is_named(store: Store) -> None:
    oldest = replace(UNKNOWN, key="k-3", at=1.0)
    others = replace(CLAIM, account="c3d4", key="k-2", at=2.0)
    for one in (CLAIM, others, oldest, replace(DONE, key="k-4")):
        await store.claim(one)
    assert await store.list_unsettled() == [oldest, others, CLAIM]
    assert await store.list_unsettled("a1b2") == [oldest, CLAIM]
    assert await store.list_unsettled("nobody") == []


REFUNDS = Cap(counter="refund:test:2026-11-21", amount=500, most=1250)
CALLS = Cap(counter="calls:test:2026-11-21", amount=500, most_calls=2)


async def counted(store: Store, counter: str) -> tuple[int, int]:
    """The centavos and calls of a counter."""
    hindered = await store.reserve("nobody", [Cap(counter=counter, amount=0, most=-1, most_calls=-1)])
    assert hindered is not None
    return hindered.spent, hindered.calls


async def test_a_cap_may_be_reached_and_not_passed_by_a_centavo(store: Store) -> None:
    assert await store.reserve("r-1", [REFUNDS]) is None
    assert await store.reserve("r-2", [replace(REFUNDS, amount=750)]) is None
    one_more = replace(REFUNDS, amount=1)
    assert await store.reserve("r-3", [one_more]) == LimitExceeded(cap=one_more, spent=1250, calls=2)
    assert await counted(store, REFUNDS.counter) == (1250, 2)


async def test_calls_are_counted_and_capped(store: Store) -> None:
    assert await store.reserve("r-1", [CALLS]) is None
    assert await store.reserve("r-2", [CALLS]) is None
    assert await store.reserve("r-3", [CALLS]) == LimitExceeded(cap=CALLS, spent=1000, calls=2)


async def test_without_bounds_a_counter_only_counts(store: Store) -> None:
    largest = Cap(counter="c", amount=10**15 + 1)
    assert [await store.reserve(name, [largest]) for name in ("r-1", "r-2", "r-3")] == [None, None, None]
    assert await counted(store, "c") == (3 * 10**15 + 3, 3)


async def test_the_cap_that_hinders_keeps_all_others_from_being_added_to(store: Store) -> None:
    full = Cap(counter="full", amount=500, most=499)
    assert await store.reserve("r-1", [REFUNDS, CALLS, full]) == LimitExceeded(cap=full, spent=0, calls=0)
    assert await counted(store, REFUNDS.counter) == (0, 0)
    assert await counted(store, CALLS.counter) == (0, 0)
    await store.release("r-1")
    assert await counted(store, REFUNDS.counter) == (0, 0)


async def test_caps_on_one_counter_add_up_within_a_call(store: Store) -> None:
    twice = [replace(REFUNDS, amount=700), replace(REFUNDS, amount=551)]
    assert await store.reserve("r-1", twice) == LimitExceeded(cap=twice[1], spent=0, calls=0)
    once = [Cap(counter="c", amount=1, most_calls=1)] * 2
    assert await store.reserve("r-1", once) == LimitExceeded(cap=once[1], spent=0, calls=0)
    assert await store.reserve("r-1", [twice[0], replace(REFUNDS, amount=550)]) is None
    assert await counted(store, REFUNDS.counter) == (1250, 2)


async def test_a_reservation_of_nothing_passes(store: Store) -> None:
    assert await store.reserve("r-1", []) is None
    await store.release("r-1")


async def test_a_released_reservation_is_taken_back_once(store: Store) -> None:
    await store.reserve("r-1", [REFUNDS, CALLS])
    await store.reserve("r-2", [REFUNDS])
    for _ in range(2):
        await store.release("r-1")
    await store.release("nobody")
    assert await counted(store, REFUNDS.counter) == (500, 1)
    assert await counted(store, CALLS.counter) == (0, 0)


async def test_a_reservation_that_was_added_to_is_taken_back_whole(store: Store) -> None:
    await store.reserve("r-1", [REFUNDS])
    await store.reserve("r-1", [REFUNDS, CALLS])
    assert await counted(store, REFUNDS.counter) == (1000, 2)
    await store.release("r-1")
    assert await counted(store, REFUNDS.counter) == (0, 0)
    assert await counted(store, CALLS.counter) == (0, 0)


async def test_a_lock_has_one_holder_until_it_is_freed(store: Store) -> None:
    assert await store.lock("ord_1", "call-1", now=100.0, until=160.0) is True
    assert await store.lock("ord_1", "call-2", now=100.0, until=160.0) is False
    assert await store.lock("ord_2", "call-2", now=100.0, until=160.0) is True
    await store.unlock("ord_1", "call-2")
    assert await store.lock("ord_1", "call-2", now=159.9, until=160.0) is False
    await store.unlock("ord_1", "call-1")
    assert await store.lock("ord_1", "call-2", now=100.0, until=160.0) is True


async def test_a_lock_whose_time_is_over_goes_to_the_next_and_its_first_holder_cannot_free_it(
    store: Store,
) -> None:
    assert await store.lock("ord_1", "call-1", now=100.0, until=160.0) is True
    assert await store.lock("ord_1", "call-2", now=160.0, until=220.0) is True
    await store.unlock("ord_1", "call-1")
    assert await store.lock("ord_1", "call-3", now=219.0, until=280.0) is False


async def test_a_lock_is_renewed_for_its_holder_as_long_as_nobody_had_it_since(store: Store) -> None:
    await store.lock("ord_1", "one", now=1.0, until=60.0)
    assert await store.renew_lock("ord_1", "one", 120.0)
    assert not await store.lock("ord_1", "two", now=60.0, until=180.0)
    assert await store.lock("ord_1", "two", now=120.0, until=180.0)
    assert not await store.renew_lock("ord_1", "one", 240.0)
    await store.unlock("ord_1", "two")
    assert not await store.renew_lock("ord_1", "one", 240.0)
    assert await store.lock("ord_1", "three", now=130.0, until=180.0)


async def test_a_lock_is_not_given_twice_to_its_holder(store: Store) -> None:
    assert await store.lock("ord_1", "call-1", now=100.0, until=160.0) is True
    assert await store.lock("ord_1", "call-1", now=100.0, until=160.0) is False


async def test_a_token_is_used_once(store: Store) -> None:
    until = 1_790_000_300.0
    assert [await store.use_token_once(token, until) for token in ("t-1", "t-2", "t-1")] == [
        True,
        True,
        False,
    ]
    assert [await store.use_token_once("\ud800", until) for _ in range(2)] == [True, False]


RECORD = {"at": 1_790_000_000.5, "event": "write", "amount": 500, "ids": {"order": "ord_1"}, "who": "ñ 🙂"}


async def test_records_are_given_oldest_first_as_they_were_written(store: Store) -> None:
    written: list[dict[str, Any]] = [{**RECORD, "at": RECORD["at"] + number // 2} for number in range(12)]  # type: ignore[operator]  # a number
    for position, one in enumerate(written):
        one["position"] = position
        await store.append(one)
    assert await store.read_records() == written
    assert await store.read_records(limit=3) == written[-3:]
    assert await store.read_records(since=1_790_000_004.5) == written[8:]
    assert await store.read_records(since=1_790_000_002.6, limit=5) == written[7:]
    assert await store.read_records(since=1_790_000_006.0) == []
    assert await store.read_records(limit=0) == []


async def test_two_equal_records_are_two(store: Store) -> None:
    await store.append(RECORD)
    await store.append(RECORD)
    assert await store.read_records() == [RECORD, RECORD]


async def test_a_closed_store_is_down_and_can_be_closed_again(store: Store) -> None:
    await store.claim(CLAIM)
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable) as down:
        await store.find(CLAIM.place)
    assert str(down.value) == "The store that remembers intents and limits does not answer (closed)."


async def test_a_value_is_kept_under_its_name_until_another_takes_its_place(store: Store) -> None:
    await store.remember("mode:a", "test", 60.0)
    await store.remember("mode:b", "live", 60.0)
    await store.remember("mode:a", "ñ {1}", 60.0)
    assert [await store.recall(name) for name in ("mode:a", "mode:b", "mode:c")] == ["ñ {1}", "live", None]
