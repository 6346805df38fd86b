"""check_subscription and get_customer_profile: what support asks of a customer."""

from typing import Any

import pytest

from conekta_mcp.domains.support.explaining.subscription_check import Bill, describe_subscription
from conekta_mcp.errors import RequestRefused
from conekta_mcp.results.order_sums import list_charges
from conekta_mcp.results.times import use_times
from conekta_mcp.settings.timezone import MEXICO_CITY
from tests.domains.support.asking import DAY, START, VISA, Desk

PLAN = {"id": "mensual", "name": "Plan mensual", "amount": 9900, "currency": "MXN", "interval": "month",
        "frequency": 1}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.shop.post("/plans", PLAN)
    return made


def subscribe(desk: Desk, *, fails: bool = False) -> tuple[str, dict[str, Any]]:
    customer = desk.shop.customer(payment_sources=[VISA])["id"]
    if fails:
        desk.shop.post("/_sandbox/cards", {"decline_next": "insufficient_funds"})
    return customer, desk.shop.post(f"/customers/{customer}/subscriptions", {"plan_id": "mensual"})


def test_a_past_due_subscription_says_why_when_and_with_which_card(desk: Desk) -> None:
    customer, subscription = subscribe(desk, fails=True)
    (checked,) = desk.ask("check_subscription", customer_id=customer)["subscriptions"]
    assert checked["now"] == (
        "MXN 99.00 is due; failed attempts: 1, with the card 4242. "
        "Another try is expected about 18 Jan 2026, 06:00 (Mexico City)."
    )
    assert checked["next_try_at"] == START + 2 * DAY
    assert checked["failure"]["failure_code"] == "insufficient_funds"
    assert (checked["card"]["last4"], checked["plan"]["amount_text"]) == ("4242", "MXN 99.00")
    assert [one["tool"] for one in checked["next_steps"]] == [
        "retry_subscription",
        "create_customer_portal",
        "add_card_source",
        "update_subscription",
    ]
    assert checked["subscription"]["id"] == subscription["id"]


def test_the_expected_try_is_when_the_sandbox_tries(desk: Desk) -> None:
    customer, _ = subscribe(desk, fails=True)
    (checked,) = desk.ask("check_subscription", customer_id=customer)["subscriptions"]
    desk.shop.advance(checked["next_try_at"] - desk.now - 1)
    assert desk.ask("check_subscription", customer_id=customer)["subscriptions"][0]["now"].startswith("MXN")
    desk.shop.advance(1)
    (checked,) = desk.ask("check_subscription", customer_id=customer)["subscriptions"]
    assert checked["now"].startswith("Paid up; the next bill of MXN 99.00 is on ")
    assert "failure" not in checked


def test_a_subscription_is_found_by_its_id_alone(desk: Desk) -> None:
    customer, subscription = subscribe(desk)
    (alone,) = desk.ask("check_subscription", subscription_id=subscription["id"])["subscriptions"]
    (both,) = desk.ask("check_subscription", subscription_id=subscription["id"], customer_id=customer)[
        "subscriptions"
    ]
    assert alone == both


def test_an_unknown_subscription_is_not_found(desk: Desk) -> None:
    with pytest.raises(RequestRefused, match="No event names sub_2zABC: give customer_id too"):
        desk.ask("check_subscription", subscription_id="sub_2zABC")


def test_the_most_urgent_of_several_comes_first(desk: Desk) -> None:
    customer, _ = subscribe(desk)
    desk.shop.post("/_sandbox/cards", {"decline_next": "card_declined"})
    failed = desk.shop.post(f"/customers/{customer}/subscriptions", {"plan_id": "mensual"})
    answer = desk.ask("check_subscription", customer_id=customer)
    assert [one["subscription"]["status"] for one in answer["subscriptions"]] == ["past_due", "active"]
    assert answer["subscriptions"][0]["subscription"]["id"] == failed["id"]


@pytest.mark.parametrize(
    ("act", "now", "tool"),
    [
        ("pause", "Paused: nothing is charged until it is resumed.", "resume_subscription"),
        ("cancel", "Cancelled on request.", "create_subscription"),
    ],
)
def test_other_states_say_what_brings_it_back(desk: Desk, act: str, now: str, tool: str) -> None:
    customer, subscription = subscribe(desk)
    desk.shop.post(f"/customers/{customer}/subscriptions/{subscription['id']}/{act}")
    (checked,) = desk.ask("check_subscription", customer_id=customer)["subscriptions"]
    assert (checked["now"], checked["next_steps"][0]["tool"]) == (now, tool)


def test_a_customer_without_subscriptions(desk: Desk) -> None:
    answer = desk.ask("check_subscription", customer_id=desk.shop.customer()["id"])
    assert answer == {"found": "They have no subscriptions."}


def test_a_profile_is_found_by_email_and_by_phone(desk: Desk) -> None:
    customer, clabe = desk.shop.customer_with_clabe()
    desk.shop.order(customer, {"type": "spei"})
    by_id = desk.ask("get_customer_profile", customer_id=customer)
    assert by_id["customer"]["id"] == customer
    assert by_id["payment_sources"][0]["clabe"] == clabe
    assert by_id["owed"][0]["amount_text"] == "MXN 500.00"
    assert by_id["deletion"] == (
        "Deleting also takes along: 1 CLABE (later transfers to it find nobody). The orders stay; "
        "unpaid: MXN 500.00."
    )
    assert desk.ask("get_customer_profile", email="ANA@example.com") == by_id
    assert desk.ask("get_customer_profile", phone="55 5555 5555") == by_id


