"""What shops send to Conekta is taken by the sandbox, with the amount and the status that it would have."""

from typing import Any, NamedTuple

import pytest

from tests.sandbox.shop import Shop
from tests.sandbox.strictness import shop_payloads as bodies


class Sent(NamedTuple):
    """An order of a shop: its body, its amount in centavos and its payment_status."""

    body: dict[str, Any]
    amount: int
    status: str | None


ORDERS = {
    "WooCommerce, cash": Sent(bodies.WOOCOMMERCE_CASH, 62_320, "pending_payment"),
    "WooCommerce, SPEI, picked up": Sent(bodies.WOOCOMMERCE_PICKUP, 100_000, "pending_payment"),
    "PrestaShop, card in 3 months": Sent(bodies.PRESTASHOP_CARD, 46_168, "paid"),
    "PHP of API 2.0, oxxo_cash, numbers as text": Sent(bodies.PHP_OXXO, 13_500, "pending_payment"),
    "Ruby, SPEI": Sent(bodies.RUBY_SPEI, 20_000, "pending_payment"),
    "Node, a hold on a card": Sent(bodies.NODE_CARD, 30_000, "pre_authorized"),
    "Java, cash with a fiscal entity": Sent(bodies.JAVA_FISCAL, 116_000, "pending_payment"),
    ".NET, a hosted page": Sent(bodies.DOTNET_HOSTED, 45_000, None),
}


@pytest.mark.parametrize("title", ORDERS)
def test_an_order_of_a_shop_is_made(shop: Shop, title: str) -> None:
    row = ORDERS[title]
    made = shop.post("/orders", row.body)
    assert (made["amount"], made.get("payment_status")) == (row.amount, row.status)
    assert shop.get(f"/orders/{made['id']}") == made
    assert made["metadata"] == row.body.get("metadata", {})
    for line, sent in zip(made["line_items"]["data"], row.body["line_items"], strict=True):
        assert {name: line[name] for name in sent if name != "unit_price"} == {
            name: sent[name] for name in sent if name != "unit_price"
        }


@pytest.mark.parametrize("title", [title for title, row in ORDERS.items() if row.status == "pending_payment"])
def test_it_is_paid_by_its_reference(shop: Shop, title: str) -> None:
    made = shop.post("/orders", ORDERS[title].body)
    assert shop.pay(order_id=made["id"])["status"] == "applied"
    assert shop.status(made["id"]) == "paid"


def test_magento_makes_a_customer_and_an_order_with_a_checkout(shop: Shop) -> None:
    who = shop.post("/customers", bodies.MAGENTO_CUSTOMER)
    assert shop.put(f"/customers/{who['id']}", bodies.MAGENTO_CUSTOMER)["name"] == who["name"]
    made = shop.post("/orders", {**bodies.MAGENTO_CHECKOUT, "customer_info": {"customer_id": who["id"]}})
    checkout = made["checkout"]
    assert (made["amount"], made["currency"]) == (144_900, "MXN")
    assert (checkout["type"], checkout["expires_at"]) == ("Integration", bodies.LATER)
    assert (checkout["force_3ds_flow"], checkout["monthly_installments_options"]) == (True, [3, 6, 9])


def test_php_makes_a_customer_with_all_their_children(shop: Shop) -> None:
    who = shop.post("/customers", bodies.PHP_CUSTOMER)
    children = ("payment_sources", "shipping_contacts", "fiscal_entities")
    assert [who[name]["total"] for name in children] == [1, 1, 1]
    assert who["antifraud_info"] == bodies.PHP_CUSTOMER["antifraud_info"]


def test_python_reuses_a_clabe(shop: Shop) -> None:
    who, clabe = shop.customer_with_clabe()
    made = shop.post("/orders", {**bodies.PYTHON_REUSE, "customer_info": {"customer_id": who}})
    assert shop.method_of(made)["clabe"] == clabe


def test_go_makes_a_link(shop: Shop) -> None:
    made = shop.post("/checkouts", bodies.GO_LINK)
    assert (made["status"], made["type"], made["force_3ds_flow"]) == ("Issued", "PaymentLink", False)


@pytest.mark.parametrize("title", bodies.WEBHOOKS)
def test_a_webhook_of_a_shop_is_made(shop: Shop, title: str) -> None:
    sent = bodies.WEBHOOKS[title]
    made = shop.post("/webhooks", sent)
    assert (made["url"], made["status"]) == (sent["url"], "listening")
    assert made["subscribed_events"] == sent.get("subscribed_events", made["subscribed_events"])


def test_a_refund_of_api_2_gives_the_money_back(shop: Shop, visa: dict[str, str]) -> None:
    order_id = shop.order(None, visa)["id"]
    body = {**bodies.REFUND_OF_API_2, "order_id": order_id}
    assert shop.post(f"/orders/{order_id}/refunds", body)["payment_status"] == "partially_refunded"
