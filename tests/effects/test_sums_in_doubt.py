"""A sum, rhythm or end that Conekta shows wrongly is not known: it passes no limit and is not told as 0."""

from collections.abc import Mapping
from typing import Any

import pytest

from conekta_mcp.catalog import Effect
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.domains.orders.results import Order
from conekta_mcp.policy.limits import find_exceeded_limit
from conekta_mcp.results.order_sums import sum_refundable_charges
from conekta_mcp.settings.limits import Limits
from tests.effects.world import TOOLS

HEX = "6a0000000000000000000001"
UUID = "00000000-0000-4000-8000-000000000001"
LINE = {"id": "line_item_1", "name": "Taza", "unit_price": 500_000, "quantity": 1}
ORDER = {
    "id": "ord_1",
    "object": "order",
    "amount": 10_000,
    "currency": "MXN",
    "customer_info": {"name": "Ana"},
}
PLAN = {"id": "gold", "name": "Oro", "amount": 9_000, "currency": "MXN", "interval": "month", "frequency": 1}
SUBSCRIPTION = {"id": "sub_1", "status": "past_due", "plan_id": "gold", "customer_id": "cus_1"}
LIMITS = Limits(max_amount=10_000, max_daily_bills=10_000, max_daily_refunds=10_000, max_recurring=10_000)


def compute(tool: str, given: Mapping[str, Any], state: Mapping[str, Any]) -> Effect:
    return WRITE_HANDLERS[tool].compute_effect(TOOLS[tool].input.model_validate(given), state)


def find_hindrance(effect: Effect, limits: Limits = LIMITS) -> str | None:
    found = find_exceeded_limit(limits, effect)
    return found.limit if found else None


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("update_order", {"line_items": [{"name": "Taza", "unit_price": 500_000, "quantity": 1}]}),
        ("update_order", {"currency": "MXN", "discount_lines": []}),
        ("update_line_item", {"line_item_id": "line_item_1", "quantity": 1}),
        ("add_line_item", {"name": "Taza", "unit_price": 1, "quantity": 1}),
        ("delete_line_item", {"line_item_id": "line_item_1"}),
        ("add_discount_line", {"amount": 1, "code": "HOLA", "type": "coupon"}),
    ],
)
def test_the_sum_of_an_order_that_contradicts_its_lines_is_not_built_upon(tool: str, given: Any) -> None:
    """Of MXN 100.00 with lines of MXN 5,000.00: replacing them by themselves seemed to change nothing."""
    effect = compute(tool, {"order_id": "ord_1", **given}, {**ORDER, "line_items": {"data": [LINE]}})
    assert (effect.after["amount"], effect.is_amount_knowable) == (None, False)
    assert find_hindrance(effect) == "max_amount"
    assert "an unknown sum" in effect.question["en"]


@pytest.mark.parametrize(
    "odd",
    [
        {"frequency": 0},
        {"frequency": -1},
        {"frequency": 0.5},
        {"frequency": "1"},
        {"expiry_count": 0},
        {"expiry_count": -12},
        {"expiry_count": "12"},
        {"interval": "moment"},
    ],
    ids=str,
)
@pytest.mark.parametrize("tool", ["create_subscription", "resume_subscription", "update_subscription"])
def test_a_plan_with_an_odd_rhythm_or_end_goes_on_for_ever(tool: str, odd: Any) -> None:
    """Every minus one months was a negative sum a month, and none at most was less than once."""
    plan = {**PLAN, **odd}
    given = {"customer_id": "cus_1"}
    state: dict[str, Any] = {"customer": {"id": "cus_1"}, "plan": plan}
    if tool == "create_subscription":
        given["plan_id"] = "gold"
    else:
        given["subscription_id"] = "sub_1"
        state |= {
            "subscription": {**SUBSCRIPTION, "plan_id": "old"},
            "plan_before": {**PLAN, "expiry_count": 3},
        }
    if tool == "update_subscription":
        given["plan_id"] = "gold"
    effect = compute(tool, given, state)
    assert find_hindrance(effect, Limits(max_amount=10_000)) == "max_recurring"
    assert (find_hindrance(effect) is None) == (odd.keys() == {"expiry_count"})
    assert " 0 times" not in effect.question["en"]
    assert "-" not in effect.question["en"]


