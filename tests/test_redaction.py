"""Redaction: card numbers and keys go, what people pay to stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from conekta_mcp.redaction import (
    has_card_number,
    has_possible_secrets,
    is_card_number,
    redact,
    redact_value,
    to_error_text,
)
from tests.depth import tries

CARDS = [
    "4242424242424242", "4012888888881881", "4222222222222", "5555555555554444", "5105105105105100",
    "2223003122003222", "378282246310005", "371449635398431", "6011111111111117", "4915669353237603",
]  # fmt: skip
NO_CARDS = [
    "646180111812345678",  # a CLABE
    "646180111802000138",
    "734180008033435128",
    "93000262276908",  # a cash reference
    "98000000000003",
    "+5215555555555",  # a phone
    "5215512345678",
    "+573143159063",
    "6a0000000000000000000001",  # an id of a charge
    "424242424242424242424242",
    "4242424242424241",  # a wrong check digit
    "0000000000000000",
    "1768564962000",
    "ord_2tUigJ8DgBhbp6w5D",
    "42424242-4242-4242-8242-424242424242",
    "646 180 111802000138",
    "55 5555 5555",
    "4242 x 4242 x 4242 x 4242",
    "0.4242424242424242",
]


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_is_found_and_replaced(number: str) -> None:
    groups = [number[place : place + 4] for place in range(0, len(number), 4)]
    for spelled in (number, " ".join(groups), "-".join(groups)):
        assert (is_card_number(spelled), has_card_number(f"con {spelled}.")) == (True, True)
        assert redact(f"con {spelled}, dos: {spelled}.") == (
            "con [redacted card number], dos: [redacted card number]."
        )


SPELLED = [
    "4242.4242.4242.4242",
    "4242/4242/4242/4242",
    "4242\u00a04242\u00a04242\u00a04242",
    "4242  4242  4242  4242",
    "4242\n4242\n4242\n4242",
    "4242\t4242\t4242\t4242",
    " - ".join("4222222222222"),  # the shortest number, each digit alone and as far apart as counts
    "4242_4242_4242_4242",
    "4242 / 4242 / 4242 / 4242",
    "4242\u20094242\u20094242\u20094242",  # thin spaces
    "4242     4242     4242     4242",
    "4242 \t \t 4242 \t \t 4242 \t \t 4242",
    "4242\u200b \u200b \u200b4242\u200b \u200b \u200b4242\u200b \u200b \u200b4242",
    "4242\u200b\u200b\u200b\u200b\u200b\u200b424242424242",
    "\u200b".join("4242424242424242"),
    "\xad".join("4242424242424242"),
    "4242\u31644242\u31644242\u31644242",  # a letter of Hangul without a shape
    "4242\u28004242\u28004242\u28004242",
    "４２４２４２４２４２４２４２４２",
    "４２４２　４２４２　４２４２　４２４２",
    "**4242** **4242** **4242** **4242**",
    "4242 \u2013 4242 \u2013 4242 \u2013 4242",
    "4242%204242%204242%204242",
    "4242%C2%A04242%C2%A04242%C2%A04242",
    "4242&nbsp;4242&nbsp;4242&nbsp;4242",
    "4242&#160;4242&#8203;4242&#x2009;4242",
    "4242<br>4242<br/>4242<br />4242",
    "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
    "x4242424242424242",
    "tarjeta_4242424242424242",
    "ord_4242424242424242",
    "4242424242424242x",
    "4000000000000000006",  # Visa of 19 digits
    "5062210000000009",  # Carnet
    "30569309025904",  # Diners
    "3530111333300000",  # JCB
    "6200000000000005",  # UnionPay
    "6759649826438453",  # Maestro
]


@pytest.mark.parametrize("text", SPELLED)
def test_a_card_number_is_found_however_it_is_spelled(text: str) -> None:
    shown = redact(f"con {text}.")
    assert (has_card_number(text), any(digit in shown for digit in "0123456789")) == (True, False)
    assert has_possible_secrets(to_json({"a": text}))
    assert redact_value({"a": [text]}) == {"a": [redact(text)]}


@pytest.mark.parametrize("gap", [",", "[", "{ ", "\n,", '"', "\\", "–", "\xa0", "¿", ", ,"])
def test_a_card_number_is_found_whatever_stands_between_its_digits_in_json(gap: str) -> None:
    text = gap.join(("4242", "4242", "4242", "4242"))
    assert has_card_number(text)
    assert has_possible_secrets(to_json({"a": 1, "note": [text]}))


@tries(100)
@given(
    st.lists(st.sampled_from(["4242", "424242", "42", "٤٢٤٢", "①", "9"]), min_size=2, max_size=8),
    st.text(alphabet=',;[]{}"\\\n\t–· é_-./ab', max_size=3),
    st.text(alphabet="aé1 ,_", max_size=3),
)
def test_no_text_with_a_card_number_passes_the_quick_look(groups: list[str], gap: str, before: str) -> None:
    text = before + gap.join(groups)
    assert has_possible_secrets(to_json({"a": 5, "note": text, "b": [17, 3]})) or not has_card_number(text)


@tries(100)
@given(st.sampled_from([*CARDS, "646180111802000138", ""]), st.text("0123456789", min_size=13, max_size=22))
def test_a_text_of_digits_alone_is_looked_at_by_itself(known: str, drawn: str) -> None:
    number = known or drawn
    for answer in ({"clabe": number, "next": [5, "12"]}, {"rows": [["4", number, "42"]]}, {number: 1}):
        assert has_possible_secrets(to_json(answer)) is has_card_number(number)


def test_numbers_of_a_list_are_no_card_number_together() -> None:
    assert not has_possible_secrets(to_json({"rows": [[1768564962, 50000, "Núñez"], [1768564963, 50001]]}))


@pytest.mark.parametrize("text", NO_CARDS)
def test_what_people_pay_to_and_other_numbers_stay(text: str) -> None:
    assert (redact(f"a {text} b"), has_card_number(text)) == (f"a {text} b", False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key_live_A1-b2", "key_[redacted]"),
        ("invalidkey_OWNOWNOWN0123456789", "invalidkey_[redacted]"),
        ("private_key_OWNOWNOWN0123456 is not allowed", "private_key_[redacted] is not allowed"),
        ("auth=key%5FOWNOWNOWN0123456789", "auth=key_[redacted]"),
        ("KEY_OWN0123", "key_[redacted]"),
        ("Bearer key_A1.", "Bearer key_[redacted]."),
        ('{"a":"key_A1","b":"key_B2"}', '{"a":"key_[redacted]","b":"key_[redacted]"}'),
        ("monkey_A1 and key_", "monkey_A1 and key_"),
        ("api key", "api key"),
    ],
)
def test_a_key_is_replaced(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": ["x", {"b": "4242424242424242"}]}, True),
        ({"4242424242424242": 1}, True),
        ([4242424242424242], True),
        (4242424242424242.0, True),
        (4242424242424242, True),
        (10**400, False),
        (float("nan"), False),
        (float("-inf"), False),
        (True, False),
        (None, False),
        (50000, False),
        ({}, False),
    ],
)
def test_a_card_number_is_found_inside(value: Any, found: bool) -> None:
    assert has_card_number(value) is found


def test_every_text_inside_is_redacted_and_the_rest_stays() -> None:
    value = {"a": ["key_A1", {"key_B2": 4242424242424242}], "b": [1, 2.5, True, None], "c": "Ñandú\ud800"}
    assert redact_value(value) == {
        "a": ["key_[redacted]", {"key_[redacted]": "[redacted card number]"}],
        "b": [1, 2.5, True, None],
        "c": "Ñandú?",
    }


@pytest.mark.parametrize("nothing", [None, "", "  \n", 7, [], {}, b"x"])
def test_what_is_no_text_says_nothing(nothing: object) -> None:
    assert to_error_text(nothing) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Hola.  ", "Hola."),
        ("a\x00b\x1b[31mc\u202ed\u200be\ufeff", "ab[31mcde"),
        ("una\ndos\ttres", "una\ndos\ttres"),
        ("x" * 500, "x" * 500),
        ("x" * 501, "x" * 499 + "…"),
        ("4242\u200b4242\u200b4242\u200b4242", "[redacted card number]"),
    ],
)
def test_an_upstream_text_is_one_short_visible_text(text: str, shown: str) -> None:
    assert to_error_text(text) == shown


@tries(60)
@given(st.text(max_size=2000))
def test_a_brief_text_is_never_long_and_holds_no_card_number(text: str) -> None:
    shown = to_error_text(text) or ""
    assert (len(shown) <= 500, has_card_number(shown)) == (True, False)


@tries(60)
@given(st.text(alphabet="4242 -0123456789", max_size=60))
def test_no_card_number_is_left_after_redaction(text: str) -> None:
    assert not has_card_number(redact(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://eva:secreto@shop.example.com/a@b", "https://***@shop.example.com/a@b"),
        ("a http://eva:p@ss@127.0.0.1:9 b", "a http://***@127.0.0.1:9 b"),
        ("https://eva@shop.example.com?x=y@z", "https://***@shop.example.com?x=y@z"),
        ("https://shop.example.com?mail=eva@example.com", "https://shop.example.com?mail=eva@example.com"),
        ("eva@example.com, https://shop.example.com", "eva@example.com, https://shop.example.com"),
    ],
)
def test_user_and_password_of_an_address_are_masked(text: str, shown: str) -> None:
    assert (redact(text), redact(shown)) == (shown, shown)


@pytest.mark.parametrize(
    ("text", "masked"),
    [(b'{"a":"https://u:p@x.example"}', True), (b'{"a":"https://x.example","b":"u@x.example"}', False)],
)
def test_json_with_a_password_in_an_address_is_unfit(text: bytes, masked: bool) -> None:
    assert has_possible_secrets(text) is masked


@pytest.mark.parametrize(
    "digits", ["⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"]
)
def test_a_card_number_is_found_in_digits_of_any_kind(digits: str) -> None:
    spelled = CARDS[0].translate(str.maketrans("0123456789", digits))
    assert redact(f"con {spelled}.") == "con [redacted card number]."
    assert has_possible_secrets(to_json({"note": spelled}))


# Each holds 13 to 19 digits between letters that are a card number by start and check digit.
@pytest.mark.parametrize(
    "name",
    [
        "8e4264762835409788cf9d7189e5dc39",
        "eec4531479274110a8b51f97",
        "mcp_eec4531479274110a8b51f97",
        "EEC4531479274110A8B51F976350C08D",
        "eec4531479274110a8b51f976350c08d6350c08d",
        f"{'a' * 47}b4242424242424242",
    ],
)
def test_a_name_of_hexadecimal_digits_is_no_card_number(name: str) -> None:
    assert (redact(name), has_card_number({"idempotency_key": name})) == (name, False)


@pytest.mark.parametrize("text", ["b4242424242424242", "mcp_4242424242424242", "key-4242424242424242-abcdef"])
def test_a_name_of_another_length_may_hold_one(text: str) -> None:
    assert has_card_number(text)
