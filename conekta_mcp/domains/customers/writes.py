"""Customers: created, changed, deleted."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind
from conekta_mcp.domains.customers.children import CUSTOMER, LOOK, changed_fields
from conekta_mcp.domains.customers.tools import (
    create_customer,
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from conekta_mcp.effects.question_facts import name_of
from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    asking,
    several,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    if_there,
    inside,
    part,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import body_of, changed, gone
from conekta_mcp.effects.write_plan import Handling, facts_only

LOST: tuple[tuple[str, Both, Both], ...] = (
    ("payment_sources", ("forma de pago", "formas de pago"), ("way to pay", "ways to pay")),
    ("shipping_contacts", ("dirección", "direcciones"), ("address", "addresses")),
)


def _wanted(arguments: Any) -> Mapping[str, Any]:
    return {name: getattr(arguments, name) for name in ("name", "email", "phone", "custom_reference")}


def _lost(arguments: Any, customer: Raw) -> Facts:
    counted = ((len(inside(customer, name)), spanish, english) for name, spanish, english in LOST)
    parts = [several(count, spanish, english) for count, spanish, english in counted if count]
    if part(customer, "subscription"):
        parts.append(("su suscripción", "their subscription"))
    spanish, english = ("".join(f", {one[place]}" for one in parts) for place in (0, 1))
    return {"person": name_of(customer, arguments.customer_id), "lost": (spanish, english)}


HANDLINGS: Mapping[str, Handling] = {
    create_customer.name: Handling(
        said=asking(
            "¿Crear el cliente {name} con el correo {email}?",
            "Create the customer {name} with the e-mail {email}?",
        ),
        proof=new_row(
            list_customers,
            _wanted,
            lambda arguments: written(list_customers, search=arguments.email),
            whole=lambda api, _, row: ask(api, get_customer, customer_id=str(row["id"])),
            named=lambda _, row: written(get_customer, customer_id=str(row.get("id"))),
        ),
    ),
    update_customer.name: Handling(
        subject="customer_id",
        see=changed_fields(update_customer),
        said=asking(
            "¿Cambiar el cliente {customer_id}: {parts}?", "Change the customer {customer_id}: {parts}?"
        ),
        proof=changed(CUSTOMER, body_of(update_customer), LOOK),
    ),
    delete_customer.name: Handling(
        kind=Kind.REMOVAL,
        subject="customer_id",
        read=CUSTOMER,
        see=facts_only(_lost),
        said=asking(
            "¿Borrar para siempre a {person} ({customer_id}){lost}?",
            "Delete for good {person} ({customer_id}){lost}?",
        ),
        proof=gone(if_there(CUSTOMER), "customer_id", LOOK),
    ),
}
