"""Tokens of test cards: one use within ten minutes; and the months that a card may pay in."""

from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.shop import OpenShop, Shop

VISA = {
    "number": "4242424242424242",
    "name": "Ana Ruiz",
    "cvc": "123",
    "exp_month": "01",
    "exp_year": "26",
}
USED = (402, ["processing.tokenization.used"])
OLD = (422, ["parameter_validation.payment_method.token_id.invalid"])
ABSENT = (422, ["parameter_validation.payment_method.token_id.nonexistent_token"])


def token(shop: Shop, **card: str) -> str:
    made: str = shop.post("/tokens", {"card": {**VISA, **card}})["id"]
    return made


def charge(shop: Shop, token_id: str, **fields: Any) -> Any:
    return shop.order(None, {"type": "card", "token_id": token_id}, **fields)


def refusal(shop: Shop, token_id: str) -> tuple[int, list[str]]:
    return shop.refusal("POST", "/orders", shop.order_body(None, {"type": "card", "token_id": token_id}))


def test_a_token_is_charged_once_with_its_own_holder_and_expiry(shop: Shop) -> None:
    made = shop.post("/tokens", {"card": {**VISA, "device_fingerprint": "abc"}})
    assert made == {"id": made["id"], "object": "token", "livemode": False, "used": False}
    assert made["id"][:4] == "tok_"
    method = shop.method_of(charge(shop, made["id"]))
    assert (method["name"], method["exp_month"], method["exp_year"]) == ("Ana Ruiz", "01", "26")
    assert (method["brand"], method["last4"], method["token_id"]) == ("visa", "4242", made["id"])
    assert refusal(shop, made["id"]) == USED


def test_a_used_token_creates_nothing(shop: Shop) -> None:
    made = token(shop)
    charge(shop, made)
    body = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}
    sources = [{"type": "card", "token_id": made}]
    assert shop.refusal("POST", "/customers", {**body, "payment_sources": sources}) == USED
    assert shop.get("/customers")["data"] == []
    assert len(shop.get("/orders")["data"]) == 1


def test_a_declined_token_is_used_and_a_refused_request_does_not_use_one(shop: Shop) -> None:
    declined, kept = token(shop, number="4000000000000002"), token(shop)
    assert refusal(shop, declined) == (402, ["processing.bank.declined"])
    assert refusal(shop, declined) == USED
    months = {"type": "card", "token_id": kept, "monthly_installments": 5}
    assert shop.refusal("POST", "/orders", shop.order_body(None, months))[0] == 422
    assert charge(shop, kept)["payment_status"] == "paid"


def test_a_token_lives_ten_minutes(shop: Shop) -> None:
    first, second = token(shop), token(shop)
    shop.advance(599)
    assert charge(shop, first)["payment_status"] == "paid"
    shop.advance(1)
    assert refusal(shop, second) == OLD


def test_a_saved_card_outlives_its_token(shop: Shop) -> None:
    made = token(shop, number="378282246310005", cvc="1234")
    customer = shop.customer(payment_sources=[{"type": "card", "token_id": made}])
    source = customer["payment_sources"]["data"][0]
    assert (source["brand"], source["name"], source["bin"]) == ("american_express", "Ana Ruiz", "378282")
    shop.advance(3600)
    for _ in range(2):
        order = shop.order(customer["id"], {"type": "card", "payment_source_id": source["id"]})
        assert (order["payment_status"], shop.method_of(order)["last4"]) == ("paid", "0005")
    assert refusal(shop, made) == USED


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("4000000000000127", (402, ["processing.bank.insufficient_funds"])),
        ("4111111111111111", OLD),
    ],
)
def test_the_numbers_of_the_test_page_end_as_there(
    shop: Shop, number: str, outcome: tuple[int, list[str]]
) -> None:
    assert refusal(shop, token(shop, number=number)) == outcome


def test_the_frictionless_3ds_card_is_approved(shop: Shop) -> None:
    order = charge(shop, token(shop, number="4000 0000 0000 2701"), three_ds_mode="smart")
    assert (order["payment_status"], shop.method_of(order)["last4"]) == ("paid", "2701")


@pytest.mark.parametrize(
    ("card", "codes"),
    [
        ({"number": "4242424242424241"}, ["card.number"]),
        ({"number": "4242424242424241", "cvc": "12"}, ["card.number", "card.cvc"]),
        ({"cvc": "1234"}, ["card.cvc"]),
        ({"cvc": "abc"}, ["card.cvc"]),
        ({"exp_month": "12", "exp_year": "25"}, ["expiration_date.expired"]),
        ({"exp_month": "13"}, ["card.exp_month.invalid"]),
        ({"exp_year": "2026"}, ["card.exp_year.invalid"]),
    ],
)
def test_a_wrong_card_is_refused_without_repeating_it(
    shop: Shop, card: dict[str, str], codes: list[str]
) -> None:
    answer = shop.http.post("/tokens", json={"card": {**VISA, **card}})
    told = [detail["code"].removeprefix("conekta.errors.") for detail in answer.json()["details"]]
    assert (answer.status_code, told) == (422, [f"parameter_validation.{code}" for code in codes])
    assert card.get("number", VISA["number"]) not in answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "card.missing"),
        ({"card": VISA, "checkout": {"returns_control_on": "Token"}}, "checkout.invalid"),
        ({"checkout": {"returns_control_on": "Order"}}, "checkout.returns_control_on.invalid"),
        ({"checkout": {}}, "checkout.returns_control_on.missing"),
    ],
)
def test_a_token_is_of_a_card_or_of_a_checkout(shop: Shop, body: dict[str, Any], code: str) -> None:
    assert shop.refusal("POST", "/tokens", body) == (422, [f"parameter_validation.{code}"])


