"""The answer of a write counts as a success only if it shows what the write was for."""

from collections.abc import Mapping
from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_HANDLERS, WRITE_PLANS
from conekta_mcp.effects.answer_check import (
    PRESENT,
    AtLeast,
    EachRow,
    IfShown,
    NoneOf,
    find_difference,
)
from conekta_mcp.effects.comparison import OneOf
from tests.effects.creations import CREATIONS
from tests.effects.scenes import SCENES, UNPROVED, ana
from tests.effects.world import TOOLS, World, act_in_scene

Json = dict[str, Any]
pytestmark = pytest.mark.anyio
ENVELOPE = {"object": "error", "type": "processing_error", "log_id": "1", "details": [{"message": "No."}]}
WRITES = sorted(name for name in SCENES if name in WRITE_HANDLERS)
UNMARKED = {
    **dict.fromkeys(
        ("add_card_source", "add_spei_recurrent_source", "add_cash_recurrent_source"),
        "Conekta keeps no metadata of a payment source",
    ),
    **dict.fromkeys(
        ("add_shipping_contact", "add_fiscal_entity"),
        "a customer shows all of its addresses, each with an id that was noted or not",
    ),
    **dict.fromkeys(
        ("add_line_item", "add_tax_line", "add_shipping_line", "add_discount_line"),
        "an order shows all of its lines, each with an id that was noted or not",
    ),
    "refund_order": "Conekta keeps no metadata of a refund",
    **dict.fromkeys(
        ("create_subscription", "create_customer_subscription"), "Conekta keeps no metadata of a subscription"
    ),
    **dict.fromkeys(
        ("create_plan", "create_whitelist_rule", "create_blacklist_rule", "create_api_key", "create_webhook",
         "create_webhook_key", "create_company"),
        "Conekta takes no metadata with it",
    ),
}  # fmt: skip
"""Creations without a mark, and why."""


def test_every_creation_has_a_mark_or_says_why_not() -> None:
    unmarked = {name for name in CREATIONS if WRITE_PLANS[name].mark is None}
    assert unmarked == set(UNMARKED)
    marked = {name: plan.mark for name, plan in WRITE_PLANS.items() if plan.mark}
    assert marked == {
        **dict.fromkeys(
            ("create_order", "create_order_reusing_clabe", "create_card_order", "create_customer",
             "create_payout"), "metadata",
        ),
        "create_payment_link": "order_template.metadata",
        **dict.fromkeys(("create_charge", "create_charges"), "reference_id"),
    }  # fmt: skip


def test_every_write_says_what_its_answer_shows() -> None:
    silent = {name for name, plan in WRITE_PLANS.items() if plan.expect_answer is DEFAULT}
    assert silent == set(UNPROVED) - {"create_token"}


DEFAULT = type(next(iter(WRITE_PLANS.values()))).expect_answer


