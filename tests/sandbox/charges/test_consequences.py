"""Every change emits its events once, in Conekta's order, and every movement of money is booked."""

from typing import Any

import pytest

from tests.sandbox.shop import Shop

DAY = 86_400
NOW = 1_768_564_855
DECLINED = {"type": "card", "token_id": "tok_test_card_declined"}


def said(shop: Shop) -> list[str]:
    return [event["type"] for event in shop.get("/events", limit=250)["data"]][::-1]


def last_event(shop: Shop, name: str) -> Any:
    return next(event for event in shop.get("/events", limit=250)["data"] if event["type"] == name)


def booked(shop: Shop) -> list[tuple[str, int, int, str]]:
    rows = shop.get("/transactions", limit=250)["data"][::-1]
    return [(row["type"], row["amount"], row["fee"], row["charge"]) for row in rows]


def refund(shop: Shop, order_id: str, amount: int) -> Any:
    return shop.post(f"/orders/{order_id}/refunds", {"amount": amount, "reason": "other"})


def test_an_order_without_a_charge_is_only_created(shop: Shop) -> None:
    order = shop.order()
    (event,) = shop.get("/events")["data"]
    assert (event["type"], event["data"]) == ("order.created", {"object": order, "previous_attributes": {}})
    shop.post(f"/orders/{order['id']}/cancel")
    assert said(shop) == ["order.created", "order.canceled"]
    assert booked(shop) == []


@pytest.mark.parametrize("method", ["cash", "spei"])
def test_a_payer_who_pays_later(shop: Shop, method: str) -> None:
    order = shop.order(None, {"type": method})
    assert said(shop) == ["order.created", "charge.created", "order.pending_payment"]
    shop.pay(order_id=order["id"])
    assert said(shop)[3:] == ["charge.paid", "order.paid"]
    paid = last_event(shop, "order.paid")["data"]
    assert paid == {
        "object": shop.get(f"/orders/{order['id']}"),
        "previous_attributes": {"payment_status": "pending_payment"},
    }
    assert last_event(shop, "charge.paid")["data"]["previous_attributes"] == {"status": "pending_payment"}
    (charge,) = paid["object"]["charges"]["data"]
    assert booked(shop) == [("capture", 50000, charge["fee"], charge["id"])]


def test_an_approved_card(shop: Shop, visa: dict[str, str]) -> None:
    (charge,) = shop.order(None, visa, currency="USD")["charges"]["data"]
    assert said(shop) == ["order.created", "charge.created", "charge.paid", "order.paid"]
    assert booked(shop) == [("capture", 50000, 2320, charge["id"])]
    assert shop.get("/transactions")["data"][0]["currency"] == "USD"


def test_a_declined_card_and_another_that_pays(shop: Shop, visa: dict[str, str]) -> None:
    answer = shop.http.post("/orders", json=shop.order_body(None, DECLINED)).json()
    assert said(shop) == ["order.created", "charge.created", "charge.declined", "order.declined"]
    assert booked(shop) == []
    shop.post(f"/orders/{answer['data']['id']}/charges", {"payment_method": visa})
    assert said(shop)[4:] == ["charge.created", "charge.paid", "order.paid"]


