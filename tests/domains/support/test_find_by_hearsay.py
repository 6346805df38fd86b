"""find_payment with what people say loosely: misspelt names, wrong days, parts of numbers."""

from typing import Any

import pytest

from tests.domains.support.asking import DAY, VISA, Desk
from tests.domains.support.test_find_payment import place_order

XOCHITL = {"name": "Xóchitl Ibáñez", "email": "xochitl@example.com", "phone": "8112345678"}
LUPITA = {"name": "Guadalupe Hernández López", "email": "lupita@example.com", "phone": "5566667777"}
SPEI, CASH = {"type": "spei"}, {"type": "cash"}


@pytest.fixture
def desk() -> Desk:
    return Desk(language="es")


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in answer["payments"]]


def test_words_that_say_nothing_make_nobody_unknown(desk: Desk) -> None:
    order = place_order(desk, LUPITA, VISA, 89990, "Audífonos")["id"]
    answer = desk.ask("find_payment", text="me cobraron dos veces, soy Guadalupe Hernandez")
    assert ids_of(answer) == [order]
    answer = desk.ask("find_payment", text="no me ha llegado nada de los audifonos rojos")
    assert ids_of(answer) == [order]
    assert (answer["payments"][0]["certainty"], answer["left_out"]) == (
        "possible",
        ["Palabras que no están ahí: rojos."],
    )


@pytest.mark.parametrize(
    ("said", "person"),
    [
        ("xochil ibañes", XOCHITL),
        ("Sochitl Ivañez", XOCHITL),
        ("Lupita", LUPITA),
        ("Guadalupe Ernandes", LUPITA),
        ("guadaluep lopes", LUPITA),
    ],
)
def test_a_name_as_it_is_heard_finds_its_order_and_is_only_possible(
    desk: Desk, said: str, person: dict[str, str]
) -> None:
    orders = {one["name"]: place_order(desk, one, SPEI, 35050, "Taza")["id"] for one in (XOCHITL, LUPITA)}
    for asked in ({"text": said}, {"name": said}):
        answer = desk.ask("find_payment", **asked)
        assert ids_of(answer) == [orders[person["name"]]]
        assert answer["payments"][0]["certainty"] == "possible"
        assert all("se tomó por" in one for one in answer["read_as"])


@pytest.mark.parametrize("said", ["Soy Pedro Ramírez, pagué 350.50", "soy pedro ramirez, pague 350.50"])
def test_the_order_of_somebody_else_is_not_told_as_that_of_who_asks(desk: Desk, said: str) -> None:
    place_order(desk, XOCHITL, SPEI, 35050, "Taza")
    answer = desk.ask("find_payment", text=said)
    assert [one["certainty"] for one in answer["payments"]] == ["possible"]
    assert answer["found"].startswith("Una orden coincide, pero no dice ")
    assert answer["found"].endswith(": puede ser de otra persona.")
    assert "amírez" in answer["found"] or "amirez" in answer["found"]


def test_under_masking_a_name_is_neither_compared_nor_told_as_different(desk: Desk) -> None:
    place_order(desk, XOCHITL, SPEI, 35050, "Taza")
    desk.masked = True
    answers = [desk.ask("find_payment", name=one, amount=35050) for one in ("Xóchitl", "Pedro")]
    for answer in answers:
        (found,) = answer["payments"]
        assert (found["certainty"], found.get("differs")) == ("possible", None)
    assert answers[0] == answers[1]


def test_how_it_was_paid_tells_two_orders_of_one_amount_apart(desk: Desk) -> None:
    cash = place_order(desk, XOCHITL, CASH, 50000, "Taza")["id"]
    transfer = place_order(desk, LUPITA, SPEI, 50000, "Taza")["id"]
    for said, order in (
        ("el del OXXO de 500", cash),
        ("500 por transferencia", transfer),
        ("$500 spei", transfer),
    ):
        assert ids_of(desk.ask("find_payment", text=said)) == [order]
    answer = desk.ask("find_payment", text="500 pesos con tarjeta")
    assert [one["differs"] for one in answer["payments"]] == [["method"], ["method"]]
    assert ids_of(desk.ask("find_payment", text="¿ya cayó el del oxxo?")) == [cash]


def test_a_part_of_a_clabe_or_reference_finds_the_order_and_is_not_certain(desk: Desk) -> None:
    transfer = place_order(desk, LUPITA, SPEI, 50000, "Taza")
    cash = place_order(desk, XOCHITL, CASH, 50000, "Taza")
    clabe = transfer["charges"]["data"][0]["payment_method"]["clabe"]
    reference = cash["charges"]["data"][0]["payment_method"]["reference"]
    for said, order in (
        (f"la CLABE termina en {clabe[-4:]}", transfer),
        (f"transferí a {clabe[:12]}", transfer),
        (f"clabe {clabe[:6]} {clabe[6:12]}", transfer),
        (f"la referencia acaba en {reference[-4:]}", cash),
        (f"mi referencia es {reference[-8:]}", cash),
        (f"referencia {reference[:4]}-{reference[4:8]}-{reference[8:]}", cash),
    ):
        (found,) = desk.ask("find_payment", text=said)["payments"]
        assert found["id"] == order["id"]
        assert (found["certainty"] == "certain") == ("reference" in found["matches"])


@pytest.mark.parametrize("said", ["mi folio es 98765432", "$98,765,432.10", "999999999 pesos"])
def test_a_number_above_what_an_order_can_be_of_is_no_error(desk: Desk, said: str) -> None:
    place_order(desk, LUPITA, SPEI, 50000, "Taza")
    assert desk.ask("find_payment", text=said)["payments"] == []


def test_an_order_of_another_day_is_told_as_that_and_not_as_none(desk: Desk) -> None:
    order = place_order(desk, LUPITA, SPEI, 120000, "Taza")["id"]
    desk.shop.advance(5 * DAY)
    (found,) = desk.ask("find_payment", text="deposité 1200 ayer")["payments"]
    assert (found["id"], found["certainty"], found["differs"]) == (order, "possible", ["day"])
    assert desk.ask("find_payment", text="deposité 1300 ayer")["found"].endswith(
        "En otros días tampoco hay ninguna orden con ese monto o nombre."
    )
