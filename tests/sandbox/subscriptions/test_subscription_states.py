"""Subscriptions paused, resumed and canceled; and what their status does not allow."""

from typing import Any

import pytest

from tests.sandbox.shop import Shop
from tests.sandbox.subscriptions.subscribing import (
    BROKE,
    DAY,
    FEB_16,
    START,
    VISA,
    act,
    again,
    decline_next,
    events,
    orders,
    path,
    subscribed,
)

WRONG_STATUS = (422, ["parameter_validation.subscription.status.invalid"])


def test_paused_it_is_not_billed_and_goes_on_where_it_was(shop: Shop) -> None:
    subscription = subscribed(shop)
    paused = act(shop, subscription, "pause")
    assert (paused["status"], paused["paused_at"]) == ("paused", START)
    shop.advance(3 * DAY)
    resumed = act(shop, subscription, "resume")
    assert resumed == subscription
    assert orders(shop) == [("paid", START, ["paid"])]
    assert [event[0] for event in events(shop, subscription)] == ["created", "paid", "paused", "resumed"]


def test_resumed_after_its_cycle_it_is_charged_at_once_and_a_new_cycle_begins(shop: Shop) -> None:
    subscription = subscribed(shop)
    act(shop, subscription, "pause")
    now = shop.advance(100 * DAY)
    assert orders(shop) == [("paid", START, ["paid"])]
    resumed = act(shop, subscription, "resume")
    assert (resumed["status"], resumed["billing_cycle_start"]) == ("active", now)
    assert orders(shop) == [("paid", START, ["paid"]), ("paid", now, ["paid"])]
    assert [event[0] for event in events(shop, subscription)][2:] == ["paused", "resumed", "paid"]


def test_resumed_with_a_card_that_declines_it_is_past_due(shop: Shop) -> None:
    subscription = subscribed(shop)
    act(shop, subscription, "pause")
    shop.advance(100 * DAY)
    decline_next(shop)
    assert act(shop, subscription, "resume")["status"] == "past_due"


def test_what_is_left_of_a_trial_is_left_after_a_pause(shop: Shop) -> None:
    subscription = subscribed(shop, trial_period_days=7)
    act(shop, subscription, "pause")
    shop.advance(2 * DAY)
    assert act(shop, subscription, "resume") == subscription
    act(shop, subscription, "pause")
    shop.advance(30 * DAY)
    assert act(shop, subscription, "resume")["status"] == "active"


def test_a_paid_up_subscription_resumed_after_its_last_cycle_has_expired(shop: Shop) -> None:
    subscription = subscribed(shop, expiry_count=1)
    act(shop, subscription, "pause")
    shop.advance(60 * DAY)
    assert act(shop, subscription, "resume")["status"] == "expired"
    assert len(orders(shop)) == 1


def test_canceled_it_is_never_billed_again(shop: Shop) -> None:
    subscription = subscribed(shop)
    now = shop.advance(DAY)
    canceled = act(shop, subscription, "cancel")
    ended = {"status": "canceled", "canceled_at": now, "canceled_reason": "user_cancelation"}
    assert canceled == {**subscription, **ended}
    shop.advance(400 * DAY)
    assert again(shop, subscription) == canceled
    assert orders(shop) == [("paid", START, ["paid"])]


def test_a_past_due_one_that_is_canceled_leaves_a_declined_order(shop: Shop) -> None:
    subscription = subscribed(shop, BROKE)
    act(shop, subscription, "cancel")
    shop.advance(30 * DAY)
    assert orders(shop) == [("declined", START, ["declined"])]
    assert again(shop, subscription)["status"] == "canceled"


def test_a_paused_one_can_be_canceled(shop: Shop) -> None:
    subscription = subscribed(shop)
    act(shop, subscription, "pause")
    assert act(shop, subscription, "cancel")["status"] == "canceled"


def state(shop: Shop, status: str) -> Any:
    fields = {"in_trial": {"trial_period_days": 7}, "expired": {"expiry_count": 1}}.get(status, {})
    subscription = subscribed(shop, BROKE if status == "past_due" else VISA, **fields)
    if status == "expired":
        shop.post("/_sandbox/clock", {"now": FEB_16})
    if status in ("paused", "canceled"):
        act(shop, subscription, {"paused": "pause", "canceled": "cancel"}[status])
    assert again(shop, subscription)["status"] == status
    return subscription


@pytest.mark.parametrize(
    ("status", "forbidden"),
    [
        ("in_trial", ["resume", "retry"]),
        ("active", ["resume", "retry"]),
        ("past_due", ["pause", "resume"]),
        ("paused", ["pause", "retry"]),
        ("canceled", ["cancel", "pause", "resume", "retry", "update"]),
        ("expired", ["cancel", "pause", "resume", "retry", "update"]),
    ],
)
def test_what_its_status_does_not_allow_is_refused_and_changes_nothing(
    shop: Shop, status: str, forbidden: list[str]
) -> None:
    subscription = state(shop, status)
    before = (again(shop, subscription), orders(shop), events(shop, subscription))
    for action in forbidden:
        if action == "update":
            refused = shop.refusal("PUT", path(subscription), {"plan_id": "gold"})
        else:
            refused = shop.refusal("POST", f"{path(subscription)}/{action}")
        assert refused == WRONG_STATUS
    assert (again(shop, subscription), orders(shop), events(shop, subscription)) == before


def test_the_refusal_says_status_and_action_in_both_languages(shop: Shop) -> None:
    subscription = subscribed(shop)
    (detail,) = shop.http.post(f"{path(subscription)}/retry").json()["details"]
    assert detail["message"] == "La suscripción tiene el estado active y no permite reintentar el cobro."
    assert detail["debug_message"] == "The subscription is active; it is not possible to retry it."
