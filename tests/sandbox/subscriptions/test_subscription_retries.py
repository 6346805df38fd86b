"""What becomes of a subscription whose card declines, or whose order somebody touches."""

from tests.sandbox.shop import Shop
from tests.sandbox.subscriptions.subscribing import (
    BROKE,
    DAY,
    FEB_16,
    HOUR,
    MAR_16,
    START,
    VISA,
    act,
    again,
    cards,
    customer,
    decline_next,
    events,
    orders,
    path,
    plan,
    subscribe,
    subscribed,
)


def test_a_retry_that_succeeds_makes_it_active_on_the_same_order(shop: Shop) -> None:
    plan(shop)
    subscription = subscribe(shop, customer(shop, BROKE, VISA))
    shop.put(path(subscription), {"card_id": cards(shop, subscription["customer_id"])[1]})
    shop.advance(HOUR)
    retried = act(shop, subscription, "retry")
    assert (retried["status"], retried["billing_cycle_end"]) == ("active", FEB_16)
    assert orders(shop) == [("paid", START, ["declined", "paid"])]
    assert retried["charge_id"] == shop.get("/orders")["data"][0]["charges"]["data"][1]["id"]


def test_a_retry_that_fails_neither_counts_nor_delays_the_others(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE)
    for _ in range(3):
        assert act(shop, subscription, "retry")["status"] == "past_due"
    assert orders(shop) == [(None, START, ["declined"] * 4)]
    shop.advance(2 * DAY)
    assert orders(shop) == [(None, START, ["declined"] * 5)]
    assert again(shop, subscription)["status"] == "past_due"


def test_every_automatic_retry_fails_and_it_is_canceled(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE, retry_delay_hours=50)
    shop.advance(30 * DAY)
    canceled = again(shop, subscription)
    last = START + 150 * HOUR
    assert (canceled["status"], canceled["canceled_at"]) == ("canceled", last)
    assert canceled["canceled_reason"] == "max_retries_reached"
    assert orders(shop) == [("declined", START, ["declined"] * 4)]
    assert events(shop, canceled) == [
        ("created", START, "active"),
        *(("payment_failed", START + 50 * n * HOUR, "past_due") for n in range(4)),
        ("canceled", last, "canceled"),
    ]


def test_the_plan_says_how_often_and_when_it_is_retried(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE, max_retries=4, retry_delay_hours=72)
    shop.advance(4 * 72 * HOUR - 1)
    assert again(shop, subscription)["status"] == "past_due"
    shop.advance(1)
    assert again(shop, subscription)["status"] == "canceled"


def test_a_renewal_that_fails_once_is_paid_by_the_retry(shop: Shop) -> None:
    subscription = subscribed(shop)
    decline_next(shop)
    shop.post("/_sandbox/clock", {"now": FEB_16})
    assert again(shop, subscription)["status"] == "past_due"
    shop.advance(2 * DAY)
    paid = again(shop, subscription)
    assert (paid["status"], paid["billing_cycle_end"]) == ("active", MAR_16)
    assert orders(shop) == [("paid", START, ["paid"]), ("paid", FEB_16, ["declined", "paid"])]
    assert events(shop, paid)[2:] == [
        ("payment_failed", FEB_16, "past_due"),
        ("paid", FEB_16 + 2 * DAY, "active"),
    ]


def test_cycles_that_passed_unpaid_are_billed_once_it_pays(shop: Shop) -> None:
    subscription = subscribed(shop, interval="week", retry_delay_hours=200)
    decline_next(shop)
    shop.advance(7 * DAY)
    assert again(shop, subscription)["status"] == "past_due"
    shop.advance(200 * HOUR)
    late = START + 7 * DAY + 200 * HOUR
    assert orders(shop) == [
        ("paid", START, ["paid"]),
        ("paid", START + 7 * DAY, ["declined", "paid"]),
        ("paid", late, ["paid"]),
    ]
    assert again(shop, subscription)["billing_cycle_end"] == START + 21 * DAY


def test_a_card_that_is_gone_fails_without_a_charge(shop: Shop) -> None:
    subscription = subscribed(shop)
    shop.delete(f"/customers/{subscription['customer_id']}/payment_sources/{subscription['card_id']}")
    shop.post("/_sandbox/clock", {"now": FEB_16})
    assert again(shop, subscription)["status"] == "past_due"
    assert orders(shop)[1] == (None, FEB_16, [])
    shop.advance(6 * DAY)
    assert again(shop, subscription)["status"] == "canceled"
    assert orders(shop)[1] == ("declined", FEB_16, [])


def test_an_order_that_was_canceled_is_replaced_at_the_retry(shop: Shop) -> None:
    plan(shop)
    subscription = subscribe(shop, customer(shop, BROKE, VISA))
    shop.post(f"/orders/{subscription['last_billing_cycle_order_id']}/cancel")
    shop.put(path(subscription), {"card_id": cards(shop, subscription["customer_id"])[1]})
    retried = act(shop, subscription, "retry")
    assert [order[0] for order in orders(shop)] == ["canceled", "paid"]
    assert retried["last_billing_cycle_order_id"] != subscription["last_billing_cycle_order_id"]


def test_an_order_that_was_canceled_stays_so_when_its_subscription_ends(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE)
    shop.post(f"/orders/{subscription['last_billing_cycle_order_id']}/cancel")
    act(shop, subscription, "cancel")
    assert [order[0] for order in orders(shop)] == ["canceled"]


def test_an_order_that_was_paid_otherwise_is_not_charged_again(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE)
    method = {"type": "card", "token_id": VISA}
    order_id = subscription["last_billing_cycle_order_id"]
    shop.post(f"/orders/{order_id}/charges", {"payment_method": method, "amount": 10000})
    shop.advance(2 * DAY)
    assert again(shop, subscription)["status"] == "active"
    assert orders(shop) == [("paid", START, ["declined", "paid"])]
