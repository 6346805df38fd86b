"""/plans: made, found, changed, deleted."""

from typing import Any

import pytest

from tests.sandbox.shop import OpenShop, Shop
from tests.sandbox.subscriptions.subscribing import (
    GOLD,
    START,
    act,
    customer,
    plan,
    subscribe,
)

SHOWN = {
    "livemode": False,
    "object": "plan",
    "created_at": START,
    "currency": "MXN",
    "trial_period_days": 0,
    "expiry_count": None,
    "max_retries": 3,
    "retry_delay_hours": 48,
    "id": "gold",
    "name": "Plan oro",
    "amount": 10000,
    "interval": "month",
    "frequency": 1,
}
FIELDS = {
    "currency": "usd",
    "trial_period_days": 7,
    "expiry_count": 12,
    "max_retries": 4,
    "retry_delay_hours": 50,
}


def test_a_plan_has_the_defaults_of_conekta(shop: Shop) -> None:
    assert plan(shop) == SHOWN
    assert shop.get("/plans/gold") == SHOWN


def test_a_plan_may_say_everything(shop: Shop) -> None:
    assert plan(shop, **FIELDS) == {**SHOWN, **FIELDS, "currency": "USD"}


def test_without_an_id_it_gets_one(shop: Shop) -> None:
    nameless = {name: GOLD[name] for name in GOLD if name != "id"}
    first, second = shop.post("/plans", nameless)["id"], shop.post("/plans", nameless)["id"]
    assert (first[:5], len(first), first == second) == ("plan_", 22, False)


def test_an_id_is_taken_once(shop: Shop) -> None:
    plan(shop)
    answer = shop.http.post("/plans", json=GOLD, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.json()["details"] == [
        {
            "debug_message": "The id is already in use.",
            "message": "The id is already in use.",
            "param": "id",
            "code": "conekta.errors.parameter_validation.id.found",
        }
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("amount", 0, "amount.invalid"),
        ("amount", "100.50", "amount.invalid_datatype"),
        ("frequency", 0, "frequency.invalid"),
        ("frequency", True, "frequency.invalid_datatype"),
        ("interval", "day", "interval.invalid"),
        ("name", " ", "name.invalid"),
        ("id", "a/b", "id.invalid"),
        ("id", "gold\n", "id.invalid"),
        ("currency", "EUR", "currency.invalid"),
        ("trial_period_days", -1, "trial_period_days.invalid"),
        ("expiry_count", 0, "expiry_count.invalid"),
        ("expiry_count", None, "expiry_count.invalid_datatype"),
        ("max_retries", 2, "max_retries.invalid"),
        ("retry_delay_hours", 47, "retry_delay_hours.invalid"),
    ],
)
def test_a_field_out_of_bounds_is_refused(shop: Shop, field: str, value: Any, code: str) -> None:
    refused = (422, [f"parameter_validation.{code}"])
    assert shop.refusal("POST", "/plans", {**GOLD, field: value}) == refused
    assert shop.get("/plans")["data"] == []


def test_what_is_missing_and_what_is_unknown_is_named(shop: Shop) -> None:
    status, codes = shop.refusal("POST", "/plans", {"color": "red"})
    names = ["name", "amount", "interval", "frequency"]
    missing = [f"parameter_validation.{name}.missing" for name in names]
    assert (status, codes) == (422, ["parameter_validation.whitelist", *missing])


def test_plans_are_listed_newest_first_and_found(shop: Shop) -> None:
    plan(shop)
    plan(shop, id="silver", name="Plan plata", frequency=3)
    plan(shop, id="dollar", name="Plan dólar", currency="USD")

    def ids(**query: Any) -> list[str]:
        return [row["id"] for row in shop.get("/plans", **query)["data"]]

    assert ids() == ["dollar", "silver", "gold"]
    assert ids(search="DOLAR") == ["dollar"]
    assert ids(search="silv") == ["silver"]
    assert ids(currency="usd") == ["dollar"]
    assert ids(frequency=1) == ["dollar", "gold"]
    assert ids(limit=1, next="dollar") == ["silver"]
    assert shop.refusal("GET", "/plans?frequency=x") == (
        422,
        ["parameter_validation.frequency.invalid_datatype"],
    )


def test_name_amount_currency_and_count_can_change(shop: Shop) -> None:
    plan(shop)
    changes = {"name": "Oro nuevo", "amount": 12000, "currency": "usd", "expiry_count": 2}
    changed = shop.put("/plans/gold", changes)
    assert changed == {**SHOWN, **changes, "currency": "USD"}
    assert shop.get("/plans/gold") == changed


def test_the_cycle_cannot_change(shop: Shop) -> None:
    plan(shop)
    fields = {"interval": "week", "frequency": 2, "max_retries": 5, "id": "new"}
    assert shop.refusal("PUT", "/plans/gold", fields) == (422, ["parameter_validation.whitelist"] * 4)
    assert shop.get("/plans/gold") == SHOWN


def test_a_deleted_plan_is_gone_and_its_id_free(shop: Shop) -> None:
    plan(shop)
    assert shop.delete("/plans/gold") == SHOWN
    for method in ("GET", "PUT", "DELETE"):
        assert shop.refusal(method, "/plans/gold", {}) == (404, ["resource_not_found.entity"])
    assert plan(shop) == SHOWN


def test_a_plan_that_somebody_lives_on_is_not_deleted(shop: Shop) -> None:
    plan(shop)
    subscription = subscribe(shop, customer(shop))
    refused = (422, ["parameter_validation.plan.has_subscriptions"])
    assert shop.refusal("DELETE", "/plans/gold") == refused
    act(shop, subscription, "cancel")
    assert shop.delete("/plans/gold")["id"] == "gold"


def test_what_happens_to_a_plan_is_said(shop: Shop) -> None:
    plan(shop)
    shop.put("/plans/gold", {"amount": 12000, "name": "Plan oro"})
    shop.delete("/plans/gold")
    said = [(row["type"], row["data"]["previous_attributes"]) for row in shop.get("/events")["data"]]
    assert said == [("plan.deleted", {}), ("plan.updated", {"amount": 10000}), ("plan.created", {})]


def test_two_accounts_have_plans_of_their_own(open_shop: OpenShop, shop: Shop) -> None:
    other = open_shop(shop.ledger, "key_other")
    plan(shop)
    assert other.refusal("GET", "/plans/gold") == (404, ["resource_not_found.entity"])
    assert plan(other, amount=5)["amount"] == 5
    assert shop.get("/plans/gold") == SHOWN
