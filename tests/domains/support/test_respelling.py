"""What people write loosely: misspelt numbers, days by their short names, e-mails as they are spelled out."""

import pytest

from conekta_mcp.domains.support.clues.clue import iter_readings
from conekta_mcp.domains.support.clues.parsing import read_clues
from conekta_mcp.domains.support.reading.respelling import respell
from conekta_mcp.domains.support.reading.spans import cut_times, read_range
from conekta_mcp.results.times import LocalTimes
from tests.domains.support.asking import VISA, Desk
from tests.domains.support.test_find_payment import place_order

NOW = 1_768_564_855  # Friday 2026-01-16, 06:00:55 in Mexico City
MEXICO = LocalTimes()
BETO = {"name": "Beto Cruz", "email": "beto.cruz@example.com", "phone": "3312345678"}


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("docientos pesos", 20000),
        ("setesientos", 70000),
        ("ochosientos noventa y nueve pesos", 89900),
        ("ochocientos noventaynueve pesos", 89900),
        ("tresientos sincuenta", 35000),
        ("nobesientos pesos", 90000),
        ("treintaicinco pesos", 3500),
        ("siento veinte pesos", 12000),
        ("dies mil pesos", 1_000_000),
        ("quinientitos", 50000),
        ("un quinientón", 50000),
        ("mil234", 123_400),
        ("1 234,50", 123_450),
        ("$1,234.50", 123_450),
    ],
)
def test_a_misspelt_amount_is_the_amount_that_was_meant(text: str, centavos: int) -> None:
    amounts = [one.amount for one in iter_readings(read_clues(text, MEXICO, NOW), "amount")]
    assert amounts == [centavos]


@pytest.mark.parametrize("text", ["lo siento", "Dies Irae", "Cientos de Flores", "seis de la tarde"])
def test_words_that_sound_like_numbers_stay(text: str) -> None:
    assert respell(text) == text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025/11/03", "2025-11-03", "2025-11-03"),
        ("3-nov-2025", "2025-11-03", "2025-11-03"),
        ("3-nov-25", "2025-11-03", "2025-11-03"),
        ("3/nov", "2025-11-03", "2025-11-03"),
        ("el tres de noviembre", "2025-11-03", "2025-11-03"),
        ("treinta y uno de diciembre", "2025-12-31", "2025-12-31"),
        ("the third of november", "2025-11-03", "2025-11-03"),
        ("3rd of november", "2025-11-03", "2025-11-03"),
        ("el 3 del 11", "2025-11-03", "2025-11-03"),
        ("el 3 del 11 del 2024", "2024-11-03", "2024-11-03"),
        ("día 5", "2026-01-05", "2026-01-05"),
        ("el día cinco", "2026-01-05", "2026-01-05"),
        ("el quince", "2026-01-15", "2026-01-15"),
        ("lun 12", "2026-01-12", "2026-01-12"),
        ("el mier", "2026-01-14", "2026-01-14"),
        ("el vie pasado", "2026-01-09", "2026-01-09"),
        ("on Mon", "2026-01-12", "2026-01-12"),
        ("hoi", "2026-01-16", "2026-01-16"),
        ("aller", "2026-01-15", "2026-01-15"),
        ("antiayer", "2026-01-14", "2026-01-14"),
        ("trasantier", "2026-01-13", "2026-01-13"),
        ("el sábado antepasado", "2026-01-03", "2026-01-03"),
        ("el fin de semana pasado", "2026-01-10", "2026-01-11"),
        ("este finde", "2026-01-10", "2026-01-11"),
        ("la otra semana", "2026-01-05", "2026-01-11"),
        ("la semana del 5", "2026-01-05", "2026-01-11"),
        ("week of January 7", "2026-01-05", "2026-01-11"),
        ("los últimos 3 días", "2026-01-14", "2026-01-16"),
        ("in the last 2 weeks", "2026-01-03", "2026-01-16"),
        ("la última semana", "2026-01-10", "2026-01-16"),
        ("el último de diciembre", "2025-12-31", "2025-12-31"),
        ("last day of January", "2025-01-31", "2025-01-31"),
        ("el 15 y 16 de enero", "2026-01-15", "2026-01-16"),
        ("3, 4 o 5 de enero", "2026-01-03", "2026-01-05"),
        ("hace una quincena", "2025-12-31", "2026-01-02"),
        ("el último mes", "2025-12-18", "2026-01-16"),
        ("lo que va del mes", "2026-01-01", "2026-01-16"),
        ("en lo que va de la semana", "2026-01-12", "2026-01-16"),
        ("year to date", "2026-01-01", "2026-01-16"),
        ("QTD", "2026-01-01", "2026-01-16"),
        ("este trimestre", "2026-01-01", "2026-03-31"),
        ("last quarter", "2025-10-01", "2025-12-31"),
        ("el tercer trimestre", "2025-07-01", "2025-09-30"),
        ("segundo trimestre del 2024", "2024-04-01", "2024-06-30"),
        ("Q3", "2025-07-01", "2025-09-30"),
        ("Q1 2026", "2026-01-01", "2026-03-31"),
        ("2025-11", "2025-11-01", "2025-11-30"),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, first: str, last: str) -> None:
    (day, *_) = [one for clue in read_clues(text, MEXICO, NOW) for one in clue.readings if one.kind == "day"]
    assert (MEXICO.format_iso(day.start)[:10], MEXICO.format_iso(day.end - 1)[:10]) == (first, last)
    assert list(iter_readings(read_clues(text, MEXICO, NOW), "amount")) == []


