"""Failures of the store or the audit log, and reserved limits."""

from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.writes.wire import ORDER, PERSON, ask, error, paid_order, refund, refunded, scene, settle_absence

pytestmark = pytest.mark.anyio
ONE_A_DAY = {"max_daily_refunds": 50000}
NOT_APPLIED = ("store_unavailable", "not_applied")
PASSED = ("limit_exceeded", "not_applied")


@pytest.mark.parametrize("method", ["read_time", "lock", "list_equal", "claim", "append"])
async def test_with_a_store_that_is_down_before_it_nothing_is_sent(method: str) -> None:
    async with scene("memory") as one:
        app, store = one.broken(**ONE_A_DAY)
        order_id = await paid_order(app)
        store.down = {method}
        assert error(await ask(app, "refund_order", refund(order_id))) == NOT_APPLIED
        assert one.wire.posts() == ["/orders"]
        store.down.clear()
        assert await refunded(app, order_id) == 0


async def test_with_an_audit_that_cannot_be_written_nothing_is_sent_nor_reserved(tmp_path: Path) -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        (tmp_path / "audit.jsonl").mkdir()
        deaf = one.server(audit=str(tmp_path / "audit.jsonl"), **ONE_A_DAY)
        refused = await ask(deaf, "refund_order", refund(order_id, idempotency_key="k"))
        assert error(refused) == NOT_APPLIED
        assert refused["error"]["code"] == "conekta_mcp.errors.audit_unavailable"
        assert one.wire.posts() == ["/orders"]
        (tmp_path / "audit.jsonl").rmdir()
        assert (await ask(deaf, "refund_order", refund(order_id, idempotency_key="k")))[
            "amount_refunded"
        ] == 50000


async def test_with_an_audit_whose_lock_is_held_the_write_is_let_go_and_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conekta_mcp.audit.file.LOCK_SECONDS", 0.1)
    audit = str(tmp_path / "audit.jsonl")
    async with scene("memory") as one:
        order_id = await paid_order(one.server())
        held_up = one.server(audit=audit, **ONE_A_DAY)
        with FileLock(f"{audit}.lock"):
            refused = await ask(held_up, "refund_order", refund(order_id, idempotency_key="k"))
        assert error(refused) == NOT_APPLIED
        assert refused["error"]["code"] == "conekta_mcp.errors.audit_unavailable"
        assert one.wire.posts() == ["/orders"]
        answer = await ask(held_up, "refund_order", refund(order_id, idempotency_key="k"))
        assert answer["amount_refunded"] == 50000


async def test_a_claim_that_cannot_be_taken_back_either_sends_nothing() -> None:
    async with scene("memory") as one:
        app, store = one.broken()
        order_id = await paid_order(app)
        store.down = {"append", "replace"}
        assert error(await ask(app, "refund_order", refund(order_id))) == NOT_APPLIED
        assert one.wire.posts() == ["/orders"]


@pytest.mark.parametrize(
    ("down", "missed"),
    # The end of the claim and its record are one transaction: without the record there is neither.
    [({"replace"}, 1), ({"append"}, 2), ({"unlock"}, 1), ({"replace", "append", "unlock"}, 3)],
)
async def test_with_a_store_that_goes_down_after_it_a_success_stays_a_success(
    down: set[str], missed: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene("memory") as one:
        app, store = one.broken()
        order_id = await paid_order(app)
        answer = one.wire.handle_async_request

        async def then_down(request: Any) -> Any:
            store.down = down if request.method == "POST" else store.down
            return await answer(request)

        one.wire.handle_async_request = then_down  # type: ignore[method-assign]  # as long as the test lasts
        made = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert made["amount_refunded"] == 50000
        store.down = set()
        said = [record.message for record in caplog.records if record.levelname == "ERROR"]
        assert len(said) == missed
        one.clock.now += 300
        again = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert (again["amount_refunded"], await refunded(app, order_id)) == (50000, 50000)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_an_end_whose_storing_was_not_confirmed_is_recorded_once(is_kept: bool) -> None:
    async with scene("memory") as one:
        app, store = one.broken()
        replace = app.store.replace

        async def lose_answer(*given: Any, **more: Any) -> bool:
            if is_kept:
                await replace(*given, **more)
            return await store._fail()  # type: ignore[return-value]  # it raises

        app.store.replace = lose_answer  # type: ignore[method-assign]  # as a connection that breaks
        made = await ask(app, "create_customer", PERSON)
        kept = await app.store.read_records()
        assert [(record["event"], record.get("outcome")) for record in kept] == [
            ("intent", None),
            ("result", "applied"),
        ]
        assert kept[1]["ids"] == [made["id"]]


async def test_a_write_makes_two_changes_of_the_store_that_wait_for_the_disk(tmp_path: Path) -> None:
    async with scene("memory") as one:
        app = one.server(store=str(tmp_path / "store.db"))
        await ask(app, "create_customer", PERSON)
        run, durable = app.store._run, []  # type: ignore[attr-defined]  # a SqliteStore

        async def note(work: Any, begin: str, **how: bool) -> Any:
            durable.append(how["durable"])
            return await run(work, begin, **how)

        app.store._run = note  # type: ignore[attr-defined]  # as above
        await ask(app, "create_customer", {**PERSON, "name": "Another"})
        assert (sum(durable), len(durable)) == (2, 6)


@pytest.mark.parametrize("method", ["find", "read_time"])
async def test_a_repeat_that_cannot_be_looked_up_does_not_say_not_applied(method: str) -> None:
    async with scene("memory") as one:
        app, store = one.broken()
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        await ask(app, "refund_order", call)
        store.down = {method}
        repeated = await ask(app, "refund_order", call)
        assert error(repeated) == ("store_unavailable", "unknown")
        assert repeated["error"]["idempotency_key"] == "k"
        assert len([path for path in one.wire.posts() if path.endswith("refunds")]) == 1


async def test_a_limit_is_not_passed_by_a_centavo_and_no_other_one_is_used_up() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50000, max_daily_calls=3)
        order_id = await paid_order(app)
        assert error(await ask(app, "refund_order", refund(order_id, 50001))) == PASSED
        assert "error" not in await ask(app, "refund_order", refund(order_id, 49999))
        assert error(await ask(app, "refund_order", refund(order_id, 2))) == PASSED
        assert "error" not in await ask(app, "refund_order", refund(order_id, 1))
        assert error(await ask(app, "refund_order", refund(order_id, 3))) == PASSED
        assert await refunded(app, order_id) == 50000


