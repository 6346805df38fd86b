"""Answers with status 200 that show another thing than the one that was asked for."""

from collections.abc import Mapping
from typing import Any

import pytest

from conekta_mcp.effects.answer_check import find_difference
from conekta_mcp.effects.verify_object import verify_charged
from tests.effects.scenes import SCENES
from tests.effects.world import World

pytestmark = pytest.mark.anyio
OTHERWISE: list[tuple[str, Mapping[str, Any]]] = [
    ("create_payout", {"status": "canceled"}),
    ("create_payout", {"status": "EXPIRED"}),
    ("create_payment_link", {"status": "cancelled"}),
    ("create_payment_link", {"expires_at": 0}),
    ("create_payment_link", {"expires_at": 1e25}),
    ("create_payout", {"expires_at": 2_000_000_000}),
    ("create_subscription", {"status": "canceled"}),
    ("create_subscription", {"card_id": "src_2otherotherother0"}),
    ("resume_subscription", {"plan_id": "another"}),
    ("update_subscription", {"card_id": "src_2otherotherother0"}),
    ("create_charge", {"payment_method": {"object": "bank_transfer_payment"}}),
    ("create_charge", {"customer_id": "cus_2otherotherother0"}),
    ("create_charge", {"status": "failed"}),
    ("refund_order", {"currency": "USD"}),
    ("refund_order", {"amount_refunded": float("inf")}),
    ("capture_order", {"currency": "USD"}),
    ("update_order", {"currency": "USD"}),
    ("update_plan", {"currency": "USD"}),
    ("update_customer", {"name": "Ana Ruiz"}),
    ("update_shipping_contact", {"receiver": "Ana Ruiz"}),
    ("add_shipping_contact", {"address": {"street1": "Otra 2"}}),
    ("create_customer", {"phone": "+525500000000"}),
    ("create_customer_portal", {"subscription": {"id": "sub_2otherotherother0"}}),
    ("cancel_order", {"charges": {"data": [{"status": "canceled"}, {"status": "paid"}]}}),
    ("void_order", {"charges": {"data": [{"status": "Paid"}]}}),
]
TERMS: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
    ("create_plan", {"trial_period_days": 30}, {"trial_period_days": 0}),
    ("create_charge", {"monthly_installments": 3}, {"monthly_installments": 6}),
    (
        "create_card_order",
        {"monthly_installments": 3},
        {"charges": {"data": [{"status": "paid", "monthly_installments": 6}]}},
    ),
]


@pytest.mark.parametrize(("tool", "shown"), OTHERWISE)
async def test_an_answer_that_shows_something_else_than_was_asked_is_no_success(
    tool: str, shown: Mapping[str, Any], world: World
) -> None:
    given = SCENES[tool](world.shop)
    expected = (await world.read_effect(tool, given)).expected
    answer = await world.act(tool, given)
    assert find_difference(answer, expected) is None
    assert find_difference({**answer, **shown}, expected) is not None


async def test_a_charge_of_another_order_in_a_list_is_no_success(world: World) -> None:
    given = SCENES["create_charges"](world.shop)
    expected = (await world.read_effect("create_charges", given)).expected
    answer = await world.act("create_charges", given)
    others = [{**row, "order_id": "ord_2otherotherother0"} for row in answer["data"]]
    assert find_difference(answer, expected) is None
    assert find_difference({**answer, "data": others}, expected) is not None


@pytest.mark.parametrize(("tool", "asked", "shown"), TERMS)
async def test_an_answer_with_other_terms_than_were_asked_for_is_no_success(
    tool: str, asked: Mapping[str, Any], shown: Mapping[str, Any], world: World
) -> None:
    given = {**SCENES[tool](world.shop), **asked}
    expected = (await world.read_effect(tool, given)).expected
    answer = await world.act(tool, given)
    assert find_difference(answer, expected) is None
    assert find_difference({**answer, **shown}, expected) is not None


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"amount": -5_000_000}, True),
        ({"status": "failed"}, True),
        ({"amount": None}, False),
        ({"status": "pending"}, False),
    ],
)
async def test_a_refund_of_another_sum_in_the_answer_is_not_the_one_that_was_asked_for(
    changed: Mapping[str, Any], differs: bool, world: World
) -> None:
    given = SCENES["refund_order"](world.shop)
    expected = (await world.read_effect("refund_order", given)).expected
    answer = await world.act("refund_order", given)
    charge = answer["charges"]["data"][0]
    refund = {**charge["refunds"]["data"][0], **changed}
    altered = {**answer, "charges": {"data": [{**charge, "refunds": {"data": [refund]}}]}}
    assert (find_difference(altered, expected) is not None) is differs


async def test_a_new_order_whose_charge_failed_is_told_as_declined(world: World) -> None:
    given = SCENES["create_card_order"](world.shop)
    expected = (await world.read_effect("create_card_order", given)).expected
    answer = await world.act("create_card_order", given)
    failed = {**answer, "charges": {"data": [{**answer["charges"]["data"][0], "status": "failed"}]}}
    assert find_difference(failed, expected) is not None
    assert verify_charged({**failed, "payment_status": None}).declined
