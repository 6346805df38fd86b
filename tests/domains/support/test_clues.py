"""What a payer says, read as clues."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.domains.support.clues.clue import iter_readings
from conekta_mcp.domains.support.clues.parsing import read_clues
from conekta_mcp.domains.support.reading.days import WEEKDAYS
from conekta_mcp.domains.support.reading.spans import cut_times, read_moment
from conekta_mcp.redaction import is_clabe
from conekta_mcp.results.times import MONTHS, LocalTimes
from tests.depth import tries

NOW = 1_768_564_855  # Friday 2026-01-16, 06:00:55 in Mexico City
AMOUNT_OR_WORD = [("amount", 50000), ("words", "500")]
SAID = [
    ("500", [AMOUNT_OR_WORD]),
    ("$500", [[("amount", 50000)]]),
    ("$1,250.50", [[("amount", 125050)]]),
    ("1,250.5 pesos", [[("amount", 125050)]]),
    ("1250,50 pesos", [[("amount", 125050)]]),
    ("MXN 500", [[("amount", 50000)]]),
    ("500 MXN", [[("amount", 50000)]]),
    ("1 250.00 pesos", [[("amount", 125000)]]),
    ("20 dólares", [[("amount", 2000)]]),
    ("4242", [[("amount", 424200), ("last4", "4242"), ("words", "4242")]]),
    ("tarjeta terminada en 4242", [[("last4", "4242")], [("method", "card")]]),
    ("card ending in 4242", [[("last4", "4242")], [("method", "card")]]),
    ("****4242", [[("last4", "4242"), ("digits", "4242")]]),
    ("últimos cuatro dígitos son 4242", [[("last4", "4242"), ("digits", "4242")]]),
    ("la CLABE acaba en 0345", [[("digits", "0345")], [("method", "spei")]]),
    ("646180111274", [[("reference", "646180111274"), ("digits", "646180111274"), ("phone", "6180111274")]]),
    ("el del OXXO de 500", [[("amount", 50000), ("words", "500")], [("method", "cash")]]),
    ("con tarjeta o por transferencia", [[("method", "spei"), ("method", "card")]]),
    (
        "CLABE 646180111802000138",
        [[("clabe", "646180111802000138"), ("digits", "646180111802000138")], [("method", "spei")]],
    ),
    ("6461 8011 1802 0001 38", [[("clabe", "646180111802000138"), ("digits", "646180111802000138")]]),
    ("referencia 98001234567890", [[("reference", "98001234567890"), ("digits", "98001234567890")]]),
    ("55 5555 5555", [[("reference", "5555555555"), ("digits", "5555555555"), ("phone", "5555555555")]]),
    (
        "+52 1 55 5555 5555",
        [[("reference", "5215555555555"), ("digits", "5215555555555"), ("phone", "5555555555")]],
    ),
    ("Ana@Example.com", [[("email", "ana@example.com")]]),
    ("ord_2zABC", [[("order_id", "ord_2zABC")]]),
    ("cus_2zABC", [[("customer_id", "cus_2zABC")]]),
    ("6a00000000000000000000F1", [[("charge_id", "6a00000000000000000000f1")]]),
    (
        "https://pay.conekta.com/link/f2654d66d740457a9a8cf96b5196f44e",
        [[("link_id", "f2654d66-d740-457a-9a8c-f96b5196f44e")], [("words", "conekta")], [("words", "link")]],
    ),
    ("hoy", [[("day", "2026-01-16")]]),
    ("ayer", [[("day", "2026-01-15")]]),
    ("antier", [[("day", "2026-01-14")]]),
    ("hace 3 días", [[("day", "2026-01-13")]]),
    ("2 days ago", [[("day", "2026-01-14")]]),
    ("27 dic", [[("day", "2025-12-27")]]),
    ("27 de diciembre de 2024", [[("day", "2024-12-27")]]),
    ("el 3 de enero", [[("day", "2026-01-03")]]),
    ("January 3rd", [[("day", "2026-01-03")]]),
    ("2025-11-27", [[("day", "2025-11-27")]]),
    ("27/11/2025", [[("day", "2025-11-27")]]),
    ("3/1", [[("day", "2026-01-03")]]),
    ("hoy a las 15:30", [[("day", "2026-01-16")], [("hour", 0)]]),
    ("quinientos pesos", [[("amount", 50000)]]),
    ("tres mil cuatrocientos pesos con cincuenta centavos", [[("amount", 340050)]]),
    ("five hundred pesos and seventy-five cents", [[("amount", 50075)]]),
    ("quinientos pesos y cincuenta pesos", [[("amount", 50000)], [("amount", 5000)]]),
    ("mil doscientos cincuenta", [[("amount", 125000), ("words", "mil doscientos cincuenta")]]),
    ("five hundred", [[("amount", 50000), ("words", "five hundred")]]),
    ("one thousand two hundred and fifty pesos", [[("amount", 125000)]]),
    ("quinientos pesos 50/100 M.N.", [[("amount", 50050)]]),
    ("ciento veinte pesos con 50 centavos", [[("amount", 12050)]]),
    ("cincuenta centavos", [[("amount", 50)]]),
    ("50 centavos", [[("amount", 50)]]),
    ("un millón de pesos", [[("amount", 100_000_000)]]),
    ("2 mil 500 pesos", [[("amount", 250_000)]]),
    ("mil 200 pesos", [[("amount", 120_000)]]),
    ("milquinientos pesos", [[("amount", 150_000)]]),
    ("dosmil quinientos pesos", [[("amount", 250_000)]]),
    ("mil dos cientos pesos", [[("amount", 120_000)]]),
    ("mil doscientos con cincuenta centavos", [[("amount", 120_050)]]),
    ("mil doscientos y cincuenta centavos", [[("amount", 120_050)]]),
    ("mil doscientos con 50 centavos", [[("amount", 120_050)]]),
    ("1200 pesos 50 centavos", [[("amount", 120_050)]]),
    ("medio millón de pesos", [[("amount", 50_000_000)]]),
    ("12 hundred pesos", [[("amount", 120_000)]]),
    ("$1.5 mil", [[("amount", 150_000)]]),
    ("1.500,00 pesos", [[("amount", 150_000)]]),
    ("1.500 pesos", [[("amount", 150_000)]]),
    ("$1'500,000.00", [[("amount", 150_000_000)]]),
    ("500 varos", [[("amount", 50000)]]),
    ("1500 MXN", [[("amount", 150_000)]]),
    ("dos playeras", [[("words", "dos")], [("words", "playeras")]]),
    ("Cien años", [[("words", "Cien")], [("words", "años")]]),
    ("el lunes", [[("day", "2026-01-12")]]),
    ("el viernes", [[("day", "2026-01-16"), ("day", "2026-01-16")]]),  # that is today, or a week ago
    ("el viernes pasado", [[("day", "2026-01-09")]]),
    ("last tuesday", [[("day", "2026-01-13"), ("day", "2026-01-13")]]),
    ("este jueves", [[("day", "2026-01-15")]]),
    ("Domingo Pérez", [[("day", "2026-01-11"), ("words", "Domingo")], [("words", "Pérez")]]),
    ("anteayer", [[("day", "2026-01-14")]]),
    ("hace tres días", [[("day", "2026-01-13")]]),
    ("three days ago", [[("day", "2026-01-13")]]),
    ("hace una semana", [[("day", "2026-01-08")]]),
    ("hace 2 horas", [[("day", "2026-01-15")], [("hour", 0)]]),
    ("ayer en la noche", [[("day", "2026-01-15")]]),
    ("ayer por la tarde", [[("day", "2026-01-15")], [("hour", 0)]]),
    ("27 de nov", [[("day", "2025-11-27")]]),
    ("27/11", [[("day", "2025-11-27")]]),
    ("nov 27", [[("day", "2025-11-27")]]),
    ("27-11-2025", [[("day", "2025-11-27")]]),
    ("el 27", [[("day", "2025-12-27")]]),
    ("el 5 de este mes", [[("day", "2026-01-05")]]),
    ("the 5th", [[("day", "2026-01-05")]]),
    ("entre el 1 y el 5", [[("day", "2026-01-01")]]),
    ("del 28 al 3", [[("day", "2025-12-28")]]),
    ("entre 400 y 500 pesos", [[("amount", 40000)]]),
    ("a las 5", [[("hour", 0)]]),
    ("5 de la tarde", [[("hour", 0)]]),
    ("hoy a las 3 pm", [[("day", "2026-01-16")], [("hour", 0)]]),
    ("¿ya llegó mi pago?", []),
    ("did my payment arrive?", []),
    ("Hola, buenas tardes, ¿me pueden decir si ya cayó mi depósito?", []),
    ("Ana Ruiz", [[("words", "Ana")], [("words", "Ruiz")]]),
    ("¿Ya llegó mi pago de 500 pesos?", [[("amount", 50000)]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SAID, ids=[text for text, _ in SAID])
def test_a_text_is_read(text: str, expected: list[list[tuple[str, object]]]) -> None:
    clues = read_clues(text, LocalTimes(), NOW)
    assert [[(one.kind, one.text or one.amount) for one in clue.readings] for clue in clues] == expected


MEXICO = LocalTimes()
TODAY = MEXICO.find_day(NOW)


def spans_of(text: str, today: date = TODAY) -> list[list[tuple[str, str]]]:
    """The first and the last moment of each span of each time that was said."""
    _, found = cut_times(text, today, MEXICO)
    written = [
        [(MEXICO.format_iso(start), MEXICO.format_iso(end - 1)) for start, end in one.spans] for one in found
    ]
    return [[(first[:16], last[:16]) for first, last in one] for one in written]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("anoche", "2026-01-15T18:00", "2026-01-16T05:59"),
        ("ayer en la noche", "2026-01-15T18:00", "2026-01-16T05:59"),
        ("last night", "2026-01-15T18:00", "2026-01-16T05:59"),
        ("anteanoche", "2026-01-14T18:00", "2026-01-15T05:59"),
        ("la semana pasada", "2026-01-05T00:00", "2026-01-11T23:59"),
        ("la semana antepasada", "2025-12-29T00:00", "2026-01-04T23:59"),
        ("la quincena pasada", "2026-01-01T00:00", "2026-01-15T23:59"),
        ("esta quincena", "2026-01-16T00:00", "2026-01-31T23:59"),
        ("la quincena antepasada", "2025-12-16T00:00", "2025-12-31T23:59"),
        ("el día de quincena", "2026-01-13T00:00", "2026-01-16T23:59"),
        ("la segunda quincena de diciembre", "2025-12-16T00:00", "2025-12-31T23:59"),
        ("la primera quincena del mes pasado", "2025-12-01T00:00", "2025-12-15T23:59"),
        ("a fin de mes", "2025-12-20T00:00", "2025-12-31T23:59"),
        ("a mediados de noviembre", "2025-11-10T00:00", "2025-11-20T23:59"),
        ("a principios de mes", "2026-01-01T00:00", "2026-01-10T23:59"),
        ("in November", "2025-11-01T00:00", "2025-11-30T23:59"),
        ("en febrero de 2024", "2024-02-01T00:00", "2024-02-29T23:59"),
        ("hace un mes", "2025-12-09T00:00", "2025-12-24T23:59"),
        ("hace rato", "2026-01-15T00:00", "2026-01-16T23:59"),
        ("el lunes en la noche", "2026-01-12T18:00", "2026-01-13T05:59"),
        ("el 2 de enero por la noche", "2026-01-02T18:00", "2026-01-03T05:59"),
        ("this week", "2026-01-12T00:00", "2026-01-18T23:59"),
        ("el mes pasado", "2025-12-01T00:00", "2025-12-31T23:59"),
        ("el fin de semana pasado", "2026-01-10T00:00", "2026-01-11T23:59"),
        ("entre el 1 y el 5", "2026-01-01T00:00", "2026-01-05T23:59"),
        ("del 1 al 3 de enero", "2026-01-01T00:00", "2026-01-03T23:59"),
        ("del 28 al 3", "2025-12-28T00:00", "2026-01-03T23:59"),
        ("from nov 1 to nov 5", "2025-11-01T00:00", "2025-11-05T23:59"),
        ("desde ayer hasta hoy", "2026-01-15T00:00", "2026-01-16T23:59"),
        ("del lunes al miércoles", "2026-01-12T00:00", "2026-01-14T23:59"),
    ],
)
def test_a_time_of_several_days_or_of_a_night_has_its_ends(text: str, first: str, last: str) -> None:
    assert spans_of(text) == [[(first, last)]]


@tries(100)
@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.sampled_from(sorted(WEEKDAYS)),
    st.sampled_from(["el {}", "{}", "on {}"]),
)
def test_a_weekday_is_the_latest_one_and_on_that_day_also_the_one_before(
    today: date, name: str, way: str
) -> None:
    ((first, *others),) = spans_of(way.format(name), today)
    day = date.fromisoformat(first[0][:10])
    assert (day.weekday(), 0 <= (today - day).days < 7) == (WEEKDAYS[name], True)
    assert len(others) == (day == today)


@tries(100)
@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 300))
def test_a_day_is_read_in_each_of_its_spellings(today: date, back: int) -> None:
    day = today - timedelta(back)
    spanish, english = (MONTHS[language][day.month - 1] for language in ("es", "en"))
    for text in (
        f"el {day.day} de {spanish}", f"{day.day} {spanish}", f"{english} {day.day}",
        f"{day.day}/{day.month}",
        f"{day.day:02}/{day.month:02}/{day.year}", f"{day.day}-{day.month}-{day.year}", day.isoformat(),
        f"{day.day} de {spanish} de {day.year}", f"hace {back} días", f"{back} days ago",
    ):  # fmt: skip
        ((span,),) = spans_of(text, today)
        assert span == (f"{day}T00:00", f"{day}T23:59"), text


HUNDREDS_ES = ("", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos",
               "setecientos", "ochocientos", "novecientos")  # fmt: skip
SMALL_ES = (
    "", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
    "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
    "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
    "veintinueve",
)  # fmt: skip
TENS_ES = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
SMALL_EN = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS_EN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def write_spanish(number: int) -> str:
    if number >= 1000:
        thousands = "" if number < 2000 else write_spanish(number // 1000)
        return f"{thousands} mil {write_spanish(number % 1000)}".strip()
    if number >= 100:
        return (
            "cien" if number == 100 else f"{HUNDREDS_ES[number // 100]} {write_spanish(number % 100)}".strip()
        )
    if number >= 30:
        return TENS_ES[number // 10] + (f" y {SMALL_ES[number % 10]}" if number % 10 else "")
    return SMALL_ES[number]


def write_english(number: int) -> str:
    if number >= 1000:
        return f"{write_english(number // 1000)} thousand {write_english(number % 1000)}".strip()
    if number >= 100:
        rest = write_english(number % 100)
        return f"{SMALL_EN[number // 100]} hundred{' and ' + rest if rest else ''}"
    if number >= 20:
        return TENS_EN[number // 10] + (f"-{SMALL_EN[number % 10]}" if number % 10 else "")
    return SMALL_EN[number]


@tries(100)
@given(st.integers(20, 999_999))
def test_an_amount_in_words_is_read_as_what_it_says(number: int) -> None:
    for words in (write_spanish(number), write_english(number), write_spanish(number).upper()):
        for text in (words, f"pagué {words} pesos ayer", f"I paid {words}, Ana"):
            amounts = [one.amount for one in iter_readings(read_clues(text, MEXICO, NOW), "amount")]
            assert amounts == [number * 100], text


@tries(100)
@given(
    st.integers(1, 999_999_999),
    st.sampled_from(["${}", "{} pesos", "MXN {}", "{} MXN", "{} varos", "pagué {}."]),
)
def test_an_amount_in_figures_is_read_in_each_of_its_spellings(centavos: int, way: str) -> None:
    whole, part = divmod(centavos, 100)
    grouped = f"{whole:,}"
    spelled = {
        f"{whole}.{part:02}",
        f"{grouped}.{part:02}",
        f"{grouped.replace(',', '.')},{part:02}",
        f"{whole},{part:02}",
    }
    for text in map(way.format, spelled):
        amounts = [one.amount for one in iter_readings(read_clues(text, MEXICO, NOW), "amount")]
        assert amounts == [centavos], text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1.500 pesos", "«1.500 pesos» se leyó como MXN 1,500.00."),
        ("mil doscientos", "«mil doscientos» se leyó como 1,200.00."),
        ("15k", "«15k» se leyó como 15,000.00."),
        ("3/1", "«3/1» se leyó como 2026-01-03."),
        ("el 27", "«el 27» se leyó como 2025-12-27."),
        ("el viernes", "«el viernes» se leyó como 2026-01-16 o 2026-01-09."),
        ("del 28 al 3", "«del 28 al 3» se leyó como del 2025-12-28 al 2026-01-03."),
        ("la semana pasada", "«la semana pasada» se leyó como del 2026-01-05 al 2026-01-11."),
        ("$1,500.00", ""),
        ("27/11", ""),
        ("ayer", ""),
    ],
)
def test_what_is_ambiguous_says_how_it_was_read(text: str, told: str) -> None:
    ((clue),) = read_clues(text, MEXICO, NOW)
    assert clue.read_as == told


@tries(100)
@given(
    st.text(max_size=60), st.sampled_from(["", "el lunes", "500 pesos", "mil", "del 1 al 5", "hace dos días"])
)
def test_any_text_is_read_without_failing_and_an_amount_is_never_below_zero(text: str, more: str) -> None:
    clues = read_clues(f"{text} {more} {text}", MEXICO, NOW)
    assert all(one.amount >= 0 for one in iter_readings(clues, "amount"))
    assert all(one.start < one.end for one in iter_readings(clues, "day"))


def test_a_day_is_one_of_the_merchants_zone() -> None:
    ((day,),) = (clue.readings for clue in read_clues("ayer", LocalTimes("America/Tijuana"), NOW))
    assert (day.start, day.end) == (1_768_464_000, 1_768_550_400)


@pytest.mark.parametrize("text", ["31/02/2026", "mañana", "2026-13-01"])
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    clues = read_clues(text, LocalTimes(), NOW)
    assert all(one.kind != "day" for clue in clues for one in clue.readings)


@pytest.mark.parametrize(
    ("text", "ends", "moment"),
    [
        ("2026-01-16", False, 1_768_543_200),
        ("2026-01-16", True, 1_768_629_600),
        ("hoy", False, 1_768_543_200),
        ("1768564855", True, 1_768_564_855),
        ("2026-01-16T06:00:00", False, 1_768_564_800),
        ("2026-01-16T06:00:00Z", False, 1_768_543_200),
        ("2026-01-16Tx", False, None),
        ("pronto", False, None),
        ("del 1 al 3 de enero", False, 1_767_247_200),
        ("del 1 al 3 de enero", True, 1_767_506_400),
        ("la semana pasada", True, 1_768_197_600),
        ("diciembre", False, 1_764_568_800),
        ("la semana y el lunes", False, None),
        ("anoche", False, 1_768_521_600),
        ("anoche", True, 1_768_564_800),
        ("el lunes", False, 1_768_197_600),
        ("hace dos días", True, 1_768_456_800),
    ],
)
def test_a_range_begins_and_ends_with_days_or_moments(text: str, ends: bool, moment: float | None) -> None:
    assert read_moment(text, LocalTimes(), NOW, ends=ends) == moment


def test_the_control_digit_of_a_clabe_is_checked() -> None:
    assert is_clabe("646180111802000138")
    assert not is_clabe("646180111802000139")
