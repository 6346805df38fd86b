"""Formats the server's answers for people; every value comes from the answer."""

from collections.abc import Sequence
from typing import Any

from conekta_mcp.cli.tables import format_table
from conekta_mcp.cli.tour.guide import Guide
from conekta_mcp.effects.question_facts import STATUS_TEXTS

LABELS = {
    "es": {
        "name": "nombre",
        "email": "correo",
        "clabe": "CLABE",
        "bank": "banco",
        "amount_text": "importe",
        "payment_status": "estado",
        "amount_refunded": "devuelto",
        "status": "transferencia",
        "reason": "motivo",
        "customer_name": "cliente",
        "certainty": "certeza",
        "paid_at_text": "pagada el",
    },
    "en": {
        "clabe": "CLABE",
        "amount_text": "amount",
        "payment_status": "status",
        "amount_refunded": "refunded",
        "status": "transfer",
        "customer_name": "customer",
        "paid_at_text": "paid on",
    },
}
VALUES = {
    "es": {
        "applied": "aplicada",
        "returned": "devuelta a quien pagó",
        "amount_mismatch": "no es el monto exacto",
        "certain": "segura",
        "likely": "probable",
        "possible": "posible",
    },
    "en": {"returned": "returned to the payer", "amount_mismatch": "not the exact amount"},
}
"""Texts for codes in answers; other codes are shown as they are."""
CODED = frozenset({"status", "reason", "certainty"})
FACTS = ("id", "name", "email", "clabe", "bank", "amount_text", "payment_status", "amount_refunded", "status")
INDENT = "    "


def show_facts(guide: Guide, answer: dict[str, Any], names: Sequence[str] = FACTS) -> None:
    """Print the given facts of one object, one per line."""
    labels = LABELS[guide.language]
    rows = [
        (labels.get(name, name), format_value(guide, name, answer[name]))
        for name in names
        if answer.get(name) is not None
    ]
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        guide.show(f"{INDENT}{name:<{width}}  {text}")


def show_rows(guide: Guide, answer: dict[str, Any], names: Sequence[str]) -> None:
    """Print a numbered list with the given columns."""
    places = [answer["columns"].index(name) for name in names]
    rows = [
        (
            str(number),
            *(format_value(guide, name, row[place]) for name, place in zip(names, places, strict=True)),
        )
        for number, row in enumerate(answer["rows"], 1)
    ]
    labels = LABELS[guide.language]
    heads = ("", *(labels.get(name, name) for name in names))
    for line in format_table(heads, rows, guide.width - len(INDENT)):
        guide.show(INDENT + line)


def show_error(guide: Guide, error: dict[str, Any]) -> None:
    """Print a refusal: the message for people, its type, and the outcome."""
    guide.show_wrapped(f"✗ {error['message']}", "    ", "red")
    guide.show(f"    {error['type']}" + (f" · outcome: {error['outcome']}" if "outcome" in error else ""))


def format_value(guide: Guide, name: str, value: Any) -> str:
    if name == "amount_refunded":
        return guide.format_amount(value)
    if name == "payment_status" and value in STATUS_TEXTS:
        return STATUS_TEXTS[value][("es", "en").index(guide.language)]
    if name in CODED:
        return VALUES[guide.language].get(str(value), str(value))
    return "-" if value is None else str(value)
