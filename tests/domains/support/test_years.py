"""Four digits beside a day are a year only if a payment can be of that year; otherwise they are an amount."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from conekta_mcp.domains.support.clues.parsing import read_clues
from conekta_mcp.domains.support.reading.spans import read_moment
from conekta_mcp.results.times import LocalTimes
from tests.depth import tries
from tests.domains.support.asking import START, VISA, Desk
from tests.domains.support.test_find_payment import place_order

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525511112222"}
MONTHS = ("enero", "ene", "january", "Jan", "diciembre", "may")
PHRASES = (
    "el {day} de {month} de {number}",
    "el {day} de {month} {number} pesos",
    "del {day} al {day} de {month} de {number}",
    "{month} {day}, {number}",
    "en {month} {number}",
    "a mediados de {month} {number}",
    "segunda quincena de {month} {number}",
    "antes del {day} de {month} de {number}",
    "desde {month} de {number}",
    "{day}/{day}/{number:04}",
    "{number:04}-{day:02}-{day:02}",
    "{number:04}-{day:02}-{day:02}T23:59:59Z",
    "{day}.{day}.{number:04}",
    "semana del {day},{number}",
    "hace {day} semanas de {number}",
)
LATEST = 4_102_444_800  # the end of 2099


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    "said",
    [
        "el pago del 16 de enero de 1850",
        "16 enero 1,850",
        "January 16, 1850",
        "Jan 16 1850 pesos",
        "en enero 1850",
        "a mediados de enero 1850",
        "segunda quincena de enero 1850",
        "después del 10 de enero de 1850",
        "del 12 al 16 de enero de 1850",
    ],
)
def test_an_amount_after_a_month_is_no_year(desk: Desk, said: str) -> None:
    order = place_order(desk, ANA, VISA, 185000, "Vestido")["id"]
    place_order(desk, ANA, VISA, 99900, "Blusa")
    (found,) = desk.ask("find_payment", text=said)["payments"]
    assert (found["id"], found["certainty"], found["matches"]) == (order, "likely", ["day", "amount"])


@pytest.mark.parametrize("said", ["enero 2,050", "January 2,050", "semana del 2,050"])
def test_the_thousands_of_an_amount_are_no_day(desk: Desk, said: str) -> None:
    order = place_order(desk, ANA, VISA, 205000, "Vestido")["id"]
    (found,) = desk.ask("find_payment", text=said)["payments"]
    assert found["id"] == order
    assert "amount" in found["matches"]
    assert "day" not in found["matches"]


def test_a_year_after_a_month_stays_one(desk: Desk) -> None:
    place_order(desk, ANA, VISA, 202500, "Vestido")
    said_days = ("16 de enero de 2026", "el 16 de enero del 26", "January 16, 2026", "en enero 2026")
    for said in (*said_days, "a mediados de enero del 2026"):
        (found,) = desk.ask("find_payment", text=said)["payments"]
        assert found["matches"] == ["day"]


@pytest.mark.parametrize(
    "day",
    [
        "1850-01-01", "0001-01-01", "9999-12-31", "1969-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00", "1/1/1950", "enero de 1850", "5 de enero de 9999",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("report", "more"), [("find_payment", {"amount": 50000}), ("summarize_sales", {})])
def test_a_day_of_no_year_of_payments_is_refused_by_its_name(
    desk: Desk, report: str, more: dict[str, Any], day: str
) -> None:
    for argument in ("from_day", "to_day"):
        with pytest.raises(ValidationError) as refused:
            desk.ask(report, **{"from_day": "ayer", **more, argument: day})
        assert [one["loc"] for one in refused.value.errors()] == [(argument,)]


@given(
    st.sampled_from(PHRASES), st.integers(1, 31), st.sampled_from(MONTHS), st.integers(0, 9999), st.booleans()
)
@tries(300)
def test_no_number_in_a_time_leads_out_of_the_years_of_payments(
    phrase: str, day: int, month: str, number: int, is_early: bool
) -> None:
    said = phrase.format(day=day, month=month, number=number)
    clues = read_clues(said, LocalTimes("America/Mexico_City"), START - 40_000 * is_early)
    for reading in (one for clue in clues for one in clue.readings if one.kind == "day"):
        assert 0 <= reading.start < reading.end <= LATEST


def test_a_phone_that_begins_an_id_with_a_capital_is_understood(desk: Desk) -> None:
    order = place_order(desk, ANA, VISA, 50000, "Taza")["id"]
    (found,) = desk.ask("find_payment", text=f"Ord_{order.removeprefix('ord_')} ¿ya está pagada?")["payments"]
    assert (found["id"], found["certainty"]) == (order, "certain")


def test_a_question_about_all_payments_is_not_answered_with_none(desk: Desk) -> None:
    order = place_order(desk, ANA, {"type": "spei"}, 50000, "Taza")["id"]
    answer = desk.ask("find_payment", text="¿cuáles pagos siguen pendientes?")
    assert [one["id"] for one in answer["newest"]] == [order]
    assert answer["found"].startswith("The text does not say which payment it is")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Mexico_City", "Pacific/Pago_Pago"])
@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2000-01-01T00:00:00-11:00"]
)
def test_the_ends_of_the_calendar_are_read_in_every_zone(zone: str, moment: str) -> None:
    read = read_moment(moment, LocalTimes(zone), START)
    assert read == (946_724_400 if moment.startswith("2000") else None)