@pytest.mark.parametrize("tool", WRITES)
async def test_conektas_own_answer_is_taken_and_any_other_is_not(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    expected = (await world.read_effect(tool, given)).expected
    answer = await act_in_scene(tool, given, world)
    assert find_difference(answer, expected) is None
    other = world.shop.get(f"/customers/{ana(world.shop, email='eva@example.com')}")
    for wrong in ({}, ENVELOPE, other, {"object": "list", "data": []}):
        assert find_difference(wrong, expected), wrong
    if isinstance(expected.get("id"), str):
        assert find_difference({**answer, "id": "ord_other"}, expected)


@pytest.mark.parametrize(
    ("tool", "number"), [(tool, number) for tool in CREATIONS for number in range(len(CREATIONS[tool]))]
)
async def test_the_answer_to_every_field_is_taken(tool: str, number: int, world: World) -> None:
    given = CREATIONS[tool][number](world.shop)
    expected = (await world.read_effect(tool, given)).expected
    if given.get("token_id") != "tok_test_insufficient_funds":
        assert find_difference(await world.act(tool, given), expected) is None


@pytest.mark.parametrize(
    ("tool", "change", "told"),
    [
        ("create_order", {"amount": 1}, "amount: 1, not "),
        ("create_order", {"amount": None}, "amount: missing, not "),
        ("create_order", {"charges": {"data": []}}, "charges: no rows"),
        ("create_order", {"charges": {"data": [{"amount": 5}]}}, "charges.amount: 5, not "),
        ("create_order", {"charges": {"data": [{"currency": "USD"}]}}, "charges.currency: USD, not MXN"),
        (
            "create_order",
            {"charges": {"data": [{"payment_method": {"object": "cash_payment"}}]}},
            "charges.payment_method.object: cash_payment, not bank_transfer_payment",
        ),
        ("create_card_order", {"charges": {"data": [{"status": "declined"}]}}, "charges.status: declined"),
        ("create_order", {"currency": "USD"}, "currency: USD, not MXN"),
        ("create_card_order", {"payment_status": "declined"}, "payment_status: declined"),
        ("create_payout", {"amount": 99_999_999}, "amount: 99999999, not 20000"),
        ("create_payout", {"customer_info": {"name": "Mallory"}}, "customer_info.id: missing, not cus_"),
        ("create_plan", {"currency": "USD"}, "currency: USD, not MXN"),
        ("update_plan", {"amount": 5}, "amount: 5, not "),
        ("create_charge", {"amount": 5}, "amount: 5, not "),
        ("create_charge", {"status": "declined"}, "status: declined"),
        ("create_charge", {"order_id": "ord_OTHER"}, "order_id: another value, not ord_"),
        ("create_charges", {"data": []}, "data: no rows"),
        ("refund_order", {"amount_refunded": 0}, "amount_refunded: 0, less than "),
        ("create_subscription", {"plan_id": "silver"}, "plan_id: silver, not gold"),
        ("cancel_order", {"payment_status": "paid"}, "payment_status: paid, not canceled"),
        ("add_spei_recurrent_source", {"type": "card"}, "type: card, not spei_recurrent"),
        ("cancel_refund", {"charges": None}, "charges.refunds: missing"),
        ("cancel_refund", {"charges": {"data": [{"id": "c"}]}}, "charges.refunds: missing"),
        ("update_order", {"amount": None}, "amount: missing, not 1800"),
        ("email_payment_link", {"emails_sent": 0}, "emails_sent: 0, less than 1"),
        ("email_payment_link", {"emails_sent": None}, "emails_sent: missing, less than 1"),
        ("sms_payment_link", {"sms_sent": 0}, "sms_sent: 0, less than 1"),
        ("submit_chargeback_evidence", {"files": []}, "files: 0 rows, not 2"),
        ("add_line_item", {"unit_price": 5}, "unit_price: 5, not 900"),
        ("create_webhook", {"url": "https://evil.example/x"}, "url: another value, not another value"),
        ("create_payment_link", {"recurrent": True}, "recurrent: True, not False"),
        ("create_payment_link", {"name": "Otro"}, "name: another value, not another value"),
        (
            "create_card_order",
            {"customer_info": {"email": "eva@example.com"}},
            "customer_info.email: another",
        ),
        ("create_customer", {"deleted": True}, "deleted: True, not False"),
        ("delete_customer", {"deleted": False}, "deleted: False, not True"),
        ("delete_api_key", {"deleted": False}, "deleted: False, not True"),
        ("delete_webhook", {"deleted": False}, "deleted: False, not True"),
        ("capture_order", {"charges": {"data": [{"amount": 7}]}}, "charges.amount: 7, not 30000"),
        ("create_whitelist_rule", {"value": "eva@example.com"}, "value: another value, not another value"),
        ("upload_company_document", {"file_classification": "other"}, "file_classification: other, not cfdi"),
    ],
)
async def test_what_differs_is_said_with_both_values(
    tool: str, change: dict[str, Any], told: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    expected = (await world.read_effect(tool, given)).expected
    answer = await world.act(tool, given)
    assert (find_difference({**answer, **change}, expected) or "").startswith(told)


@pytest.mark.parametrize(
    ("rows", "seen_before", "told"),
    [
        ([{"id": "r", "status": "canceled"}], False, None),
        ([{"id": "r", "status": "cancelled"}], True, None),
        ([{"id": "r", "status": "pending"}], True, "charges.refunds.status: another"),
        ([{"id": "r"}], True, "charges.refunds.status: another"),
        ([{"id": "other", "status": "canceled"}], True, None),
        ([], True, None),
        ([], False, "charges.refunds: missing"),
    ],
)
def test_a_cancelled_refund_shows_in_its_charge_or_is_gone_from_it(
    rows: list[Json], seen_before: bool, told: str | None
) -> None:
    expected = expect_cancelled(seen_before=seen_before)
    assert find_difference(build_refunded("c", {"object": "list", "data": rows}), expected) == told


def test_an_order_that_says_nothing_of_a_refund_does_not_show_that_it_was_cancelled() -> None:
    expected = expect_cancelled(seen_before=True)
    order = {"id": "ord_1", "object": "order"}
    cut = build_refunded("c", {"object": "list", "has_more": True, "data": []})
    elsewhere = build_refunded("another", {"object": "list", "data": []})
    unlisted = {**order, "charges": {"data": [{"id": "c"}]}}
    for says_nothing in (order, {**order, "charges": {"data": []}}, unlisted, cut, elsewhere):
        assert find_difference(says_nothing, expected) == "charges.refunds: missing"


def expect_cancelled(*, seen_before: bool) -> Mapping[str, Any]:
    given = {"order_id": "ord_1", "refund_id": "r"}
    arguments = TOOLS["cancel_refund"].input.model_construct(**given)
    before = build_refunded("c", {"data": [{"id": "r", "status": "pending"}] if seen_before else []})
    return WRITE_PLANS["cancel_refund"].expect_answer(arguments, before)


def build_refunded(charge: str, refunds: Json) -> Json:
    return {"id": "ord_1", "object": "order", "charges": {"data": [{"id": charge, "refunds": refunds}]}}


def test_a_customer_with_another_default_than_was_chosen_is_not_taken() -> None:
    given = {"customer_id": "cus_1", "default_payment_source_id": "src_1", "default_shipping_contact_id": "s"}
    arguments = TOOLS["update_customer"].input.model_construct(**given)
    expected = WRITE_PLANS["update_customer"].expect_answer(arguments, {})
    assert expected["default_payment_source_id"] == IfShown("src_1")
    assert expected["default_shipping_contact_id"] == IfShown("s")


@pytest.mark.parametrize("url", ["https://shop.example.com/hook", "https://shop.example.com"])
def test_a_webhooks_address_may_come_back_with_a_slash_at_its_end(url: str) -> None:
    arguments = TOOLS["update_webhook"].input.model_construct(webhook_id="6a0000000000000000000001", url=url)
    expected = {"url": WRITE_PLANS["update_webhook"].expect_answer(arguments, {})["url"]}
    told = [find_difference({"url": one}, expected) for one in (url, f"{url}/", f"{url}x")]
    assert told == [None, None, "url: another value, not another value"]


def test_a_customers_new_email_is_expected_where_it_is_shown() -> None:
    arguments = TOOLS["update_customer"].input.model_construct(customer_id="cus_1", email="eva@example.com")
    expected = WRITE_PLANS["update_customer"].expect_answer(arguments, {})
    assert expected["email"] == IfShown("eva@example.com")


async def test_a_hold_that_was_taken_is_not_taken_for_a_hold(world: World) -> None:
    given = {**SCENES["create_card_order"](world.shop), "pre_authorize": True}
    expected = (await world.read_effect("create_card_order", given)).expected
    answer = await world.act("create_card_order", given)
    assert find_difference(answer, expected) is None
    assert find_difference({**answer, "payment_status": "paid"}, expected) == "payment_status: paid"


async def test_an_order_with_new_lines_is_compared_with_the_sum_that_they_make(world: World) -> None:
    arguments = TOOLS["update_order"].input.model_validate(SCENES["update_order"](world.shop))
    order = world.shop.get(f"/orders/{arguments.order_id}")
    expected = WRITE_PLANS["update_order"].compute_effect(arguments, order).expected
    answer = {**order, "amount": 1800}
    assert find_difference(answer, expected) is None
    assert find_difference({**answer, "amount": 1807}, expected) == "amount: 1807, not 1800"


async def test_a_charge_is_compared_with_the_sum_that_was_read(world: World) -> None:
    given = SCENES["create_charge"](world.shop)
    given.pop("amount", None)
    effect = await world.read_effect("create_charge", given)
    assert (effect.expected["amount"], effect.expected["currency"]) == (effect.amount, "MXN")


@pytest.mark.parametrize(
    ("seen", "wanted", "told"),
    [
        ({"a": None}, PRESENT, "a: missing"),
        ({"a": 0}, PRESENT, None),
        ({}, IfShown(1), None),
        ({"a": ""}, IfShown("x"), None),
        ({"a": 2}, IfShown(1), "a: 2, not 1"),
        ({"a": 500.0}, 500, None),
        ({"a": "mxn"}, "MXN", None),
        ({"a": "Cafe\u0301"}, "café", None),
        ({"a": True}, AtLeast(0), "a: True, less than 0"),
        ({"a": "7"}, AtLeast(0), "a: another value, less than 0"),
        ({"a": "paid"}, NoneOf(("paid",)), "a: paid"),
        ({}, NoneOf(("paid",)), None),
        ({"a": "b"}, OneOf(("b", "c")), None),
        ({"a": "d"}, OneOf(("b", "c")), "a: d, not b"),
        ({"a": [{"x": 1}, {"x": 2}]}, EachRow({"x": 1}), "a.x: 2, not 1"),
        ({"a": []}, EachRow({"x": 1}), "a: no rows"),
        ({"a": "text"}, {"x": 1}, "a.x: missing, not 1"),
        ({"a": "Ana Ruiz, ana@example.com"}, "b", "a: another value, not b"),
        ({"a": "5512345678"}, "b", "a: another value, not b"),
        ({"a": "x" * 100_000}, "b", "a: another value, not b"),
    ],
)
def test_a_field_is_compared_by_what_is_expected_of_it(seen: Any, wanted: Any, told: str | None) -> None:
    assert find_difference({"object": "x", **seen}, {"a": wanted}) == told


def test_an_error_envelope_differs_even_where_nothing_is_expected() -> None:
    assert [find_difference(one, {}) for one in ({}, ENVELOPE, {"id": "x"})] == [
        "an empty object",
        "object: error",
        None,
    ]


def test_the_declared_kinds_are_those_of_tools_that_exist() -> None:
    named = {name for tool in TOOLS.values() for name in tool.output.KIND.id_arguments}
    fields = {name for tool in TOOLS.values() for name in tool.input.model_fields}
    assert named <= fields
