"""Every card of MCP Apps: its name, its title, and what it shows, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

ASKING_CARD = "approval"
"""The card of a write without another one."""


@dataclass(frozen=True)
class Card:
    """A card; what draws it is `views/<name>.js`, and the tools that have it name it as their `card`."""

    name: str
    title: Mapping[str, str]
    """By language, as the client shows it."""
    shows: Mapping[str, str]
    """By language, for docs/cards.md."""


CARDS: Mapping[str, Card] = {
    card.name: card
    for card in (
        Card(
            ASKING_CARD,
            {"es": "Aprobación", "en": "Approval"},
            {
                "es": "una pregunta a una persona, y los botones para responderla",
                "en": "a question to a person, and the buttons that answer it",
            },
        ),
        Card(
            "payment",
            {"es": "Pago", "en": "Payment"},
            {
                "es": "CLABE, referencia de efectivo o liga de pago con un botón para copiarla, "
                "la suma exacta, hasta cuándo, si está pagada",
                "en": "CLABE, cash reference or payment link with a button to copy it, "
                "the exact sum, until when, paid or not",
            },
        ),
        Card(
            "order",
            {"es": "Orden", "en": "Order"},
            {
                "es": "cómo va una orden, qué lleva y qué ha pasado",
                "en": "how an order stands, what is in it, and what has happened",
            },
        ),
        Card(
            "customer",
            {"es": "Cliente", "en": "Customer"},
            {
                "es": "un cliente, y con qué puede pagar",
                "en": "a customer, and the ways in which they can pay",
            },
        ),
        Card(
            "table",
            {"es": "Lista", "en": "List"},
            {"es": "las filas de una lista", "en": "the rows of a list"},
        ),
        Card(
            "sales",
            {"es": "Ventas por día", "en": "Sales by day"},
            {"es": "ventas por día, semana, método o estado", "en": "sales by day, week, method or status"},
        ),
    )
}
"""By name, in the order in which clients are listed them."""
