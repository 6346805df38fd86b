"""/customers/{id}/subscription, and what a customer's own routes say and do about subscriptions."""

from typing import Any

import pytest

from tests.sandbox.shop import OpenShop, Shop
from tests.sandbox.subscriptions.subscribing import (
    DAY,
    START,
    VISA,
    act,
    again,
    cards,
    customer,
    events,
    orders,
    plan,
    subscribe,
)

NOT_FOUND = (404, ["resource_not_found.entity"])
CARD = {"payment_sources": [{"type": "card", "token_id": VISA}]}


def one(customer_id: str) -> str:
    return f"/customers/{customer_id}/subscription"


def created(shop: Shop, customer_id: str, **fields: Any) -> Any:
    return shop.post(one(customer_id), {"plan_id": "gold", **fields})


def test_it_is_the_subscription_of_the_plural_routes(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    subscription = created(shop, customer_id)
    assert subscription["status"] == "active"
    assert again(shop, subscription) == shop.get(one(customer_id)) == subscription
    assert act(shop, subscription, "pause") == shop.get(one(customer_id))


def test_it_lives_a_whole_life(shop: Shop) -> None:
    plan(shop)
    plan(shop, id="silver")
    customer_id = customer(shop, VISA, "tok_test_amex_0005")
    subscription, amex = created(shop, customer_id), cards(shop, customer_id)[1]
    changed = shop.put(one(customer_id), {"plan_id": "silver", "card_id": amex})
    assert (changed["plan_id"], changed["card_id"]) == ("silver", amex)
    assert shop.post(one(customer_id) + "/pause")["status"] == "paused"
    assert shop.post(one(customer_id) + "/resume")["status"] == "active"
    assert shop.post(one(customer_id) + "/cancel")["status"] == "canceled"
    wrong = (422, ["parameter_validation.subscription.status.invalid"])
    for action in ("pause", "resume", "cancel"):
        assert shop.refusal("POST", f"{one(customer_id)}/{action}") == wrong
    names = [row["type"] for row in shop.get(one(customer_id) + "/events")["data"][::-1]]
    assert names == [f"subscription.{event[0]}" for event in events(shop, subscription)]
    assert names[-4:] == [f"subscription.{name}" for name in ("updated", "paused", "resumed", "canceled")]


def test_a_new_one_takes_the_place_of_the_live_one(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    first = created(shop, customer_id)
    second = created(shop, customer_id)
    assert (again(shop, first)["status"], shop.get(one(customer_id))) == ("canceled", second)
    shop.post(one(customer_id) + "/cancel")
    third = created(shop, customer_id)
    assert (again(shop, second)["status"], shop.get(one(customer_id))) == ("canceled", third)


def test_of_several_it_is_the_newest_live_one_else_the_newest(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    first, second = subscribe(shop, customer_id), subscribe(shop, customer_id)
    assert shop.get(one(customer_id))["id"] == second["id"]
    act(shop, second, "cancel")
    assert shop.get(one(customer_id))["id"] == first["id"]
    act(shop, first, "cancel")
    assert shop.get(one(customer_id))["id"] == second["id"]


def test_without_one_there_is_nothing_to_act_on(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    for owner in (customer_id, "cus_none"):
        assert shop.refusal("GET", one(owner)) == NOT_FOUND
        assert shop.refusal("PUT", one(owner), {}) == NOT_FOUND
        assert shop.refusal("GET", one(owner) + "/events") == NOT_FOUND
        for action in ("cancel", "pause", "resume"):
            assert shop.refusal("POST", f"{one(owner)}/{action}") == NOT_FOUND
    assert shop.refusal("POST", one("cus_none"), {"plan_id": "gold"}) == NOT_FOUND
    missing = (422, ["parameter_validation.plan_id.missing"])
    assert shop.refusal("POST", one(customer_id), {}) == missing
    assert shop.refusal("POST", one(customer_id) + "/retry") == (404, ["resource_not_found.unknown_route"])


@pytest.mark.parametrize("field", ["plan_id", "subscription"])
def test_a_customer_may_be_created_subscribed_and_is_charged(shop: Shop, field: str) -> None:
    plan(shop)
    made = shop.customer(**CARD, **{field: "gold" if field == "plan_id" else {"plan_id": "gold"}})
    assert made["subscription"] == shop.get(one(made["id"]))
    assert (made["subscription"]["status"], orders(shop)) == ("active", [("paid", START, ["paid"])])
    assert shop.get(f"/customers/{made['id']}") == made
    assert shop.get("/customers")["data"] == [made]


def test_a_customer_created_with_a_trial_is_not_charged(shop: Shop) -> None:
    plan(shop)
    made = shop.customer(**CARD, subscription={"plan_id": "gold", "trial_end": START + DAY})
    assert (made["subscription"]["status"], orders(shop)) == ("in_trial", [])


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"plan_id": "gold"}, (402, ["processing_error"])),
        ({**CARD, "plan_id": "none"}, NOT_FOUND),
        ({**CARD, "subscription": {}}, (422, ["parameter_validation.subscription.plan_id.missing"])),
        (
            {**CARD, "plan_id": "gold", "subscription": {"plan_id": "gold"}},
            (422, ["parameter_validation.plan_id.invalid"]),
        ),
        (
            {**CARD, "subscription": {"plan_id": "gold", "trial_end": 1}},
            (422, ["parameter_validation.subscription.trial_end.invalid"]),
        ),
    ],
)
def test_a_customer_who_cannot_be_subscribed_is_not_created(shop: Shop, fields: Any, refused: Any) -> None:
    plan(shop)
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+5215555555555"}
    assert shop.refusal("POST", "/customers", {**person, **fields}) == refused
    assert (shop.get("/customers")["data"], orders(shop)) == ([], [])


