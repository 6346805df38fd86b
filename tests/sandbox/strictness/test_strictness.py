"""What Conekta refuses is refused here, and what it takes is taken; each row names where that is written.

Numbers alone are sections of conekta-api.md; "clients.md" is the collection of what clients met.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from tests.sandbox.shop import Shop

APLAZO = {
    "type": "bnpl",
    "product_type": "aplazo_bnpl",
    "success_url": "https://shop.example.com/si",
    "failure_url": "https://shop.example.com/no",
}
BY_BANK = {"type": "pay_by_bank", "product_type": "bbva_pay_by_bank"}
NEWEST = {"Accept": "application/vnd.conekta-v2.3.0+json"}
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+5215555555555"}
LATER = 1_900_000_000
REASONS = (
    "requested_by_client", "cannot_be_fulfilled", "duplicated_transaction", "suspected_fraud", "other",
)  # fmt: skip

Ask = Callable[[Shop], tuple[str, str, dict[str, Any]]]
WEBHOOK = {"url": "https://shop.example.com/webhook"}


class Refused(NamedTuple):
    """A request, the code of its refusal without the common prefix, its param, and the source."""

    ask: Ask
    code: str
    param: str
    source: str
    headers: Mapping[str, str] = {}


def assert_refused(shop: Shop, row: Refused) -> None:
    """A request is a 422 with one detail: the code and the param of its row."""
    method, path, body = row.ask(shop)
    answer = shop.http.request(method, path, json=body, headers=row.headers)
    details = answer.json().get("details", [])
    assert (answer.status_code, [(one["code"], one["param"]) for one in details]) == (
        422,
        [(f"conekta.errors.{row.code}", row.param)],
    )


class Taken(NamedTuple):
    """A request that is a 200, what its answer shows at a dotted path, and the source."""

    ask: Ask
    path: str
    shown: Any
    source: str
    headers: Mapping[str, str] = {}


def customer(**fields: Any) -> Ask:
    return lambda _: ("POST", "/customers", {**ANA, **fields})


def changed_customer(**fields: Any) -> Ask:
    return lambda shop: ("PUT", f"/customers/{shop.customer()['id']}", fields)


def order(*methods: Any, price: Any = 50_000, quantity: int = 1, **fields: Any) -> Ask:
    line = {"name": "Producto 1", "unit_price": price, "quantity": quantity}
    return lambda shop: ("POST", "/orders", shop.order_body(None, *methods, line_items=[line], **fields))


def charge(price: int, **fields: Any) -> Ask:
    line = {"name": "Producto 1", "unit_price": price, "quantity": 1}
    return lambda shop: ("POST", f"/orders/{shop.order(line_items=[line])['id']}/charges", fields)


def refund(**fields: Any) -> Ask:
    body = {"amount": 50_000, "reason": "requested_by_client", **fields}
    return lambda shop: ("POST", f"/orders/{shop.order(None, VISA)['id']}/refunds", body)


def source(**fields: Any) -> Ask:
    return lambda shop: ("POST", f"/customers/{shop.customer()['id']}/payment_sources", fields)


NAME, PHONE = "parameter_validation.name.invalid", "parameter_validation.phone.invalid"
FLOOR = "parameter_validation.combo.order.currency_type.card.minimum"
SUM = "parameter_validation.combo.order.amount.invalid_charges_amount"
MONTHS = "parameter_validation.payment_method.monthly_installments.invalid"
CURRENCY = "parameter_validation.currency.invalid"

REFUSED: dict[str, Refused] = {
    "a reason of one's own": Refused(
        refund(reason="cliente se arrepintió"), "parameter_validation.reason.invalid", "reason", "14"
    ),
    "a reason that is no text": Refused(
        refund(reason=1), "parameter_validation.reason.invalid_datatype", "reason", "14"
    ),
    "a card charge of 299 centavos": Refused(order(VISA, price=299), FLOOR, "amount", "14"),
    "299 centavos on an order": Refused(charge(299, payment_method=VISA), FLOOR, "amount", "14"),
    "a part of 299 centavos by card": Refused(
        order(
            price=50_000,
            charges=[
                {"payment_method": VISA, "amount": 299},
                {"payment_method": {"type": "spei"}, "amount": 49_701},
            ],
        ),
        FLOOR, "amount", "14",
    ),
    "charges of less than the order": Refused(
        order(charges=[{"payment_method": {"type": "spei"}, "amount": 49_999}]), SUM, "amount", "14"
    ),
    "charges of more than the order": Refused(
        order(charges=[{"payment_method": {"type": "spei"}, "amount": 50_001}]), SUM, "amount", "14"
    ),
    "a charge of less than its order": Refused(
        charge(50_000, payment_method=VISA, amount=49_999), SUM, "amount", "14"
    ),
    "3 months on 200 pesos": Refused(
        order({**VISA, "monthly_installments": 3}, price=20_000),
        MONTHS, "payment_method.monthly_installments", "clients.md, the code inferred",
    ),
    "12 months on 1,199.99 pesos": Refused(
        order({**VISA, "monthly_installments": 12}, price=119_999),
        MONTHS, "payment_method.monthly_installments", "clients.md, the code inferred",
    ),
    "dollars by SPEI": Refused(
        order({"type": "spei"}, currency="USD"), CURRENCY, "currency", "clients.md, the code inferred"
    ),
    "dollars in cash": Refused(
        order({"type": "cash"}, currency="usd"), CURRENCY, "currency", "clients.md, the code inferred"
    ),
    "dollars by oxxo_cash": Refused(
        order({"type": "oxxo_cash"}, currency="USD"), CURRENCY, "currency", "clients.md, the code inferred"
    ),
    "a backtick": Refused(customer(name="Ana `Ruiz"), NAME, "name", "14"),
    "Greek letters": Refused(customer(name="Άννα Ρουίζ"), NAME, "name", "14"),
    "Cyrillic letters": Refused(customer(name="Анна Руис"), NAME, "name", "14, inferred"),
    "an emoji": Refused(customer(name="Ana 🌵"), NAME, "name", "14, inferred"),
    "an emoji of several parts": Refused(customer(name="Ana 1️⃣"), NAME, "name", "14, inferred"),
    "a line feed": Refused(customer(name="Ana\nRuiz"), NAME, "name", "14, inferred"),
    "a line separator": Refused(customer(name="Ana\u2028Ruiz"), NAME, "name", "14, inferred"),
    "a change to a Greek name": Refused(changed_customer(name="Ωmega"), NAME, "name", "14"),
    "a payer's backtick": Refused(
        order(customer_info={**ANA, "name": "Ana `Ruiz"}),
        "parameter_validation.customer_info.name.invalid", "customer_info.name", "14",
    ),
    "a phone of letters": Refused(customer(phone="abc"), PHONE, "phone", "clients.md"),
    "a phone of six digits": Refused(customer(phone="123456"), PHONE, "phone", "1.4, inferred"),
    "a phone of sixteen digits": Refused(
        customer(phone="+1234567890123456"), PHONE, "phone", "1.4, inferred"
    ),
    "a payer's phone of letters": Refused(
        order(customer_info={**ANA, "phone": "abc"}),
        "parameter_validation.customer_info.phone.invalid", "customer_info.phone", "clients.md",
    ),
    "a birthday that never was": Refused(
        customer(date_of_birth="30/02/1990"), "parameter_validation.date_of_birth.invalid", "date_of_birth",
        "clients.md, inferred",
    ),
    "pay later in dollars": Refused(
        order({**APLAZO, "cancel_url": "https://shop.example.com", "can_not_expire": False}, currency="USD"),
        CURRENCY, "currency", "4.6: currency MXN",
    ),
    "pay later of nobody": Refused(
        order({**APLAZO, "product_type": "otro_bnpl"}),
        "parameter_validation.payment_method.product_type.invalid", "charges.0.payment_method.product_type",
        "4.6",
    ),
    "pay later without its fields of 2.2.0": Refused(
        order({**APLAZO, "can_not_expire": True}),
        "parameter_validation.payment_method.cancel_url.missing", "charges.0.payment_method.cancel_url",
        "1.3",
    ),
    "no 3DS mode in 2.3.0": Refused(
        order(three_ds_mode=None), "parameter_validation.three_ds_mode.invalid_datatype", "three_ds_mode",
        "1.3", NEWEST,
    ),
    "a network of 2.2.0 in 2.3.0": Refused(
        order(checkout={"allowed_payment_methods": ["card"], "exclude_card_networks": ["amex", "visa"]}),
        "parameter_validation.checkout.exclude_card_networks.invalid", "checkout.exclude_card_networks.1",
        "1.3", NEWEST,
    ),
    "an amount with a point as text": Refused(
        order(price="500.00"),
        "parameter_validation.line_items.unit_price.invalid_datatype", "line_items.0.unit_price",
        "14: only numeric text",
    ),
    "a quantity as text": Refused(
        lambda shop: (
            "POST",
            "/orders",
            shop.order_body(line_items=[{"name": "Producto 1", "unit_price": 5, "quantity": "1"}]),
        ),
        "parameter_validation.line_items.quantity.invalid_datatype", "line_items.0.quantity",
        "14 names amounts and expires_at alone",
    ),
}  # fmt: skip

TAKEN: dict[str, Taken] = {
    **{
        f"the reason {reason}": Taken(
            refund(reason=reason), "charges.data.0.refunds.data.0.reason", reason, "14"
        )
        for reason in REASONS
    },
    "a card charge of 300 centavos": Taken(order(VISA, price=300), "payment_status", "paid", "14"),
    "a SPEI charge of one centavo": Taken(
        order({"type": "spei"}, price=1), "payment_status", "pending_payment", "13: no floor is known"
    ),
    "a cash charge of a million pesos": Taken(
        order({"type": "cash"}, price=100_000_000), "amount", 100_000_000, "13: no maximum is known"
    ),
    "dollars by card": Taken(order(VISA, currency="usd"), "currency", "USD", "1.4"),
    "dollars not charged yet": Taken(order(currency="USD"), "currency", "USD", "1.4"),
    "3 months on 300 pesos": Taken(
        order({**VISA, "monthly_installments": 3}, price=30_000),
        "charges.data.0.monthly_installments", 3, "4.6; the bound is validate_installments' (clients.md)",
    ),
    "accents and ñ": Taken(customer(name="José Núñez Güemes"), "name", "José Núñez Güemes", "14"),
    "an apostrophe": Taken(customer(name="Ana D'Angelo O’Hara"), "name", "Ana D'Angelo O’Hara", "14"),
    "a company's name": Taken(
        customer(name="Papelería 24 & Cía., S.A. de C.V. (2.ª)"),
        "name", "Papelería 24 & Cía., S.A. de C.V. (2.ª)", "14: not among what is refused",
    ),
    "an accent of its own": Taken(customer(name="Jose\u0301"), "name", "Jose\u0301", "14: not refused"),
    "a phone of ten digits": Taken(customer(phone="5522997233"), "phone", "5522997233", "1.4"),
    "a phone of another country": Taken(customer(phone="+573143159063"), "phone", "+573143159063", "1.4"),
    "a phone with spaces": Taken(
        customer(phone="(55) 1234-5678"), "phone", "(55) 1234-5678", "1.4: free-form"
    ),
    "an amount as text": Taken(order({"type": "spei"}, price="35000"), "amount", 35_000, "14"),
    "a charge's amount as text": Taken(
        order(charges=[{"payment_method": {"type": "spei"}, "amount": "50000"}]),
        "charges.data.0.amount", 50_000, "14",
    ),
    "a refund's amount as text": Taken(refund(amount="50000"), "amount_refunded", 50_000, "14"),
    "expires_at as text": Taken(
        order({"type": "cash", "expires_at": str(LATER)}),
        "charges.data.0.payment_method.expires_at", LATER, "14",
    ),
    "numbers of one's own data stay text": Taken(
        order(metadata={"amount": "35000", "expires_at": "1"}), "metadata.amount", "35000", "1.3",
    ),
    "pay later": Taken(
        order(APLAZO), "charges.data.0.payment_method.object", "bnpl_payment", "4.6", NEWEST
    ),
    "pay later of 2.2.0": Taken(
        order({**APLAZO, "cancel_url": "https://shop.example.com", "can_not_expire": False}),
        "payment_status", "pending_payment", "1.3",
    ),
    "pay by bank": Taken(
        order(BY_BANK), "charges.data.0.payment_method.object", "pay_by_bank_payment", "4.6"
    ),
    "no 3DS mode in 2.2.0": Taken(order(three_ds_mode=None), "currency", "MXN", "1.3"),
    "a network of 2.2.0": Taken(
        order(checkout={"allowed_payment_methods": ["card"], "exclude_card_networks": ["visa"]}),
        "checkout.exclude_card_networks", ["visa"], "1.3",
    ),
    "a version in capitals": Taken(
        order(), "currency", "MXN", "media types have no case",
        {"Accept": "Application/vnd.Conekta-v2.3.0+JSON"},
    ),
    "a webhook of the SDKs of API 2.1": Taken(
        lambda _: ("POST", "/webhooks", {**WEBHOOK, "synchronous": False}),
        "url", WEBHOOK["url"], "4.10; WebhookRequest of conekta-ruby, -php and -python",
    ),
    "a leap day": Taken(customer(date_of_birth="29/02/1992"), "date_of_birth", "29/02/1992", "1.4"),
    "a source oxxo_recurrent": Taken(
        source(type="oxxo_recurrent"), "type", "cash_recurrent", "4.2, 14; the answered type is inferred"
    ),
    "a refund of API 2.0": Taken(
        refund(currency="MXN", order_id="ord_2zAAAAAAAAAAAAAA2"), "amount_refunded", 50_000, "14"
    ),
    "tags, metadata and antifraud_info of a product": Taken(
        lambda shop: (
            "POST",
            "/orders",
            shop.order_body(
                line_items=[
                    {
                        "name": "Producto 1",
                        "unit_price": 500,
                        "quantity": 1,
                        "tags": ["ropa", "verano"],
                        "metadata": {"talla": "M"},
                        "antifraud_info": {"first_paid_at": 1},
                    }
                ]
            ),
        ),
        "line_items.data.0.tags", ["ropa", "verano"], "14",
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", REFUSED)
def test_what_conekta_refuses_is_refused(shop: Shop, title: str) -> None:
    assert_refused(shop, REFUSED[title])


@pytest.mark.parametrize("title", TAKEN)
def test_what_conekta_takes_is_taken(shop: Shop, title: str) -> None:
    row = TAKEN[title]
    method, path, body = row.ask(shop)
    answer = shop.http.request(method, path, json=body, headers=row.headers)
    assert (answer.status_code, find_shown(answer.json(), row.path)) == (200, row.shown)


def test_an_unknown_payout_is_a_404(shop: Shop) -> None:
    """clients.md, and Conekta's OpenAPI file; other requests to one stay the 402 of 2.4."""
    assert shop.refusal("GET", "/payout_orders/unknown") == (404, ["resource_not_found.entity"])


