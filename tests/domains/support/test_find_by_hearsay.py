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
        assert answer["found"] == "Una orden coincide; el nombre no se comparó."
    said = [desk.ask("find_payment", text=f"Soy {one} y pagué 350.50") for one in ("Xóchitl", "Pedro")]
    assert said[0] == said[1]
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


def test_of_many_that_fit_all_are_counted_and_whole_names_come_first(desk: Desk) -> None:
    anabel, ana = {**LUPITA, "name": "Anabel Ruiz"}, {**LUPITA, "name": "Ana Ruiz"}
    ours = [place_order(desk, ana, SPEI, 50000, "Taza")["id"] for _ in range(4)]
    for _ in range(4):
        place_order(desk, anabel, SPEI, 50000, "Taza")
    answer = desk.ask("find_payment", text="Ana Ruiz pagó 500 pesos")
    assert answer["found"].startswith("8 órdenes coinciden; aquí van 5: ")
    assert (set(ids_of(answer)[:4]), answer["more_payments"]) == (set(ours), 3)


def test_under_masking_a_word_of_what_was_bought_does_not_make_it_sure(desk: Desk) -> None:
    maria = {**LUPITA, "name": "María Sol"}
    course = place_order(desk, XOCHITL, SPEI, 35050, "Curso de María")["id"]
    hers = place_order(desk, maria, SPEI, 35050, "Mesa")["id"]
    assert set(ids_of(desk.ask("find_payment", text="Maria 350.50"))) == {course, hers}
    desk.masked = True
    assert [one["certainty"] for one in desk.ask("find_payment", text="Maria 350.50")["payments"]] == [
        "possible"
    ]


def test_a_name_with_an_amount_that_is_not_theirs_is_answered_with_the_nearest_amounts(desk: Desk) -> None:
    place_order(desk, LUPITA, SPEI, 50000, "Taza")
    near = place_order(desk, XOCHITL, SPEI, 12000, "Taza")["id"]
    answer = desk.ask("find_payment", text="busco el pago de Guadalupe de 119.99")
    assert (answer["payments"], answer["nearest"][0]["id"]) == ([], near)


def test_what_a_bank_writes_on_a_proof_finds_the_order(desk: Desk) -> None:
    order = place_order(desk, LUPITA, SPEI, 50000, "Taza")["id"]
    place_order(desk, XOCHITL, SPEI, 50000, "Taza")
    desk.shop.pay(order_id=order)
    code = desk.shop.method_of(desk.shop.get(f"/orders/{order}"))["tracking_code"]
    for said in (f"mi clave de rastreo es {code}", f"rastreo {code.lower()}", f"folio {code[-12:]}"):
        assert ids_of(desk.ask("find_payment", text=said)) == [order]


@pytest.mark.parametrize(
    "said",
    [
        "pago por $500.50 M.N. realizado el 16/01/2026 a las 06:00 hrs folio 123456",
        "hoy me dicen que no, pero ayer o el 16 pagué 500.50 pesos",
        "tel. (55) 6666-7777",
        "Hola, quisiera saber si se reflejó mi pago, anexo mi ticket. Saludos, Guadalupe Hernández",
    ],
)
def test_a_message_as_people_write_it_finds_one_order(desk: Desk, said: str) -> None:
    order = place_order(desk, LUPITA, SPEI, 50050, "Taza")["id"]
    place_order(desk, XOCHITL, SPEI, 80000, "Taza")
    desk.shop.advance(2 * DAY)
    answer = desk.ask("find_payment", text=said)
    assert (ids_of(answer), answer["payments"][0]["certainty"]) == ([order], "likely")


def test_a_word_that_is_also_sold_finds_what_was_bought_and_hides_nothing(desk: Desk) -> None:
    phone = place_order(desk, LUPITA, VISA, 250000, "Celular")["id"]
    other = place_order(desk, XOCHITL, VISA, 50000, "Taza")["id"]
    assert ids_of(desk.ask("find_payment", text="quise comprar un celular con mi tarjeta")) == [phone]
    answer = desk.ask("find_payment", text="mi celular es 81 1234 5678 y pagué 500 pesos")
    assert (ids_of(answer), answer["payments"][0]["certainty"]) == ([other], "likely")
    assert ids_of(desk.ask("find_payment", text="soy Xóchitl, este es mi ticket")) == [other]
    answer = desk.ask("find_payment", text="¿ya viste mi ticket?")
    assert len(answer["newest"]) == 2
    assert desk.sent == 2  # not a walk over all orders


def test_a_whole_message_is_read_as_it_came(desk: Desk) -> None:
    order = place_order(desk, XOCHITL, SPEI, 35050, "Taza")["id"]
    place_order(desk, LUPITA, SPEI, 90000, "Taza")
    greeting = "Hola, muy buenas tardes, disculpen la molestia y gracias de antemano por su ayuda. "
    answer = desk.ask("find_payment", text=greeting * 6 + "Soy Xóchitl, pagué 350.50 y no veo mi pago.")
    assert ids_of(answer)[0] == order


@pytest.mark.parametrize(
    "said", ["factura 1023", "la factura no. 1023 de Xóchitl", "pedido #1023", "invoice 1023"]
)
def test_the_number_of_a_thing_is_no_amount(desk: Desk, said: str) -> None:
    place_order(desk, LUPITA, SPEI, 102300, "Mesa")
    order = place_order(desk, XOCHITL, SPEI, 50000, "Factura 1023 de pedido #1023")["id"]
    assert ids_of(desk.ask("find_payment", text=said))[0] == order


def test_the_number_of_a_flat_hides_nobody(desk: Desk) -> None:
    order = place_order(desk, LUPITA, SPEI, 850000, "Renta")["id"]
    place_order(desk, XOCHITL, SPEI, 40000, "Taza")
    (found,) = desk.ask("find_payment", text="Lupita del depto 4 ya pagó la renta")["payments"]
    assert (found["id"], found.get("differs")) == (order, None)
    (found,) = desk.ask("find_payment", text="la renta de la casa 12, 8500 pesos")["payments"]
    assert (found["id"], found["certainty"]) == (order, "likely")


@pytest.mark.parametrize("said", ["Mr. OBrien", "O'Brien", "o’brien", "john brien", "obryen"])
def test_a_name_with_an_apostrophe_is_found_with_and_without_it(desk: Desk, said: str) -> None:
    brien = {"name": "John O'Brien", "email": "john@example.com", "phone": "5598765432"}
    order = place_order(desk, brien, SPEI, 250000, "Logo")["id"]
    assert ids_of(desk.ask("find_payment", text=said)) == [order]
    assert ids_of(desk.ask("find_payment", name=said.removeprefix("Mr. "))) == [order]
