"""The complete path of a write: repeats, and concurrent calls."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.storage.redis_server import found_or_installed, running_redis
from tests.writes.wire import ORDER, ask, error, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
DUPLICATE = ("possible_duplicate", "not_applied")
DECLINED = {**ORDER, "token_id": "tok_test_card_declined"}


@pytest.fixture(scope="session")
def redis_address() -> Iterator[str]:
    """The address of a Redis of this module's own."""
    try:
        found_or_installed()
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")
    with running_redis() as server:
        yield server.url


@pytest.fixture(params=["file", "redis"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where replicas keep the same things; each test has a sandbox of its own."""
    if request.param == "file":
        return str(tmp_path / "safety.sqlite3")
    address: str = request.getfixturevalue("redis_address")
    return address


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """An idempotency key that no other test of this module has, since they share a Redis."""
    return f"k-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:40]}"


async def at_the_same_moment(*calls: tuple[Any, str, dict[str, Any]]) -> list[dict[str, Any]]:
    """What each call was answered; the sandbox is slow enough for all to be under way."""
    answers: list[dict[str, Any]] = [{} for _ in calls]

    async def call(place: int) -> None:
        answers[place] = await ask(*calls[place])

    with anyio.fail_after(60):
        async with anyio.create_task_group() as running:
            for place in range(len(calls)):
                running.start_soon(call, place)
    return answers


async def test_a_repeat_gets_the_first_result_on_any_replica(where: str, key: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        call = refund(order_id, idempotency_key=key)
        made = await ask(first, "refund_order", call)
        assert (made["amount_refunded"], "settled" in made) == (50000, False)
        assert await ask(first, "refund_order", call) == {**made, "repeated": True}
        assert await ask(second, "refund_order", call) == {**made, "repeated": True}
        assert await refunded(second, order_id) == 50000
        assert [path for path in one.wire.posts() if path.endswith("refunds")] == [
            f"/orders/{order_id}/refunds"
        ]


async def test_a_repeat_gets_the_declined_charge_and_the_order_that_it_named(where: str, key: str) -> None:
    async with scene(where) as one:
        call = {**DECLINED, "idempotency_key": key}
        made = await ask(one.server(), "create_card_order", call)
        again = await ask(one.server(), "create_card_order", call)
        assert error(made) == ("processing_error", "applied")
        assert made["error"]["created"]["id"].startswith("ord_")
        assert again["error"] == {**made["error"], "repeated": True}
        assert one.wire.posts() == ["/orders"]


async def test_the_same_key_with_other_arguments_is_a_conflict_and_nothing_is_sent(
    where: str, key: str
) -> None:
    async with scene(where) as one:
        app = one.server()
        order_id = await paid_order(app)
        await ask(app, "refund_order", refund(order_id, idempotency_key=key))
        sent = len(one.wire.sent)
        clash = await ask(app, "refund_order", refund(order_id, 50001, idempotency_key=key))
        assert error(clash) == ("idempotency_conflict", "not_applied")
        assert clash["error"]["code"] == "conekta_mcp.errors.idempotency_conflict"
        assert (clash["error"]["param"], len(one.wire.sent)) == ("idempotency_key", sent)


async def test_what_was_refused_by_conekta_may_be_made_with_the_same_key(where: str, key: str) -> None:
    async with scene(where) as one:
        app = one.server()
        missing = await ask(app, "refund_order", refund("ord_none", idempotency_key=key))
        assert error(missing) == ("resource_not_found_error", "not_applied")
        order_id = await paid_order(app)
        assert "error" not in await ask(app, "refund_order", refund(order_id, idempotency_key=key))


async def test_equal_refunds_are_two_intents_with_two_keys_and_one_without(where: str, key: str) -> None:
    async with scene(where) as one:
        app = one.server()
        order_id = await paid_order(app)
        for more in ({}, {"idempotency_key": key}, {"idempotency_key": key + "b"}):
            assert "error" not in await ask(app, "refund_order", refund(order_id, 30000, **more))
        assert error(await ask(app, "refund_order", refund(order_id, 30000))) == DUPLICATE
        assert await refunded(app, order_id) == 90000


async def test_of_two_at_the_same_moment_one_acts_and_both_get_the_same_answer(where: str, key: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        whole = refund(order_id, 125000, idempotency_key=key)
        answers = await at_the_same_moment(*((app, "refund_order", whole) for app in (first, second) * 3))
        assert [answer.get("amount_refunded") for answer in answers] == [125000] * 6
        assert sorted(answer.pop("repeated", False) for answer in answers) == [False] + [True] * 5
        assert answers == [answers[0]] * 6
        assert one.wire.posts() == ["/orders", f"/orders/{order_id}/refunds"]


async def test_what_acts_on_nothing_yet_is_made_once_too(where: str, key: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        call = {**ORDER, "idempotency_key": key}
        answers = await at_the_same_moment(*((app, "create_order", call) for app in (first, second) * 3))
        assert len({answer["id"] for answer in answers}) == 1
        assert one.wire.posts() == ["/orders"]


async def test_refunds_of_one_order_never_add_up_to_more_than_it_took(where: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        sums = [50000 + more for more in range(6)]
        servers = (first, second) * 3
        calls = [(app, "refund_order", refund(order_id, sums[place])) for place, app in enumerate(servers)]
        answers = await at_the_same_moment(*calls)
        refusals = [error(answer) for answer in answers if "error" in answer]
        assert refusals == [("limit_exceeded", "not_applied")] * 4
        assert 100000 < await refunded(first, order_id) < 100010
        assert len(one.wire.posts()) == 3


async def test_a_write_that_is_held_up_is_waited_for(where: str, key: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        one.wire.faults.append(("POST", "hold"))
        answers: list[Any] = []

        async def call(app: Any) -> None:
            answers.append(await ask(app, "refund_order", refund(order_id, idempotency_key=key)))

        with anyio.fail_after(60):
            async with anyio.create_task_group() as running:
                running.start_soon(call, first)
                await one.wire.arrived.wait()
                running.start_soon(call, second)
                await anyio.sleep(0.1)
                assert answers == []
                one.wire.go.set()
        assert sorted(answer.pop("repeated", False) for answer in answers) == [False, True]
        assert answers == [answers[0]] * 2
        assert answers[0]["amount_refunded"] == 50000


async def test_of_equal_refunds_without_a_key_at_the_same_moment_one_is_made(where: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        calls = [(app, "refund_order", refund(order_id)) for app in (first, second) * 3]
        answers = await at_the_same_moment(*calls)
        assert [error(answer) for answer in answers if "error" in answer] == [DUPLICATE] * 5
        assert await refunded(first, order_id) == 50000


async def test_the_wait_for_one_that_hangs_ends_with_in_progress(where: str, key: str) -> None:
    async with scene(where) as one:
        first, second = one.server(), one.server()
        order_id = await paid_order(first)
        one.wire.faults.append(("POST", "hold"))
        call = refund(order_id, idempotency_key=key)
        with anyio.fail_after(60):
            async with anyio.create_task_group() as running:
                running.start_soon(ask, first, "refund_order", call)
                await one.wire.arrived.wait()
                late: list[Any] = []

                async def repeat() -> None:
                    late.append(await ask(second, "refund_order", call))

                waits = anyio.Event()

                async def wait(seconds: float) -> None:
                    waits.set()
                    await anyio.sleep(seconds)

                second.intents = replace(second.intents, sleep=wait)
                async with anyio.create_task_group() as waiting:
                    waiting.start_soon(repeat)
                    await waits.wait()
                    one.clock.now += 61
                one.wire.go.set()
        assert error(late[0]) == ("in_progress", "unknown")
        assert late[0]["error"]["idempotency_key"] == key
        assert await refunded(first, order_id) == 50000


async def test_two_children_of_one_company_share_no_key_no_mark_and_no_claim(tmp_path: Path) -> None:
    """Conekta may keep the Idempotency-Keys of a holding company together."""
    async with scene(str(tmp_path / "safety.sqlite3")) as one:
        children = [one.server(child_company_id=f"6a000000000000000000000{number}") for number in (1, 2)]
        call = {**ORDER, "payment_method": "spei", "idempotency_key": "k-1"}
        made = await at_the_same_moment(*((child, "create_order", call) for child in children))
        assert len({order["id"] for order in made}) == 2
        sent = [request for request in one.wire.sent if request.method == "POST"]
        assert len({request.headers["Idempotency-Key"] for request in sent}) == 2
        assert len({json.loads(request.content)["metadata"]["mcp_intent"] for request in sent}) == 2
        for child, order in zip(children, made, strict=True):
            assert await ask(child, "create_order", call) == {**order, "repeated": True}