def test_a_checkouts_token_can_be_charged_once_the_payer_gave_a_card(shop: Shop) -> None:
    made = shop.post("/tokens", {"checkout": {"returns_control_on": "Token"}})
    checkout = made["checkout"]
    assert (checkout["type"], checkout["name"][:4], checkout["status"]) == ("Integration", "tok-", "Issued")
    assert checkout["allowed_payment_methods"] == ["card"]
    assert shop.get(f"/checkouts/{checkout['id']}") == checkout
    assert refusal(shop, made["id"]) == ABSENT
    shop.advance(3600)
    path = f"/_sandbox/tokens/{made['id']}/card"
    filled = shop.post(path, {"card": "tok_test_mastercard_4444"})
    assert filled == {"id": made["id"], "object": "token", "livemode": False, "used": False}
    assert shop.refusal("POST", path, {"card": "tok_test_visa_4242"})[1] == [
        "parameter_validation.card.immutable"
    ]
    assert shop.method_of(charge(shop, made["id"]))["last4"] == "4444"
    assert refusal(shop, made["id"]) == USED


def test_a_tokens_checkout_takes_a_card_not_a_payment(shop: Shop) -> None:
    made = shop.post("/tokens", {"checkout": {"returns_control_on": "Token"}})
    path = f"/_sandbox/checkouts/{made['checkout']['id']}/payments"
    assert shop.refusal("POST", path, {"method": "card"}) == (422, ["parameter_validation.id.invalid"])
    shop.post(f"/_sandbox/tokens/{made['id']}/card", {"card": "tok_test_msi_error"})
    assert refusal(shop, made["id"]) == OLD
    assert shop.refusal("POST", "/_sandbox/tokens/tok_none/card", {"card": "tok_test_visa_4242"})[0] == 404
    assert shop.refusal("POST", f"/_sandbox/tokens/{made['id']}/card", {"card": "4242"})[0] == 422


def test_a_token_is_known_to_its_account_only(shop: Shop, ledger: Ledger, open_shop: OpenShop) -> None:
    made = token(shop)
    assert refusal(open_shop(ledger, "key_other"), made) == ABSENT
    assert charge(shop, made)["payment_status"] == "paid"


def test_the_card_number_is_kept_nowhere(tmp_path: Path, open_shop: OpenShop) -> None:
    from tests.sandbox.conftest import START

    ledger = Ledger(str(tmp_path / "ledger.db"), clock=lambda: START)
    shop = open_shop(ledger)
    charge(shop, token(shop))
    assert VISA["number"] not in str(shop.get("/_sandbox/requests"))
    ledger.close()
    assert VISA["number"].encode() not in (tmp_path / "ledger.db").read_bytes()


def test_a_credit_card_pays_in_the_months_its_amount_allows(shop: Shop) -> None:
    asked = {"bin": "42424242", "amount": 100_000}
    assert shop.post("/monthly_installments/validate", asked) == {
        "available_installments": [
            {"months": 3, "amount": 33334},
            {"months": 6, "amount": 16667},
            {"months": 9, "amount": 11112},
        ],
        "bin_info": {"country": "MX", "scheme": "visa", "issuer": "banco de prueba"},
    }


@pytest.mark.parametrize(
    ("asked", "scheme"),
    [
        ({"bin": "491566", "amount": 100_000}, "visa"),
        ({"bin": "999999", "amount": 100_000}, None),
        ({"bin": "424242", "amount": 29_999}, "visa"),
    ],
)
def test_debit_unknown_and_small_are_not_eligible(
    shop: Shop, asked: dict[str, Any], scheme: str | None
) -> None:
    answer = shop.post("/monthly_installments/validate", asked)
    assert (answer["available_installments"], answer["bin_info"]["scheme"]) == ([], scheme)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["bin.missing", "amount.missing"]),
        ({"bin": "4242424", "amount": 1}, ["bin.invalid"]),
        ({"bin": "424242", "amount": 0}, ["amount.invalid"]),
        ({"bin": 424242, "amount": "1.5"}, ["bin.invalid_datatype", "amount.invalid_datatype"]),
    ],
)
def test_a_wrong_question_about_months_is_refused(
    shop: Shop, asked: dict[str, Any], codes: list[str]
) -> None:
    refused = shop.refusal("POST", "/monthly_installments/validate", asked)
    assert refused == (422, [f"parameter_validation.{code}" for code in codes])
