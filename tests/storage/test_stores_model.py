"""Random histories: SQLite and Redis give at every step what plain dicts give."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import UNSETTLED_STATES, Attempt, Cap, Claim, LimitExceeded
from conekta_mcp.storage.redis import RedisStore
from conekta_mcp.storage.sqlite import SqliteStore
from tests.depth import tries

Result = TypeVar("Result")
FEW = st.sampled_from(["a", "b", 'c":', "ñ"])
TIMES = st.sampled_from([0.0, 1.5, 2.0, 3.25])
ATTEMPTS = st.builds(Attempt, at=TIMES, wall=TIMES, ended=st.none() | TIMES, outcome=st.none() | FEW)
CLAIMS = st.builds(
    Claim,
    account=st.sampled_from(["a", "b"]),
    tool=st.sampled_from(["refund_order", "create_payout"]),
    key=FEW,
    fingerprint=st.sampled_from(["f", "g"]),
    arguments=st.just("{}"),
    owner=FEW,
    at=TIMES,
    until=TIMES,
    state=st.sampled_from(["claimed", "done", "unknown", "refused", "released"]),
    outcome=st.sampled_from([None, "applied"]),
    answer=st.text(max_size=4),
    attempts=st.lists(ATTEMPTS, max_size=2).map(tuple),
    made=st.lists(st.sampled_from(["ord_1", "cus_2"]), max_size=2, unique=True).map(tuple),
    spent=FEW,
)
CAPS = st.lists(
    st.builds(
        Cap,
        counter=FEW,
        amount=st.integers(0, 9),
        most=st.none() | st.integers(0, 40),
        most_calls=st.none() | st.integers(0, 8),
    ),
    max_size=3,
)


class Model:
    """What the stores promise, in dicts."""

    def __init__(self) -> None:
        self.claims: dict[tuple[str, str, str], Claim] = {}
        self.history: dict[tuple[str, str, str], list[str]] = {}
        self.added: dict[str, list[Cap]] = {}
        self.locks: dict[str, tuple[str, float]] = {}
        self.tokens: set[str] = set()
        self.audit: list[dict[str, Any]] = []

    def put(self, claim: Claim) -> None:
        """Store one form of a claim."""
        self.claims[claim.place] = claim
        self.history.setdefault(claim.place, []).append(claim.state)

    def claim(self, wanted: Claim, caps: list[Cap], over: Claim | None) -> Claim | LimitExceeded | None:
        """Store a claim and its caps, or neither."""
        standing = self.claims.get(wanted.place)
        if standing != over:
            return standing or over
        exceeded = self.reserve(wanted.spent, caps)
        if exceeded is None:
            self.put(wanted)
        return exceeded

    def exchange(self, old: Claim, new: Claim, release: str) -> bool:
        """Compare and set."""
        if self.claims.get(old.place) != old:
            return False
        self.put(new)
        if release:
            self.added.pop(release, None)
        return True

    def reserve(self, name: str, caps: list[Cap]) -> LimitExceeded | None:
        """Add all or nothing."""
        stored = [cap for kept in self.added.values() for cap in kept]
        for position, cap in enumerate(caps):
            before = [one.amount for one in stored if one.counter == cap.counter]
            now = [one.amount for one in caps[: position + 1] if one.counter == cap.counter]
            over = cap.most is not None and sum(before + now) > cap.most
            if over or (cap.most_calls is not None and len(before + now) > cap.most_calls):
                return LimitExceeded(cap=cap, spent=sum(before), calls=len(before))
        self.added.setdefault(name, []).extend(caps)
        return None

    def lock(self, name: str, owner: str, now: float, until: float) -> bool:
        """Give to one."""
        if name in self.locks and self.locks[name][1] > now:
            return False
        self.locks[name] = owner, until
        return True


class Histories(RuleBasedStateMachine):
    """Does the same to the model and to both stores."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.runner = asyncio.Runner()
        self.stores: list[Store] = [
            SqliteStore(":memory:", lambda: 0.0),
            RedisStore(self.url, lambda: 0.0, prefix=uuid.uuid4().hex),
        ]

    def teardown(self) -> None:
        """Close both."""
        self.both(lambda store: store.close(), None)
        self.runner.close()

    def both(self, call: Callable[[Store], Awaitable[Result]], expected: Result) -> None:
        """Both stores give `expected`."""

        async def ask() -> list[Result]:
            return [await call(store) for store in self.stores]

        assert self.runner.run(ask()) == [expected, expected]

    @rule(wanted=CLAIMS, caps=CAPS, over=st.sampled_from(["free", "stands", "another"]))
    def claim(self, wanted: Claim, caps: list[Cap], over: str) -> None:
        """Claim a place that is free, or over what stands there, or over what does not."""
        standing = self.model.claims.get(wanted.place)
        expected = {"free": None, "stands": standing, "another": replace(wanted, owner="somebody")}[over]
        told = self.model.claim(wanted, caps, expected)
        self.both(lambda store: store.claim(wanted, caps, over=expected), told)
        self.both(lambda store: store.find(wanted.place), self.model.claims.get(wanted.place))

    @rule(old=CLAIMS, new=CLAIMS, stands=st.booleans(), release=st.just("") | FEW)
    def replace(self, old: Claim, new: Claim, stands: bool, release: str) -> None:
        """Exchange a claim that stands, or one that may not."""
        old = self.model.claims.get(old.place, old) if stands else old
        new = replace(new, account=old.account, tool=old.tool, key=old.key)
        told = self.model.exchange(old, new, release)
        self.both(lambda store: store.replace(old, new, release=release), told)

    @rule(wanted=CLAIMS)
    def history(self, wanted: Claim) -> None:
        """Ask what forms a claim had."""

        async def read(store: Store) -> list[str]:
            return [form["state"] for form in await store.read_history(wanted.place)]

        self.both(read, self.model.history.get(wanted.place, []))

    @rule(account=st.sampled_from(["a", "b"]), fingerprint=st.sampled_from(["f", "g"]), since=TIMES)
    def equal(self, account: str, fingerprint: str, since: float) -> None:
        """Ask for claims that are equal."""

        async def read(store: Store) -> set[Claim]:
            return set(await store.list_equal(account, fingerprint, since))

        wanted = {
            claim
            for claim in self.model.claims.values()
            if (claim.account, claim.fingerprint) == (account, fingerprint) and claim.at >= since
        }
        self.both(read, wanted)

    @rule(account=st.sampled_from([None, "a", "c"]))
    def unsettled(self, account: str | None) -> None:
        """Ask what is to be settled."""
        wanted = [
            claim
            for claim in self.model.claims.values()
            if claim.state in UNSETTLED_STATES and account in {None, claim.account}
        ]
        wanted.sort(key=lambda claim: (claim.at, claim.place))
        self.both(lambda store: store.list_unsettled(account), wanted)

    @rule(name=FEW, caps=CAPS)
    def reserve(self, name: str, caps: list[Cap]) -> None:
        """Reserve."""
        self.both(lambda store: store.reserve(name, caps), self.model.reserve(name, caps))

    @rule(name=FEW)
    def release(self, name: str) -> None:
        """Take back."""
        self.model.added.pop(name, None)
        self.both(lambda store: store.release(name), None)

    @rule(name=FEW, owner=FEW, now=TIMES, until=TIMES)
    def lock(self, name: str, owner: str, now: float, until: float) -> None:
        """Take a lock."""
        given = self.model.lock(name, owner, now, until)
        self.both(lambda store: store.lock(name, owner, now, until), given)

    @rule(name=FEW, owner=FEW)
    def unlock(self, name: str, owner: str) -> None:
        """Free a lock."""
        if self.model.locks.get(name, ("", 0))[0] == owner:
            del self.model.locks[name]
        self.both(lambda store: store.unlock(name, owner), None)

    @rule(token=FEW, until=TIMES)
    def use_once(self, token: str, until: float) -> None:
        """Use a token."""
        self.both(lambda store: store.use_token_once(token, until), token not in self.model.tokens)
        self.model.tokens.add(token)

    @rule(at=TIMES, text=st.text(max_size=4))
    def append(self, at: float, text: str) -> None:
        """Note in the audit."""
        record = {"at": at, "text": text}
        self.model.audit.append(record)
        self.both(lambda store: store.append(record), None)

    @rule(since=TIMES, limit=st.integers(0, 4))
    def records(self, since: float, limit: int) -> None:
        """Read the audit."""
        found = sorted((one for one in self.model.audit if one["at"] >= since), key=lambda one: one["at"])
        self.both(
            lambda store: store.read_records(since, limit), found[len(found) - min(limit, len(found)) :]
        )


def test_both_stores_do_what_dicts_do(redis_url: str) -> None:
    histories = type("TheseHistories", (Histories,), {"url": redis_url})
    run_state_machine_as_test(
        histories,
        settings=tries(30, stateful_step_count=40),
    )
