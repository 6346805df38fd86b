"""Refunds whose answer was lost, while others refund the same order."""

from typing import Any

import httpx
import pytest

from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.domains.refunds.tools import refund_order
from tests.effects.scenes import START, paid
from tests.effects.world import World, outcome, witness_of
from tests.writes.wire import ask, paid_order, refund, scene

pytestmark = pytest.mark.anyio
REASON = "requested_by_client"


async def test_two_refunds_of_the_same_sum_are_nobodys_for_sure(world: World) -> None:
    order = paid(world.shop)
    given = {**order, "amount": 500, "reason": REASON}
    witness = await witness_of(world, "refund_order", given)
    world.shop.post(f"/orders/{order['order_id']}/refunds", {"amount": 500, "reason": REASON})
    await world.act("refund_order", given)
    look = f'get_order {{"order_id":"{order["order_id"]}"}}'
    assert await outcome(world, "refund_order", given, witness) == ("unknown", look)


async def test_equal_refunds_from_before_are_not_taken_for_this_one(world: World) -> None:
    order = paid(world.shop)
    given = {**order, "amount": 500, "reason": REASON}
    await world.act("refund_order", given)
    witness = await witness_of(world, "refund_order", given)
    assert await outcome(world, "refund_order", given, witness) == ("not_applied", None)
    await world.act("refund_order", given)
    proof = await world.prove("refund_order", given, witness)
    assert proof.answer is not None
    assert (proof.outcome, proof.answer["amount_refunded"]) == ("applied", 1000)
    assert (await world.read_effect("refund_order", given)).ceiling == 49_000


@pytest.mark.parametrize(("amount", "reason"), [(700, REASON), (500, "suspected_fraud")])
async def test_a_new_refund_that_nobody_explains_stops_even_if_it_does_not_fit(
    amount: int, reason: str, world: World
) -> None:
    order = paid(world.shop)
    given = {**order, "amount": 500, "reason": REASON}
    witness = await witness_of(world, "refund_order", given)
    world.shop.post(f"/orders/{order['order_id']}/refunds", {"amount": amount, "reason": reason})
    look = f'get_order {{"order_id":"{order["order_id"]}"}}'
    assert await outcome(world, "refund_order", given, witness) == ("unknown", look)
    # It was not there before the call, so it is not older: the time at Conekta is not known then.
    assert await outcome(world, "refund_order", given, witness, since=START + 60) == ("unknown", look)
    assert await outcome(world, "refund_order", given, witness, until=START - 60) == ("not_applied", None)
    row = world.shop.get(f"/orders/{order['order_id']}")["charges"]["data"][0]["refunds"]["data"][0]["id"]
    assert await outcome(world, "refund_order", given, witness, owned_ids=frozenset({row})) == (
        "not_applied",
        None,
    )


def in_another_spelling(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
    for charge in answer["charges"]["data"]:
        for row in charge["refunds"]["data"] if charge.get("refunds") else ():
            row["amount"] = float(row["amount"])
    return answer


async def test_a_refund_whose_sum_comes_back_as_a_float_is_found(world: World) -> None:
    given = {**paid(world.shop), "amount": 500, "reason": REASON}
    witness = await witness_of(world, "refund_order", given)
    await world.act("refund_order", given)
    world.altered = in_another_spelling
    assert (await outcome(world, "refund_order", given, witness))[0] == "applied"


async def test_rows_that_are_not_shown_whole_leave_a_refund_unknown(world: World) -> None:
    given = {**paid(world.shop), "amount": 500, "reason": REASON}
    witness = await witness_of(world, "refund_order", given)
    for envelope in ({"object": "list"}, {"object": "list", "data": [], "has_more": True}):
        world.altered = lambda _, answer, cut=envelope: {**answer, "charges": cut}
        assert (await outcome(world, "refund_order", given, witness))[0] == "unknown"


def without_rows(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
    charges = [{**charge, "refunds": None} for charge in answer["charges"]["data"]]
    return {**answer, "charges": {"data": charges}}


@pytest.mark.parametrize(("amounts", "found"), [([], "not_applied"), ([500], "applied"), ([501], "unknown")])
async def test_without_rows_a_refund_is_told_by_the_sum(amounts: list[int], found: str, world: World) -> None:
    order = paid(world.shop)
    given = {**order, "amount": 500, "reason": REASON}
    world.altered = without_rows
    witness = await witness_of(world, "refund_order", given)
    for amount in amounts:
        world.shop.post(f"/orders/{order['order_id']}/refunds", {"amount": amount, "reason": REASON})
    assert (await outcome(world, "refund_order", given, witness))[0] == found


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([("a", 300), ("b", 200)], "applied"),
        ([("a", 300), ("b", 300)], "unknown"),
        ([("a", 100), ("a", 200), ("b", 200)], "unknown"),
    ],
)
async def test_a_refund_over_several_charges_is_the_sum_of_its_rows(
    parts: list[tuple[str, int]], found: str, world: World
) -> None:
    order = paid(world.shop)
    given = {**order, "amount": 500, "reason": REASON}
    witness = {**await witness_of(world, "refund_order", given), "charges": ["a", "b"]}
    charges = [
        {
            "id": name,
            "refunds": {
                "data": [
                    {"id": f"{name}{place}", "amount": -amount}
                    for place, (of, amount) in enumerate(parts)
                    if of == name
                ]
            },
        }
        for name in ("a", "b")
    ]
    world.altered = lambda _, answer: {**answer, "charges": {"data": charges}}
    assert (await outcome(world, "refund_order", given, witness))[0] == found


