"""What a lost write requires of the next call: the key in its answer."""

import pytest

from tests.writes.wire import (
    ORDER,
    ask,
    paid_order,
    refund,
    refunded,
    scene,
    settle_absence,
)

pytestmark = pytest.mark.anyio


async def test_a_lost_call_of_a_tool_that_lists_no_key_is_settled_by_the_one_that_it_told() -> None:
    async with scene("memory") as one:
        app = one.server()
        order = await ask(app, "create_order", ORDER)
        one.wire.faults.append(("POST", "after"))
        one.wire.blind = 8
        lost = (await ask(app, "cancel_order", {"order_id": order["id"]}))["error"]
        assert lost["outcome"] == "unknown"
        one.wire.faults.clear()
        call = {"order_id": order["id"], "idempotency_key": lost["idempotency_key"]}
        again = await ask(app, "cancel_order", call)
        assert again["settled"] == "The answer was lost on the way; reading showed that it was applied."
        assert one.wire.posts() == ["/orders", f"/orders/{order['id']}/cancel"]


async def test_while_a_lost_write_is_not_settled_an_equal_one_is_held_back_with_its_key() -> None:
    async with scene("memory") as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults.append(("POST", "before"))
        lost = (await ask(app, "refund_order", refund(order_id)))["error"]
        held = (await ask(app, "refund_order", refund(order_id)))["error"]
        assert (held["type"], held["outcome"]) == ("in_progress", "not_applied")
        assert held["idempotency_key"] == lost["idempotency_key"]
        assert await refunded(app, order_id) in (None, 0)
        settled = refund(order_id, idempotency_key=lost["idempotency_key"])
        await settle_absence(one, app, "refund_order", settled)
        same = (await ask(app, "refund_order", refund(order_id)))["error"]
        assert (same["type"], same["outcome"]) == ("possible_duplicate", "not_applied")
        assert same["earlier"]["amount_refunded"] == 50_000
        await ask(app, "refund_order", refund(order_id, idempotency_key="once-more"))
        assert await refunded(app, order_id) == 100_000
