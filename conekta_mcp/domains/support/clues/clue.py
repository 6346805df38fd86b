"""A clue about a payment, with its possible meanings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from conekta_mcp.domains.support.reading.hours import Window

Kind = Literal[
    "order_id", "customer_id", "charge_id", "link_id", "clabe", "reference", "email", "phone", "last4",
    "amount", "day", "hour", "name", "words", "method", "digits",
]  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One possible meaning of a clue."""

    kind: Kind
    text: str = ""
    amount: int = 0
    """Centavos."""
    start: float = 0
    end: float = 0
    """The end of a day or range in unix seconds, excluded."""
    currency: str = ""
    most: int = 0
    """Centavos, if `amount` is the least of a range."""
    windows: tuple[Window, ...] = ()
    """Times of day."""
    of_phone: bool = False
    """Whether these digits are the end of a phone."""


@dataclass(frozen=True)
class Clue:
    """One clue of a text; an order matches if it matches any of the readings."""

    readings: tuple[Reading, ...]
    words: str = ""
    read_as: str = ""
    """How it was read where it is ambiguous, in the language of the call."""
    is_optional: bool = False
    """Whether a word may be missing in the order without counting as a difference."""
    is_name: bool = False
    """Whether a word looks like part of a name; a different name is never ignored."""


def iter_readings(clues: list[Clue], kind: Kind) -> Iterator[Reading]:
    for clue in clues:
        for reading in clue.readings:
            if reading.kind == kind:
                yield reading