def test_pay_later_and_pay_by_bank_wait_for_their_payer(shop: Shop) -> None:
    """4.6 and 5.5: pay later waits a month; what waits by bank has a reference of its own."""
    later = shop.order(None, {**APLAZO, "cancel_url": "https://shop.example.com", "can_not_expire": False})
    method = shop.method_of(later)
    assert 28 <= (method["expires_at"] - later["created_at"]) / 86_400 <= 31
    assert {"redirect_url", "success_url", "failure_url", "cancel_url"} <= method.keys()
    assert shop.post("/_sandbox/payments", {"order_id": later["id"]})["status"] == "applied"
    assert shop.get(f"/orders/{later['id']}")["payment_status"] == "paid"
    by_bank = shop.order(None, BY_BANK)
    method = shop.method_of(by_bank)
    assert {"redirect_url", "deep_link", "expires_at"} <= method.keys()
    assert shop.post("/_sandbox/payments", {"reference": method["reference"]})["order_id"] == by_bank["id"]
    paid = shop.get(f"/orders/{by_bank['id']}")
    assert (paid["payment_status"], "tracking_code" in shop.method_of(paid)) == ("paid", False)
    body = {"amount": paid["amount"], "reason": "other"}
    assert shop.post(f"/orders/{paid['id']}/refunds", body)["payment_status"] == "refunded"


