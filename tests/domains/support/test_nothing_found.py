"""find_payment where nothing fits: pesos for centavos, people without orders, misspelt e-mails."""

from typing import Any

import pytest

from tests.domains.support.asking import VISA, Desk
from tests.domains.support.test_find_payment import PEOPLE, place_order

SPEI, CASH = {"type": "spei"}, {"type": "cash"}
ANA = PEOPLE[0]


@pytest.fixture
def desk() -> Desk:
    return Desk(language="es")


def ids_of(rows: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in rows]


def test_pesos_where_centavos_are_meant_are_told_as_that(desk: Desk) -> None:
    order = place_order(desk, ANA, SPEI, 50000, "Plan anual")["id"]
    place_order(desk, ANA, SPEI, 900, "Pluma")
    answer = desk.ask("find_payment", amount=500)
    assert answer["payments"] == []
    assert ids_of(answer["nearest"]) == [order]
    assert answer["left_out"] == ["amount va en centavos: 500 es 5.00; de 500.00 sí hay órdenes."]


def test_an_amount_of_which_there_is_an_order_is_never_taken_for_pesos(desk: Desk) -> None:
    small, _ = (place_order(desk, ANA, SPEI, amount, "Pluma")["id"] for amount in (500, 50000))
    answer = desk.ask("find_payment", amount=500)
    assert ids_of(answer["payments"]) == [small]
    assert "left_out" not in answer


@pytest.mark.parametrize("said", [{"email": "rosa@example.com"}, {"text": "soy rosa@example.com"},
                                  {"phone": "8110001111"}, {"text": "mi cel es 811 000 1111"}])  # fmt: skip
def test_a_customer_without_such_an_order_is_named(desk: Desk, said: dict[str, str]) -> None:
    place_order(desk, ANA, SPEI, 50000, "Plan anual")
    rosa = {"name": "Rosa Díaz", "email": "Rosa@example.com", "phone": "8110001111"}
    customer = desk.shop.post("/customers", rosa)["id"]
    answer = desk.ask("find_payment", **said)
    assert answer["payments"] == []
    assert answer["left_out"] == [
        f"Clientes con ese correo o teléfono: {customer}; ninguna orden suya coincide."
    ]
    hidden = Desk(ledger=desk.ledger, language="es", masked=True).ask("find_payment", **said)
    assert hidden["left_out"][0] == answer["left_out"][0]


def test_nobody_is_named_for_a_part_of_an_email(desk: Desk) -> None:
    desk.shop.customer(email="mariana@example.com")
    assert "left_out" not in desk.ask("find_payment", email="ana@example.com")


@pytest.mark.parametrize(
    "typed", ["ana@exmaple.com", "ana@example.con", "anna@example.com", "ana@exampl.com"]
)
def test_a_mistyped_email_finds_its_order_and_is_only_possible(desk: Desk, typed: str) -> None:
    order = place_order(desk, ANA, SPEI, 50000, "Plan anual")["id"]
    place_order(desk, PEOPLE[2], SPEI, 50000, "Plan anual")
    answer = desk.ask("find_payment", email=typed)
    (found,) = answer["payments"]
    assert (found["id"], found["certainty"]) == (order, "possible")
    assert answer["read_as"] == [f"«{typed}» se tomó por «ana@example.com»."]
    assert Desk(ledger=desk.ledger, masked=True).ask("find_payment", email=typed)["payments"] == []


def test_another_address_at_the_same_place_is_somebody_elses(desk: Desk) -> None:
    place_order(desk, ANA, SPEI, 50000, "Plan anual")
    assert desk.ask("find_payment", email="eva@example.com")["payments"] == []


@pytest.mark.parametrize(
    "text", ["ya pagué en Farmacias Guadalajara", "lo pagué en el Walmart", "fue en soriana"]
)
def test_a_chain_that_takes_cash_is_a_way_to_pay(desk: Desk, text: str) -> None:
    order = place_order(desk, ANA, CASH, 50000, "Plan anual")["id"]
    place_order(desk, ANA, SPEI, 50000, "Plan anual")
    answer = desk.ask("find_payment", text=f"{text} 500 pesos")
    assert ids_of(answer["payments"])[:1] == [order]
    assert answer["payments"][0]["matches"] == ["amount", "method"]


def test_the_clabe_of_a_customer_without_orders_is_explained_in_words_too(desk: Desk) -> None:
    _, clabe = desk.shop.customer_with_clabe()
    place_order(desk, ANA, SPEI, 50000, "Plan anual")
    answer = desk.ask("find_payment", text=f"transferí a la CLABE {clabe}")
    assert answer["left_out"] == [
        "La CLABE de un cliente sin órdenes no se puede buscar; get_customer_profile la muestra."
    ]


def test_next_is_named_only_where_the_answer_has_one(desk: Desk) -> None:
    for number in range(251):
        body = desk.shop.order_body(None, metadata={"folio": str(number)})
        desk.shop.http.post("/orders", json=body)
    wanted = place_order(desk, {**ANA, "name": "Eva Ruiz"}, VISA, 12300, "Taza")["id"]
    answer = desk.ask("find_payment", budget=2, text="soy Eva, pagué 123 pesos")
    assert [one["id"] for one in answer["payments"]] == [wanted]
    assert (answer["complete"], answer.get("next")) == (False, None)
    assert answer["found"] == "Una orden coincide. No se vio todo: da un día o más datos."
