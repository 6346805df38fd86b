"""Calls on one object run one after another."""

import hashlib
import json

import anyio
import pytest

from conekta_mcp.domains.chargebacks.tools import submit_chargeback_evidence
from conekta_mcp.domains.customers.tools import create_customer
from conekta_mcp.domains.refunds.tools import refund_order
from conekta_mcp.errors import Detail, Failure, StoreUnavailable
from conekta_mcp.storage.protocol import Store
from conekta_mcp.writes.equal_calls import fingerprint_call
from conekta_mcp.writes.idempotency import to_canonical_json
from conekta_mcp.writes.intents import Intents
from conekta_mcp.writes.locks import hold_locks
from conekta_mcp.writes.unsettled import build_unknown_outcome
from tests.storage.fixtures import MovableClock
from tests.writes.intending import (
    LEASE,
    START,
    claim,
    refund,
)

pytestmark = pytest.mark.anyio


async def test_calls_on_one_object_are_made_one_after_another(store: Store, clock: MovableClock) -> None:
    intents = Intents(store=store, clock=clock, lease=LEASE, monotonic=clock)
    steps: list[str] = []

    async def act(owner: str, order_id: str) -> None:
        async with hold_locks(intents, claim(owner), {order_id}):
            steps.append(f"{order_id} begins")
            await anyio.sleep(0.01)
            steps.append(f"{order_id} ends")

    with anyio.fail_after(60):
        async with anyio.create_task_group() as calls:
            for owner in ("one", "two", "three"):
                calls.start_soon(act, owner, "ord_1")
    assert steps == ["ord_1 begins", "ord_1 ends"] * 3


async def test_other_objects_and_other_accounts_do_not_wait(intents: Intents, clock: MovableClock) -> None:
    async with (
        hold_locks(intents, claim(), {"ord_1"}),
        hold_locks(intents, claim("two"), {"ord_2"}),
        hold_locks(intents, claim("three", account="c3d4"), {"ord_1"}),
        hold_locks(intents, claim("four"), ()),
        hold_locks(intents, claim("five", fingerprint="f2"), ()),
    ):
        assert clock.now == START


async def test_a_turn_that_does_not_come_within_a_minute_is_refused(
    intents: Intents, clock: MovableClock
) -> None:
    async with hold_locks(intents, claim(), {"ord_1"}):
        with pytest.raises(Failure) as caught:
            async with hold_locks(intents, claim("two", key="k-2"), {"ord_1"}):
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
    async with hold_locks(intents, claim(), {"ord_1"}):
        with pytest.raises(Failure) as caught:
            async with hold_locks(intents, claim("two"), {"ord_1"}):
                raise AssertionError("entered")
    assert (caught.value.type, caught.value.outcome) == ("in_progress", "unknown")


async def test_the_turn_of_a_killed_process_is_over_with_its_lease(
    intents: Intents, clock: MovableClock
) -> None:
    assert await intents.store.lock("a1b2:ord_1", "killed", START, START + LEASE)
    clock.now = START + LEASE
    async with hold_locks(intents, claim(), {"ord_1"}):
        assert clock.now == START + LEASE


async def test_a_turn_whose_end_cannot_be_noted_is_still_over(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object) -> None:
        raise StoreUnavailable(type="store_unavailable", details=(Detail(message="It does not answer."),))

    intents = Intents(store=store, clock=clock, lease=LEASE, monotonic=clock)
    monkeypatch.setattr(store, "unlock", down)
    async with hold_locks(intents, claim(), {"ord_1"}):
        pass
    clock.now += LEASE
    assert await store.lock("a1b2:ord_1", "next", clock.now, clock.now + 1)


def test_the_fingerprint_is_of_the_tool_and_of_all_its_arguments() -> None:
    one = fingerprint_call(refund_order, refund())
    assert one == fingerprint_call(refund_order, refund())
    others = {fingerprint_call(refund_order, refund(amount=501)), fingerprint_call(create_customer, refund())}
    assert len({one, *others}) == 3


def test_canonical_arguments_are_the_same_for_the_same_and_leave_out_what_is_huge() -> None:
    base64 = "JVBERi0xLjcg" * 400
    one = {"base64": base64, "name": "nota.pdf", "evidence_type": "order_details"}
    given = {"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1", "files": [one]}
    evidence = submit_chargeback_evidence.input.model_validate(given)
    (file,) = json.loads(to_canonical_json(evidence))["files"]
    assert file == {**one, "base64": f"sha256:{hashlib.sha256(base64.encode()).hexdigest()}"}
    assert to_canonical_json(refund()) == (
        '{"amount": 500, "order_id": "ord_1", "reason": "requested_by_client"}'
    )


def test_not_known_says_that_nothing_was_sent_again() -> None:
    failure = build_unknown_outcome("k-1", "get_order")
    assert (failure.type, failure.look, failure.retryable) == ("connection_error", "get_order", False)
    assert str(failure) == "Whether this was applied is not known yet; nothing was sent again."
