"""Curated answers tolerate whatever Conekta sends: a success stays a success."""

from typing import Any

import pytest

from conekta_mcp.domains.balance.results import Transaction
from conekta_mcp.domains.customers.address_results import FiscalEntity, ShippingContact
from conekta_mcp.domains.customers.results import Customer, CustomerRow
from conekta_mcp.domains.customers.source_results import PaymentSource
from conekta_mcp.domains.orders.charge_results import Charge
from conekta_mcp.domains.orders.results import Order, OrderRow
from conekta_mcp.domains.simulation.results import SimulatedPayment
from conekta_mcp.results.page import Page, get_cursor
from conekta_mcp.results.text import format_pesos, join_parts
from tests.one_test import all_in_one_test

MODELS = [
    Charge, Customer, CustomerRow, FiscalEntity, Order, OrderRow, Page[OrderRow], PaymentSource,
    ShippingContact, SimulatedPayment,
]  # fmt: skip
ODD = [None, "x", "", 7, -7, 0, 1e300, True, [], ["x"], [None, {}], {}, {"data": "x"}, {"data": [7, {}]}]


@all_in_one_test("model", MODELS)
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_field_of_an_odd_shape_never_fails_an_answer(model: Any, odd: Any) -> None:
    names = [
        *model.model_fields,
        "charges",
        "customer_info",
        "next_action",
        "payment_method",
        "next_page_url",
    ]
    answer = model.curate({**dict.fromkeys(names, odd), "unheard_of": odd})
    assert "unheard_of" not in answer
    assert None not in answer.values()


@all_in_one_test("model", MODELS)
def test_an_empty_object_is_an_empty_answer(model: Any) -> None:
    assert model.curate({}) == ({"data": []} if issubclass(model, Page) else {})


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (125_000, "MXN", "MXN 1,250.00"),
        (1, "USD", "USD 0.01"),
        (0, None, "? 0.00"),
        (-123_456_789, "MXN", "MXN -1,234,567.89"),
        (None, "MXN", None),
    ],
)
def test_centavos_are_written_as_people_read_them(
    amount: int | None, currency: str | None, text: str | None
) -> None:
    assert format_pesos(amount, currency) == text


def test_the_parts_of_an_address_are_joined() -> None:
    assert (join_parts(["Calle Uno 1", None, "", "06100"]), join_parts([None])) == (
        "Calle Uno 1, 06100",
        None,
    )


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://api.conekta.io/orders?limit=2&next=ord_1", "ord_1"),
        ("/orders?next=ord_1&limit=2", "ord_1"),
        ("https://api.conekta.io/orders?limit=2&previous=ord_1", None),
        ("https://api.conekta.io/orders", None),
        ("https://[api?next=ord_1#end", "ord_1"),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_cursor_is_taken_out_of_the_address_of_a_page(address: Any, found: str | None) -> None:
    assert get_cursor({"next_page_url": address}, "next") == found


def test_what_the_payer_needs_is_of_the_latest_charge() -> None:
    spei = {"object": "bank_transfer_payment", "type": "spei", "bank": "STP"}
    charges = [{"payment_method": {**spei, "clabe": clabe}} for clabe in ("1", "2")]
    raw = {"id": "ord_1", "charges": {"data": [*charges, {"payment_method": None, "id": "c"}]}}
    assert Order.curate(raw) == {
        "clabe": "2",
        "bank": "STP",
        "id": "ord_1",
        "charges": [{"method": "spei"}, {"method": "spei"}, {"id": "c"}],
    }


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ({"object": "card_payment", "type": "credit"}, "card"),
        ({"object": "cash_payment", "type": "oxxo"}, "cash"),
        ({"object": "bank_transfer_payment", "type": "spei"}, "spei"),
        ({"object": "bnpl_payment", "type": "bnpl"}, "bnpl"),
    ],
)
def test_a_payment_method_is_named_as_in_a_request(method: Any, name: str) -> None:
    assert Charge.curate({"payment_method": method})["method"] == name


def test_a_paid_charge_says_when_and_how() -> None:
    method = {"object": "bank_transfer_payment", "type": "spei", "tracking_code": "T1"}
    assert Charge.curate({"paid_at": 1768570000, "payment_method": method, "reference_id": 17}) == {
        "method": "spei",
        "paid_at": 1768570000,
        "tracking_code": "T1",
        "reference_id": "17",
        "paid_at_text": "16 ene 2026, 07:26 (Ciudad de México)",
    }


@pytest.mark.parametrize(
    ("expires_at", "shown"),
    [
        (0, {"never_expires": True}),
        ("none", {"never_expires": True}),
        ("0", {"never_expires": True}),
        (None, {}),
        ("soon", {}),
        *(
            (
                when,
                {
                    "expires_at": 1776337233,
                    "expires_at_text": "16 abr 2026, 05:00 (Ciudad de México)",
                    "expires_at_iso": "2026-04-16T05:00:33-06:00",
                },
            )
            # Of a CLABE it is a text.
            for when in (1776337233, "1776337233")
        ),
    ],
)
def test_a_source_that_never_expires_says_so(expires_at: Any, shown: dict[str, Any]) -> None:
    assert PaymentSource.curate({"type": "cash_recurrent", "expires_at": expires_at}) == {
        "type": "cash_recurrent",
        **shown,
    }


def test_rows_come_from_an_envelope_or_a_bare_list() -> None:
    row = {"amount": 8000, "description": "IVA"}
    assert Order.curate({"tax_lines": [row, None]}) == Order.curate({"tax_lines": {"data": [row]}})
    assert Order.curate({"tax_lines": [row]}) == {"tax_lines": [row]}


@pytest.mark.parametrize("model", [Charge, PaymentSource, ShippingContact], ids=lambda model: model.__name__)
@pytest.mark.parametrize("odd", [None, "x", 7, []], ids=repr)
def test_a_child_that_is_no_object_is_an_empty_one(model: Any, odd: Any) -> None:
    assert model.model_validate(odd).model_dump(exclude_none=True) == {}


def test_a_sum_without_its_currency_does_not_pass_for_pesos() -> None:
    assert Transaction.curate({"amount": -5, "currency": None})["amount_text"] == "? -0.05"
