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
    changed_customer,
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
METHODS = ["card", "cash", "bank_transfer", "bnpl", "pay_by_bank"]


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


def changed_order(changes: dict[str, Any], **fields: Any) -> Ask:
    return lambda shop: ("PUT", f"/orders/{shop.order(**fields)['id']}", changes)


def changed_fiscal_address(**fields: Any) -> Ask:
    def ask(shop: Shop) -> tuple[str, str, dict[str, Any]]:
        who = shop.customer(fiscal_entities=[{"address": {**FISCAL, "country": "MX"}}])
        entity = who["fiscal_entities"]["data"][0]["id"]
        return "PUT", f"/customers/{who['id']}/fiscal_entities/{entity}", {"address": fields}

    return ask


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
    "an address to return to with a blank": Refused(
        order(return_url="https:// shop.example.com"), "parameter_validation.return_url.invalid",
        "return_url", "4.5: a URI",
    ),
    "a birth that is to come": Refused(
        customer(date_of_birth="01/01/2090"), "parameter_validation.date_of_birth.invalid", "date_of_birth",
        "1.4, inferred",
    ),
    "a change to a birth that is to come": Refused(
        changed_customer(date_of_birth="31/12/2099"),
        "parameter_validation.date_of_birth.invalid", "date_of_birth", "1.4, inferred",
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
    "a cash reference of less than a day": Refused(
        cash_source(86_399), "parameter_validation.expires_at.invalid", "expires_at", "4.2"
    ),
    "a link in dollars for pesos' methods": Refused(
        link("USD", "cash", "bank_transfer"), CURRENCY, "currency", "clients.md, the code inferred"
    ),
    "an order's page in dollars for cash": Refused(
        order(currency="usd", checkout={"type": "HostedPayment", "allowed_payment_methods": ["cash"]}),
        CURRENCY, "currency", "clients.md, the code inferred",
    ),
    "an order's page in dollars that excludes cards": Refused(
        order(currency="USD", checkout={"excluded_payment_methods": ["card"]}),
        CURRENCY, "currency", "clients.md, the code inferred",
    ),
    "a change to dollars of a page for cash": Refused(
        changed_order({"currency": "usd"}, checkout={"allowed_payment_methods": ["cash"]}),
        CURRENCY, "currency", "clients.md, the code inferred",
    ),
    "a page for cash on an order in dollars": Refused(
        changed_order({"checkout": {"excluded_payment_methods": ["card"]}}, currency="USD"),
        CURRENCY, "currency", "clients.md, the code inferred",
    ),
    "a page on which nobody can pay": Refused(
        order(checkout={"excluded_payment_methods": METHODS}),
        "parameter_validation.checkout.excluded_payment_methods.invalid",
        "checkout.excluded_payment_methods", "4.8, inferred",
    ),
    "a page for a plan without cards": Refused(
        order(checkout={"plan_ids": ["gold"], "excluded_payment_methods": ["card"]}),
        "parameter_validation.checkout.excluded_payment_methods.invalid",
        "checkout.excluded_payment_methods", "4.8: plans are paid by card only",
    ),
    "a refund in another currency": Refused(refund(currency="USD"), CURRENCY, "currency", "14, inferred"),
    "nothing by card": Refused(order({"type": "card", "token_id": "tok_test_visa_4242"}, price=0), FLOOR,
                               "amount", "14"),
    "nothing by SPEI": Refused(
        order({"type": "spei"}, price=0), "parameter_validation.amount.invalid", "amount", "4.6, inferred"
    ),
    "an object in a customer's metadata": Refused(
        customer(metadata={"a": {"b": 1}}), "parameter_validation.metadata.a.invalid", "metadata.a", "1.3"
    ),
    "a list in a change of metadata": Refused(
        changed_customer(metadata={"a": [1]}), "parameter_validation.metadata.a.invalid", "metadata.a", "1.3"
    ),
    "a null in a contact's metadata": Refused(
        contact(metadata={"a": None}), "parameter_validation.metadata.a.invalid", "metadata.a", "1.3"
    ),
    "a long text in a fiscal entity's metadata": Refused(
        customer(fiscal_entities=[{"address": FISCAL, "metadata": {"a": "x" * 250}}]),
        "parameter_validation.fiscal_entities.metadata.a.invalid", "fiscal_entities.0.metadata.a", "1.3",
    ),
    "an object in the metadata of a page": Refused(
        order(checkout={"metadata": {"a": {}}}), "parameter_validation.checkout.metadata.a.invalid",
        "checkout.metadata.a", "1.3",
    ),
    "a fiscal postal code of four digits": Refused(
        customer(fiscal_entities=[{"address": {**FISCAL, "postal_code": "7200", "country": "MX"}}]),
        "parameter_validation.fiscal_entities.address.postal_code.invalid",
        "fiscal_entities.0.address.postal_code", "1.4",
    ),
    "a postal code of letters on an order's fiscal entity": Refused(
        order(fiscal_entity={"address": {**FISCAL, "postal_code": "ABCDE", "country": "mx",
                                         "external_number": "1"}}),
        "parameter_validation.fiscal_entity.address.postal_code.invalid",
        "fiscal_entity.address.postal_code", "1.4",
    ),
    "a change to a wrong fiscal postal code": Refused(
        changed_fiscal_address(postal_code="1"),
        "parameter_validation.address.postal_code.invalid", "address.postal_code", "1.4",
    ),
    "a security code in other digits": Refused(
        token(cvc="\u0661\u0662\u0663"), "parameter_validation.card.cvc", "card[card[cvc]]", "4.6"
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
    "a cash reference of a day": (cash_source(86_400), "type", "cash_recurrent"),
    "a link in dollars by card too": (link("USD", "cash", "card"), "status", "Issued"),
    "a page in dollars that excludes cash": (
        order(currency="USD", checkout={"excluded_payment_methods": ["cash"]}), "currency", "USD",
    ),
    "metadata of scalars": (customer(metadata={"a": "x" * 249, "b": 1.5, "c": True}), "metadata.b", 1.5),
    "a fiscal postal code of another country": (
        customer(fiscal_entities=[{"address": {**FISCAL, "postal_code": "SW1A 1AA", "country": "GB"}}]),
        "fiscal_entities.data.0.address.postal_code", "SW1A 1AA",
    ),
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
