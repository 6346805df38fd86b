"""What the audit log stores of arguments: ids, amounts and known words; the rest is masked."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.audit.redaction import find_ids, redact_arguments
from conekta_mcp.redaction import has_card_number
from tests.depth import tries


def test_of_an_order_the_ids_and_amounts_are_kept_and_the_person_is_not() -> None:
    assert redact_arguments(
        {
            "customer_id": "cus_1",
            "name": "Ana Ruiz",
            "email": "ana@example.com",
            "phone": "+525555555555",
            "currency": "MXN",
            "payment_method": "spei",
            "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1, "sku": "A-1"}],
            "shipping_contact": {"address": {"street1": "Calle Uno 1", "postal_code": "06100"}},
            "metadata": {"ana@example.com": "Ana"},
            "reuse_customer_clabe": True,
            "expires_at": 1_900_000_000,
            "order_id": None,
        }
    ) == {
        "customer_id": "cus_1",
        "name": "***",
        "email": "***",
        "phone": "***",
        "currency": "MXN",
        "payment_method": "spei",
        "line_items": [{"name": "***", "unit_price": 50000, "quantity": 1, "sku": "***"}],
        "shipping_contact": {"address": {"street1": "***", "postal_code": "***"}},
        "metadata": "***",
        "reuse_customer_clabe": True,
        "expires_at": 1_900_000_000,
        "order_id": None,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_id", "tok_test_visa_4242"),
        ("customer_id", "Ana Ruiz"),
        ("customer_id", "5512345678"),
        ("customer_id", "key_live_A1"),
        ("phone", 5512345678),
        ("amount", 4242424242424242),
        ("amount", "500"),
        ("amount", b"500"),
        ("base64", "JVBERi0xLjcgbm90YQ=="),
        ("reason", "se lo pidió Ana"),
        ("currency", "Ana Ruiz"),
        ("type", "ana@example.com"),
        ("type", "Ana"),
        ("unheard_of", 7),
    ],
)
def test_what_is_not_what_its_name_says_is_masked(name: str, value: Any) -> None:
    assert redact_arguments({name: value}) == {name: "***"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order_id", "ord_2tXyZ1234567890ab"),
        ("payment_source_id", "off_ref_1"),
        ("charge_id", "6a0000000000000000000001"),
        ("checkout_id", "00000000-0000-4000-8000-000000000001"),
        ("plan_ids", ["plan_1"]),
        ("amount", 50000),
        ("type", "coupon"),
        ("trial_end", 1_900_000_000),
        ("allowed_payment_methods", ["cash", "card"]),
    ],
)
def test_ids_amounts_and_words_of_conekta_s_are_kept(name: str, value: Any) -> None:
    assert redact_arguments({name: value}) == {name: value}


def test_names_of_arguments_that_nobody_declared_are_masked_too() -> None:
    assert redact_arguments({"ana@example.com": "x", "Ana": 1}) == {"***": "***"}


@pytest.mark.parametrize(
    "given",
    [
        {"x4242424242424242": 1},
        {"key_shop00000000000001": 1},
        {"order_id": "ord_4242424242424242"},
        {"plan_ids": ["plan_4242-4242-4242-4242"]},
        {"customer_id": "cus_key_shop00000000000001"},
        {"line_items": [{"n4242424242424242": "x"}]},
    ],
    ids=str,
)
def test_neither_a_name_nor_an_id_brings_in_a_card_number_or_a_key(given: dict[str, Any]) -> None:
    written = json.dumps(redact_arguments(given))
    assert ("4242" in written, "shop0000" in written) == (False, False)


def test_deep_and_long_arguments_are_bounded() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50):
        deep = {"deeper": deep}
    many = {f"field_{number}": 1 for number in range(200)}
    assert json.dumps(redact_arguments(deep)).count("deeper") == 6
    assert len(redact_arguments(many)) == 50
    assert len(redact_arguments({"ids": ["cus_1"] * 200})["ids"]) == 50


def test_the_ids_of_a_call_are_found_in_order_each_once() -> None:
    call = [
        {"order_id": "ord_1", "name": "cus_9", "token_id": "tok_1", "amount": 5},
        {
            "id": "ord_1",
            "charges": [{"id": "6a0000000000000000000001"}],
            "customer": {"customer_id": "cus_1"},
        },
        {"plan_ids": ["plan_1", "Ana Ruiz", 7]},
    ]
    assert find_ids(call) == ("ord_1", "6a0000000000000000000001", "cus_1", "plan_1")


NAMES = st.sampled_from(["amount", "id", "order_id", "type", "currency", "name", "metadata", "Ana Ruiz"])
VALUES = st.recursive(
    st.integers() | st.sampled_from(["Ana Ruiz", "ana@example.com", "4242424242424242", 4242424242424242.0]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@tries(60)
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_person_and_no_card_number_is_ever_kept(arguments: dict[str, Any]) -> None:
    kept = redact_arguments(arguments)
    text = json.dumps(kept)
    assert [one for one in ("Ana", "example.com") if one in text] == []
    assert not has_card_number(kept)
