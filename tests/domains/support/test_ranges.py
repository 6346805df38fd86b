"""find_payment with ranges of amounts, and with hours, in Spanish and English."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.domains.support.clues.amount_ranges import cut_amounts
from conekta_mcp.domains.support.clues.clue import iter_readings
from conekta_mcp.domains.support.clues.parsing import read_clues
from conekta_mcp.domains.support.reading.hours import cut_hours
from conekta_mcp.results.times import LocalTimes, use_times
from conekta_mcp.settings.timezone import MEXICO_CITY
from tests.depth import tries
from tests.domains.support.asking import Desk
from tests.domains.support.test_find_by_hearsay import CASH, LUPITA, SPEI, XOCHITL, ids_of
from tests.domains.support.test_find_payment import place_order

TIMES = LocalTimes()
NOW = 1_768_564_855  # Friday 2026-01-16, 06:00:55 in Mexico City
MOST = 10**12
HOUR = 3600


@pytest.fixture
def desk() -> Desk:
    return Desk(language="es")


@pytest.mark.parametrize(
    ("said", "ranges"),
    [
        ("entre 400 y 600 pesos", [(40000, 60000)]),
        ("pagué entre quinientos y seiscientos", [(50000, 60000)]),
        ("entre mil y mil quinientos pesos", [(100000, 150000)]),
        ("entre 4 y 6 mil pesos", [(400000, 600000)]),
        ("de 2 a 3 mil", [(200000, 300000)]),
        ("entre 20 y 30 dólares", [(2000, 3000)]),
        ("entre 10 y 20 mxn", [(1000, 2000)]),
        ("de 400 a 600", [(40000, 60000)]),
        ("desde 400 hasta 600 pesos", [(40000, 60000)]),
        ("$400 - $600", [(40000, 60000)]),
        ("400 a 600 pesos", [(40000, 60000)]),
        ("between 1,000 and 1,500.50 pesos", [(100000, 150050)]),
        ("from 400 to 600", [(40000, 60000)]),
        ("más de 500 pesos", [(50001, MOST)]),
        ("over 500", [(50001, MOST)]),
        ("al menos 500", [(50000, MOST)]),
        ("500 pesos o más", [(50000, MOST)]),
        ("menos de mil pesos", [(1, 99999)]),
        ("under a thousand", [(1, 99999)]),
        ("about a thousand pesos", [(100000, 100000), (90000, 110000)]),
        ("between a hundred and a thousand", [(10000, 100000)]),
        ("entre 900 y mil pesos", [(90000, 100000)]),
        ("no más de 500", [(1, 50000)]),
        ("at most 500", [(1, 50000)]),
        ("hasta 500 pesos", [(1, 50000)]),
        ("como 500 pesos", [(50000, 50000), (45000, 55000)]),
        ("unos quinientos", [(50000, 50000), (45000, 55000)]),
        ("500 pesos más o menos", [(50000, 50000), (45000, 55000)]),
        ("around 500", [(50000, 50000), (45000, 55000)]),
        ("casi 500", [(45000, 50000)]),
        ("500 y pico", [(50000, 59999)]),
        ("mil y tantos pesos", [(100000, 199999)]),
        ("1250 y cacho", [(125000, 125999)]),
        ("500 o 600 pesos", [(50000, 50000), (60000, 60000)]),
        ("500 pesos con 50", [(50050, 50050)]),
        ("500 con 50", [(50050, 50050)]),
        ("quinientos pesos con cincuenta centavos", [(50050, 50050)]),
        ("500 pesos con cincuenta centavos", [(50050, 50050)]),
    ],
)
def test_a_range_of_amounts_is_read_and_told(said: str, ranges: list[tuple[int, int]]) -> None:
    _, (amount,) = cut_amounts(said)
    assert list(amount.ranges) == ranges
    if len(ranges) > 1 or ranges[0][0] != ranges[0][1]:
        assert amount.reading
        assert amount.words in said


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ("pagué 500 y luego 600 pesos", [50000, 60000]),
        ("transferí 500 pesos a 4242", [50000, 424200]),
        ("600 a 400 pesos", [60000, 40000]),
        ("500 pesos y 30 dólares", [50000, 3000]),
    ],
)
def test_two_amounts_that_are_no_range_stay_two(said: str, amounts: list[int]) -> None:
    assert [one.centavos for one in cut_amounts(said)[1]] == amounts


@pytest.mark.parametrize(
    "said",
    ["llevo 3 intentos", "me cobraron 2 veces", "a 6 meses sin intereses", "3 playeras rojas", "hace 12 msi"],
)
def test_a_number_that_counts_things_is_no_amount(said: str) -> None:
    assert cut_amounts(said)[1] == []


WORDED_RANGES = (
    "entre {} y {} pesos", "de {} a {} pesos", "desde {} hasta {} pesos", "{} a {} pesos", "${} - ${}",
    "between {} and {} pesos", "from {} to {} MXN",
)  # fmt: skip
SPELLINGS = (
    lambda pesos: f"{pesos}", lambda pesos: f"{pesos:,}", lambda pesos: f"{pesos:,}.00",
)  # fmt: skip


@tries(60)
@given(
    st.integers(40, 900_000),
    st.integers(0, 90_000),
    st.integers(1, 200_000_000),
    st.sampled_from(WORDED_RANGES),
    st.sampled_from(SPELLINGS),
)
def test_an_amount_fits_a_range_as_it_is_said_if_and_only_if_it_is_within(
    least: int, more: int, centavos: int, worded: str, spell: Any
) -> None:
    (clue,) = read_clues(worded.format(spell(least), spell(least + more)), TIMES, NOW)
    fits = any(one.amount <= centavos <= (one.most or one.amount) for one in clue.readings)
    assert fits == (least * 100 <= centavos <= (least + more) * 100)


@pytest.mark.parametrize(
    ("said", "spans"),
    [
        ("a las 3 de la tarde", ["14:00", "16:00"]),
        ("a las tres y media de la tarde", ["15:00", "16:00"]),
        ("a las 15:30", ["15:00", "16:00"]),
        ("15:32:10", ["15:02", "16:02"]),
        ("3pm", ["14:00", "16:00"]),
        ("a las 3", ["02:00", "04:00", "14:00", "16:00"]),
        ("a las 12 del día", ["11:00", "13:00"]),
        ("a las 12 de la noche", ["-1:00", "01:00", "23:00", "25:00"]),
        ("cuarto para las 3 de la tarde", ["14:15", "15:15"]),
        ("half past three", ["03:00", "04:00", "15:00", "16:00"]),
        ("quarter to 4 pm", ["15:15", "16:15"]),
        ("at 3", ["02:00", "04:00", "14:00", "16:00"]),
        ("antes del mediodía", ["00:00", "12:00"]),
        ("before noon", ["00:00", "12:00"]),
        ("antes de las 3 de la tarde", ["00:00", "15:00"]),
        ("después de las 6 pm", ["18:00", "24:00"]),
        ("a partir de las 8 de la noche", ["20:00", "24:00"]),
        ("entre 3 y 5 de la tarde", ["15:00", "17:00"]),
        ("de 3 a 5 de la tarde", ["15:00", "17:00"]),
        ("entre las 3 y las 5", ["03:00", "05:00", "15:00", "17:00"]),
        ("de 11 am a 1 pm", ["11:00", "13:00"]),
        ("from 11 to 1 pm", ["11:00", "13:00"]),
        ("3pm-5pm", ["15:00", "17:00"]),
        ("between 11 pm and 1 am", ["23:00", "25:00"]),
        ("en la tarde", ["12:00", "20:00"]),
        ("in the morning", ["05:00", "13:00"]),
        ("al mediodía", ["11:00", "15:00"]),
    ],
)
def test_an_hour_is_read_and_told(said: str, spans: list[str]) -> None:
    rest, (hours,) = cut_hours(said)
    assert not rest.strip()
    assert [f"{one // 60:02d}:{one % 60:02d}" for span in hours.spans for one in span] == spans


@pytest.mark.parametrize(
    "said",
    ["buenas tardes", "good morning", "hace 48 horas", "le mandé a las 2 direcciones", "del 3 al 5",
     "entre 20 y 30 pesos", "a 500", "de 400 a 600 pesos", "mañana"],
)  # fmt: skip
def test_what_is_no_hour_is_none(said: str) -> None:
    assert cut_hours(said) == (said, [])


@tries(60)
@given(
    st.integers(NOW - 40 * 86400, NOW - 86400),
    st.sampled_from(
        ("{day} a las {hour}", "{day}, {hour} hrs", "{day}T{hour}", "{day} como a las {hour}",
         "{day} around {hour}", "{day} at {hour}", "el {day} {hour}", "el {day} a las {hour} horas")
    ),
    st.integers(-200, 200),
)  # fmt: skip
def test_a_moment_is_within_the_hour_as_it_is_said_and_none_far_from_it_is(
    moment: int, worded: str, minutes: int
) -> None:
    local = datetime.fromtimestamp(moment, TIMES.tzinfo)
    said = worded.format(day=local.strftime("%Y-%m-%d"), hour=local.strftime("%H:%M"))
    clues = read_clues(said, TIMES, NOW)
    (hour,) = iter_readings(clues, "hour")
    held = [window.contains(local) for window in hour.windows]
    assert any(held)
    other = datetime.fromtimestamp(moment + minutes * 60, TIMES.tzinfo)
    if any(window.contains(other) for window in hour.windows):
        half_of_day = 12 * 60 if 0 < local.hour < 13 and not local.strftime("%H").startswith("0") else 0
        assert min(abs(minutes), abs(abs(minutes) - half_of_day)) <= 61


@pytest.mark.parametrize(
    ("said", "day", "hours"),
    [("2026-01-16T03:32:00Z", "2026-01-15", "21:02–22:02"),
     ("2026-01-15T23:32:00-05:00", "2026-01-15", "22:02–23:02"),
     ("anoche a las 11", "2026-01-15", "22:00–24:00"),
     ("anoche a la 1", "2026-01-15", "24:00–02:00"),
     ("anoche antes de medianoche", "2026-01-15", "18:00–24:00"),
     ("anoche antes de las 2", "2026-01-15", "18:00–02:00"),
     ("anoche después de las 11", "2026-01-15", "23:00–06:00"),
     ("hoy a las 12 de la noche", "2026-01-16", "23:00–01:00")],
)  # fmt: skip
def test_a_moment_is_of_the_day_of_the_merchant(said: str, day: str, hours: str) -> None:
    with use_times(MEXICO_CITY, "es"):
        clues = read_clues(said, TIMES, NOW)
    assert [one.text for one in iter_readings(clues, "day")] == [day]
    assert hours in clues[1].read_as


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("desde ayer", "2026-01-15", "2026-01-16"),
        ("a partir del lunes", "2026-01-12", "2026-01-16"),
        ("desde la semana pasada", "2026-01-05", "2026-01-16"),
        ("since Monday", "2026-01-12", "2026-01-16"),
        ("después del 10", "2026-01-11", "2026-01-16"),
        ("antes del 5 de enero", None, "2026-01-04"),
        ("before January 5", None, "2026-01-04"),
        ("hasta el lunes", None, "2026-01-12"),
        ("por ahí del 5", "2026-01-03", "2026-01-07"),
        ("around January 5th", "2026-01-03", "2026-01-07"),
        ("hace como 3 días", "2026-01-12", "2026-01-14"),
        ("hace un par de días", "2026-01-13", "2026-01-15"),
        ("the other day", "2026-01-08", "2026-01-15"),
        ("antes de ayer", "2026-01-14", "2026-01-14"),
        ("the day before yesterday", "2026-01-14", "2026-01-14"),
        ("semana pasada", "2026-01-05", "2026-01-11"),
        ("31.12.25", "2025-12-31", "2025-12-31"),
        ("en navidad", "2025-12-24", "2025-12-25"),
        ("el pago de año nuevo", "2026-01-01", "2026-01-01"),
        ("el año pasado", "2025-01-01", "2025-12-31"),
        ("en 2025", "2025-01-01", "2025-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
    ],
)
def test_days_said_from_one_side_or_roughly_are_read(said: str, first: str | None, last: str) -> None:
    day = next(iter_readings(read_clues(said, TIMES, NOW), "day"))
    assert (TIMES.find_day(day.start).isoformat() if day.start else None) == first
    assert TIMES.find_day(day.end - 1).isoformat() == last


def test_a_payment_is_found_by_a_range_and_an_hour_in_one_call(desk: Desk) -> None:
    morning = place_order(desk, LUPITA, SPEI, 45000, "Taza")["id"]
    desk.shop.advance(9 * HOUR)  # 15:00
    afternoon = place_order(desk, XOCHITL, CASH, 55000, "Taza")["id"]
    place_order(desk, XOCHITL, CASH, 75000, "Taza")
    desk.shop.advance(86400)
    for said, order in (
        ("ayer entre 400 y 600 pesos antes del mediodía", morning),
        ("yesterday between 400 and 600 pesos, at 3 pm", afternoon),
        ("pagué como 500 pesos ayer a las 3 de la tarde", afternoon),
        ("menos de 500 pesos", morning),
        ("500 y pico ayer en la tarde", afternoon),
    ):
        answer = desk.ask("find_payment", text=said)
        assert ids_of(answer) == [order], said
        assert answer["read_as"]
        assert answer["payments"][0]["certainty"] == "likely"
    both = desk.ask("find_payment", text="entre 400 y 600 pesos")
    assert set(ids_of(both)) == {morning, afternoon}
    assert both["found"].startswith("2 órdenes coinciden")


def test_an_exact_amount_comes_before_those_about_it(desk: Desk) -> None:
    exact = place_order(desk, LUPITA, SPEI, 50000, "Taza")["id"]
    near = place_order(desk, XOCHITL, SPEI, 52000, "Taza")["id"]
    far = place_order(desk, XOCHITL, SPEI, 60000, "Taza")["id"]
    answer = desk.ask("find_payment", text="como 500 pesos")
    assert ids_of(answer) == [exact, near]
    assert answer["found"].startswith("2 órdenes coinciden")
    assert ids_of(desk.ask("find_payment", text="como 600 pesos")) == [far]


def test_the_right_amount_at_another_hour_is_told_as_that(desk: Desk) -> None:
    order = place_order(desk, LUPITA, SPEI, 50000, "Taza")["id"]  # 06:00
    answer = desk.ask("find_payment", text="hoy a las 3 de la tarde pagué 500 pesos")
    assert ids_of(answer) == [order]
    assert (answer["payments"][0]["certainty"], answer["payments"][0]["differs"]) == ("possible", ["hour"])
    assert answer["found"] == "Nada coincide con todo lo dicho; estas coinciden en parte."


def test_of_an_hour_and_a_day_one_moment_has_to_fit_both(desk: Desk) -> None:
    desk.shop.advance(9 * HOUR)
    order = place_order(desk, LUPITA, SPEI, 50000, "Taza")["id"]  # ordered at 15:00
    desk.shop.advance(19 * HOUR)
    desk.shop.pay(order_id=order)  # paid the next day at 10:00
    desk.shop.advance(HOUR)
    (found,) = desk.ask("find_payment", text="500 pesos hoy a las 3 de la tarde")["payments"]
    assert found["differs"] == ["hour"]
    (found,) = desk.ask("find_payment", text="500 pesos hoy a las 10 de la mañana")["payments"]
    assert "differs" not in found


def test_a_range_that_nothing_fits_is_answered_with_the_nearest_amounts(desk: Desk) -> None:
    near = place_order(desk, LUPITA, SPEI, 62000, "Taza")["id"]
    place_order(desk, XOCHITL, SPEI, 90000, "Taza")
    answer = desk.ask("find_payment", text="entre 400 y 600 pesos")
    assert answer["payments"] == []
    assert answer["nearest"][0]["id"] == near


def test_today_is_that_of_conekta_from_the_first_call_on(desk: Desk) -> None:
    order = place_order(desk, LUPITA, SPEI, 50000, "Taza")["id"]
    desk.shop.pay(order_id=order)
    for own_clock in (float(desk.now + 200 * 86400), float(desk.now - 200 * 86400)):
        desk.own_clock = own_clock
        (found,) = desk.ask("find_payment", text="500 pesos hoy")["payments"]
        assert (found["id"], found.get("differs")) == (order, None)
        (found,) = desk.ask("find_payment", from_day="hoy", amount=50000)["payments"]
        assert (found["id"], found.get("differs")) == (order, None)
        (sums,) = desk.ask("summarize_sales", from_day="2026-01-16")["totals"]
        assert sums["taken"] == 50000
        desk.ask("find_payment", text="500 pesos")
        assert desk.sent == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"from_day": "ayer a las 3 de la tarde"},
        {"from_day": "2026-01-16 14:30", "to_day": "2026-01-16 15:30"},
        {"from_day": "2026-01-16T14:30", "to_day": "2026-01-16T15:30"},
        {"from_day": "ayer en la tarde"},
        {"from_day": "ayer a las 14:00", "to_day": "ayer a las 16:00"},
    ],
)
def test_a_first_day_may_have_an_hour(desk: Desk, asked: dict[str, str]) -> None:
    place_order(desk, LUPITA, SPEI, 45000, "Taza")
    desk.shop.advance(9 * HOUR)  # 15:00
    afternoon = place_order(desk, XOCHITL, CASH, 45000, "Taza")["id"]
    desk.shop.advance(86400)
    place_order(desk, XOCHITL, CASH, 45000, "Taza")
    assert ids_of(desk.ask("find_payment", amount=45000, **asked)) == [afternoon]


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("deposité 1200 ayer a las 3 de la tarde", ["day"]),
        ("pagué 1200 ayer con tarjeta", ["day", "method"]),
        ("pagué 1200 ayer a las 3 de la tarde con tarjeta", ["day", "method"]),
    ],
)
def test_an_order_of_another_day_hour_and_way_is_told_as_that_and_not_as_none(
    desk: Desk, said: str, differs: list[str]
) -> None:
    order = place_order(desk, LUPITA, SPEI, 120000, "Taza")["id"]
    desk.shop.advance(5 * 86400)
    answer = desk.ask("find_payment", text=said)
    assert ids_of(answer) == [order]
    assert (answer["payments"][0]["certainty"], answer["payments"][0]["differs"]) == ("possible", differs)
    assert "tampoco" not in answer["found"]


def test_day_and_hour_alone_bring_nobody_whose_amount_is_another(desk: Desk) -> None:
    place_order(desk, LUPITA, SPEI, 15000, "Taza")
    answer = desk.ask("find_payment", text="entre 900 y 950 pesos hoy antes del mediodía")
    assert answer["payments"] == []
    assert answer["found"].startswith("Nada coincide en lo que se vio: 1 registro, de 16 ene 2026, 00:00")
    assert len(answer["nearest"]) == 1


def test_an_order_within_the_range_on_another_day_is_told_as_that(desk: Desk) -> None:
    order = place_order(desk, LUPITA, SPEI, 52000, "Taza")["id"]
    desk.shop.advance(3 * 86400)
    place_order(desk, XOCHITL, SPEI, 90000, "Taza")
    answer = desk.ask("find_payment", text="entre 500 y 600 pesos ayer")
    assert ids_of(answer) == [order]
    assert (answer["payments"][0]["certainty"], answer["payments"][0]["differs"]) == ("possible", ["day"])
    assert answer["searched"][-1]["what"] == "las órdenes más nuevas, de cualquier día"
    none = desk.ask("find_payment", text="entre 200 y 300 pesos ayer")
    assert none["payments"] == []
    assert "tampoco" not in none["found"]
