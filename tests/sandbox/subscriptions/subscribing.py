"""Steps of the tests of subscriptions: a shop with plans, and a customer with a card."""

from typing import Any

from tests.sandbox.shop import Shop

DAY = 86_400
HOUR = 3600
START = 1_768_564_855  # 2026-01-16 12:00:55 UTC
FEB_16, MAR_16, APR_16 = 1_771_243_255, 1_773_662_455, 1_776_340_855
VISA = "tok_test_visa_4242"
BROKE = "tok_test_insufficient_funds"
GOLD = {"id": "gold", "name": "Plan oro", "amount": 10000, "interval": "month", "frequency": 1}


def plan(shop: Shop, **fields: Any) -> Any:
    return shop.post("/plans", {**GOLD, **fields})


def customer(shop: Shop, *tokens: str, **fields: Any) -> str:
    cards = [{"type": "card", "token_id": token} for token in tokens or (VISA,)]
    customer_id: str = shop.customer(payment_sources=cards, **fields)["id"]
    return customer_id


def cards(shop: Shop, customer_id: str) -> list[str]:
    """Return the ids of the customer's cards, oldest first."""
    sources = shop.get(f"/customers/{customer_id}/payment_sources")["data"]
    return [source["id"] for source in sources[::-1]]


def many(customer_id: str) -> str:
    return f"/customers/{customer_id}/subscriptions"


def path(subscription: Any) -> str:
    return f"{many(subscription['customer_id'])}/{subscription['id']}"


def subscribe(shop: Shop, customer_id: str, **fields: Any) -> Any:
    return shop.post(many(customer_id), {"plan_id": "gold", **fields})


def subscribed(shop: Shop, *tokens: str, **fields: Any) -> Any:
    """Subscribe a new customer to a new plan of these fields."""
    plan(shop, **fields)
    return subscribe(shop, customer(shop, *tokens))


def again(shop: Shop, subscription: Any) -> Any:
    return shop.get(path(subscription))


def act(shop: Shop, subscription: Any, action: str) -> Any:
    return shop.post(f"{path(subscription)}/{action}")


def events(shop: Shop, subscription: Any) -> list[tuple[str, int, str]]:
    """Return name, unix seconds and status of each event, oldest first."""
    rows = shop.get(f"{path(subscription)}/events", limit=250)["data"][::-1]
    return [
        (row["type"].removeprefix("subscription."), row["created_at"], row["data"]["object"]["status"])
        for row in rows
    ]


def orders(shop: Shop) -> list[tuple[str | None, int, list[str]]]:
    """Return status, creation and statuses of the charges of every order, oldest first."""
    rows = shop.get("/orders", limit=250)["data"][::-1]
    return [
        (
            row.get("payment_status"),
            row["created_at"],
            [charge["status"] for charge in row["charges"]["data"]],
        )
        for row in rows
    ]


def decline_next(shop: Shop, times: int = 1) -> None:
    for _ in range(times):
        shop.post("/_sandbox/cards", {"decline_next": "insufficient_funds"})