def test_3ds_lets_the_frictionless_card_pass(shop: Shop) -> None:
    """8: other cards ask their holder when 3DS is strict."""
    expiry = {"exp_month": "12", "exp_year": "34"}
    card = {"number": "4000000000002701", "name": "Ana Ruiz", "cvc": "123", **expiry}
    token = shop.post("/tokens", {"card": card})["id"]
    passed = shop.order(None, {"type": "card", "token_id": token}, three_ds_mode="strict")
    asked = shop.order(None, VISA, three_ds_mode="strict")
    assert [one["payment_status"] for one in (passed, asked)] == ["paid", "pending_payment"]
    assert ("next_action" in passed, "next_action" in asked) == (False, True)


def test_a_message_names_the_phone_in_either_way(shop: Shop) -> None:
    """3.2 names phone, the SDKs phonenumber."""
    body = {
        "name": "Donativo", "type": "PaymentLink", "recurrent": False,
        "expires_at": shop.get("/_sandbox/clock")["now"] + 3600,
        "allowed_payment_methods": ["card"],
        "order_template": {
            "currency": "MXN", "line_items": [{"name": "Donativo", "unit_price": 500, "quantity": 1}],
        },
    }  # fmt: skip
    path = f"/checkouts/{shop.post('/checkouts', body)['id']}/sms"
    sent = [shop.post(path, {name: "5512345678"})["sms_sent"] for name in ("phone", "phonenumber")]
    assert sent == [1, 2]
    assert shop.refusal("POST", path, {"phone": "abc"}) == (422, ["parameter_validation.phone.invalid"])


def test_a_refused_charge_leaves_nothing_behind(shop: Shop) -> None:
    for title in ("a card charge of 299 centavos", "dollars by SPEI", "3 months on 200 pesos"):
        method, path, body = REFUSED[title].ask(shop)
        shop.refusal(method, path, body)
    assert shop.get("/orders")["data"] == []


def test_a_saved_oxxo_reference_is_reused_in_cash(shop: Shop) -> None:
    who = shop.customer(payment_sources=[{"type": "oxxo_recurrent"}])
    made = shop.order(who["id"], {"type": "oxxo_cash"}, reuse_customer_cash_reference=True)
    assert shop.method_of(made)["reference"] == who["payment_sources"]["data"][0]["reference"]


def find_shown(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value.get(step)
        if value is None:
            return None
    return value
