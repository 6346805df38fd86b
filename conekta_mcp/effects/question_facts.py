"""Words about orders and people that several questions use."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    both,
    currency_of,
    day,
    identity,
    money,
)
from conekta_mcp.effects.state_reading import Raw, inside, number, part
from conekta_mcp.privacy.untrusted_text import quoted

STATES: Mapping[str, Both] = {
    "pending_payment": ("pendiente de pago", "waiting for payment"),
    "paid": ("pagada", "paid"),
    "pre_authorized": ("preautorizada", "pre-authorized"),
    "declined": ("rechazada", "declined"),
    "expired": ("vencida", "expired"),
    "canceled": ("cancelada", "canceled"),
    "voided": ("liberada", "released"),
    "partially_refunded": ("devuelta en parte", "refunded in part"),
    "refunded": ("devuelta", "refunded"),
}
NO_CHARGE: Both = ("sin cargo", "without a charge")


def name_of(raw: Raw, otherwise: object = None) -> str | Both:
    """Quote the name of a person, or show the id that stands for them."""
    name = raw.get("name")
    if isinstance(name, str) and name.strip():
        return quoted(name)
    return identity(otherwise) if otherwise else ("alguien sin nombre", "somebody without a name")


def payer_of(order: Raw) -> str | Both:
    """Name who pays an order."""
    payer = part(order, "customer_info")
    return name_of(payer, payer.get("customer_id"))


def order_facts(order: Raw) -> Facts:
    """Say whose an order is, how much, how it stands and when it was paid."""
    status = order.get("payment_status")
    return {
        "person": payer_of(order),
        "total": money(number(order, "amount") or 0, order.get("currency")),
        "state": STATES.get(str(status), quoted(str(status))) if status else NO_CHARGE,
        "paid": _paid(order),
    }


def charges_of(order: Raw) -> list[Raw]:
    """Give the charges of an order."""
    return inside(order, "charges")


def total_of(arguments: Any) -> int:
    """Sum what an order's arguments ask for, in centavos (conekta-api.md 4.5)."""
    products = sum(line.unit_price * line.quantity for line in arguments.line_items)
    more = sum(_amounts(arguments, "tax_lines")) + sum(_amounts(arguments, "shipping_lines"))
    return int(products + more - sum(_amounts(arguments, "discount_lines")))


def sold(lines: list[Any]) -> Both:
    """Name what is sold: the first product, and how many more."""
    first, more = quoted(lines[0].name), len(lines) - 1
    return (
        both("{first} y {n} más", "{first} and {n} more", first=first, n=str(more)) if more else (first,) * 2
    )


def currency(raw: Raw) -> str:
    """Give the currency of an object."""
    return currency_of(raw.get("currency"))


def _amounts(arguments: Any, name: str) -> list[int]:
    return [line.amount for line in getattr(arguments, name, None) or []]


def _paid(order: Raw) -> str | Both:
    moments = [moment for charge in charges_of(order) if (moment := number(charge, "paid_at"))]
    return both(", pagada el {day}", ", paid {day}", day=day(min(moments))) if moments else ""
