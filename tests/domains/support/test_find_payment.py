"""find_payment: by each thing that a payer can say, with certainty, and with how far it looked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.domains.support.finding.comparison import Asked, Comparison
from conekta_mcp.domains.support.finding.order_facts import OrderFacts
from conekta_mcp.errors import InvalidArguments
from tests.depth import tries
from tests.domains.support.asking import DAY, START, VISA, Desk

PEOPLE = (
    {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525511112222"},
    {"name": "José Núñez Ángel", "email": "jose.nunez@example.com", "phone": "55 3333 4444"},
    {"name": "Eva Luna", "email": "eva@example.com", "phone": "+5215555556666"},
)
ITEMS = ("Plan anual", "Curso de cerámica", "Taza azul")
DECLINED = {"type": "card", "token_id": "tok_test_insufficient_funds"}
METHODS = ({"type": "spei"}, {"type": "cash"}, VISA, DECLINED)
ORDERS = st.lists(
    st.tuples(
        st.integers(0, len(PEOPLE) - 1),
        st.booleans(),
        st.sampled_from(METHODS),
        st.integers(300, 900_000),
        st.sampled_from(ITEMS),
        st.integers(0, 3 * DAY),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def place_order(desk: Desk, person: dict[str, str], method: dict[str, str], amount: int, item: str,
                customer_id: str | None = None) -> dict[str, Any]:  # fmt: skip
    body = {
        "currency": "MXN",
        "customer_info": {"customer_id": customer_id} if customer_id else person,
        "line_items": [{"name": item, "unit_price": amount, "quantity": 1}],
        "charges": [{"payment_method": method}],
    }
    answer = desk.shop.http.post("/orders", json=body).json()
    made: dict[str, Any] = answer.get("data") or answer
    return made


def list_sayings(order: dict[str, Any]) -> list[dict[str, Any]]:
    """Give each thing that the payer of an order could say, in fields and in words."""
    charge = order["charges"]["data"][0]
    method, payer = charge["payment_method"], order["customer_info"]
    digits = "".join(filter(str.isdigit, payer["phone"]))
    pesos = f"{order['amount'] // 100:,}.{order['amount'] % 100:02d}"
    said: list[dict[str, Any]] = [
        {"id": order["id"]}, {"text": f"la orden {order['id']}"}, {"id": charge["id"]},
        {"email": payer["email"].upper()}, {"text": f"mi correo es {payer['email']}"},
        {"phone": payer["phone"]}, {"text": f"soy del {digits[-10:]}"},
        {"name": payer["name"]}, {"text": payer["name"].split()[0].upper()},
        {"amount": order["amount"]}, {"text": f"pagué ${pesos}"}, {"text": f"{pesos} MXN"},
        {"description": order["line_items"]["data"][0]["name"].split()[-1]},
        {"from_day": str(order["created_at"]), "to_day": str(order["created_at"] + 1)},
    ]  # fmt: skip
    if "clabe" in method:
        said += [{"clabe": method["clabe"]}, {"text": f"transferí a {method['clabe']}"}]
    if "reference" in method:
        said += [{"reference": method["reference"]}, {"text": f"en el oxxo, {method['reference']}"}]
    if "last4" in method:
        said += [{"last4": method["last4"]}, {"text": f"tarjeta terminada en {method['last4']}"}]
    return said


@tries(6)
@given(ORDERS, st.randoms(use_true_random=False))
def test_every_order_is_found_by_each_thing_that_its_payer_could_say(plan: Any, chance: Any) -> None:
    desk = Desk(language="es")
    customers = [desk.shop.post("/customers", person)["id"] for person in PEOPLE]
    made = []
    for person, known, method, amount, item, seconds, pays in plan:
        desk.shop.advance(seconds)
        order = place_order(desk, PEOPLE[person], method, amount, item, customers[person] if known else None)
        if pays and order.get("payment_status") == "pending_payment":
            desk.shop.pay(order_id=order["id"])
        made.append(order["id"])
    order = desk.shop.get(f"/orders/{chance.choice(made)}")
    for saying in list_sayings(order):
        answer = desk.ask("find_payment", **saying)
        shown = {one["id"] for one in answer["payments"]}
        assert order["id"] in shown or answer.get("more_payments"), saying
        assert len(answer["payments"]) <= 5
        assert all(one["matches"] for one in answer["payments"])
    desk.ledger.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_payment_is_found_by_amount_day_and_name_in_one_call(desk: Desk) -> None:
    order = place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    place_order(desk, PEOPLE[2], {"type": "spei"}, 50000, "Plan anual")
    desk.shop.pay(order_id=order["id"])
    answer = desk.ask("find_payment", text="¿Ya llegó mi pago de 500 pesos de hoy? Soy Ana Ruiz")
    assert answer["found"] == "One order fits."
    (found,) = answer["payments"]
    assert (found["id"], found["certainty"], found["payment_status"]) == (order["id"], "likely", "paid")
    assert found["matches"] == ["day", "amount", "words"]
    assert found["paid_at_text"] == "16 Jan 2026, 06:00 (Mexico City)"
    assert answer["complete"]


@pytest.mark.parametrize(
    "text",
    [
        "¿ya llegó mi pago? soy Ana", "Hola, me llamo Ana Ruiz, ¿ya llegó mi pago?",
        "habla Ana Ruiz, ya transferí",
        "disculpe, acabo de pagar, soy ana",
        "disculpe la molestia, ¿ya quedó lo de Ana o sigue pendiente?", "hey, just sent it, Ana Ruiz here",
    ],
)  # fmt: skip
def test_words_with_which_people_introduce_themselves_hide_no_payment(desk: Desk, text: str) -> None:
    order = place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    place_order(desk, PEOPLE[2], {"type": "spei"}, 50000, "Plan anual")
    answer = desk.ask("find_payment", text=text)
    assert [(one["id"], one["certainty"]) for one in answer["payments"]] == [(order["id"], "likely")]


def test_a_word_that_no_order_has_does_not_hide_the_order_that_has_the_others(desk: Desk) -> None:
    order = place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    place_order(desk, PEOPLE[2], {"type": "spei"}, 50000, "Taza azul")
    for text in ("Ana Rodríguez, ¿cómo van?", "caray Ana"):
        answer = desk.ask("find_payment", text=text)
        assert answer["found"] == "Nothing fits everything that was said; these fit in part."
        assert [(one["id"], one["certainty"]) for one in answer["payments"]] == [(order["id"], "possible")]
    assert (
        desk.ask("find_payment", text="Rodríguez")["found"]
        == "Nothing fits in what was looked at: 2 records."
    )


def test_an_order_id_is_certain_and_what_does_not_fit_it_is_told(desk: Desk) -> None:
    order = place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    (sure,) = desk.ask("find_payment", id=order["id"])["payments"]
    assert (sure["certainty"], sure.get("differs")) == ("certain", None)
    (less,) = desk.ask("find_payment", id=order["id"], amount=40000)["payments"]
    assert (less["certainty"], less["differs"]) == ("likely", ["amount"])


def test_a_clabe_of_one_order_is_certain_and_one_of_several_is_not(desk: Desk) -> None:
    customer, clabe = desk.shop.customer_with_clabe()
    first = desk.shop.order(customer, {"type": "spei"}, reuse_customer_clabe=True)
    assert desk.ask("find_payment", clabe=clabe)["payments"][0]["certainty"] == "certain"
    second = desk.shop.order(customer, {"type": "spei"}, reuse_customer_clabe=True)
    answer = desk.ask("find_payment", clabe=clabe)
    assert {one["id"]: one["certainty"] for one in answer["payments"]} == {
        first["id"]: "possible",
        second["id"]: "possible",
    }
    assert answer["found"] == "2 orders fit: ask for something that tells them apart."


def test_a_transfer_that_was_returned_is_found_by_its_amount(desk: Desk) -> None:
    order = place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    desk.shop.pay(order_id=order["id"], amount=40000)
    (found,) = desk.ask("find_payment", text="transferí 400 pesos")["payments"]
    assert (found["id"], found["payment_status"]) == (order["id"], "pending_payment")


def test_nothing_found_says_where_and_how_far_it_looked(desk: Desk) -> None:
    place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    answer = desk.ask("find_payment", text="999 pesos ayer")
    assert answer["payments"] == []
    assert answer["found"] == (
        "Nothing fits in what was looked at: 0 records, from 15 Jan 2026, 00:00 (Mexico City) "
        "to 16 Jan 2026, 00:00 (Mexico City). On other days no order has that amount or name either."
    )
    assert [one["what"] for one in answer["searched"]] == [
        "orders of exactly that amount",
        "all orders, newest first",
        "orders of exactly that amount",
    ]
    assert answer["searched"][1]["from_at_text"] == "15 Jan 2026, 00:00 (Mexico City)"


def test_a_budget_that_ends_is_told_with_the_cursor_to_go_on(desk: Desk) -> None:
    oldest = place_order(desk, PEOPLE[0], {"type": "cash"}, 12300, "Taza azul")
    for _ in range(260):
        desk.shop.order()
    answer = desk.ask("find_payment", text="Taza", budget=2)
    assert (answer["payments"], answer["complete"]) == ([], False)
    assert answer["found"].endswith(
        "Not everything was looked at: go on with next, or give a day or more facts."
    )
    further = desk.ask("find_payment", text="Taza", next=answer["next"])
    assert [one["id"] for one in further["payments"]] == [oldest["id"]]
    assert "next" not in further


def test_a_walk_compares_each_order_once_and_all_of_them_twice_at_its_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 510  # three pages
    for _ in range(count):
        desk.shop.order()
    compared: list[str] = []

    def compare(self: Asked, facts: OrderFacts) -> Comparison:
        compared.append(str(facts.order["id"]))
        return original(self, facts)

    original = Asked.compare
    monkeypatch.setattr(Asked, "compare", compare)
    assert desk.ask("find_payment", text="Xicoténcatl")["payments"] == []
    assert len(compared) == 3 * count


def test_a_walk_ends_with_the_page_in_which_everything_fits(desk: Desk) -> None:
    for _ in range(300):
        desk.shop.order()
    newest = place_order(desk, PEOPLE[0], {"type": "cash"}, 12300, "Taza azul")
    answer = desk.ask("find_payment", reference=newest["charges"]["data"][0]["payment_method"]["reference"])
    assert (answer["payments"][0]["certainty"], answer["complete"]) == ("likely", False)
    assert desk.sent == 1


def test_an_unknown_id_is_told_and_nothing_is_guessed(desk: Desk) -> None:
    desk.shop.order()
    answer = desk.ask("find_payment", id="ord_2zABCDEFGHJKLMNPQ")
    assert answer["payments"] == []
    assert answer["searched"][0]["what"] == "order ord_2zABCDEFGHJKLMNPQ"
    assert answer["searched"][0]["stopped"]


def test_a_mistyped_clabe_is_told(desk: Desk) -> None:
    answer = desk.ask("find_payment", clabe="646180111802000139")
    assert answer["left_out"][0] == "The control digit of the CLABE does not fit: it may be mistyped."


def test_a_link_that_nobody_paid_is_told_to_be_explained(desk: Desk) -> None:
    answer = desk.ask("find_payment", id="f2654d66-d740-457a-9a8c-f96b5196f44e")
    assert answer["left_out"] == ["A link is no order: explain_payment tells how it stands."]


def test_a_currency_that_was_said_has_to_be_the_orders(desk: Desk) -> None:
    desk.shop.order(None, VISA, currency="USD")
    assert desk.ask("find_payment", text="MXN 500")["payments"] == []
    assert desk.ask("find_payment", text="USD 500")["payments"][0]["currency"] == "USD"


def test_where_nothing_fits_the_nearest_amounts_are_shown(desk: Desk) -> None:
    orders = [
        place_order(desk, PEOPLE[0], {"type": "spei"}, amount, "Plan anual")["id"]
        for amount in (90000, 49900, 1000, 50100)
    ]
    answer = desk.ask("find_payment", text="500 pesos hoy")
    assert answer["payments"] == []
    assert {one["id"] for one in answer["nearest"][:2]} == {orders[1], orders[3]}
    assert (len(answer["nearest"]), answer["nearest"][2]["id"]) == (3, orders[0])
    assert "nearest" not in desk.ask("find_payment", text="499 pesos hoy")


def test_a_word_is_not_called_a_name(desk: Desk) -> None:
    answer = desk.ask("find_payment", text="bicicleta")
    assert answer["searched"][0]["what"] == "orders by the longest word"
    named = desk.ask("find_payment", name="Ana Ruiz")
    assert named["searched"][0]["what"] == "orders by the name"


@pytest.mark.parametrize("said", [{"name": "Ana Ruiz"}, {"text": "Ana"}, {"text": "Ruiz 500"}])
def test_where_answers_are_masked_nobody_is_found_by_a_part_of_them(said: dict[str, str]) -> None:
    desk = Desk(masked=True)
    place_order(desk, PEOPLE[0], {"type": "spei"}, 70000, "Plan anual")
    answer = desk.ask("find_payment", **said)
    assert (answer["payments"], "nearest" in answer) == ([], False)
    assert answer["left_out"] == ["Personal data is masked here: names are not searched, only whole values."]


def test_where_answers_are_masked_a_whole_value_finds() -> None:
    masked = Desk(masked=True)
    order = place_order(masked, PEOPLE[0], {"type": "spei"}, 70000, "Plan anual")
    for said in ({"email": "ana@example.com"}, {"phone": "5511112222"}, {"text": "ana@example.com"}):
        assert [one["id"] for one in masked.ask("find_payment", **said)["payments"]] == [order["id"]]
    # Not even how many rows Conekta found by a part is told.
    for part, nobodys in (("na@example.com", "x@example.org"), ("5511112223", "5500000000")):
        answers = [masked.ask("find_payment", text=said) for said in (part, nobodys)]
        counts = [[one["read"] for one in answer["searched"]] for answer in answers]
        assert counts[0] == counts[1]
        assert [answer["payments"] for answer in answers] == [[], []]


def test_days_and_months_are_those_of_the_clock_at_conekta(desk: Desk) -> None:
    order = place_order(desk, PEOPLE[0], {"type": "spei"}, 50000, "Plan anual")
    desk.shop.advance(DAY)
    desk.shop.pay(order_id=order["id"])
    for said in ("hoy", "ayer", "16 ene", "17/01/2026"):
        assert desk.ask("find_payment", text=f"500 {said}")["payments"][0]["id"] == order["id"], said
    assert desk.now == START + DAY


@pytest.mark.parametrize("text", ["¿Ya llegó mi pago?", "did my payment arrive?", "hola, buenas tardes"])
def test_a_question_without_facts_is_answered_with_the_newest_orders(text: str) -> None:
    desk = Desk(language="es")
    assert desk.ask("find_payment", text=text)["found"] == "Aún no hay ninguna orden."
    made = []
    for number in range(7):
        desk.shop.advance(60)
        made.append(place_order(desk, PEOPLE[0], {"type": "cash"}, 10_000 + number, "Taza azul")["id"])
    answer = desk.ask("find_payment", text=text)
    assert answer["found"].startswith(
        "El texto no dice de qué pago se trata; estas son las órdenes más nuevas."
    )
    assert (answer["payments"], answer["complete"]) == ([], False)
    assert [one["id"] for one in answer["newest"]] == made[:1:-1]
    desk.ledger.close()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("pagué quinientos pesos", "“quinientos pesos” was read as MXN 500.00."),
        ("pagué 0.5 mil pesos el 16", "“el 16” was read as 2026-01-16."),
    ],
)
def test_an_amount_in_words_finds_its_order_and_says_how_it_was_read(said: str, told: str) -> None:
    desk = Desk()
    for amount in (50_000, 60_000):
        place_order(desk, PEOPLE[0], {"type": "cash"}, amount, "Taza azul")
    answer = desk.ask("find_payment", text=said)
    assert [one["amount"] for one in answer["payments"]] == [50_000]
    assert told in answer["read_as"]
    desk.ledger.close()


def test_last_night_is_the_evening_before_and_the_morning_after() -> None:
    desk = Desk()
    hours = {"yesterday at noon": 12, "yesterday at nine": 21, "today at two": 26, "today at ten": 34}
    midnight = START - (6 * 3600 + 55)
    made = {}
    for name, hour in hours.items():
        desk.shop.advance(midnight + hour * 3600 - desk.now)
        made[place_order(desk, PEOPLE[0], VISA, 20_000, "Taza azul")["id"]] = name
    for text in ("anoche", "ayer en la noche", "last night"):
        answer = desk.ask("find_payment", text=f"pagué 200 pesos {text}")
        whole = [one["id"] for one in answer["payments"] if not one.get("differs")]
        assert {made[one] for one in whole} == {"yesterday at nine", "today at two"}
    summed = desk.ask("summarize_sales", from_day="anoche", to_day="anoche")
    assert [one["payments"] for one in summed["totals"]] == [2]
    desk.ledger.close()


@pytest.mark.parametrize("report", ["find_payment", "summarize_sales"])
@pytest.mark.parametrize(
    ("language", "given", "param", "told"),
    [
        ("en", {"from_day": "ayer", "to_day": "antier"}, "to_day", "to_day: it is before from_day."),
        ("es", {"from_day": "2026-01-10", "to_day": "9/1"}, "to_day", "to_day: es antes de from_day."),
        ("en", {"from_day": "2026-02-01"}, "from_day", "from_day: it is in the future."),
        ("es", {"from_day": "2026-02-01"}, "from_day", "from_day: aún no llega."),
    ],
)
def test_a_range_in_which_nothing_can_be_is_refused(
    report: str, language: str, given: dict[str, str], param: str, told: str
) -> None:
    desk = Desk(language=language)
    with pytest.raises(InvalidArguments) as refused:
        desk.ask(report, **given)
    (detail,) = refused.value.details
    assert (detail.param, detail.message, refused.value.type) == (param, told, "parameter_validation_error")
    assert desk.sent == 0
    desk.ledger.close()
