"""Locks on several ids: all or none, never held while waiting, and never left behind."""

from collections.abc import Collection
from typing import Any

import anyio
import pytest

from conekta_mcp.domains.webhooks.event_tools import resend_event
from conekta_mcp.effects.touched_ids import collect_ids
from conekta_mcp.errors import Detail, Failure, StoreUnavailable
from conekta_mcp.storage.protocol import Store
from conekta_mcp.writes.intents import Intents
from conekta_mcp.writes.locks import hold_locks
from tests.storage.fixtures import MovableClock
from tests.writes.intending import LEASE, claim

pytestmark = pytest.mark.anyio
ONE, TWO = "6a0000000000000000000001", "6a0000000000000000000002"


async def is_free(store: Store, clock: MovableClock, touched: str) -> bool:
    """Whether somebody else can have the lock on an id; it is given back."""
    name = f"a1b2:{touched}"
    taken = await store.lock(name, "looker", clock.now, clock.now + LEASE)
    await store.unlock(name, "looker")
    return taken


def intents_of(store: Store, clock: MovableClock) -> Intents:
    return Intents(store=store, clock=clock, lease=LEASE, monotonic=clock)


def resend(event: str, webhook: str) -> frozenset[str]:
    given = {"event_id": event, "webhooks_ids": [webhook]}
    return collect_ids(resend_event.input.model_validate(given))


async def test_two_calls_that_name_the_same_ids_in_other_arguments_do_not_wait_for_each_other(
    store: Store, clock: MovableClock
) -> None:
    intents = Intents(store=store, clock=clock, lease=LEASE, monotonic=clock)
    running, most, done = 0, 0, 0

    async def act(owner: str, touches: Collection[str]) -> None:
        nonlocal running, most, done
        for _ in range(3):
            async with hold_locks(intents, claim(owner), touches):
                running += 1
                most = max(most, running)
                await anyio.sleep(0.01)
                running -= 1
            done += 1

    with anyio.fail_after(20):
        async with anyio.create_task_group() as calls:
            calls.start_soon(act, "one", resend(ONE, TWO))
            calls.start_soon(act, "two", resend(TWO, ONE))
    assert (most, done) == (1, 6)
    assert resend(ONE, TWO) == {ONE, TWO}


async def test_who_waits_for_one_id_holds_no_other(intents: Intents, clock: MovableClock) -> None:
    seen: list[bool] = []

    async def look(_: float) -> None:
        seen.append(await is_free(intents.store, clock, "cus_1"))
        clock.now += 30

    async with hold_locks(intents, claim(), {"ord_1"}):
        waiting = Intents(store=intents.store, clock=clock, lease=LEASE, sleep=look, monotonic=clock)
        with pytest.raises(Failure, match="Other calls are at work on ord_1; nothing was sent"):
            async with hold_locks(waiting, claim("two", key="k-2"), {"cus_1", "ord_1"}):
                raise AssertionError("entered")
    assert seen == [True, True]


async def test_a_call_that_is_cancelled_while_the_store_locks_leaves_no_lock(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, lock = anyio.Event(), store.lock

    async def lock_slowly(*given: Any) -> bool:
        taken = await lock(*given)
        locked.set()
        await anyio.sleep(0.05)  # the answer of the store is on its way
        return taken

    async def act() -> None:
        async with hold_locks(
            Intents(store=store, clock=clock, lease=LEASE, monotonic=clock), claim(), {"cus_1", "ord_1"}
        ):
            await anyio.sleep_forever()

    monkeypatch.setattr(store, "lock", lock_slowly)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as calls:
            calls.start_soon(act)
            await locked.wait()
            calls.cancel_scope.cancel()
    monkeypatch.undo()
    assert [await is_free(store, clock, touched) for touched in ("cus_1", "ord_1")] == [True, True]


async def test_what_a_store_locked_before_it_failed_is_free_again(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = store.lock

    async def lock_and_fail(name: str, *given: Any) -> bool:
        taken = await lock(name, *given)
        if name.endswith("ord_1"):
            raise StoreUnavailable(type="store_unavailable", details=(Detail(message="It is gone."),))
        return taken

    monkeypatch.setattr(store, "lock", lock_and_fail)
    with pytest.raises(StoreUnavailable):
        async with hold_locks(
            Intents(store=store, clock=clock, lease=LEASE, monotonic=clock), claim(), {"cus_1", "ord_1"}
        ):
            raise AssertionError("entered")
    monkeypatch.undo()
    assert [await is_free(store, clock, touched) for touched in ("cus_1", "ord_1")] == [True, True]


async def test_who_waits_in_vain_for_the_same_call_is_told_its_key(intents: Intents) -> None:
    first = claim("other", key="k-9")
    await intents.store.claim(first)
    async with hold_locks(intents, first, ()):
        with pytest.raises(Failure) as caught:
            async with hold_locks(intents, claim("two", key="k-2"), ()):
                raise AssertionError("entered")
    assert (caught.value.type, caught.value.outcome, caught.value.idempotency_key) == (
        "in_progress",
        "unknown",
        "k-9",
    )