def test_a_hold_that_is_captured_in_part(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order(None, visa, pre_authorize=True)
    assert said(shop) == [
        "order.created",
        "order.pre_authorized",
        "charge.created",
        "charge.preauthorized",
    ]
    assert booked(shop) == []
    shop.post(f"/orders/{order['id']}/capture", {"amount": 10000})
    assert said(shop)[4:] == ["charge.paid", "order.paid"]
    assert booked(shop) == [("capture", 10000, 742, order["charges"]["data"][0]["id"])]


@pytest.mark.parametrize("route", ["void", "cancel"])
def test_a_hold_that_is_released(shop: Shop, visa: dict[str, str], route: str) -> None:
    order = shop.order(None, visa, pre_authorize=True)
    shop.post(f"/orders/{order['id']}/{route}")
    assert said(shop)[4:] == ["order.voided", "charge.reversed"]
    assert booked(shop) == []


def test_an_order_that_expires_and_one_that_is_cancelled(shop: Shop, spei: dict[str, str]) -> None:
    shop.order(None, {**spei, "expires_at": NOW + DAY})
    shop.advance(DAY)
    other = shop.order(None, spei)
    shop.post(f"/orders/{other['id']}/cancel")
    assert said(shop)[3:5] == ["charge.expired", "order.expired"]
    assert said(shop)[8:] == ["charge.canceled", "order.canceled"]


def test_a_card_that_is_refunded_in_parts(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order(None, visa)
    (charge,) = order["charges"]["data"]
    for amount in (10000, 15000, 25000):
        refund(shop, order["id"], amount)
    assert said(shop)[4:] == [
        "charge.refunded",
        "order.partially_refunded",
        "charge.refunded",
        "order.partially_refunded",
        "charge.refunded",
        "order.refunded",
    ]
    assert last_event(shop, "order.refunded")["data"]["previous_attributes"] == {
        "payment_status": "partially_refunded"
    }
    assert last_event(shop, "order.partially_refunded")["data"]["previous_attributes"] == {}
    assert booked(shop)[1:] == [("refund", -amount, 0, charge["id"]) for amount in (10000, 15000, 25000)]


def test_cash_refunds_that_are_cancelled_expired_and_collected(shop: Shop) -> None:
    order_id = shop.order(None, {"type": "cash"})["id"]
    shop.pay(order_id=order_id)
    before = len(said(shop))
    for _ in range(3):
        order = refund(shop, order_id, 10000)
    rows = order["charges"]["data"][0]["refunds"]["data"]
    created = ["cash_refund.created", "charge.refunded", "order.partially_refunded"]
    assert said(shop)[before:] == created * 3
    shop.delete(f"/orders/{order_id}/refunds/{rows[0]['id']}")
    assert booked(shop)[1:] == []
    shop.post(f"/_sandbox/refunds/{rows[1]['id']}/collect")
    shop.advance(2 * DAY)
    assert said(shop)[before + 9 :] == [
        "cash_refund.canceled",
        "cash_refund.refunded",
        "cash_refund.expired",
    ]
    charge_id = order["charges"]["data"][0]["id"]
    assert booked(shop)[1:] == [("refund", -10000, 0, charge_id)]
    event = last_event(shop, "cash_refund.refunded")
    assert event["data"] == {
        "object": {**rows[1], "status": "refunded", "order_id": order_id, "charge_id": charge_id},
        "previous_attributes": {"status": "pending"},
    }


def test_a_refund_that_ends_uncollected_pays_nothing_anew(shop: Shop) -> None:
    order_id = shop.order(None, {"type": "cash"})["id"]
    shop.pay(order_id=order_id)
    refund(shop, order_id, 50000)
    shop.advance(2 * DAY)
    assert shop.status(order_id) == "paid"
    assert said(shop).count("order.paid") == said(shop).count("charge.paid") == 1
    assert [row[0] for row in booked(shop)] == ["capture"]


def test_a_changed_order_says_what_it_was(shop: Shop) -> None:
    order = shop.order(metadata={"reference": "A-1"})
    path = f"/orders/{order['id']}"
    shop.put(path, {"metadata": {"reference": "A-2"}, "currency": "MXN"})
    event = last_event(shop, "order.updated")
    assert event["data"] == {
        "object": shop.get(path),
        "previous_attributes": {"metadata": {"reference": "A-1"}},
    }
    shop.post(f"{path}/tax_lines", {"amount": 100, "description": "IVA"})
    assert last_event(shop, "order.updated")["data"]["previous_attributes"] == {"amount": 50000}
    assert said(shop) == ["order.created", "order.updated", "order.updated"]


def test_a_reference_a_failed_payment_and_a_refusal_say_nothing(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(None, spei)
    before = said(shop)
    shop.put(f"/charges/{order['charges']['data'][0]['id']}", {"reference_id": "x"})
    shop.pay(order_id=order["id"], amount=1)
    shop.refusal("POST", f"/orders/{order['id']}/refunds", {"amount": 1, "reason": "other"})
    assert said(shop) == before


def test_a_customer_and_what_it_owns(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "spei_recurrent"}])
    path = f"/customers/{customer['id']}"
    assert [event["data"]["object"] for event in shop.get("/events")["data"]] == [customer]
    changed = shop.put(path, {"name": "Eva Luna", "email": "ana@example.com"})
    assert last_event(shop, "customer.updated")["data"] == {
        "object": changed,
        "previous_attributes": {"name": "Ana Ruiz"},
    }
    address = {"street1": "Uno 1", "postal_code": "06100", "country": "MX"}
    source = shop.post(f"{path}/payment_sources", {"type": "cash_recurrent"})
    shop.delete(f"{path}/payment_sources/{source['id']}")
    shop.post(f"{path}/shipping_contacts", {"address": address})
    shop.post(f"{path}/fiscal_entities", {"address": {**address, "city": "Mexico"}})
    shop.get(f"{path}/payment_sources")
    assert last_event(shop, "customer.updated")["data"]["object"] == shop.get(path)
    gone = shop.delete(path)
    assert said(shop) == ["customer.created", *["customer.updated"] * 5, "customer.deleted"]
    assert last_event(shop, "customer.deleted")["data"]["object"] == gone
