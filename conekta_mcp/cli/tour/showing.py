"""What the server answered, as a person reads it: every value comes from the answer."""

from collections.abc import Sequence
from typing import Any

from conekta_mcp.cli.tables import format_table
from conekta_mcp.cli.tour.guide import WIDTH, Guide
from conekta_mcp.effects.question_facts import STATUS_TEXTS

FACTS = ("id", "name", "email", "clabe", "bank", "amount_text", "payment_status", "amount_refunded", "status")
INDENT = "    "


def show_facts(guide: Guide, answer: dict[str, Any], names: Sequence[str] = FACTS) -> None:
    """Show the facts of one object that it has, a line each."""
    rows = [(name, format_value(guide, name, answer[name])) for name in names if answer.get(name) is not None]
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        guide.show(f"{INDENT}{name:<{width}}  {text}")


def show_rows(guide: Guide, answer: dict[str, Any], names: Sequence[str]) -> None:
    """Show a list with its number, the columns that are named."""
    places = [answer["columns"].index(name) for name in names]
    rows = [
        (
            str(number),
            *(format_value(guide, name, row[place]) for name, place in zip(names, places, strict=True)),
        )
        for number, row in enumerate(answer["rows"], 1)
    ]
    for line in format_table(("", *names), rows, WIDTH - len(INDENT)):
        guide.show(INDENT + line)


def show_error(guide: Guide, error: dict[str, Any]) -> None:
    """Show how a call was refused: the message for people, the type, and what is certain of the outcome."""
    guide.show_wrapped(f"✗ {error['message']}", "    ", "red")
    guide.show(f"    {error['type']}" + (f" · outcome: {error['outcome']}" if "outcome" in error else ""))


def format_value(guide: Guide, name: str, value: Any) -> str:
    if name == "amount_refunded":
        return guide.format_amount(value)
    if name == "payment_status" and value in STATUS_TEXTS:
        return STATUS_TEXTS[value][("es", "en").index(guide.language)]
    return "-" if value is None else str(value)