def test_changing_a_customers_plan_changes_the_live_subscription_or_starts_one(shop: Shop) -> None:
    plan(shop)
    plan(shop, id="silver")
    customer_id = customer(shop)
    first = shop.put(f"/customers/{customer_id}", {"plan_id": "gold"})["subscription"]
    assert first["status"] == "active"
    moved = shop.put(f"/customers/{customer_id}", {"plan_id": "silver"})["subscription"]
    assert (moved["id"], moved["plan_id"], len(orders(shop))) == (first["id"], "silver", 1)
    act(shop, first, "cancel")
    anew = shop.put(f"/customers/{customer_id}", {"plan_id": "gold"})["subscription"]
    assert (anew["id"] == first["id"], anew["status"], len(orders(shop))) == (False, "active", 2)


def test_a_deleted_customer_is_never_charged_again(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    live = subscribe(shop, customer_id)
    act(shop, subscribe(shop, customer_id), "cancel")
    shop.delete(f"/customers/{customer_id}")
    shop.advance(100 * DAY)
    assert orders(shop) == [("paid", START, ["paid"])] * 2
    ended = [row for row in shop.get("/events", limit=250)["data"] if row["type"] == "subscription.canceled"]
    assert (len(ended), ended[0]["data"]["object"]["id"]) == (2, live["id"])
    assert shop.delete("/plans/gold")["id"] == "gold"


def portal(subscription: Any) -> str:
    return f"/subscriptions/{subscription['id']}/customer_portal"


def test_a_portal_is_made_once_and_is_a_201_each_time(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    subscription, other = subscribe(shop, customer_id), subscribe(shop, customer_id)
    assert shop.refusal("GET", portal(subscription)) == NOT_FOUND
    first, second = (shop.http.post(portal(subscription)) for _ in range(2))
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    made = shop.get(portal(subscription))
    card = shop.get(f"/customers/{customer_id}/payment_sources")["data"][0]
    slug = made["slug"]
    assert len(slug) == 30
    assert made == {
        "slug": slug,
        "subscription_id": subscription["id"],
        "customer_id": customer_id,
        "livemode": False,
        "id": made["id"],
        "company_id": made["company_id"],
        "object": "customer_portal",
        "created_at": START,
        "updated_at": START,
        "portal_url": f"https://pay.example.com/subscription/management/{slug}",
        "subscription": {
            "card": {
                "id": card["id"],
                "created_at": START,
                "exp_month": "12",
                "exp_year": "34",
                "brand": "visa",
                "last4": "4242",
                "name": "Persona De Prueba",
                "payment_source_status": "active",
                "object": "card",
                "active": True,
                "customer_id": customer_id,
                "customer_custom_reference": "",
            },
            "plan": {name: value for name, value in shop.get("/plans/gold").items() if name != "livemode"},
            "id": subscription["id"],
            "object": "subscription",
            "status": "active",
            "plan_id": "gold",
            "customer_id": customer_id,
            "created_at": START,
            "next_billing_cycle": subscription["billing_cycle_end"],
        },
        "customer": {
            "id": customer_id,
            "object": "customer",
            "name": "Ana Ruiz",
            "email": "ana@example.com",
        },
    }
    assert made == first.json()
    assert made["id"].startswith("scp_")
    assert shop.post(portal(other))["slug"] != slug


def test_a_portal_outlives_card_plan_and_subscription_but_not_the_customer(shop: Shop) -> None:
    plan(shop)
    customer_id = customer(shop)
    subscription = subscribe(shop, customer_id)
    shop.post(portal(subscription))
    act(shop, subscription, "cancel")
    shop.delete(f"/customers/{customer_id}/payment_sources/{subscription['card_id']}")
    shop.delete("/plans/gold")
    shown = shop.get(portal(subscription))["subscription"]
    assert (shown["status"], shown["next_billing_cycle"]) == ("canceled", None)
    assert {"card", "plan"} & shown.keys() == set()
    shop.delete(f"/customers/{customer_id}")
    assert shop.refusal("GET", portal(subscription)) == NOT_FOUND


def test_a_portal_needs_a_subscription_of_this_account_and_no_body(shop: Shop, open_shop: OpenShop) -> None:
    plan(shop)
    subscription = subscribe(shop, customer(shop))
    for method in ("GET", "POST"):
        assert shop.refusal(method, portal({"id": "sub_none"})) == NOT_FOUND
        assert open_shop(shop.ledger, "key_other").refusal(method, portal(subscription)) == NOT_FOUND
    unknown = (422, ["parameter_validation.whitelist"])
    assert shop.refusal("POST", portal(subscription), {"slug": "mine"}) == unknown