def waiting(amount: int = 400, status: str = "pending") -> dict[str, Any]:
    return {"id": f"r{amount}{status}", "status": status, "amount": -amount}


def order_of(payment_status: str | None, *charges: dict[str, Any], back: int = 0) -> dict[str, Any]:
    shown = {"amount": 1000, "amount_refunded": back, "payment_status": payment_status}
    return {**shown, "charges": {"data": list(charges)} if charges else None}


def charge(status: str, *refunds: dict[str, Any]) -> dict[str, Any]:
    return {"status": status, "amount": 1000, "refunds": {"data": list(refunds)}}


CEILINGS: list[tuple[dict[str, Any], int | None]] = [
    (order_of("paid", charge("paid")), 1000),
    (order_of("partially_refunded", charge("partially_refunded"), back=300), 700),
    # A refund in cash that nobody collected yet is in no sum of the order's.
    (order_of("paid", charge("paid", waiting())), 600),
    (order_of("paid", charge("paid", waiting(), waiting(300)), back=300), 300),
    (order_of("paid", *(charge("paid", waiting(status=one)) for one in ("cancelled",))), 1000),
    (order_of("paid", charge("paid", waiting(status="canceled"), waiting(status="expired"))), 1000),
    (order_of("pending_payment", charge("pending_payment")), 0),
    (order_of("Cancelled", charge("cancelled")), 0),
    (order_of(None), 0),
    (order_of("paid"), 1000),
    (order_of("settled", charge("settled")), None),
    (order_of("settled", {**charge("settled"), "paid_at": 1_768_564_855}), 1000),
    ({}, None),
]


@pytest.mark.parametrize(("order", "most"), CEILINGS)
def test_what_can_still_go_back_counts_refunds_that_wait(order: dict[str, Any], most: int | None) -> None:
    arguments = refund_order.input.model_validate({"order_id": "ord_1", "amount": 5, "reason": "other"})
    effect = WRITE_PLANS["refund_order"].compute_effect(arguments, order)
    assert effect.ceiling == most
    assert effect.current.get("refundable_amount") == most


async def test_a_refused_refund_says_how_its_order_stands() -> None:
    async with scene("memory") as one:
        app = one.server()
        order = await paid_order(app)
        await ask(app, "refund_order", refund(order, 100000))
        sent = len(one.wire.posts())
        shown = {"object": "order", "id": order, "payment_status": "partially_refunded", "amount": 125000,
                 "currency": "MXN", "amount_refunded": 100000, "refundable_amount": 25000}  # fmt: skip
        refused = await ask(app, "refund_order", refund(order, 25001))
        assert (refused["error"]["type"], refused["error"]["current"]) == ("limit_exceeded", shown)
        assert len(one.wire.posts()) == sent
        # What Conekta itself refuses says so too, as it was read after that.
        answer = one.wire.handle_async_request

        async def refuse(request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                return httpx.Response(402, json={"details": [{"code": "conekta.errors.processing.refund"}]})
            return await answer(request)

        one.wire.handle_async_request = refuse  # type: ignore[method-assign]  # as long as the test lasts
        refused = await ask(app, "refund_order", refund(order, 25000))
        assert (refused["error"]["outcome"], refused["error"]["current"]) == ("not_applied", shown)


@pytest.mark.parametrize("status", ["failed", "declined", "rejected", "cancelled", "Failed"])
async def test_a_new_refund_that_failed_gave_nothing_back(status: str, world: World) -> None:
    order = paid(world.shop)
    given = {**order, "amount": 500, "reason": REASON}
    witness = await witness_of(world, "refund_order", given)
    await world.act("refund_order", given)
    assert (await outcome(world, "refund_order", given, witness))[0] == "applied"

    def fail(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
        for charge in answer["charges"]["data"]:
            charge["refunds"]["data"] = [{**one, "status": status} for one in charge["refunds"]["data"]]
        return answer

    world.altered = fail
    assert (await outcome(world, "refund_order", given, witness))[0] == "unknown"
