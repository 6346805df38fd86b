"""Arguments of the reports as they are copied: digits with gaps, ids with what stands around them."""

from typing import Any

import pytest
from pydantic import ValidationError

from conekta_mcp.domains.support.fields import (
    ExplainPaymentInput,
    FindPaymentInput,
    WaitForPaymentInput,
)
from tests.domains.support.asking import VISA, Desk
from tests.domains.support.test_wait_for_payment import link

CLABE, PAGE = "646180111802000138", "f2654d66d740457a9a8cf96b5196f44e"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"clabe": "646 180 11180200013 8"}, CLABE),
        ({"clabe": "6461-8011-1802-0001-38"}, CLABE),
        ({"reference": "9800 5735 8651 05"}, "98005735865105"),
        ({"reference": 98005735865105}, "98005735865105"),
        ({"last4": "42 42"}, "4242"),
        ({"last4": "****4242"}, "4242"),
        ({"last4": "xxxx-4242"}, "4242"),
        ({"last4": 4242}, "4242"),
        ({"id": " ord_2abc "}, "ord_2abc"),
        ({"id": "#ord_2abc"}, "ord_2abc"),
        ({"id": f"https://pay.conekta.com/link/{PAGE}?x=1"}, PAGE),
    ],
)
def test_what_stands_around_or_between_is_left_out(given: dict[str, Any], read: str) -> None:
    (name,) = given
    assert getattr(FindPaymentInput(**given), name) == read


@pytest.mark.parametrize(
    "given",
    [
        {"clabe": CLABE[:-1]},
        {"clabe": f"{CLABE[:-1]}x"},
        {"last4": "424"},
        {"last4": 42},
        {"reference": "98 00"},
        {"id": "ord 2abc"},
        {"id": "https://example.com/x"},
    ],
)
def test_what_is_left_has_to_be_whole(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FindPaymentInput(**given)


def test_a_copied_link_is_explained_and_waited_for() -> None:
    desk = Desk()
    one = link(desk)
    page = f"https://pay.conekta.com/link/{one.replace('-', '')}"
    assert desk.ask("explain_payment", id=page) == desk.ask("explain_payment", id=one)
    desk.shop.post(f"/_sandbox/checkouts/{one}/payments", {"method": "card"})
    assert desk.ask("wait_for_payment", id=page)["outcome"] == "paid"


def test_an_order_that_was_copied_with_a_blank_is_explained() -> None:
    desk = Desk()
    order = desk.shop.order(None, VISA)["id"]
    assert desk.ask("explain_payment", id=f" {order}\n")["order"]["id"] == order


@pytest.mark.parametrize("arguments", [ExplainPaymentInput, WaitForPaymentInput])
def test_a_customer_is_no_payment(arguments: Any) -> None:
    with pytest.raises(ValidationError, match="expected ord_"):
        arguments(id="cus_2abc")