@pytest.mark.parametrize("text", ["los últimos 900 días", "la semana del 40"])
def test_days_that_cannot_be_are_not_read(text: str) -> None:
    assert cut_times(text, MEXICO.find_day(NOW), MEXICO)[1] == []


@pytest.mark.parametrize(
    ("from_day", "first", "last"),
    [
        ("los últimos 7 días", "2026-01-10T00:00", "2026-01-16T06:00"),
        ("Q4", "2025-10-01T00:00", "2025-12-31T23:59"),
        ("2025-12", "2025-12-01T00:00", "2025-12-31T23:59"),
        ("lo que va del año", "2026-01-01T00:00", "2026-01-16T06:00"),
        ("el tres de enero", "2026-01-03T00:00", "2026-01-16T06:00"),
        ("3-ene-2026", "2026-01-03T00:00", "2026-01-16T06:00"),
    ],
)
def test_a_range_of_days_is_taken_in_the_same_spellings(from_day: str, first: str, last: str) -> None:
    start, end = read_range(from_day, None, MEXICO, NOW)
    assert (MEXICO.format_iso(start)[:16], MEXICO.format_iso(end - 1)[:16]) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "mi correo es beto punto cruz arroba example punto com",
        "beto.cruz arroba example.com",
        "beto.cruz @ example.com",
        "beto.cruz(at)example.com",
        "write to beto.cruz at example dot com",
        "beto.cruz@example.com. Pagué ayer",
    ],
)
def test_an_email_is_read_as_it_is_spelled_out(text: str) -> None:
    emails = [one.text for one in iter_readings(read_clues(text, MEXICO, NOW), "email")]
    assert emails == ["beto.cruz@example.com"]


@pytest.mark.parametrize("text", ["I paid at shop.example.com", "vi su insta @tienda.example.mx y pagué"])
def test_a_shop_where_something_was_bought_is_no_email(text: str) -> None:
    assert list(iter_readings(read_clues(text, MEXICO, NOW), "email")) == []


@pytest.mark.parametrize(
    "text", ["terminada en 42 42", "que acaba en 4-2-4-2", "ending in 42-42", "**** 42 42"]
)
def test_the_end_of_a_card_is_found_with_gaps_in_it(text: str) -> None:
    desk = Desk(language="es")
    order = place_order(desk, BETO, VISA, 89900, "Playera negra")["id"]
    answer = desk.ask("find_payment", text=f"pagué ochosientos noventa y nueve con la tarjeta {text}")
    assert [one["id"] for one in answer["payments"]] == [order]


def test_the_long_form_of_a_name_finds_its_short_form() -> None:
    desk = Desk(language="es")
    order = place_order(desk, BETO, VISA, 89900, "Playera negra")["id"]
    answer = desk.ask("find_payment", text="soy Alberto Cruz")
    (found,) = answer["payments"]
    assert (found["id"], found["certainty"]) == (order, "possible")
    assert answer["read_as"] == ["«Alberto» se tomó por «Beto»."]
