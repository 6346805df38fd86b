"""The type of an entry in the tables of failure codes."""

from dataclasses import dataclass
from typing import Literal

Actor = Literal["cardholder", "bank", "shop", "conekta"]


@dataclass(frozen=True)
class FailureCause:
    """What a code means; each text is a pair, Spanish and English."""

    codes: tuple[str, ...]
    cause: tuple[str, str]
    actor: Actor
    """Who can do something about it."""
    tell: tuple[str, str]
    """What to tell the customer."""


ANOTHER = (
    "Usa otra tarjeta, o paga por SPEI o en efectivo.",
    "Use another card, or pay by SPEI or cash.",
)
