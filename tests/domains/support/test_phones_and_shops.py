"""find_payment: the end of a phone, the 7 of 7-Eleven, and euros."""

import pytest

from tests.domains.support.asking import VISA, Desk
from tests.domains.support.test_find_payment import place_order

MARCELA = {"name": "Marcela Ortiz", "email": "marcela@example.com", "phone": "55 4433 2211"}
RAUL = {"name": "Raúl Díaz", "email": "raul@example.com", "phone": "5544331111"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    "said", ["mi cel termina en 2211", "my phone ends in 2211", "tel. ****2211", "WhatsApp terminación 22 11"]
)
def test_the_end_of_a_phone_is_that_of_a_phone(desk: Desk, said: str) -> None:
    order = place_order(desk, MARCELA, VISA, 70000, "Taza")["id"]
    place_order(desk, RAUL, VISA, 70000, "Taza")
    (found,) = desk.ask("find_payment", text=said)["payments"]
    assert (found["id"], found["certainty"], found["matches"]) == (order, "likely", ["digits"])
    desk.masked = True
    assert desk.ask("find_payment", text=said)["payments"] == []


def test_the_end_of_a_card_is_not_looked_for_in_phones(desk: Desk) -> None:
    place_order(desk, MARCELA, VISA, 70000, "Taza")
    assert desk.ask("find_payment", text="mi tarjeta termina en 2211")["payments"] == []


@pytest.mark.parametrize(
    "said", ["pagué 700 en el 7 eleven", "I paid 700 at 7-Eleven", "700, 7Eleven", "pagué 700 en el 7-once"]
)
def test_a_shop_with_a_number_is_neither_an_hour_nor_a_day(desk: Desk, said: str) -> None:
    order = place_order(desk, MARCELA, {"type": "cash"}, 70000, "Taza")["id"]
    place_order(desk, RAUL, VISA, 70000, "Taza")
    answer = desk.ask("find_payment", text=said)
    assert [(one["id"], one["matches"]) for one in answer["payments"]] == [(order, ["amount", "method"])]
    assert answer.get("read_as") is None


@pytest.mark.parametrize("said", ["€49.99", "49.99 €", "EUR 49.99", "49.99 euros", "US$49.99"])
def test_another_currency_is_not_taken_for_pesos(desk: Desk, said: str) -> None:
    place_order(desk, MARCELA, VISA, 4999, "Yoga")
    assert desk.ask("find_payment", text=said)["payments"] == []
