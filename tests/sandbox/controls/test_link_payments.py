"""The payer of a link: the order it makes, how often it can be paid, and what its page does not offer."""

from typing import Any

import pytest

from tests.sandbox.conftest import START
from tests.sandbox.payment_links.test_checkouts import DAY, LINES, link
from tests.sandbox.shop import Shop

USED_UP = (422, ["parameter_validation.checkout.payments_limit_count.invalid"])


def pay(shop: Shop, made: Any, method: str = "card", **fields: Any) -> Any:
    return shop.post(f"/_sandbox/checkouts/{made['id']}/payments", {"method": method, **fields})


def refusal(shop: Shop, made: Any, method: str = "card", **fields: Any) -> tuple[int, list[str]]:
    return shop.refusal("POST", f"/_sandbox/checkouts/{made['id']}/payments", {"method": method, **fields})


def paid_count(shop: Shop, made: Any) -> int:
    count: int = shop.get(f"/checkouts/{made['id']}")["paid_payments_count"]
    return count


def test_a_card_pays_a_link_at_once_with_an_order_from_its_template(shop: Shop) -> None:
    template = {
        "currency": "mxn",
        "line_items": LINES,
        "tax_lines": [{"amount": 8000, "description": "IVA"}],
        "discount_lines": [{"amount": 1000, "code": "HOLA", "type": "coupon"}],
        "metadata": {"folio": 7},
    }
    made = link(shop, order_template=template)
    order = pay(shop, made)
    assert (order["payment_status"], order["amount"], order["currency"]) == ("paid", 57000, "MXN")
    assert order["metadata"] == {"folio": 7}
    assert order["customer_info"] == {
        "email": "payer@example.com",
        "phone": "5512345678",
        "name": "Persona De Prueba",
        "corporate": False,
        "object": "customer_info",
    }
    assert order["channel"] == {
        "segment": "Checkout",
        "checkout_request_id": made["id"],
        "checkout_request_type": "PaymentLink",
        "id": order["channel"]["id"],
    }
    assert shop.get(f"/orders/{order['id']}") == order
    assert shop.get(f"/checkouts/{made['id']}") == {**made, "paid_payments_count": 1}


def test_a_single_use_link_takes_one_payment_and_stays_issued(shop: Shop) -> None:
    made = link(shop)
    pay(shop, made)
    assert refusal(shop, made) == USED_UP
    assert len(shop.get("/orders")["data"]) == 1
    assert shop.get(f"/checkouts/{made['id']}")["status"] == "Issued"


def test_a_recurrent_link_takes_as_many_as_its_limit(shop: Shop) -> None:
    limited, endless = link(shop, recurrent=True, payments_limit_count=2), link(shop, recurrent=True)
    for made in (limited, endless):
        pay(shop, made)
        pay(shop, made)
    assert refusal(shop, limited) == USED_UP
    pay(shop, endless)
    assert (paid_count(shop, limited), paid_count(shop, endless)) == (2, 3)


@pytest.mark.parametrize("method", ["cash", "bank_transfer"])
def test_cash_and_transfers_wait_for_the_money(shop: Shop, method: str) -> None:
    made = link(shop)
    order = pay(shop, made, method)
    assert (order["payment_status"], paid_count(shop, made)) == ("pending_payment", 0)
    assert refusal(shop, made) == USED_UP
    assert shop.pay(order_id=order["id"])["status"] == "applied"
    assert paid_count(shop, made) == 1


def test_a_transfer_waits_until_the_link_ends_and_then_gives_its_place_free(shop: Shop) -> None:
    made = link(shop, recurrent=True, payments_limit_count=1)
    order = pay(shop, made, "bank_transfer")
    assert shop.method_of(order)["expires_at"] == made["expires_at"] == START + DAY
    assert refusal(shop, made) == USED_UP
    shop.post(f"/orders/{order['id']}/cancel")
    assert pay(shop, made)["payment_status"] == "paid"


def test_a_declined_card_leaves_its_order_and_the_link_can_be_paid_again(shop: Shop) -> None:
    made = link(shop)
    answer = shop.http.post(
        f"/_sandbox/checkouts/{made['id']}/payments",
        json={"method": "card", "token_id": "tok_test_insufficient_funds"},
    )
    refused = answer.json()
    assert (answer.status_code, refused["type"]) == (402, "processing_error")
    assert refused["data"]["channel"]["checkout_request_id"] == made["id"]
    assert shop.get(f"/orders/{refused['data']['id']}") == refused["data"]
    assert paid_count(shop, made) == 0
    assert pay(shop, made)["payment_status"] == "paid"


def test_the_payer_is_the_one_who_pays_else_the_templates(shop: Shop) -> None:
    customer = shop.customer()["id"]
    template = {"currency": "MXN", "line_items": LINES, "customer_info": {"customer_id": customer}}
    made = link(shop, recurrent=True, order_template=template)
    assert pay(shop, made)["customer_info"]["customer_id"] == customer
    eva = {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"}
    assert pay(shop, made, customer_info=eva)["customer_info"]["email"] == "eva@example.com"


def test_strict_3ds_of_a_link_waits_for_the_payer(shop: Shop) -> None:
    made = link(shop, three_ds_mode="strict")
    order = pay(shop, made)
    assert (made["force_3ds_flow"], order["payment_status"]) == (True, "pending_payment")
    shop.pay(order_id=order["id"])
    assert paid_count(shop, made) == 1


def test_what_the_page_does_not_offer_is_refused_and_leaves_no_order(shop: Shop) -> None:
    cash_only = link(shop, allowed_payment_methods=["cash"])
    no_cash = link(shop, excluded_payment_methods=["cash"])
    no_visa = link(shop, exclude_card_networks=["visa_master_card"])
    months = link(shop, monthly_installments_enabled=True, monthly_installments_options=[3])
    plans = link(shop, plan_ids=["gold-plan"])
    refused = [
        refusal(shop, cash_only),
        refusal(shop, no_cash, "cash"),
        refusal(shop, no_visa),
        refusal(shop, no_cash, monthly_installments=3),
        refusal(shop, months, monthly_installments=6),
        refusal(shop, months, "cash", monthly_installments=3),
        refusal(shop, months, "cash", token_id="tok_test_visa_4242"),
        refusal(shop, plans),
        refusal(shop, months, "oxxo"),
    ]
    assert refused == [
        (422, [f"parameter_validation.{code}"])
        for code in [
            "method.invalid",
            "method.invalid",
            "token_id.invalid",
            "monthly_installments.invalid",
            "monthly_installments.invalid",
            "monthly_installments.invalid",
            "token_id.invalid",
            "whitelist",
            "method.invalid",
        ]
    ]
    assert shop.get("/orders")["data"] == []
    assert pay(shop, no_visa, token_id="tok_test_amex_0005")["payment_status"] == "paid"
    assert pay(shop, months, monthly_installments=3)["charges"]["data"][0]["monthly_installments"] == 3
