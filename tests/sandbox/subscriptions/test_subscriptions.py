"""/customers/{customer_id}/subscriptions: started, found and changed."""

from typing import Any

import pytest

from tests.sandbox.shop import OpenShop, Shop
from tests.sandbox.subscriptions.subscribing import (
    BROKE,
    DAY,
    FEB_16,
    START,
    VISA,
    again,
    cards,
    customer,
    events,
    many,
    orders,
    path,
    plan,
    subscribe,
    subscribed,
)

NOT_FOUND = (404, ["resource_not_found.entity"])


def test_without_a_trial_the_card_is_charged_at_once(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop, custom_reference="A-17")
    subscription = subscribe(shop, customer_id)
    (order,) = shop.get("/orders")["data"]
    (charge,) = order["charges"]["data"]
    assert subscription == {
        "id": subscription["id"],
        "object": "subscription",
        "status": "active",
        "plan_id": "gold",
        "card_id": cards(shop, customer_id)[0],
        "customer_id": customer_id,
        "customer_custom_reference": "A-17",
        "charge_id": charge["id"],
        "last_billing_cycle_order_id": order["id"],
        "created_at": START,
        "subscription_start": START,
        "billing_cycle_start": START,
        "billing_cycle_end": FEB_16,
        "trial_end": START,
    }
    assert subscription["id"].startswith("sub_")
    assert (order["processing_mode"], order["amount"], order["payment_status"]) == (
        "recurrent",
        10000,
        "paid",
    )
    assert order["customer_info"]["customer_id"] == customer_id
    assert [line["name"] for line in order["line_items"]["data"]] == ["Plan oro"]
    assert (charge["amount"], charge["payment_method"]["last4"]) == (10000, "4242")
    assert again(shop, subscription) == subscription
    assert events(shop, subscription) == [("created", START, "active"), ("paid", START, "active")]


def test_with_a_trial_nothing_is_charged_until_it_ends(shop: Shop) -> None:
    subscription = subscribed(shop, trial_period_days=7)
    ends = START + 7 * DAY
    assert (subscription["status"], subscription["trial_start"]) == ("in_trial", START)
    assert subscription["trial_end"] == subscription["billing_cycle_end"] == ends
    shop.advance(7 * DAY - 1)
    assert (again(shop, subscription)["status"], orders(shop)) == ("in_trial", [])
    shop.advance(1)
    billed = again(shop, subscription)
    assert (billed["status"], billed["billing_cycle_start"]) == ("active", ends)
    assert orders(shop) == [("paid", ends, ["paid"])]
    assert events(shop, billed) == [("created", START, "in_trial"), ("paid", ends, "active")]


def test_trial_end_overrules_the_plan(shop: Shop) -> None:
    plan(shop, trial_period_days=7)
    subscription = subscribe(shop, customer(shop), trial_end=START + DAY)
    assert (subscription["status"], subscription["trial_end"]) == ("in_trial", START + DAY)


def test_a_card_that_declines_leaves_it_past_due_and_is_no_error(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE)
    assert (subscription["status"], "charge_id" in subscription) == ("past_due", False)
    assert orders(shop) == [(None, START, ["declined"])]
    assert events(shop, subscription) == [
        ("created", START, "active"),
        ("payment_failed", START, "past_due"),
    ]


def test_the_card_is_the_one_named_else_the_default_else_the_oldest(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop, VISA, "tok_test_amex_0005")
    first, second = cards(shop, customer_id)
    assert subscribe(shop, customer_id, card_id=second)["card_id"] == second
    assert subscribe(shop, customer_id)["card_id"] == first
    shop.put(f"/customers/{customer_id}", {"default_payment_source_id": second})
    assert subscribe(shop, customer_id)["card_id"] == second
    clabe_first = shop.customer(
        payment_sources=[{"type": "spei_recurrent"}, {"type": "card", "token_id": VISA}]
    )
    assert subscribe(shop, clabe_first["id"])["card_id"] == cards(shop, clabe_first["id"])[1]


def test_without_a_card_it_is_a_402_and_nothing_remains(shop: Shop) -> None:
    plan(shop)
    for sources in ([], [{"type": "spei_recurrent"}]):
        customer_id = shop.customer(payment_sources=sources)["id"]
        answer = shop.http.post(many(customer_id), json={"plan_id": "gold"})
        assert (answer.status_code, answer.json()["type"]) == (402, "processing_error")
        assert answer.json()["details"] == [
            {
                "debug_message": "The customer does not have a valid card.",
                "message": "El cliente no tiene una tarjeta válida.",
                "code": "conekta.errors.processing_error",
            }
        ]
        assert shop.get(many(customer_id))["data"] == []
    assert orders(shop) == []


def test_a_source_that_is_no_card_is_no_card(shop: Shop) -> None:
    plan(shop)
    mixed = shop.customer(payment_sources=[{"type": "card", "token_id": VISA}, {"type": "spei_recurrent"}])
    clabe = cards(shop, mixed["id"])[1]
    body = {"plan_id": "gold", "card_id": clabe}
    assert shop.refusal("POST", many(mixed["id"]), body) == (402, ["processing_error"])


