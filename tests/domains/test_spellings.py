"""Usual spellings go out as Conekta spells them, and documented fields as given; rows are of clients.md."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.spellings import CURRENCIES, Currency, search_phone
from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.request_bodies.order_bodies import ORDER
from conekta_mcp.server.tools.published_schemas import list_rare_arguments
from tests.sandbox.shop import Shop

TOOLS: dict[str, Operation[Any]] = {tool.name: tool for tool in ALL_TOOLS if isinstance(tool, Operation)}
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINE = {"name": "Plan anual", "unit_price": 50000, "quantity": 1}
PLACE = {"street1": "Calle Uno 1", "postal_code": "97000"}
CLABE = "646180111802000138"
FISCAL = {
    "tax_id": "XAXX010101000",
    "name": "Prueba SA",
    "address": {**PLACE, "city": "Mérida", "external_number": "1", "country": "MX"},
}


def send(tool: str, **given: Any) -> dict[str, Any]:
    operation = TOOLS[tool]
    return dict(operation.build_request(operation.input.model_validate(given)).body or {})


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("mxn", "MXN"), ("MXN", "MXN"), (" Mxn ", "MXN"), ("pesos", "MXN"), ("Pesos Mexicanos", "MXN"),
        ("M.N.", "MXN"), ("usd", "USD"), ("US dollars", "USD"), ("Dólares americanos", "USD"),
    ],
)  # fmt: skip
def test_a_currency_goes_out_in_conektas_spelling(given: str, sent: str) -> None:
    assert send("create_order", **ANA, line_items=[LINE], currency=given)["currency"] == sent
    assert send("update_order", order_id="ord_1", currency=given)["currency"] == sent
    plan = {"plan_id": "oro", "name": "Oro", "amount": 100, "interval": "month"}
    assert send("create_plan", **plan, currency=given)["currency"] == sent
    link = send(
        "create_payment_link", name="Oro", line_items=[LINE], expires_at=1_900_000_000, currency=given
    )
    assert link["order_template"]["currency"] == sent


def test_every_currency_has_spellings_and_is_taken_by_the_sandbox() -> None:
    currencies = {*get_args(get_args(Currency)[0])}
    assert {*CURRENCIES.values()} == currencies, "conekta_mcp/domains/spellings.py: Currency, CURRENCIES"
    rule = ORDER.optional.get("currency") or ORDER.required["currency"]
    refused = {one for one in currencies if [*rule(one, "currency")]}
    assert not refused, f"conekta_mcp/sandbox/request_bodies/order_bodies.py: ORDER: currency {refused}"


@pytest.mark.parametrize("given", ["EUR", "$", "dollars", "dólares", "", 5, True])
def test_a_currency_that_may_be_another_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        send("create_order", **ANA, line_items=[LINE], currency=given)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("MX", "MX"), ("mx", "MX"), ("Mexico", "MX"), ("México", "MX"), ("MEXICO", "MX"), ("MEX", "MX"),
        ("United States", "US"), ("EUA", "US"), ("España", "ES"), ("cr", "CR"),
    ],
)  # fmt: skip
def test_a_country_goes_out_as_two_letters(given: str, sent: str) -> None:
    address = {**PLACE, "country": given}
    assert send("add_shipping_contact", customer_id="cus_1", address=address)["address"]["country"] == sent
    fiscal = {**address, "city": "Mérida"}
    assert send("add_fiscal_entity", customer_id="cus_1", address=fiscal)["address"]["country"] == sent


@pytest.mark.parametrize("given", ["Atlantis", "M", "M1", "52"])
def test_a_country_that_nobody_knows_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        send("add_shipping_contact", customer_id="cus_1", address={**PLACE, "country": given})


@pytest.mark.parametrize("given", [CLABE, "646 180 11180200013 8", "646-180-11180200013-8", f" {CLABE} "])
def test_the_spaces_of_a_clabe_are_dropped(given: str) -> None:
    assert send("create_company", name="Norte", clabe=given)["bank_account_info"] == {"clabe": CLABE}


@pytest.mark.parametrize("place", range(18))
def test_a_clabe_with_one_wrong_digit_is_refused_and_not_repeated(place: int) -> None:
    wrong = CLABE[:place] + str((int(CLABE[place]) + 1) % 10) + CLABE[place + 1 :]
    with pytest.raises(ValidationError) as refused:
        send("create_company", name="Norte", clabe=wrong)
    (problem,) = refused.value.errors()
    assert (problem["type"], wrong in problem["msg"]) == ("clabe_digit", False)


@pytest.mark.parametrize("given", ["30/02/1990", "31/04/2001", "29/02/2023", "00/01/2000", "01/13/2000"])
def test_a_day_that_never_was_is_no_date_of_birth(given: str) -> None:
    with pytest.raises(ValidationError, match="there is no such day"):
        send("create_customer", **ANA, date_of_birth=given)


def test_a_leap_day_is_a_date_of_birth() -> None:
    assert send("create_customer", **ANA, date_of_birth="29/02/2024")["date_of_birth"] == "29/02/2024"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("+5215512345678", "5512345678"), ("+525512345678", "5512345678"), ("5512345678", "5512345678"),
        ("55 1234 5678", "5512345678"), ("(55) 1234-5678", "5512345678"), ("55-1234-5678", "5512345678"),
        ("+52 (55) 1234-5678", "5512345678"), ("52 1 55 1234 5678", "5512345678"),
        ("12345", "12345"), ("+5712", "+5712"), ("2026-11-28-0001", "2026-11-28-0001"),
        ("98001234567890", "98001234567890"), ("ana@example.com", "ana@example.com"), ("Ana 5512345678",) * 2,
    ],
)  # fmt: skip
def test_a_phone_is_searched_by_its_last_ten_digits(given: str, sent: str) -> None:
    assert search_phone(given) == sent


@pytest.mark.parametrize("stored", ["+525512345678", "+5215512345678", "5512345678"])
def test_a_stored_phone_is_found_however_it_is_written(stored: str) -> None:
    ledger = Ledger()
    shop = Shop(ledger)
    who = shop.customer(phone=stored)
    operation = TOOLS["list_customers"]
    for asked in ("+5215512345678", "+52 55 1234 5678", "55 1234 5678", "5512345678"):
        request = operation.build_request(operation.input.model_validate({"search": asked}))
        found = shop.get(request.path, **request.query)["data"]
        assert [row["id"] for row in found] == [who["id"]], asked
    ledger.close()


DETAILS = {"tags": ["ropa"], "metadata": {"talla": "M"}, "antifraud_info": {"first_paid_at": 1}}
OF_ORDER = {"fiscal_entity": FISCAL, "needs_shipping_contact": True, "processing_mode": "ecommerce"}
ABOUT = {"antifraud_info": {"account_created_at": 1_700_000_000, "first_paid_at": 0}}
TAXES = {"tax_lines": [{"amount": 1, "description": "IVA", "metadata": {"tasa": "16"}}]}
SHIPPING = {"shipping_lines": [{"amount": 1, "metadata": {"zona": "norte"}}]}
NESTED = {"line_items": [{**LINE, **DETAILS}]}
FIELDS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("create_order", ANA, {**NESTED, **OF_ORDER, **TAXES, **SHIPPING}),
    ("create_card_order", {**ANA, "token_id": "tok_1"}, {**NESTED, **OF_ORDER, **TAXES, **SHIPPING}),
    ("create_order_reusing_clabe", {"customer_id": "cus_1"}, NESTED),
    ("update_order", {"order_id": "ord_1"}, {**NESTED, "fiscal_entity": FISCAL, **TAXES, **SHIPPING}),
    ("add_line_item", {"order_id": "ord_1", **LINE}, DETAILS),
    ("update_line_item", {"order_id": "ord_1", "line_item_id": "line_item_1"}, DETAILS),
    ("create_customer", ANA, ABOUT),
    ("update_customer", {"customer_id": "cus_1"}, ABOUT),
]


@pytest.mark.parametrize(("tool", "given", "more"), FIELDS, ids=[row[0] for row in FIELDS])
def test_a_documented_field_is_sent_as_given(tool: str, given: dict[str, Any], more: dict[str, Any]) -> None:
    body = send(tool, **given, **more)
    assert {name: body[name] for name in more} == more


@pytest.mark.parametrize(
    ("tool", "rare"),
    [
        ("create_order", OF_ORDER), ("create_card_order", OF_ORDER), ("update_order", ["fiscal_entity"]),
        ("add_line_item", ["tags", "antifraud_info"]), ("create_customer", ABOUT), ("update_customer", ABOUT),
    ],
)  # fmt: skip
def test_it_costs_nothing_in_the_list_of_tools(tool: str, rare: Any) -> None:
    assert set(rare) <= list_rare_arguments(TOOLS[tool])