def test_no_sum_of_a_plan_takes_anything_off_a_link() -> None:
    given = {
        "name": "Curso",
        "line_items": [{"name": "Curso", "unit_price": 15_000, "quantity": 1}],
        "expires_at": 1_900_000_000,
        "plan_ids": ["gold"],
    }
    effect = compute("create_payment_link", given, {"plans": [{**PLAN, "amount": -9_000}], "customer": {}})
    assert (effect.amount, find_hindrance(effect, Limits())) == (None, "amount")


@pytest.mark.parametrize(
    "bill",
    [{}, {**ORDER, "amount": "50000"}, {**ORDER, "amount": None}, {"id": "ord_1", "amount": 5_000}],
    ids=["no bill", "a sum as text", "no sum", "no currency"],
)
def test_a_plan_does_not_stand_in_for_a_bill_that_is_not_shown(bill: Any) -> None:
    """The plan may be cheaper today than the bill that is charged again."""
    given = {"customer_id": "cus_1", "subscription_id": "sub_1"}
    plans = {"plan": PLAN, "plan_before": PLAN}
    state = {"subscription": SUBSCRIPTION, "customer": {"id": "cus_1"}, **plans}
    effect = compute("retry_subscription", given, {**state, "order": bill})
    assert find_hindrance(effect) == "max_amount"
    assert "90.00" not in effect.question["en"].split(" for the plan ")[0]
    assert find_hindrance(compute("retry_subscription", given, {**state, "order": ORDER})) is None


REFUND = {"order_id": "ord_1", "refund_id": HEX}
SUBSCRIBED = {"customer_id": "cus_1", "subscription_id": "sub_1"}
NO_PRICE = {"subscription": SUBSCRIPTION, "customer": {}, "plan": {**PLAN, "amount": None}}


@pytest.mark.parametrize(
    ("tool", "given", "state"),
    [
        ("cancel_order", {"order_id": "ord_1"}, {**ORDER, "amount": None}),
        ("void_order", {"order_id": "ord_1"}, {**ORDER, "amount": "10000"}),
        (
            "void_order",
            {"order_id": "ord_1"},
            {**ORDER, "charges": [{"id": "c", "status": "pre_authorized"}]},
        ),
        ("cancel_refund", REFUND, ORDER),
        (
            "cancel_refund",
            REFUND,
            {**ORDER, "charges": [{"id": "c", "refunds": [{"id": HEX, "amount": None}]}]},
        ),
        ("cancel_payout", {"payout_order_id": UUID}, {"id": UUID, "currency": "MXN"}),
        ("cancel_subscription", SUBSCRIBED, NO_PRICE),
        ("pause_subscription", SUBSCRIBED, NO_PRICE),
        ("delete_plan", {"plan_id": "gold"}, {**PLAN, "amount": 1.5}),
        ("update_plan", {"plan_id": "gold", "currency": "USD"}, {**PLAN, "amount": None}),
    ],
)
def test_a_sum_that_is_not_shown_is_not_told_as_nothing(tool: str, given: Any, state: Any) -> None:
    question = compute(tool, given, state).question
    assert "0.00" not in question["en"] + question["es"]
    assert any(one in question["en"] for one in ("an unknown sum", "which is not known"))
    assert any(one in question["es"] for one in ("un importe desconocido", "de importe desconocido"))


HINDRANCES: Mapping[int | None, str] = {0: "refundable", None: "amount"}


