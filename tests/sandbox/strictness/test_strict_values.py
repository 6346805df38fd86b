"""Values of other fields than those of test_strictness.py that are refused for the same reasons."""

from typing import Any

import pytest

from tests.sandbox.shop import Shop
from tests.sandbox.strictness.test_strictness import (
    APLAZO,
    NEWEST,
    Ask,
    Refused,
    assert_refused,
    charge,
    customer,
    find_shown,
    order,
    refund,
)

ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
FISCAL = {"street1": "Calle Uno", "postal_code": "06100", "city": "Puebla"}
CARD = {
    "number": "4242424242424242", "name": "Ana Ruiz", "cvc": "123", "exp_month": "12", "exp_year": "34",
}  # fmt: skip
FLOOR = "parameter_validation.combo.order.currency_type.card.minimum"
CURRENCY = "parameter_validation.currency.invalid"
EMAIL = "parameter_validation.email.invalid"
YEAR = 365 * 86_400


def contact(**fields: Any) -> Ask:
    body = {"address": ADDRESS, **fields}
    return lambda shop: ("POST", f"/customers/{shop.customer()['id']}/shipping_contacts", body)


def company(**fields: Any) -> Ask:
    return lambda _: ("POST", "/companies", {"name": "Acme", **fields})


def token(**fields: Any) -> Ask:
    return lambda _: ("POST", "/tokens", {"card": {**CARD, **fields}})


def link(currency: str, *methods: str) -> Ask:
    line = {"name": "Donativo", "unit_price": 500, "quantity": 1}
    return lambda shop: (
        "POST",
        "/checkouts",
        {
            "name": "Donativo", "type": "PaymentLink", "recurrent": False,
            "expires_at": shop.get("/_sandbox/clock")["now"] + 3600,
            "allowed_payment_methods": list(methods),
            "order_template": {"currency": currency, "line_items": [line]},
        },
    )  # fmt: skip


def cash_source(seconds: int) -> Ask:
    return lambda shop: (
        "POST",
        f"/customers/{shop.customer()['id']}/payment_sources",
        {"type": "cash_recurrent", "expires_at": shop.get("/_sandbox/clock")["now"] + seconds},
    )


REFUSED: dict[str, Refused] = {
    "a contact's phone of letters": Refused(
        contact(phone="abc"), "parameter_validation.phone.invalid", "phone", "clients.md, inferred"
    ),
    "a fiscal phone of letters": Refused(
        customer(fiscal_entities=[{"address": FISCAL, "phone": "tel"}]),
        "parameter_validation.fiscal_entities.phone.invalid", "fiscal_entities.0.phone",
        "clients.md, inferred",
    ),
    "a company's phone of letters": Refused(
        company(fiscal_info={"business_phone": "abc"}),
        "parameter_validation.fiscal_info.business_phone.invalid", "fiscal_info.business_phone",
        "clients.md, inferred",
    ),
    "a settlement CLABE with a wrong digit": Refused(
        company(bank_account_info={"clabe": "002010077777777772"}),
        "parameter_validation.bank_account_info.clabe.invalid", "bank_account_info.clabe", "clients.md, 7",
    ),
    "an e-mail with two dots": Refused(customer(email="ana@example..com"), EMAIL, "email", "1.4, inferred"),
    "an e-mail that begins with a dot": Refused(
        customer(email=".ana@example.com"), EMAIL, "email", "1.4, inferred"
    ),
    "an e-mail that is too long": Refused(
        customer(email=f"{'a' * 250}@b.mx"), EMAIL, "email", "1.4, inferred"
    ),
    "antifraud data without the first payment": Refused(
        customer(antifraud_info={"account_created_at": 1}),
        "parameter_validation.antifraud_info.first_paid_at.missing", "antifraud_info.first_paid_at",
        "2.4, the code inferred",
    ),
    "a card's holder with a digit": Refused(
        token(name="Ana Ruiz 2"), "parameter_validation.card.name.invalid", "card.name", "4.6, inferred"
    ),
    "a card's holder without a last name": Refused(
        token(name="Ana"), "parameter_validation.card.name.invalid", "card.name", "8, the code inferred"
    ),
    "a cash reference of more than a year": Refused(
        cash_source(YEAR + 60), "parameter_validation.expires_at.invalid", "expires_at", "4.2"
    ),
    "a link in dollars for pesos' methods": Refused(
        link("USD", "cash", "bank_transfer"), CURRENCY, "currency", "clients.md, the code inferred"
    ),
    "an order's page in dollars for cash": Refused(
        order(currency="usd", checkout={"type": "HostedPayment", "allowed_payment_methods": ["cash"]}),
        CURRENCY, "currency", "clients.md, the code inferred",
    ),
    "a refund in another currency": Refused(refund(currency="USD"), CURRENCY, "currency", "14, inferred"),
    "nothing by card": Refused(order({"type": "card", "token_id": "tok_test_visa_4242"}, price=0), FLOOR,
                               "amount", "14"),
    "nothing by SPEI": Refused(
        order({"type": "spei"}, price=0), "parameter_validation.amount.invalid", "amount", "4.6, inferred"
    ),
    "a later charge by pay later without its fields of 2.2.0": Refused(
        charge(50_000, payment_method={**APLAZO, "can_not_expire": True}),
        "parameter_validation.payment_method.cancel_url.missing", "payment_method.cancel_url", "1.3",
    ),
}  # fmt: skip

TAKEN: dict[str, tuple[Ask, str, Any]] = {
    "pay later of 2.3.0": (charge(50_000, payment_method=APLAZO), "status", "pending_payment"),
    "a contact's phone with brackets": (contact(phone="(55) 1234-5678"), "phone", "(55) 1234-5678"),
    "a settlement CLABE": (company(bank_account_info={"clabe": "002010077777777771"}), "name", "Acme"),
    "an e-mail with a tag": (customer(email="ana.r+1@example.co.mx"), "email", "ana.r+1@example.co.mx"),
    "a holder with signs": (token(name="María-José D'Ávila Cía."), "used", False),
    "a cash reference of a year": (cash_source(YEAR), "type", "cash_recurrent"),
    "a link in dollars by card too": (link("USD", "cash", "card"), "status", "Issued"),
    "a refund in its currency": (refund(currency="mxn"), "amount_refunded", 50_000),
}  # fmt: skip


@pytest.mark.parametrize("title", REFUSED)
def test_such_a_value_is_refused_there_too(shop: Shop, title: str) -> None:
    assert_refused(shop, REFUSED[title])


@pytest.mark.parametrize("title", TAKEN)
def test_its_right_neighbour_is_taken(shop: Shop, title: str) -> None:
    ask, path, shown = TAKEN[title]
    method, address, body = ask(shop)
    answer = shop.http.request(method, address, json=body, headers=NEWEST)
    assert (answer.status_code // 100, find_shown(answer.json(), path)) == (2, shown)