async def test_what_was_not_applied_gives_back_what_it_reserved() -> None:
    async with scene("memory") as one:
        app = one.server(**ONE_A_DAY)
        order_id = await paid_order(app)
        one.wire.faults += [("POST", "refused")] * 4
        assert error(await ask(app, "refund_order", refund(order_id))) == ("connection_error", "not_applied")
        assert "error" not in await ask(app, "refund_order", refund(order_id))


async def test_a_repeat_reserves_nothing() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50001)
        order_id = await paid_order(app)
        for _ in range(3):
            await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert "error" not in await ask(app, "refund_order", refund(order_id, 1))


async def test_what_is_unknown_keeps_what_it_reserved_until_it_is_settled() -> None:
    async with scene("memory") as one:
        app = one.server(**ONE_A_DAY)
        order_id = await paid_order(app)
        call = refund(order_id, idempotency_key="k")
        one.wire.faults.append(("POST", "before"))
        assert error(await ask(app, "refund_order", call)) == ("connection_error", "unknown")
        assert error(await ask(app, "refund_order", refund(order_id, 1))) == PASSED
        made = await settle_absence(one, app, "refund_order", call)
        assert made["amount_refunded"] == 50000
        assert error(await ask(app, "refund_order", refund(order_id, 1))) == PASSED
        assert await refunded(app, order_id) == 50000


async def test_what_is_settled_as_applied_stays_counted() -> None:
    async with scene("memory") as one:
        app = one.server(**ONE_A_DAY)
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "after"))
        assert "settled" in await ask(app, "refund_order", refund(order_id))
        assert error(await ask(app, "refund_order", refund(order_id, 1))) == PASSED


async def unlocked(*_: object) -> bool:
    return True


async def test_of_two_at_once_with_one_key_the_slower_gives_back_what_it_reserved() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_calls=2)
        claim = app.store.claim
        quicker: list[Any] = []

        async def beaten(*given: Any, **more: Any) -> Any:
            app.store.claim = claim  # type: ignore[method-assign]  # once
            lock, app.store.lock = app.store.lock, unlocked  # type: ignore[method-assign]  # a lock that lapsed
            quicker.append(await ask(app, "create_card_order", call))
            app.store.lock = lock  # type: ignore[method-assign]
            return await claim(*given, **more)

        call = {**ORDER, "token_id": "tok_test_visa_4242", "idempotency_key": "k"}
        app.store.claim = beaten  # type: ignore[method-assign]  # as if another replica were quicker
        slower = await ask(app, "create_card_order", call)
        assert slower == {**quicker[0], "repeated": True}
        assert "error" not in await ask(app, "create_card_order", {**call, "idempotency_key": "k2"})
        assert error(await ask(app, "create_card_order", {**call, "idempotency_key": "k3"})) == PASSED
        assert one.wire.posts() == ["/orders"] * 2


async def test_of_two_at_once_with_one_key_and_other_arguments_the_slower_is_a_conflict() -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_calls=2)
        claim = app.store.claim
        call = {**ORDER, "token_id": "tok_test_visa_4242", "idempotency_key": "k"}

        async def beaten(*given: Any, **more: Any) -> Any:
            app.store.claim = claim  # type: ignore[method-assign]  # once
            lock, app.store.lock = app.store.lock, unlocked  # type: ignore[method-assign]  # a lock that lapsed
            await ask(app, "create_card_order", {**call, "name": "Eva Sol"})
            app.store.lock = lock  # type: ignore[method-assign]
            return await claim(*given, **more)

        app.store.claim = beaten  # type: ignore[method-assign]  # as if another replica were quicker
        assert error(await ask(app, "create_card_order", call)) == ("idempotency_conflict", "not_applied")
        assert "error" not in await ask(app, "create_card_order", {**call, "idempotency_key": "k2"})
        assert one.wire.posts() == ["/orders"] * 2


async def test_refusals_are_recorded_with_their_code_and_without_an_intent() -> None:
    async with scene("memory") as one:
        app = one.server(max_amount=100, exclude=())
        refused = await ask(app, "create_card_order", {**ORDER, "token_id": "tok_test_visa_4242"})
        assert error(refused) == PASSED
        (kept,) = await app.store.read_records()
        assert (kept["event"], kept["outcome"], kept["code"]) == (
            "refusal", "refused", "conekta_mcp.errors.limit_exceeded.max_amount",
        )  # fmt: skip
        assert one.wire.posts() == []


async def test_a_write_is_recorded_before_it_is_sent_and_after_it() -> None:
    async with scene("memory") as one:
        app = one.server()
        made = await ask(app, "create_customer", PERSON)
        before, after = await app.store.read_records()
        assert (before["event"], after["event"], before["call"] == after["call"]) == (
            "intent",
            "result",
            True,
        )
        assert (after["outcome"], after["ids"], after["consent"]) == ("applied", [made["id"]], "not_due")
