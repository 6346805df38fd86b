"""An answer that comes after others gave its intent up: what Conekta says outweighs reading and word."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest

from conekta_mcp.app import App
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.idempotency import build_raw_answer
from conekta_mcp.writes.intent_sender import begin_attempt
from conekta_mcp.writes.intents import Intents
from tests.writes.intending import LEASE, START, claim
from tests.writes.wire import Scene, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
GiveUp = Callable[[App, Claim], Awaitable[object]]


async def take_and_leave(app: App, claim: Claim) -> None:
    """As a settle that no reading told anything, or that was interrupted."""
    taken = await app.intents.take_claim(claim, "another")
    assert taken is not None
    await app.intents.mark_unknown(taken)


async def take_and_deny(app: App, claim: Claim) -> None:
    """As a person who says that it was not applied."""
    taken = await app.intents.take_claim(claim, "another")
    assert taken is not None
    assert await app.intents.settle_by_person(taken, applied=False)


async def answer_late(one: Scene, give_up: GiveUp) -> tuple[dict[str, Any], str]:
    """Make a refund whose process is stopped until others gave it up; return its answer and its order."""
    app = one.server(max_daily_refunds=50000)
    order_id = await paid_order(app)
    one.wire.faults.append(("POST", "hold"))
    answers: list[dict[str, Any]] = []

    async def give_back() -> None:
        answers.append(await ask(app, "refund_order", refund(order_id, idempotency_key="k")))

    async with anyio.create_task_group() as group:
        group.start_soon(give_back)
        await one.wire.arrived.wait()
        one.clock.now += 300
        (standing,) = await app.store.list_unsettled()
        await give_up(app, standing)
        one.wire.go.set()
    return answers[0], order_id


@pytest.mark.parametrize("give_up", [take_and_leave, take_and_deny])
async def test_what_was_answered_late_is_not_made_again(give_up: GiveUp) -> None:
    async with scene("memory") as one:
        answer, order_id = await answer_late(one, give_up)
        assert answer["amount_refunded"] == 50000
        app = one.apps[0]
        assert await app.store.list_unsettled() == []
        again = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert (again["repeated"], again["amount_refunded"]) == (True, 50000)
        assert "settled" not in again
        assert await refunded(app, order_id) == 50000


@pytest.mark.parametrize("in_redis", [False, True], ids=["sqlite", "redis"])
@pytest.mark.parametrize("give_up", [take_and_leave, take_and_deny])
async def test_what_was_answered_late_counts_towards_the_limit(
    give_up: GiveUp,
    in_redis: bool,
    request: pytest.FixtureRequest,
) -> None:
    async with scene(request.getfixturevalue("redis_url") if in_redis else "memory") as one:
        await answer_late(one, give_up)
        app = one.apps[0]
        other = await paid_order(app)
        over = await ask(app, "refund_order", refund(other, amount=100))
        assert over["error"]["code"] == "conekta_mcp.errors.limit_exceeded.max_daily_refunds"
        assert await refunded(app, other) == 0


async def test_a_claim_ends_whose_renewal_was_stored_and_not_confirmed(
    intents: Intents, store: Store
) -> None:
    held = claim()
    assert await store.claim(held) is None
    assert await store.replace(held, replace(held, until=START + 6 + LEASE))
    await intents.end_unapplied(held, left=False)
    standing = await store.find(held.place)
    assert standing
    assert standing.state == "released"


async def test_what_another_attempt_may_have_made_is_not_ended_by_the_first(
    intents: Intents, store: Store
) -> None:
    held = claim()
    assert await store.claim(held) is None
    taken = await intents.take_claim(held, "two")
    assert taken
    again = replace(taken, state="unknown", attempts=(*taken.attempts, begin_attempt(START, START)))
    assert await store.replace(taken, again)
    await intents.finish(held, build_raw_answer({"id": "ord_1"}, settled=False))
    assert await store.find(held.place) == again
