"""CLABE numbers and cash references (conekta-api.md 4.2, 4.6, 7)."""

from random import Random

WEIGHTS = (3, 7, 1)


def compute_control_digit(first_17: str) -> str:
    """Return the 18th digit of a CLABE (conekta-api.md 7)."""
    total = sum(int(digit) * WEIGHTS[place % 3] % 10 for place, digit in enumerate(first_17))
    return str(-total % 10)


def make_clabe(chance: Random, *, head: str = "646180111") -> str:
    """Return an 18-digit CLABE; the default head is STP's, as in conekta-api.md 7."""
    first_17 = head + _draw_digits(chance, 17 - len(head))
    return first_17 + compute_control_digit(first_17)


def make_cash_reference(chance: Random) -> str:
    """Return the 14 digits of a single cash charge in test mode."""
    return "9800" + _draw_digits(chance, 10)


def make_recurrent_reference(chance: Random) -> str:
    """Return the 14 digits of a cash reference that a customer keeps."""
    return "9300" + _draw_digits(chance, 10)


def _draw_digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))
