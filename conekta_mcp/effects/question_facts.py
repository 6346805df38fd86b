"""Texts about orders and people that several questions share."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    format_both,
    format_count,
    format_day,
    format_id,
    format_known_money,
    format_place,
    format_time,
    to_currency,
)
from conekta_mcp.effects.state_reading import Raw, get_integer, get_object, list_children
from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.redaction import mask_credentials
from conekta_mcp.results.statuses import normalize_status

STATUS_TEXTS: Mapping[str, BilingualText] = {
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
NO_CHARGE: BilingualText = ("sin cargo", "without a charge")
DEFAULT_TERMS: Mapping[str, BilingualText] = {
    "spei": ("unos 90 días", "about 90 days"),
    "cash": ("un mes más o menos", "about a month"),
}
"""How long Conekta waits for a payment by default, by method (conekta-api.md 5.5)."""


SOURCE_KINDS: Mapping[str, tuple[BilingualText, BilingualText]] = {
    "spei_recurrent": (
        (
            "CLABE (lo que se le transfiera no encuentra a nadie)",
            "CLABEs (lo que se les transfiera no encuentra a nadie)",
        ),
        ("CLABE (later transfers to it find nobody)", "CLABEs (later transfers find nobody)"),
    ),
    "card": (("tarjeta", "tarjetas"), ("card", "cards")),
    "cash_recurrent": (
        ("referencia de efectivo", "referencias de efectivo"),
        ("cash reference", "cash references"),
    ),
    "": (("otra forma de pago", "otras formas de pago"), ("other way to pay", "other ways to pay")),
}
"""The names of payment sources, for one and for several, by type."""


def count_lost_sources(sources: Sequence[Raw]) -> list[BilingualText]:
    """Count the payment sources of each kind that a deletion removes, for the question."""
    types = [str(one.get("type")) for one in sources]
    kinds = Counter(one if one in SOURCE_KINDS else "" for one in types)
    return [format_count(kinds[kind], *words) for kind, words in SOURCE_KINDS.items() if kinds[kind]]


def format_name(raw: Raw, otherwise: object = None) -> str | BilingualText:
    """Return the name of a person in quotes, or the id if there is no name."""
    name = raw.get("name")
    if isinstance(name, str) and name.strip():
        return quote_text(name)
    return format_id(otherwise) if otherwise else ("alguien sin nombre", "somebody without a name")


def name_customer(customer: Raw, customer_id: str) -> str | BilingualText:
    """Return the name of a customer with their id, or the id alone if there is no name."""
    person, known = format_name(customer, customer_id), format_id(customer_id)
    return person if person == known else format_both("{name} ({id})", "{name} ({id})", name=person, id=known)


def format_contact(person: Raw) -> BilingualText:
    """Say where a person is reached: a name alone does not say who collects what is sent to them."""
    labels = (("phone", ("teléfono", "phone")), ("email", ("correo", "e-mail")))
    parts = [
        format_both(", {label} {shown}", ", {label} {shown}", label=label, shown=quote_text(known))
        for name, label in labels
        if isinstance(known := person.get(name), str) and known.strip()
    ]
    spanish, english = ("".join(part[place] for part in parts) for place in (0, 1))
    return (f"{spanish},", f"{english},") if parts else ("", "")


def format_payment_end(expires_at: int | None, payment_method: str) -> BilingualText:
    """Return until when something can be paid: the time asked for, else Conekta's default term."""
    if expires_at:
        return format_both(
            ", a pagar hasta el {day}", ", to be paid until {day}", day=format_time(expires_at)
        )
    if payment_method not in DEFAULT_TERMS:
        return "", ""
    return format_both(
        ", a pagar en {term} (plazo de Conekta)",
        ", to be paid within {term} (Conekta's default)",
        term=DEFAULT_TERMS[payment_method],
    )


def format_payer(order: Raw) -> str | BilingualText:
    """Return the name of the payer of an order."""
    payer = get_object(order, "customer_info")
    return format_name(payer, payer.get("customer_id"))


def get_payer(order: Raw) -> str | None:
    """Return the customer id of the payer of an order, else their name."""
    payer = get_object(order, "customer_info")
    known = payer.get("customer_id") or payer.get("name")
    return str(known) if known else None


def build_order_facts(order: Raw) -> Facts:
    """Return the texts about an order: payer, amount, status, and when it was paid."""
    status, word = order.get("payment_status"), normalize_status(order.get("payment_status"))
    return {
        "person": format_payer(order),
        "total": format_known_money(get_integer(order, "amount"), order.get("currency")),
        "state": STATUS_TEXTS.get(str(word), quote_text(str(status))) if status else NO_CHARGE,
        "paid": _format_paid_day(order),
    }


def get_charges(order: Raw) -> list[Raw]:
    return list_children(order, "charges")


def compute_total(arguments: Any) -> int:
    """Return the total of the arguments of an order, in centavos (conekta-api.md 4.5)."""
    products = sum(line.unit_price * line.quantity for line in arguments.line_items)
    more = sum(_list_amounts(arguments, "tax_lines")) + sum(_list_amounts(arguments, "shipping_lines"))
    return int(products + more - sum(_list_amounts(arguments, "discount_lines")))


def describe_items(lines: list[Any]) -> BilingualText:
    """Return the name of the first product, and how many more there are."""
    first, more = quote_text(lines[0].name), len(lines) - 1
    return (
        format_both("{first} y {n} más", "{first} and {n} more", first=first, n=str(more))
        if more
        else (first,) * 2
    )


def format_return(address: str | None) -> BilingualText:
    """Return the address to which the payer is sent afterwards: that page could imitate the shop's."""
    if not address:
        return "", ""
    return format_both(
        ", y quien pague va después a {address}",
        ", and who pays is sent to {address} afterwards",
        address=quote_text(mask_credentials(address)),
    )


def format_delivery(contact: Any) -> BilingualText:
    """Say where goods go that an order sells, "" where it does not say it."""
    place = format_place(contact.model_dump(exclude_none=True)) if contact else ""
    if not place:
        return "", ""
    return format_both(", con entrega en {place}", ", delivered to {place}", place=place)


def get_currency(raw: Raw) -> str | None:
    """Return the currency of an object; None if the object was not read."""
    return to_currency(raw.get("currency")) if raw else None


def _list_amounts(arguments: Any, name: str) -> list[int]:
    return [line.amount for line in getattr(arguments, name, None) or []]


def _format_paid_day(order: Raw) -> str | BilingualText:
    moments = [moment for charge in get_charges(order) if (moment := get_integer(charge, "paid_at"))]
    return format_both(", pagada el {day}", ", paid {day}", day=format_day(min(moments))) if moments else ""
