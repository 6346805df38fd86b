"""Card charges: approved, declined, pre-authorized, in installments, through 3DS."""

import pytest

from tests.sandbox.shop import Shop


def test_an_approved_card_pays_at_once(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order(None, visa, line_items=[{"name": "Uno", "unit_price": 23000, "quantity": 1}])
    charge = order["charges"]["data"][0]
    assert (order["payment_status"], order["is_refundable"]) == ("paid", True)
    assert (charge["status"], charge["paid_at"], charge["fee"]) == ("paid", 1768564855, 1255)
    method = charge["payment_method"]
    assert {**method, "auth_code": "000000"} == {
        "last4": "4242",
        "exp_month": "12",
        "exp_year": "34",
        "brand": "visa",
        "issuer": "banco de prueba",
        "name": "Persona De Prueba",
        "auth_code": "000000",
        "object": "card_payment",
        "type": "credit",
        "account_type": "Credit",
        "country": "MX",
        "fraud_indicators": [],
        "token_id": "tok_test_visa_4242",
    }


@pytest.mark.parametrize(
    ("token", "code", "message"),
    [
        (
            "tok_test_card_declined",
            "bank.declined",
            "La tarjeta ingresada ha sido declinada. Por favor intenta con otro método de pago.",
        ),
        (
            "tok_test_insufficient_funds",
            "bank.insufficient_funds",
            "Esta tarjeta no tiene suficientes fondos para completar la compra.",
        ),
    ],
)
def test_a_declined_card_is_a_402_with_the_order_it_left(
    shop: Shop, token: str, code: str, message: str
) -> None:
    body = shop.order_body(None, {"type": "card", "token_id": token})
    answer = shop.http.post("/orders", json=body)
    refusal = answer.json()
    assert (answer.status_code, refusal["type"]) == (402, "processing_error")
    assert refusal["details"][0]["code"] == f"conekta.errors.processing.{code}"
    assert refusal["details"][0]["message"] == message
    order = refusal["data"]
    assert "payment_status" not in order
    charge = order["charges"]["data"][0]
    assert (charge["status"], charge["failure_code"]) == ("declined", token.removeprefix("tok_test_"))
    assert charge["failure_message"] == message
    assert shop.get(f"/orders/{order['id']}") == order
    canceled = shop.post(f"/orders/{order['id']}/cancel")
    assert (canceled["payment_status"], canceled["charges"]["data"][0]["status"]) == ("canceled", "declined")


def test_the_next_card_can_be_told_to_decline_once(shop: Shop, visa: dict[str, str]) -> None:
    assert shop.post("/_sandbox/cards", {"decline_next": "suspected_fraud"}) == {
        "object": "sandbox_cards",
        "decline_next": "suspected_fraud",
    }
    status, codes = shop.refusal("POST", "/orders", shop.order_body(None, visa))
    assert (status, codes) == (402, ["processing.charge.card_payment.suspicious_behaviour"])
    assert shop.order(None, visa)["payment_status"] == "paid"
    assert shop.refusal("POST", "/_sandbox/cards", {"decline_next": "bad_mood"})[0] == 422


def test_a_saved_card_is_charged_by_its_id_or_as_the_default(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "card", "token_id": "tok_test_mastercard_4444"}])
    source = customer["default_payment_source_id"]
    by_id = shop.order(customer["id"], {"type": "card", "payment_source_id": source})
    assert by_id["payment_status"] == "paid"
    assert shop.method_of(by_id)["payment_source_id"] == source
    by_default = shop.order(customer["id"], {"type": "default"})
    assert shop.method_of(by_default)["last4"] == "4444"


def test_a_card_that_is_not_there_is_refused(shop: Shop) -> None:
    customer, _ = shop.customer_with_clabe()
    clabe = shop.get(f"/customers/{customer}")["default_payment_source_id"]
    bare = shop.customer()["id"]
    source = {"type": "card", "payment_source_id": "src_none"}
    both = {"type": "card", "payment_source_id": clabe, "token_id": "tok_test_visa_4242"}
    refused = [
        shop.refusal("POST", "/orders", shop.order_body(customer, source)),
        shop.refusal("POST", "/orders", shop.order_body(None, source)),
        shop.refusal("POST", "/orders", shop.order_body(customer, {"type": "default"})),
        shop.refusal("POST", "/orders", shop.order_body(bare, {"type": "default"})),
        shop.refusal("POST", "/orders", shop.order_body(customer, both)),
    ]
    assert refused == [
        (404, ["resource_not_found.entity"]),
        (422, ["parameter_validation.customer_info.customer_id.missing"]),
        (422, ["parameter_validation.payment_method.payment_source_id.invalid"]),
        (422, ["parameter_validation.payment_method.payment_source_id.missing"]),
        (422, ["parameter_validation.payment_method.payment_source_id.invalid"]),
    ]


def test_installments_are_for_credit_cards(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order(None, {**visa, "monthly_installments": 3})
    assert order["charges"]["data"][0]["monthly_installments"] == 3
    odd = shop.order_body(None, {**visa, "monthly_installments": 5})
    assert shop.refusal("POST", "/orders", odd)[1] == [
        "parameter_validation.payment_method.monthly_installments.invalid"
    ]
    debit = {"type": "card", "token_id": "tok_test_banorte_debit", "monthly_installments": 3}
    assert shop.refusal("POST", "/orders", shop.order_body(None, debit))[1] == [
        "parameter_validation.charge.monthly_installments_not_supported_for_debit"
    ]


def test_a_pre_authorized_order_is_voided_by_cancel(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order(None, visa, pre_authorize=True)
    assert (order["payment_status"], order["is_refundable"]) == ("pre_authorized", False)
    canceled = shop.post(f"/orders/{order['id']}/cancel")
    assert (canceled["payment_status"], canceled["charges"]["data"][0]["status"]) == ("voided", "voided")


@pytest.mark.parametrize(("pre_authorize", "ends"), [(False, "paid"), (True, "pre_authorized")])
def test_strict_3ds_waits_for_the_payer(
    shop: Shop, visa: dict[str, str], pre_authorize: bool, ends: str
) -> None:
    order = shop.order(
        None,
        visa,
        three_ds_mode="strict",
        return_url="https://shop.example.com/back",
        pre_authorize=pre_authorize,
    )
    assert order["payment_status"] == "pending_payment"
    assert order["next_action"] == {
        "type": "redirect_to_url",
        "redirect_to_url": {
            "url": f"https://pay.example.com/3ds/{order['id']}",
            "return_url": "https://shop.example.com/back",
        },
    }
    assert shop.pay(order_id=order["id"])["status"] == "applied"
    done = shop.get(f"/orders/{order['id']}")
    assert done["payment_status"] == ends
    assert "next_action" not in done


def test_a_decline_undoes_the_cards_before_it_and_leaves_the_rest_uncharged(
    shop: Shop, visa: dict[str, str], spei: dict[str, str]
) -> None:
    parts = [
        {"amount": 10000, "payment_method": spei},
        {"amount": 15000, "payment_method": visa},
        {"amount": 25000, "payment_method": {"type": "card", "token_id": "tok_test_card_declined"}},
    ]
    answer = shop.http.post("/orders", json=shop.order_body(None, charges=parts))
    assert answer.status_code == 402
    charges = answer.json()["data"]["charges"]["data"]
    assert [charge["status"] for charge in charges] == ["canceled", "declined"]
