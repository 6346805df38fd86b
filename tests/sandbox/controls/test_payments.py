"""Payments that the tester makes for the payer."""

import pytest

from tests.sandbox.shop import Shop


def test_a_transfer_pays_the_order_and_tells_where_it_came_from(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(None, spei)
    clabe = shop.method_of(order)["clabe"]
    shop.advance(60)
    assert shop.pay(reference=clabe) == {
        "object": "sandbox_payment",
        "status": "applied",
        "order_id": order["id"],
        "amount": 50000,
        "reference": clabe,
    }
    paid = shop.get(f"/orders/{order['id']}")
    charge = paid["charges"]["data"][0]
    assert (paid["payment_status"], paid["is_refundable"], paid["updated_at"]) == ("paid", True, 1768564915)
    assert (charge["status"], charge["paid_at"]) == ("paid", 1768564915)
    method = charge["payment_method"]
    assert method["executed_at"] == "2026-01-16T12:01:55Z"
    assert method["issuing_account_holder_name"] == "Persona De Prueba"
    assert len(method["issuing_account_number"]) == 18
    assert (len(method["reference_number"]), method["tracking_code"][:7]) == (7, "SANDBOX")


def test_cash_is_paid_by_its_reference(shop: Shop) -> None:
    order = shop.order(None, {"type": "cash"})
    method = shop.method_of(order)
    assert (method["reference"][:4], len(method["reference"]), method["auth_code"]) == ("9800", 14, None)
    assert order["charges"]["data"][0]["fee"] == 2276
    shop.pay(reference=method["reference"], amount=50000)
    assert 99_999 < shop.method_of(shop.get(f"/orders/{order['id']}"))["auth_code"] < 1_000_000


@pytest.mark.parametrize("named", [True, False])
def test_another_amount_goes_back_to_the_payer(shop: Shop, spei: dict[str, str], named: bool) -> None:
    order = shop.order(None, spei)
    clabe = shop.method_of(order)["clabe"]
    chosen = {"order_id": order["id"]} if named else {"reference": clabe}
    assert shop.pay(amount=49999, **chosen) == {
        "object": "sandbox_payment",
        "status": "returned",
        "order_id": order["id"],
        "amount": 49999,
        "reference": clabe,
        "reason": "amount_mismatch",
    }
    after = shop.get(f"/orders/{order['id']}")
    attempts = [{"amount": 49999, "status": "returned", "created_at": 1768564855}]
    assert shop.method_of(after)["payment_attempts"] == attempts
    shop.method_of(after)["payment_attempts"] = []
    assert after == order


def test_the_oldest_of_several_equal_orders_is_paid_and_the_doubt_is_told(
    shop: Shop, spei: dict[str, str]
) -> None:
    customer, clabe = shop.customer_with_clabe()
    orders = [shop.order(customer, spei, reuse_customer_clabe=True)["id"] for _ in range(3)]
    first = shop.pay(reference=clabe, amount=50000)
    assert (first["order_id"], first["ambiguous"], first["candidates"]) == (orders[0], True, orders)
    chosen = shop.pay(reference=clabe, order_id=orders[2])
    assert (chosen["status"], chosen["order_id"]) == ("applied", orders[2])
    assert "ambiguous" not in chosen
    last = shop.pay(reference=clabe)
    assert (last["order_id"], "candidates" in last) == (orders[1], False)


def test_the_amount_picks_among_different_orders_on_one_clabe(shop: Shop, spei: dict[str, str]) -> None:
    customer, clabe = shop.customer_with_clabe()
    shop.order(customer, spei, reuse_customer_clabe=True)
    line = [{"name": "Renovacion", "unit_price": 500000, "quantity": 1}]
    bigger = shop.order(customer, spei, reuse_customer_clabe=True, line_items=line)
    assert shop.pay(reference=clabe, amount=500000)["order_id"] == bigger["id"]


def test_money_for_nothing_pending_goes_back(shop: Shop, spei: dict[str, str]) -> None:
    _, clabe = shop.customer_with_clabe()
    returned = {"object": "sandbox_payment", "status": "returned", "reason": "no_pending_order"}
    assert shop.pay(reference=clabe, amount=100) == {**returned, "reference": clabe, "amount": 100}
    order = shop.order(None, spei)
    shop.pay(order_id=order["id"])
    assert shop.pay(order_id=order["id"]) == {**returned, "order_id": order["id"]}
    assert shop.status(order["id"]) == "paid"


def test_a_transfer_after_expiry_goes_back(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(None, spei)
    shop.advance(7_776_000)
    assert shop.pay(reference=shop.method_of(order)["clabe"])["reason"] == "no_pending_order"
    assert shop.status(order["id"]) == "expired"


def test_a_deleted_source_leaves_its_orders_payable(shop: Shop, spei: dict[str, str]) -> None:
    customer, clabe = shop.customer_with_clabe()
    order = shop.order(customer, spei, reuse_customer_clabe=True)
    shop.delete(f"/customers/{customer}")
    assert shop.pay(reference=clabe)["order_id"] == order["id"]


def test_a_payment_must_be_meant_for_something(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(None, spei)["id"]
    refused = [
        shop.refusal("POST", "/_sandbox/payments", body)
        for body in (
            {},
            {"reference": "646180111999999999"},
            {"order_id": "ord_none"},
            {"order_id": order, "reference": "646180111999999999"},
            {"order_id": order, "amount": 0},
        )
    ]
    assert refused == [
        (422, ["parameter_validation.reference.missing"]),
        (404, ["resource_not_found.entity"]),
        (404, ["resource_not_found.entity"]),
        (422, ["parameter_validation.reference.invalid"]),
        (422, ["parameter_validation.amount.invalid"]),
    ]