@pytest.mark.parametrize(
    ("charge", "left"),
    [
        ({"status": "paid"}, 10_000),
        ({"status": "paid", "chargeback": None}, 10_000),
        ({"status": "paid", "chargeback": {"status": "won"}}, 10_000),
        ({"status": "paid", "chargeback": {"status": "action_required"}}, 0),
        ({"status": "paid", "chargeback": {"status": "lost"}}, 0),
        ({"status": "charged_back"}, 0),
        ({"status": "declined"}, 0),
        ({"status": "under_fraud_review"}, None),
        ({"status": "paid", "amount": None}, None),
        ({"status": None}, None),
        ({"status": None, "paid_at": 1_768_564_855}, 10_000),
    ],
    ids=str,
)
def test_what_the_bank_took_back_is_not_refunded_a_second_time(charge: Any, left: int | None) -> None:
    order = {**ORDER, "payment_status": "paid", "amount_refunded": 0}
    shown = {**order, "charges": {"data": [{"id": "c", "amount": 10_000, **charge}]}}
    given = {"order_id": "ord_1", "amount": 1, "reason": "other"}
    effect = compute("refund_order", given, shown)
    assert effect.ceiling == left
    assert find_hindrance(effect, Limits()) == HINDRANCES.get(left)


@pytest.mark.parametrize(
    ("charges", "disputed"),
    [
        ([{"status": "paid"}], None),
        ([{"status": "paid", "chargeback": {"status": "won"}}], None),
        ([{"status": "declined", "chargeback": {"status": "lost"}}], None),
        ([{"status": "paid", "chargeback": {"status": "under_review"}}], 10_000),
        ([{"status": "charged_back"}, {"status": "paid"}], 10_000),
    ],
    ids=str,
)
def test_a_refused_refund_says_what_is_disputed(charges: Any, disputed: int | None) -> None:
    """Of an order that shows itself as paid and never refunded, nothing else tells why nothing is left."""
    order = {**ORDER, "payment_status": "paid", "amount_refunded": 0}
    shown = {**order, "charges": {"data": [{"amount": 10_000, **one} for one in charges]}}
    effect = compute("refund_order", {"order_id": "ord_1", "amount": 1, "reason": "other"}, shown)
    assert effect.current.get("disputed_amount") == disputed


@pytest.mark.parametrize(
    ("status", "left"), [("paid", 10_000), ("charged_back", 0), ("declined", 0), ("under_fraud_review", None)]
)
def test_an_order_without_charges_tells_it_by_its_status(status: str, left: int | None) -> None:
    shown = {**ORDER, "payment_status": status, "amount_refunded": 0, "charges": {"data": []}}
    assert sum_refundable_charges(shown) == left


@pytest.mark.parametrize(
    ("charges", "amount", "left"),
    [
        ([], None, 10_000),
        ([{"status": "declined", "amount": 10_000}, {"status": "expired", "amount": 10_000}], None, 10_000),
        ([{"status": "paid", "amount": 6_000}], 4_000, 4_000),
        ([{"status": "paid", "amount": 6_000}], 4_001, 4_000),
        ([{"status": "paid", "amount": 6_000}], None, 4_000),
        ([{"status": "paid", "amount": 10_000}], None, 0),
        ([{"status": "refunded", "amount": 10_000}], 1, 0),
    ],
    ids=str,
)
@pytest.mark.parametrize("tool", ["create_charge", "create_charges"])
def test_what_was_paid_is_not_charged_a_second_time(
    tool: str, charges: Any, amount: int | None, left: int
) -> None:
    given = {"order_id": "ord_1", "payment_method": "cash", **({"amount": amount} if amount else {})}
    effect = compute(tool, given, {**ORDER, "charges": {"data": charges}})
    assert effect.ceiling == left
    assert (find_hindrance(effect, Limits()) == "ceiling") == ((amount or 10_000) > left)


@pytest.mark.parametrize(
    ("chargeback", "left"), [(None, 7_000), ({"status": "won"}, 7_000), ({"status": "lost"}, None)]
)
def test_an_answer_offers_no_refund_of_what_the_bank_took_back(chargeback: Any, left: int | None) -> None:
    charge = {"id": "c", "status": "partially_refunded", "amount": 10_000, "chargeback": chargeback}
    shown = {
        **ORDER,
        "payment_status": "partially_refunded",
        "amount_refunded": 3_000,
        "charges": {"data": [charge]},
    }
    assert Order.curate(shown).get("refundable") == left
