"""A reading whose parts are from different moments, or spell what is known otherwise, proves nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.effects.scenes import BROKE, SCENES, START, VISA
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


def of_order(change: Callable[[Json], Json]) -> Callable[[Any, Json], Json]:
    return lambda _, answer: {**answer, **change(answer)} if answer.get("object") == "order" else answer


def of_charges(change: Callable[[Json], Json]) -> Callable[[Any, Json], Json]:
    return of_order(lambda order: {"charges": {"data": [change(one) for one in order["charges"]["data"]]}})


def respell(rows: Json) -> Json:
    return {**rows, "data": [{**row, "id": row["id"].upper()} for row in rows["data"]]}


@pytest.mark.parametrize("back", [1200, 1200.0, 1201, "1200", None])
async def test_more_went_back_than_the_shown_refunds_explain(back: object, world: World) -> None:
    """A second refund with one key would follow: the order's sum knows of ours, its list not yet."""
    given = SCENES["refund_order"](world.shop)
    before = await world.act("refund_order", {**given, "amount": 700})
    witness = await witness_of(world, "refund_order", given)
    assert (await outcome(world, "refund_order", given, witness))[0] == "not_applied"
    await world.act("refund_order", given)
    world.altered = of_order(lambda _: {"charges": before["charges"], "amount_refunded": back})
    assert (await outcome(world, "refund_order", given, witness))[0] == "unknown"


@pytest.mark.parametrize("told", [{"payment_status": "partially_refunded"}, {"payment_status": "refunded"}])
async def test_an_order_that_says_it_was_refunded_shows_how_much(told: Json, world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    witness = await witness_of(world, "refund_order", given)
    world.altered = of_order(lambda _: told)
    assert (await outcome(world, "refund_order", given, witness))[0] == "unknown"


async def test_what_another_call_refunded_is_explained_by_its_row(world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    witness = await witness_of(world, "refund_order", given)
    other = await world.act("refund_order", {**given, "amount": 700})
    row = other["charges"]["data"][0]["refunds"]["data"][0]
    owned = {"owned_ids": frozenset([row["id"]])}
    assert (await outcome(world, "refund_order", given, witness, **owned))[0] == "not_applied"
    world.altered = of_order(lambda _: {"amount_refunded": 1200})
    assert (await outcome(world, "refund_order", given, witness, **owned))[0] == "unknown"


async def test_a_known_refund_in_other_capitals_is_not_a_new_one(world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    await world.act("refund_order", given)
    witness = await witness_of(world, "refund_order", given)
    world.altered = of_charges(lambda one: {**one, "refunds": respell(one["refunds"])})
    assert (await outcome(world, "refund_order", given, witness))[0] == "unknown"


async def test_a_known_subscription_in_other_capitals_is_not_a_new_one(world: World) -> None:
    given = SCENES["create_subscription"](world.shop)
    witness = await witness_of(world, "create_subscription", given)
    world.altered = lambda _, answer: respell(answer) if "data" in answer else answer
    assert (await outcome(world, "create_subscription", given, witness, since=START - 10))[0] == "unknown"


@pytest.mark.parametrize("name", ["", "  "])
async def test_a_row_without_a_name_may_be_the_one_that_is_missing(name: str, world: World) -> None:
    given = SCENES["delete_payment_source"](world.shop)
    witness = await witness_of(world, "delete_payment_source", given)
    world.altered = lambda _, a: {**a, "data": [{**row, "id": name} for row in a["data"]]}
    assert (await outcome(world, "delete_payment_source", given, witness))[0] == "unknown"


async def test_a_refund_in_other_capitals_was_not_cancelled(world: World) -> None:
    given = SCENES["cancel_refund"](world.shop)
    witness = await witness_of(world, "cancel_refund", given)
    world.altered = of_charges(lambda one: {**one, "refunds": respell(one["refunds"])})
    assert (await outcome(world, "cancel_refund", given, witness))[0] == "unknown"


@pytest.mark.parametrize("status", ["PRE_AUTHORIZED", " pre_authorized", None])
async def test_a_hold_that_was_spelt_otherwise_before_the_capture_is_a_hold(
    status: str | None, world: World
) -> None:
    given = SCENES["capture_order"](world.shop)
    world.altered = of_order(lambda _: {"payment_status": status})
    witness = await witness_of(world, "capture_order", given)
    world.altered = lambda _, answer: answer
    await world.act("capture_order", given)
    assert (await outcome(world, "capture_order", given, witness))[0] == "applied"


@pytest.mark.parametrize(
    "change",
    [
        lambda order: {"charges": {"data": order["charges"]["data"] * 2}},
        lambda order: {"charges": {"data": [{**one, "amount": -30_000} for one in order["charges"]["data"]]}},
    ],
    ids=["a charge twice", "less than nothing"],
)
async def test_a_sum_that_no_capture_can_take_proves_none(
    change: Callable[[Json], Json], world: World
) -> None:
    given = SCENES["capture_order"](world.shop)
    witness = await witness_of(world, "capture_order", given)
    await world.act("capture_order", given)
    world.altered = of_order(change)
    assert (await outcome(world, "capture_order", given, witness))[0] == "unknown"


@pytest.mark.parametrize(
    ("status", "found"),
    [("paid", "unknown"), ("pending_payment", "unknown"), ("expired", "not_applied"), (None, "not_applied")],
)
async def test_an_order_that_was_declined_and_is_paid_has_another_charge(
    status: str | None, found: str, world: World
) -> None:
    """The new charge may not be in its list yet: charged again, a card would pay twice."""
    given = SCENES["create_charge"](world.shop)
    world.shop.refusal("POST", f"/orders/{given['order_id']}/charges", {
        "payment_method": {**VISA, "token_id": BROKE}})  # fmt: skip
    world.altered = of_order(lambda _: {"payment_status": "declined"})
    witness = await witness_of(world, "create_charge", given)
    assert (await outcome(world, "create_charge", given, witness))[0] == "not_applied"
    world.altered = of_order(lambda _: {"payment_status": status})
    assert (await outcome(world, "create_charge", given, witness))[0] == found


async def test_a_bill_with_an_attempt_that_cannot_be_read_says_nothing_of_a_new_one(world: World) -> None:
    given = SCENES["retry_subscription"](world.shop)
    witness = await witness_of(world, "retry_subscription", given)
    world.altered = of_order(lambda order: {"charges": {"data": [*order["charges"]["data"], None]}})
    assert (await outcome(world, "retry_subscription", given, witness))[0] == "unknown"


async def test_a_delivery_that_cannot_be_read_may_be_the_new_one(world: World) -> None:
    given = SCENES["resend_event"](world.shop)
    witness = await witness_of(world, "resend_event", given)
    assert (await outcome(world, "resend_event", given, witness))[0] == "not_applied"
    world.altered = lambda _, a: {**a, "webhook_logs": [None]} if "webhook_logs" in a else a
    assert (await outcome(world, "resend_event", given, witness))[0] == "unknown"


@pytest.mark.parametrize("kind", ["CFDI", " cfdi ", "", 7])
async def test_a_document_whose_class_is_written_otherwise_is_not_missing(kind: object, world: World) -> None:
    given = SCENES["upload_company_document"](world.shop)
    witness = await witness_of(world, "upload_company_document", given)
    world.altered = lambda _, a: {**a, "data": [{"file_classification": kind, "file_name": "nota.pdf"}]}
    assert (await outcome(world, "upload_company_document", given, witness))[0] == "unknown"
