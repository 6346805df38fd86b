"""Random histories of intents, over SQLite and Redis: processes crash, freeze and wake between any two steps.

A fake Conekta keeps a ledger. Whatever happens, an intent makes one row at most, and nobody is told anything
else than what the ledger holds.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conekta_mcp.catalog import Verification
from conekta_mcp.errors import Failure, Unreachable
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import REOPENED_STATES, Attempt, Cap, Claim
from conekta_mcp.storage.redis import RedisStore
from conekta_mcp.storage.sqlite import SqliteStore
from conekta_mcp.writes.intent_sender import Fence
from conekta_mcp.writes.intents import Intents
from conekta_mcp.writes.settling import QUIET_SECONDS, Settler
from tests.depth import tries
from tests.storage.fixtures import MovableClock

T = TypeVar("T")
START, LEASE = 1_790_000_000.0, 150.0
KEYS = st.sampled_from(["k-1", "k-2"])
LATEST_SECONDS = QUIET_SECONDS - 20
"""How late a request arrives at the most; the design counts on less than QUIET_SECONDS."""


@dataclass
class Running:
    """A call of one process, somewhere on its way."""

    fence: Fence
    answer: str | None = None
    """What it got, once its request has left."""


class Histories(RuleBasedStateMachine):
    """Several processes, two keys, one account."""

    create_store: Callable[[Callable[[], float]], Store]

    def __init__(self) -> None:
        super().__init__()
        self.clock = MovableClock(START)
        self.runner = asyncio.Runner()
        self.store = type(self).create_store(self.clock)
        self.intents = Intents(
            store=self.store, clock=self.clock, lease=LEASE, sleep=self.sleep, monotonic=self.clock
        )
        self.rows = {"k-1": 0, "k-2": 0}
        self.on_the_way: list[tuple[float, str]] = []
        self.calls: list[Running] = []
        self.histories: dict[str, int] = {}
        self.number = 0

    async def sleep(self, _: float) -> None:
        self.move(30)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.store.close())  # type: ignore[arg-type] # a coroutine
        self.runner.close()

    def move(self, seconds: float) -> None:
        """Let time pass; what was on its way arrives."""
        self.clock.now += seconds
        for at, key in list(self.on_the_way):
            if at <= self.clock.now:
                self.on_the_way.remove((at, key))
                self.rows[key] += 1

    def create_claim(self, key: str) -> Claim:
        self.number += 1
        return Claim(
            account="a1b2",
            tool="refund_order",
            key=key,
            fingerprint="f",
            arguments="{}",
            call=f"call-{self.number}",
            owner=f"call-{self.number}",
            at=self.clock.now,
            until=self.clock.now + LEASE,
            attempts=(Attempt(at=self.clock.now, wall=self.clock.now),),
            spent=f"r-{self.number}",
        )

    async def look(self, wanted: Claim, readable: bool) -> Claim | None:
        async def verify(_: Claim) -> Verification:
            if not readable:
                return Verification(outcome="unknown")
            is_there = self.rows[wanted.key] > 0
            return Verification(outcome="applied" if is_there else "not_applied", answer={"id": "ref_1"})

        return await self.intents.await_standing_claim(
            wanted, Settler(intents=self.intents, verify=verify).settle
        )

    @rule(key=KEYS, readable=st.booleans())
    def call(self, key: str, readable: bool) -> None:
        """Make the call, or the same one again: as far as its claim."""
        wanted = self.create_claim(key)
        try:
            standing = self.run(self.look(wanted, readable))
        except Unreachable:
            return  # it is told that nothing is known, or that it is in progress
        if standing and standing.state == "done":
            assert self.rows[key] == 1, "told applied"
            return
        if standing:
            assert standing.state in REOPENED_STATES
            assert (self.rows[key], [one for one in self.on_the_way if one[1] == key]) == (0, [])
            attempts = (*standing.attempts, *wanted.attempts)
            wanted = replace(wanted, fence=standing.fence + 1, attempts=attempts)
        caps = [Cap(counter="refunds", amount=1)]
        stands = self.run(self.claim(wanted, caps, standing))
        if stands is None:
            self.calls.append(Running(Fence(self.store, wanted, LEASE, self.clock, self.clock())))

    async def claim(self, wanted: Claim, caps: list[Cap], over: Claim | None) -> object:
        return await self.store.claim(wanted, caps, over=over)

    @precondition(lambda self: any(one.answer is None for one in self.calls))
    @rule(
        pick=st.integers(0, 7),
        what=st.sampled_from(["success", "refused", "lost before", "lost after", "late"]),
        late=st.integers(1, int(LATEST_SECONDS)),
    )
    def send(self, pick: int, what: str, late: int) -> None:
        """Send the request of a call, which may have been frozen since its claim."""
        waiting = [one for one in self.calls if one.answer is None]
        call = waiting[pick % len(waiting)]
        try:
            self.run(call.fence.confirm())
        except Failure as failure:
            call.answer = {"unknown": "lost fence", "not_applied": "held up"}[str(failure.outcome)]
            return
        call.answer = what
        key = call.fence.claim.key
        if what in {"success", "lost after"}:
            self.rows[key] += 1
        if what == "late":
            self.on_the_way.append((self.clock.now + late, key))

    @precondition(lambda self: any(one.answer for one in self.calls))
    @rule(pick=st.integers(0, 7))
    def note(self, pick: int) -> None:
        """Note how a call ended."""
        ended = [one for one in self.calls if one.answer]
        call = ended[pick % len(ended)]
        self.calls.remove(call)
        claim = call.fence.claim
        if call.answer == "success":
            self.run(self.intents.finish(claim, {"raw": {"id": "ref_1"}}))
        elif call.answer in {"refused", "held up"}:
            self.run(self.intents.end_unapplied(claim, left=call.answer == "refused"))
        elif call.answer != "lost fence":
            self.run(self.intents.mark_unknown(claim))

    @precondition(lambda self: bool(self.calls))
    @rule(pick=st.integers(0, 7))
    def crash(self, pick: int) -> None:
        """Kill a process, wherever its call is."""
        del self.calls[pick % len(self.calls)]

    @rule(seconds=st.sampled_from([1, 4, 6, 59, 61, 121, 151, 400]))
    def wait(self, seconds: int) -> None:
        """Let time pass, for those that are frozen too."""
        self.move(seconds)

    @rule(key=KEYS)
    def settle_by_person(self, key: str) -> None:
        """Let a person say what happened to what is unknown, once nothing can arrive any more."""
        standing = self.run(self.find(key))
        if standing is None or standing.state != "unknown" or any(one[1] == key for one in self.on_the_way):
            return
        if any(one.fence.claim.key == key and one.answer is None for one in self.calls):
            return
        taken = self.run(self.intents.take_claim(standing, "person"))
        assert taken is not None
        self.run(self.intents.settle_by_person(taken, applied=self.rows[key] > 0))

    async def find(self, key: str) -> Claim | None:
        return await self.store.find(("a1b2", "refund_order", key))

    @invariant()
    def an_intent_makes_one_row_at_most(self) -> None:
        on_the_way = [key for _, key in self.on_the_way]
        assert all(count + on_the_way.count(key) <= 1 for key, count in self.rows.items())

    @invariant()
    def what_is_noted_is_true(self) -> None:
        for key in self.rows:
            claim = self.run(self.find(key))
            if claim and claim.state == "done":
                assert self.rows[key] == 1
            if claim and claim.state in REOPENED_STATES:
                assert self.rows[key] == 0

    @invariant()
    def counters_are_what_claims_hold(self) -> None:
        async def read() -> tuple[int, list[Claim | None]]:
            probe = Cap(counter="refunds", amount=0, most=-1, most_calls=-1)
            passed = await self.store.reserve("probe", [probe])
            return passed.calls if passed else 0, [await self.find(key) for key in self.rows]

        counted, claims = self.run(read())
        assert counted == sum(bool(claim and claim.spent) for claim in claims)

    @invariant()
    def histories_only_grow(self) -> None:
        for key in self.rows:
            history = self.run(self.read_history(key))
            text = json.dumps(history)
            assert len(history) >= self.histories.get(key, 0), text
            self.histories[key] = len(history)

    async def read_history(self, key: str) -> list[dict[str, Any]]:
        return await self.store.read_history(("a1b2", "refund_order", key))


def run_histories(create_store: Callable[[Callable[[], float]], Store]) -> None:
    machine = type("TheseHistories", (Histories,), {"create_store": staticmethod(create_store)})
    run_state_machine_as_test(machine, settings=tries(40, stateful_step_count=40))


@pytest.mark.hypothesis
def test_no_history_in_sqlite_makes_two_rows_or_tells_a_lie() -> None:
    run_histories(lambda clock: SqliteStore(":memory:", clock))


@pytest.mark.hypothesis
def test_no_history_in_redis_makes_two_rows_or_tells_a_lie(redis_url: str) -> None:
    run_histories(lambda clock: RedisStore(redis_url, clock, prefix=uuid.uuid4().hex))
