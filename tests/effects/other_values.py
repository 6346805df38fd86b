"""Another value for each field of a body that Conekta takes too: with it, a call asks for something else."""

from collections.abc import Mapping
from typing import Any

from tests.sandbox.shop import Shop
from tests.sandbox.subscriptions.subscribing import plan

OTHERS: Mapping[str, Any] = {
    "currency": lambda _, coin: "MXN" if coin == "USD" else "USD",
    "country": "US",
    "email": "otra@example.com",
    "url": "https://otra.example.com/hook",
    "success_url": "https://otra.example.com/back",
    "phone": "+525599999999",
    "date_of_birth": "25/07/1992",
    "postal_code": "97001",
    "reason": "suspected_fraud",
    "interval": "week",
    "role": "public",
    "discount_lines.type": "campaign",
    "add_discount_line.type": "campaign",
    "update_discount_line.type": "coupon",
    "payment_sources.type": "cash_recurrent",
    "payment_method.type": lambda _, kind: "cash" if kind == "spei" else "spei",
    "monthly_installments": 6,
    "monthly_installments_options": [3],
    "allowed_payment_methods": ["card"],
    "excluded_payment_methods": ["bnpl"],
    "subscribed_events": ["order.expired"],
    "tags": ["otra"],
    "plan_ids": lambda shop, _: [plan(shop, id="bronze")["id"]],
    "plan_id": lambda shop, _: plan(shop, id="bronze")["id"],
    "webhooks_ids": lambda shop, _: [shop.post("/webhooks", {"url": "http://127.0.0.1:9/b"})["id"]],
    "customer_id": lambda shop, _: shop.customer()["id"],
    "update_subscription.card_id": lambda shop, card: find_sibling(shop, card),
    "update_customer_subscription.card_id": lambda shop, card: find_sibling(shop, card),
    "default_payment_source_id": lambda shop, source: find_sibling(shop, source),
    "default_shipping_contact_id": lambda shop, contact: find_sibling(shop, contact, "shipping_contacts"),
    "create_blacklist_rule.field": "card_token",
    "create_whitelist_rule.field": "card_token",
    "create_blacklist_rule.value": "otra@example.com",
    "create_whitelist_rule.value": "otra@example.com",
}
"""By the end of the field's path, which begins with the tool: a value, or what makes one in a shop."""


def find_sibling(shop: Shop, own: str, kind: str = "payment_sources") -> str:
    """Return what the newest customer has besides `own`, of the same prefix where there is one."""
    newest = shop.get("/customers")["data"][0]
    customer = shop.get(f"/customers/{newest['id']}")
    others = [row["id"] for row in customer[kind]["data"] if row["id"] != own]
    found: str = max(others, key=lambda one: one[:4] == own[:4])
    return found


def find_other(tool: str, path: str, value: Any, shop: Shop) -> Any:
    """Return another value for a field."""
    ends = [end for end in OTHERS if f".{tool}.{path}".endswith(f".{end}")]
    if ends:
        other = OTHERS[max(ends, key=len)]
        return other(shop, value) if callable(other) else other
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value} x"