def test_what_a_subscription_needs_must_exist_and_be_theirs(shop: Shop) -> None:
    plan(shop)
    mine, theirs = customer(shop), customer(shop)
    (foreign,) = cards(shop, theirs)
    assert shop.refusal("POST", many("cus_none"), {"plan_id": "gold"}) == NOT_FOUND
    assert shop.refusal("POST", many(mine), {"plan_id": "silver"}) == NOT_FOUND
    assert shop.refusal("POST", many(mine), {"plan_id": "gold", "card_id": foreign}) == NOT_FOUND
    assert orders(shop) == []


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, ["plan_id.missing"]),
        ({"plan_id": 7}, ["plan_id.invalid_datatype"]),
        ({"plan_id": "gold", "trial_end": START}, ["trial_end.invalid"]),
        ({"plan_id": "gold", "trial_end": "soon"}, ["trial_end.invalid_datatype"]),
        ({"plan_id": "gold", "amount": 1}, ["whitelist"]),
    ],
)
def test_a_wrong_body_is_refused(shop: Shop, body: Any, codes: list[str]) -> None:
    plan(shop)
    customer_id = customer(shop)
    refused = (422, [f"parameter_validation.{code}" for code in codes])
    assert shop.refusal("POST", many(customer_id), body) == refused
    assert shop.get(many(customer_id))["data"] == []


def test_several_live_side_by_side_and_are_listed_newest_first(shop: Shop) -> None:
    plan(shop)
    plan(shop, id="silver", trial_period_days=5)
    customer_id = customer(shop)
    first, second = subscribe(shop, customer_id), subscribe(shop, customer_id, plan_id="silver")
    subscribe(shop, customer(shop))
    listed = shop.get(many(customer_id))
    assert (listed["object"], listed["has_more"], listed["data"]) == ("list", False, [second, first])
    assert shop.get(many(customer_id), search="in_trial")["data"] == [second]
    assert shop.get(many(customer_id), limit=1)["next_page_url"].endswith(
        f"{many(customer_id)}?limit=1&next={second['id']}"
    )
    assert shop.refusal("GET", many("cus_none")) == NOT_FOUND


def test_a_subscription_is_its_customers_only(shop: Shop) -> None:
    subscription = subscribed(shop)
    other = many(customer(shop)) + "/" + subscription["id"]
    assert shop.refusal("GET", other) == NOT_FOUND
    assert shop.refusal("PUT", other, {}) == NOT_FOUND
    assert shop.refusal("GET", other + "/events") == NOT_FOUND
    for action in ("cancel", "pause", "resume", "retry"):
        assert shop.refusal("POST", f"{other}/{action}") == NOT_FOUND
        assert shop.refusal("POST", f"{path(subscription)}/{action}", {"now": True}) == (
            422,
            ["parameter_validation.whitelist"],
        )


def test_another_plan_counts_from_the_next_bill(shop: Shop) -> None:
    subscription = subscribed(shop)
    plan(shop, id="weekly", amount=300, interval="week")
    changed = shop.put(path(subscription), {"plan_id": "weekly"})
    assert (changed["plan_id"], changed["billing_cycle_end"]) == ("weekly", FEB_16)
    assert orders(shop) == [("paid", START, ["paid"])]
    shop.post("/_sandbox/clock", {"now": FEB_16})
    assert again(shop, subscription)["billing_cycle_end"] == FEB_16 + 7 * DAY
    assert shop.get("/orders")["data"][0]["amount"] == 300
    assert [event[0] for event in events(shop, subscription)] == ["created", "paid", "updated", "paid"]


def test_another_card_pays_the_next_bill(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop, VISA, "tok_test_amex_0005")
    subscription = subscribe(shop, customer_id)
    amex = cards(shop, customer_id)[1]
    assert shop.put(path(subscription), {"card_id": amex})["card_id"] == amex
    shop.post("/_sandbox/clock", {"now": FEB_16})
    assert shop.method_of(shop.get("/orders")["data"][0])["last4"] == "0005"
    assert shop.refusal("PUT", path(subscription), {"card_id": "src_none"}) == NOT_FOUND
    assert shop.refusal("PUT", path(subscription), {"plan_id": "none"}) == NOT_FOUND


def test_the_trial_moves_as_long_as_it_lasts(shop: Shop) -> None:
    subscription = subscribed(shop, trial_period_days=7)
    moved = shop.put(path(subscription), {"trial_end": START + 9 * DAY})
    assert moved["trial_end"] == moved["billing_cycle_end"] == START + 9 * DAY
    invalid = (422, ["parameter_validation.trial_end.invalid"])
    assert shop.refusal("PUT", path(subscription), {"trial_end": START}) == invalid
    shop.advance(8 * DAY)
    assert again(shop, subscription)["status"] == "in_trial"
    shop.advance(DAY)
    assert again(shop, subscription)["status"] == "active"
    assert orders(shop) == [("paid", START + 9 * DAY, ["paid"])]
    assert shop.refusal("PUT", path(subscription), {"trial_end": START + 99 * DAY}) == invalid


def test_an_empty_change_changes_nothing(shop: Shop) -> None:
    subscription = subscribed(shop)
    assert shop.put(path(subscription), {}) == subscription
    assert shop.put(path(subscription), {"plan_id": "gold"}) == subscription


def test_two_accounts_have_subscriptions_and_clocks_of_their_own(open_shop: OpenShop, shop: Shop) -> None:
    other = open_shop(shop.ledger, "key_other")
    mine, theirs = subscribed(shop), subscribed(other)
    assert other.refusal("GET", path(mine)) == NOT_FOUND
    shop.advance(40 * DAY)
    assert (len(orders(shop)), len(orders(other))) == (2, 1)
    assert again(other, theirs) == theirs