def test_several_customers_are_named_and_none_is_guessed(desk: Desk) -> None:
    made = [desk.shop.customer()["id"], desk.shop.customer(name="Ana Ruiz Soto")["id"]]
    answer = desk.ask("get_customer_profile", email="ana@example.com")
    assert {one["id"] for one in answer["customers"]} == set(made)
    assert answer["found"] == "2 customers have that e-mail: ask for the profile of one by its id."
    assert "customer" not in answer


def test_a_part_of_an_email_is_nobody(desk: Desk) -> None:
    desk.shop.customer(email="mariana@example.com")
    with pytest.raises(RequestRefused, match="No customer has that e-mail"):
        desk.ask("get_customer_profile", email="ana@example.com")


def test_a_profile_tells_the_live_subscriptions_that_a_deletion_cancels(desk: Desk) -> None:
    customer, subscription = subscribe(desk)
    profile = desk.ask("get_customer_profile", customer_id=customer)
    assert [one["id"] for one in profile["subscriptions"]] == [subscription["id"]]
    assert profile["deletion"] == ("Deleting also takes along: 1 card, 1 live subscription. The orders stay.")


def test_a_profile_has_price_plan_and_card_of_a_subscription(desk: Desk) -> None:
    customer, _ = subscribe(desk)
    (told,) = desk.ask("get_customer_profile", customer_id=customer)["subscriptions"]
    assert (told["plan"]["amount_text"], told["card_last4"]) == ("MXN 99.00", "4242")
    assert told["status_text"].startswith("Paid up: the cycle began on ")


def test_a_profile_of_somebody_without_anything_counts_no_zeros(desk: Desk) -> None:
    profile = desk.ask("get_customer_profile", customer_id=desk.shop.customer()["id"])
    assert profile["deletion"] == "Deleting takes nothing else along. The orders stay."


def test_an_unpaid_cycle_of_a_subscription_is_owed(desk: Desk) -> None:
    customer, _ = subscribe(desk, fails=True)
    desk.shop.order(customer, {"type": "spei"})
    profile = desk.ask("get_customer_profile", customer_id=customer)
    assert profile["owed"] == [
        {"currency": "MXN", "amount": 59900, "orders": 2, "amount_text": "MXN 599.00"},
    ]
    assert profile["deletion"].endswith("The orders stay; unpaid: MXN 599.00.")
    (checked,) = desk.ask("check_subscription", customer_id=customer)["subscriptions"]
    assert checked["now"].startswith("MXN 99.00 is due")


def test_a_cycle_that_was_paid_or_cancelled_is_not_owed(desk: Desk) -> None:
    customer, _ = subscribe(desk)
    assert "owed" not in desk.ask("get_customer_profile", customer_id=customer)
    customer, subscription = subscribe(desk, fails=True)
    desk.shop.post(f"/customers/{customer}/subscriptions/{subscription['id']}/cancel")
    assert "owed" not in desk.ask("get_customer_profile", customer_id=customer)


@pytest.mark.parametrize(
    ("month", "year", "is_told"),
    [("01", "26", True), ("1", "2026", True), ("02", "26", False), ("13", "26", False), (None, None, False)],
)
def test_a_card_that_expires_before_the_next_bill_is_told(month: str, year: str, is_told: bool) -> None:
    card = {"last4": "4242", "exp_month": month, "exp_year": year}
    bill = Bill({"amount": 9900, "currency": "MXN"}, {}, [], START + 31 * DAY, card)
    due = {"billing_cycle_end": START + 31 * DAY, "trial_end": START + 31 * DAY}
    with use_times(MEXICO_CITY, "en"):
        told = [
            describe_subscription({"status": status, **due}, bill)
            for status in ("active", "in_trial", "past_due")
        ]
    warning = " Its card expires in 01/26, before that bill."
    assert [one.endswith(warning) for one in told] == [is_told] * 3


def test_a_cancellation_without_a_reason_or_a_failed_charge_is_not_explained() -> None:
    order = {"charges": {"data": [{"status": "declined"}]}}
    failed = Bill({}, order, list_charges(order), None, None)
    with use_times(MEXICO_CITY, "en"):
        unknown = describe_subscription({"status": "canceled"}, Bill({}, {}, [], None, None))
        unpaid = describe_subscription({"status": "canceled"}, failed)
    assert unknown == "Cancelled; Conekta does not say why."
    assert unpaid == "Cancelled: it could not be charged."


def test_a_plan_with_a_trial_is_not_charged_at_once_when_it_is_taken_again(desk: Desk) -> None:
    desk.shop.post("/plans", {**PLAN, "id": "prueba", "trial_period_days": 7})
    customer = desk.shop.customer(payment_sources=[VISA])["id"]
    subscription = desk.shop.post(f"/customers/{customer}/subscriptions", {"plan_id": "prueba"})
    desk.shop.post(f"/customers/{customer}/subscriptions/{subscription['id']}/cancel")
    (checked,) = desk.ask("check_subscription", customer_id=customer)["subscriptions"]
    assert checked["next_steps"][0]["does"] == "Subscribe again; charges after the trial"
