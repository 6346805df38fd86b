"""The audit log: records before and after a write, always redacted; its failure fails no success."""

import json
import logging
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from conekta_mcp.audit.log import AuditLog, Entry, Event, hash_key
from conekta_mcp.errors import Detail, StoreUnavailable
from conekta_mcp.storage.protocol import Store

pytestmark = pytest.mark.anyio

INTENT = Entry(
    event="intent",
    at=1_790_000_000.5,
    call="c0ffee",
    tool="refund_order",
    arguments={"order_id": "ord_1", "amount": 50000, "reason": "lo pidió Ana Ruiz"},
    account="0123456789abcdef",
    profile="store-b",
    mode="live",
    client="Claude Desktop 1.0",
    ids=("ord_1",),
    amount=50000,
    currency="MXN",
    consent="approved",
    rule="max_daily_refunds",
    idempotency_key="intent-1",
)
KEPT = {
    "at": 1_790_000_000.5,
    "event": "intent",
    "call": "c0ffee",
    "tool": "refund_order",
    "account": "0123456789abcdef",
    "profile": "store-b",
    "mode": "live",
    "client": "Claude Desktop 1.0",
    "currency": "MXN",
    "consent": "approved",
    "rule": "max_daily_refunds",
    "amount": 50000,
    "ids": ["ord_1"],
    "arguments": {"order_id": "ord_1", "amount": 50000, "reason": "***"},
    "key": hash_key("intent-1"),
}


class Broken:
    """A sink that fails with what it was given."""

    def __init__(self, problem: BaseException) -> None:
        self.problem = problem

    async def append(self, record: dict[str, Any]) -> None:
        assert json.loads(json.dumps(record)) == record
        raise self.problem


async def test_an_intent_and_its_result_are_kept_in_the_store(store: Store) -> None:
    audit = AuditLog(store)
    await audit.record(INTENT)
    ended = INTENT.to_result(
        at=1_790_000_001.0,
        duration_ms=500,
        outcome="applied",
        http_status=200,
        ids=("ord_1", "6a0000000000000000000001"),
    )
    await audit.record(ended)
    after = {
        **KEPT,
        "at": 1_790_000_001.0,
        "event": "result",
        "ids": ["ord_1", "6a0000000000000000000001"],
        "outcome": "applied",
        "http_status": 200,
        "duration_ms": 500,
    }
    assert await store.read_records() == [KEPT, after]


def test_a_bare_refusal_is_a_short_record() -> None:
    entry = Entry(event="refusal", at=1.0, call="a", tool="create_payout", outcome="refused", code="x.denied")
    assert entry.as_record() == {
        "at": 1.0,
        "event": "refusal",
        "call": "a",
        "tool": "create_payout",
        "outcome": "refused",
        "code": "x.denied",
    }


def test_nothing_secret_personal_or_invisible_is_kept_whoever_says_it() -> None:
    planted = "key_live_A1 4242424242424242"
    words = dict.fromkeys(
        (
            "call",
            "tool",
            "account",
            "profile",
            "mode",
            "client",
            "consent",
            "rule",
            "person",
            "address",
            "code",
            "log_id",
        ),
        f"{planted}\u202e\n\x00" + "x" * 200,
    )
    entry = Entry(
        event="intent",
        at=1.0,
        **words,  # type: ignore[arg-type]  # all of them are words
        ids=(planted,),
        arguments={"token_id": "tok_live_A1", "email": "ana@example.com", planted: planted},
        idempotency_key=planted,
    )
    kept = entry.as_record()
    text = json.dumps(kept, ensure_ascii=False)
    hidden = ("key_live", "4242", "tok_live", "ana@", "\u202e", "\\n", "\\u0000")
    assert [one for one in hidden if one in text] == []
    assert kept["client"].startswith("key_[redacted] [redacted card number] xxx")
    assert max(len(kept[name]) for name in words) == 80


def test_an_entry_is_frozen_and_shows_neither_arguments_nor_key() -> None:
    with pytest.raises(FrozenInstanceError):
        INTENT.tool = "other"  # type: ignore[misc]  # that is what is tested
    assert ("Ana" in repr(INTENT), "intent-1" in repr(INTENT), "ord_1" in repr(INTENT)) == (
        False,
        False,
        True,
    )


def test_every_field_of_an_entry_is_kept_under_its_name_or_hashed() -> None:
    every = {one.name for one in fields(Entry)} - {"idempotency_key"} | {"key"}
    ended = INTENT.to_result(
        at=2.0, duration_ms=0, outcome="applied", http_status=200, code="x", log_id="y", settled_by="person",
        why="seen", person="ana", address="198.51.100.1",
    )  # fmt: skip
    assert set(ended.as_record()) == every


@pytest.mark.parametrize("problem", [OSError("disk full"), RuntimeError("loop"), ValueError("x")])
async def test_an_intent_that_cannot_be_recorded_stops_the_call(problem: Exception) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await AuditLog(Broken(problem)).record(INTENT)
    assert (caught.value.type, caught.value.outcome) == ("store_unavailable", "not_applied")
    assert str(caught.value) == "The audit cannot be written, so nothing was sent."
    assert caught.value.__cause__ is problem


async def test_the_store_s_own_failure_is_told_as_it_is() -> None:
    down = StoreUnavailable(type="store_unavailable", details=(Detail(message="no Redis"),))
    with pytest.raises(StoreUnavailable) as caught:
        await AuditLog(Broken(down)).record(INTENT)
    assert caught.value is down


@pytest.mark.parametrize("event", ["result", "refusal"])
async def test_what_is_over_stays_what_it_was_and_is_logged_without_secrets(
    event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    entry = Entry(event=event, at=1.0, call="c0ffee", tool="refund_order", outcome="applied")
    with caplog.at_level(logging.ERROR):
        await AuditLog(Broken(OSError("/home/ana key_live_A1"))).record(entry)
    assert caplog.messages == [
        f"the audit misses the {event} of call c0ffee of refund_order (applied): OSError"
    ]


async def test_a_cancelled_call_is_not_held_back_by_the_audit() -> None:
    with pytest.raises(KeyboardInterrupt):
        await AuditLog(Broken(KeyboardInterrupt())).record(INTENT)


async def test_off_records_nothing() -> None:
    await AuditLog(None).record(INTENT)
