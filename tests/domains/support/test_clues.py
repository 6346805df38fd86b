"""What a payer says, read as clues."""

import pytest

from conekta_mcp.domains.support.days import read_moment
from conekta_mcp.domains.support.finding.clues import has_control_digit, read_clues
from conekta_mcp.results.times import LocalTimes

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
    ("tarjeta terminada en 4242", [[("last4", "4242")]]),
    ("card ending in 4242", [[("last4", "4242")]]),
    ("****4242", [[("last4", "4242")]]),
    ("últimos cuatro dígitos son 4242", [[("last4", "4242")]]),
    ("CLABE 646180111802000138", [[("clabe", "646180111802000138")]]),
    ("6461 8011 1802 0001 38", [[("clabe", "646180111802000138")]]),
    ("referencia 98001234567890", [[("reference", "98001234567890")]]),
    ("55 5555 5555", [[("reference", "5555555555"), ("phone", "5555555555")]]),
    ("+52 1 55 5555 5555", [[("reference", "5215555555555"), ("phone", "5555555555")]]),
    ("Ana@Example.com", [[("email", "ana@example.com")]]),
    ("ord_2zABC", [[("order_id", "ord_2zABC")]]),
    ("cus_2zABC", [[("customer_id", "cus_2zABC")]]),
    ("6a00000000000000000000F1", [[("charge_id", "6a00000000000000000000f1")]]),
    (
        "https://pay.conekta.com/link/f2654d66d740457a9a8cf96b5196f44e",
        [[("link_id", "f2654d66-d740-457a-9a8c-f96b5196f44e")], [("words", "https")], [("words", "conekta")],
         [("words", "com")], [("words", "link")]],
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
    ("hoy a las 15:30", [[("day", "2026-01-16")]]),
    ("Ana Ruiz", [[("words", "Ana")], [("words", "Ruiz")]]),
    ("¿Ya llegó mi pago de 500 pesos?", [[("amount", 50000)]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SAID, ids=[text for text, _ in SAID])
def test_a_text_is_read(text: str, expected: list[list[tuple[str, object]]]) -> None:
    clues = read_clues(text, LocalTimes(), NOW)
    assert [[(one.kind, one.text or one.amount) for one in clue.readings] for clue in clues] == expected


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
        ("del 1 al 3 de enero", False, None),
    ],
)
def test_a_range_begins_and_ends_with_days_or_moments(text: str, ends: bool, moment: float | None) -> None:
    assert read_moment(text, LocalTimes(), NOW, ends=ends) == moment


def test_the_control_digit_of_a_clabe_is_checked() -> None:
    assert has_control_digit("646180111802000138")
    assert not has_control_digit("646180111802000139")
