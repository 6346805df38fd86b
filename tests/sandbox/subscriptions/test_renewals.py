"""Subscriptions as time passes: calendar months, other intervals, the end; and rules that always hold."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.subscriptions.billing_calendar import MAX_TIMESTAMP, compute_cycle_end
from tests.depth import tries
from tests.sandbox.shop import OpenShop, Shop
from tests.sandbox.subscriptions.subscribing import (
    DAY,
    START,
    again,
    customer,
    decline_next,
    events,
    orders,
    path,
    plan,
    subscribe,
    subscribed,
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("interval", "frequency", "start", "ends"),
    [
        ("month", 1, "2026-01-16", ["2026-02-16", "2026-03-16", "2026-04-16"]),
        ("month", 1, "2026-01-31", ["2026-02-28", "2026-03-31", "2026-04-30"]),
        ("month", 3, "2025-11-30", ["2026-02-28", "2026-05-30", "2026-08-30"]),
        ("month", 1, "2027-12-31", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("week", 1, "2026-02-20", ["2026-02-27", "2026-03-06", "2026-03-13"]),
        ("week", 2, "2026-02-20", ["2026-03-06", "2026-03-20", "2026-04-03"]),
        ("half_month", 1, "2026-01-31", ["2026-02-15", "2026-02-28", "2026-03-15"]),
        ("half_month", 2, "2026-01-16", ["2026-02-16", "2026-03-16", "2026-04-16"]),
        ("year", 1, "2028-02-29", ["2029-02-28", "2030-02-28", "2031-02-28"]),
        ("year", 4, "2028-02-29", ["2032-02-29", "2036-02-29", "2040-02-29"]),
    ],
)
def test_a_cycle_ends_where_the_calendar_says(
    interval: str, frequency: int, start: str, ends: list[str]
) -> None:
    made = {"interval": interval, "frequency": frequency}
    assert [day(compute_cycle_end(at(start), made, number)) for number in (1, 2, 3)] == ends


@pytest.mark.parametrize("interval", ["week", "half_month", "month", "year"])
def test_no_cycle_ends_after_the_calendar(interval: str) -> None:
    endless = {"interval": interval, "frequency": 2**31 - 1}
    assert compute_cycle_end(START, endless, 3) == MAX_TIMESTAMP


def test_a_year_of_months_is_billed_in_order_on_the_day_and_once_each(shop: Shop) -> None:
    subscription = subscribed(shop)
    shop.post("/_sandbox/clock", {"now": at("2027-01-16T12:00:54")})
    billed = orders(shop)
    assert [(status, day(moment)) for status, moment, _ in billed] == [
        ("paid", f"2026-{month:02d}-16") for month in range(1, 13)
    ]
    assert {tuple(charges) for _, _, charges in billed} == {("paid",)}
    assert len(events(shop, subscription)) == 13
    shop.advance(1)
    assert len(orders(shop)) == 13


def test_several_subscriptions_are_worked_off_in_the_order_of_their_dates(shop: Shop) -> None:
    plan(shop)
    plan(shop, id="weekly", interval="week")
    first, second = customer(shop), customer(shop)
    subscribe(shop, first)
    subscribe(shop, second, plan_id="weekly")
    shop.advance(40 * DAY)
    moments = [moment for _, moment, _ in orders(shop)]
    assert (len(moments), moments) == (8, sorted(moments))


def test_the_new_amount_counts_from_the_next_bill(shop: Shop) -> None:
    subscribed(shop)
    shop.put("/plans/gold", {"amount": 12000})
    shop.advance(31 * DAY)
    assert [order["amount"] for order in shop.get("/orders")["data"]] == [12000, 10000]


def test_after_its_last_cycle_it_has_expired(shop: Shop) -> None:
    subscription = subscribed(shop, expiry_count=2, interval="week")
    shop.advance(14 * DAY - 1)
    assert again(shop, subscription)["status"] == "active"
    shop.advance(1)
    assert again(shop, subscription)["status"] == "expired"
    shop.advance(100 * DAY)
    assert [moment for _, moment, _ in orders(shop)] == [START, START + 7 * DAY]
    assert events(shop, subscription)[-1] == ("expired", START + 14 * DAY, "expired")


def test_a_decline_is_one_renewals_and_the_next_one_is_paid(shop: Shop) -> None:
    subscribed(shop, interval="week")
    decline_next(shop)
    shop.advance(15 * DAY)
    week = 7 * DAY
    assert orders(shop) == [
        ("paid", START, ["paid"]),
        ("paid", START + week, ["declined", "paid"]),
        ("paid", START + 2 * week, ["paid"]),
    ]


def test_an_order_and_its_charge_are_announced_with_the_subscription(shop: Shop) -> None:
    subscribed(shop)
    shop.advance(31 * DAY)
    said = [(row["type"], day(row["created_at"])) for row in shop.get("/events", limit=250)["data"][::-1]]
    assert [name for name, when in said if when == "2026-02-16"] == [
        "order.created",
        "charge.created",
        "charge.paid",
        "order.paid",
        "subscription.paid",
    ]


def test_an_order_is_called_declined_once_at_the_last(shop: Shop) -> None:
    subscribed(shop)
    decline_next(shop, 4)
    shop.advance(60 * DAY)
    said = [row["type"] for row in shop.get("/events", limit=250)["data"][::-1]]
    assert (said.count("charge.declined"), said.count("order.declined")) == (4, 1)
    assert said[-2:] == ["order.declined", "subscription.canceled"]


MAY_BECOME: dict[str, set[str]] = {
    "in_trial": {"in_trial", "active", "past_due", "paused", "canceled"},
    "active": {"active", "past_due", "paused", "canceled", "expired"},
    "past_due": {"past_due", "active", "canceled"},
    "paused": {"paused", "in_trial", "active", "canceled"},
    "canceled": set(),
    "expired": set(),
}
PLANS: list[dict[str, Any]] = [
    {"interval": "week"},
    {"interval": "half_month", "trial_period_days": 10},
    {"expiry_count": 3, "interval": "week", "retry_delay_hours": 100},
    {"trial_period_days": 3, "expiry_count": 2},
]
ACTIONS = st.sampled_from(["cancel", "pause", "resume", "retry"])
PLACE = st.integers(0, 9)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("subscribe"), st.integers(0, 3)),
        st.tuples(st.just("move"), PLACE, st.integers(0, 3)),
        st.tuples(st.just("act"), PLACE, ACTIONS),
        st.tuples(st.just("decline"), st.integers(1, 6)),
        st.tuples(st.just("refuse"), PLACE),
        st.tuples(st.just("advance"), st.integers(0, 40 * DAY)),
    ),
    max_size=16,
)


@tries(30)
@given(steps=STEPS)
def test_no_step_is_forbidden_and_every_paid_cycle_has_exactly_one_paid_order(
    open_shop: OpenShop, steps: list[Any]
) -> None:
    ledger = Ledger(clock=lambda: START, seed=1)
    shop = open_shop(ledger)
    for number, fields in enumerate(PLANS):
        plan(shop, id=f"plan-{number}", **fields)
    customer_id = customer(shop)
    known = [subscribe(shop, customer_id, plan_id="plan-0")]
    for step in steps:
        take_step(shop, step, customer_id, known)
    for subscription in known:
        check_history(events(shop, subscription))
    check_orders(shop, known)
    ledger.close()


def take_step(shop: Shop, step: Any, customer_id: str, known: list[Any]) -> None:
    match step:
        case ("subscribe", number):
            known.append(subscribe(shop, customer_id, plan_id=f"plan-{number}"))
        case ("move", place, number):
            shop.http.put(path(known[place % len(known)]), json={"plan_id": f"plan-{number}"})
        case ("act", place, action):
            answer = shop.http.post(f"{path(known[place % len(known)])}/{action}")
            assert answer.status_code in (200, 422)
        case ("decline", times):
            decline_next(shop, times)
        case ("refuse", place):
            order_id = again(shop, known[place % len(known)]).get("last_billing_cycle_order_id", "ord_none")
            assert shop.http.post(f"/orders/{order_id}/cancel").status_code in (200, 404, 428)
        case ("advance", seconds):
            shop.advance(seconds)


def check_history(history: list[tuple[str, int, str]]) -> None:
    assert history[0][0] == "created"
    moments = [moment for _, moment, _ in history]
    assert moments == sorted(moments)
    for (_, _, before), (_, _, after) in pairwise(history):
        assert after in MAY_BECOME[before]


def check_orders(shop: Shop, known: list[Any]) -> None:
    """Check for as many paid orders as paid cycles, each with one paid charge, and no two for one cycle."""
    rows = shop.get("/orders", limit=250)["data"]
    paid = [row for row in rows if row.get("payment_status") == "paid"]
    for row in paid:
        assert [charge["status"] for charge in row["charges"]["data"]].count("paid") == 1
        assert row["amount"] == 10000
    billed: list[str] = []
    for subscription in known:
        snapshots = [
            event["data"]["object"]
            for event in shop.get(f"{path(subscription)}/events", limit=250)["data"]
            if event["type"] == "subscription.paid"
        ]
        cycles = [snapshot["billing_cycle_start"] for snapshot in snapshots]
        assert len(set(cycles)) == len(cycles)
        billed += [snapshot["last_billing_cycle_order_id"] for snapshot in snapshots]
    assert sorted(billed) == sorted(row["id"] for row in paid)
