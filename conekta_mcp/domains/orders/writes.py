"""Orders: billed, charged, cancelled, changed."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Sender
from conekta_mcp.domains.customers.tools import get_customer
from conekta_mcp.domains.orders.card_tools import create_card_order
from conekta_mcp.domains.orders.change_tools import update_order
from conekta_mcp.domains.orders.tools import (
    cancel_order,
    create_order,
    create_order_reusing_clabe,
    get_order,
    list_orders,
)
from conekta_mcp.effects.comparison import Always
from conekta_mcp.effects.question_facts import name_of, order_facts, sold, total_of
from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    asking,
    both,
    changes_of,
    dated,
    identity,
    money,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    looking,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import (
    Proving,
    Wanted,
    body_of,
    changed,
    in_state,
)
from conekta_mcp.effects.write_plan import Handling, Seen, facts_only

ORDER = reading(get_order, "order_id")
LOOK = looking(get_order, "order_id")
METHODS: Mapping[str, tuple[Kind, Both]] = {
    "spei": (Kind.BILL, ("¿Cobrar {sum} por SPEI a", "Bill {sum} by SPEI to")),
    "cash": (Kind.BILL, ("¿Cobrar {sum} en efectivo a", "Bill {sum} in cash to")),
    "none": (
        Kind.CHANGE,
        (
            "¿Anotar una orden de {sum}, sin cobrarla todavía, de",
            "Note an order of {sum}, without charging it yet, of",
        ),
    ),
}
WIRE = ("name", "unit_price", "quantity")


async def customer_of(api: Sender, arguments: Any) -> Raw:
    """Read the customer whom a new order is for, {} where the arguments describe them."""
    known = arguments.customer_id
    return await ask(api, get_customer, customer_id=known) if known else {}


def wanted(method: str | None) -> Wanted:
    """Give what a new order shows, paid by `method`; None where the arguments say it."""

    def shown(arguments: Any) -> Mapping[str, Any]:
        known = arguments.customer_id
        payer = (
            {"customer_id": Always(known)} if known else {"email": arguments.email, "name": arguments.name}
        )
        lines = [{name: getattr(line, name) for name in WIRE} for line in arguments.line_items]
        kind = method or arguments.payment_method
        return {
            "amount": total_of(arguments),
            "currency": getattr(arguments, "currency", "MXN"),
            "customer_info": payer,
            "line_items": lines,
            "metadata": arguments.metadata,
            "charges": [] if kind == "none" else [{"payment_method": {"object": OBJECTS[kind]}}],
        }

    return shown


OBJECTS = {"spei": "bank_transfer_payment", "cash": "cash_payment", "card": "card_payment"}
"""The `object` of a charge's payment_method, by the type that was asked for (conekta-api.md 4.6)."""


def new_order(method: str | None) -> Proving:
    """Prove a new order by the list of orders."""
    return new_row(
        list_orders,
        wanted(method),
        lambda _: written(list_orders, limit=20),
        whole=lambda api, _, row: ask(api, get_order, order_id=str(row["id"])),
        named=lambda _, row: written(get_order, order_id=str(row.get("id"))),
    )


def payer_facts(arguments: Any, customer: Raw) -> dict[str, str | Both]:
    """Say for whom a new order is, for what, and until when it can be paid."""
    known = arguments.customer_id
    person = name_of(customer or {"name": getattr(arguments, "name", None)}, known)
    until = getattr(arguments, "expires_at", None)
    return {
        "person": both("{name} ({id})", "{name} ({id})", name=person, id=identity(known))
        if known
        else person,
        "items": sold(arguments.line_items),
        "sum": money(total_of(arguments), getattr(arguments, "currency", "MXN")),
        "until": both(", a pagar hasta el {day}", ", to be paid until {day}", day=dated(until))
        if until
        else "",
    }


def _seen(arguments: Any, facts: Facts) -> Seen:
    return Seen(currency=getattr(arguments, "currency", "MXN"), facts=facts)


def _billed(arguments: Any, customer: Raw) -> Seen:
    facts = payer_facts(arguments, customer)
    verb = METHODS[arguments.payment_method][1]
    return _seen(arguments, {**facts, "verb": both(*verb, sum=facts["sum"])})


def _by_card(arguments: Any, customer: Raw) -> Seen:
    months = arguments.monthly_installments
    verb = (
        ("¿Retener {sum} en", "Hold {sum} on")
        if arguments.pre_authorize
        else ("¿Cobrar {sum} a", "Charge {sum} to")
    )
    facts = payer_facts(arguments, customer)
    spread = both(", a {n} meses", ", in {n} months", n=str(months)) if months else ""
    return _seen(arguments, {**facts, "verb": both(*verb, sum=facts["sum"]), "months": spread})


HANDLINGS: Mapping[str, Handling] = {
    create_order.name: Handling(
        kind=lambda arguments: METHODS[arguments.payment_method][0],
        amount=total_of,
        subject="customer_id",
        read=customer_of,
        see=_billed,
        said=asking("{verb} {person} por {items}{until}?", "{verb} {person} for {items}{until}?"),
        proof=new_order(None),
    ),
    create_order_reusing_clabe.name: Handling(
        kind=Kind.BILL,
        amount=total_of,
        subject="customer_id",
        read=customer_of,
        see=lambda arguments, customer: _seen(arguments, payer_facts(arguments, customer)),
        said=asking(
            "¿Cobrar {sum} en la CLABE de {person} por {items}{until}?",
            "Bill {sum} on the CLABE of {person} for {items}{until}?",
        ),
        proof=new_order("spei"),
    ),
    create_card_order.name: Handling(
        kind=Kind.CHARGE,
        amount=total_of,
        subject="customer_id",
        read=customer_of,
        see=_by_card,
        said=asking(
            "{verb} la tarjeta de {person} por {items}{months}?",
            "{verb} the card of {person} for {items}{months}?",
        ),
        proof=new_order("card"),
    ),
    cancel_order.name: Handling(
        kind=Kind.REMOVAL,
        subject="order_id",
        read=ORDER,
        see=facts_only(lambda _, order: order_facts(order)),
        said=asking(
            "¿Cancelar para siempre la orden {order_id} de {person} por {total} ({state}), que ya no se "
            "podrá pagar?",
            "Cancel for good the order {order_id} of {person} over {total} ({state}), so that it cannot be "
            "paid any more?",
        ),
        proof=in_state(ORDER, "payment_status", ("canceled", "voided"), LOOK),
    ),
    update_order.name: Handling(
        subject="order_id",
        see=facts_only(lambda arguments, _: {"parts": changes_of(body_of(update_order)(arguments))}),
        said=asking("¿Cambiar la orden {order_id}: {parts}?", "Change the order {order_id}: {parts}?"),
        proof=changed(ORDER, body_of(update_order), LOOK),
    ),
}
