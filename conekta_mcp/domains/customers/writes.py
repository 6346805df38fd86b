"""Customers, their addresses and their fiscal data."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Operation
from conekta_mcp.domains.customers.tools import (
    create_customer,
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from conekta_mcp.domains.fiscal_entities.tools import add_fiscal_entity, update_fiscal_entity
from conekta_mcp.domains.shipping_contacts.tools import (
    add_shipping_contact,
    delete_shipping_contact,
    update_shipping_contact,
)
from conekta_mcp.effects.question_facts import name_of
from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    asking,
    changes_of,
    several,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    if_there,
    inside,
    looking,
    part,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_child, new_row
from conekta_mcp.effects.verify_object import body_of, changed, gone
from conekta_mcp.effects.write_plan import Handling, facts_only

CUSTOMER = reading(get_customer, "customer_id")
LOOK = looking(get_customer, "customer_id")
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


def _child(name: str, key: str) -> Callable[[Any, Raw], Raw]:
    return lambda arguments, customer: next(
        (row for row in inside(customer, name) if row.get("id") == getattr(arguments, key)), {}
    )


def _fields(tool: Operation[Any]) -> Any:
    return facts_only(lambda arguments, _: {"parts": changes_of(body_of(tool)(arguments))})


def _added(tool: Operation[Any], children: str, spanish: str, english: str) -> Handling:
    def wanted(arguments: Any) -> Mapping[str, Any]:
        return {name: value for name, value in body_of(tool)(arguments).items() if name != "default"}

    return Handling(
        subject="customer_id",
        said=asking(
            f"¿Añadir {spanish} al cliente {{customer_id}}?",
            f"Add {english} to the customer {{customer_id}}?",
        ),
        proof=new_child(CUSTOMER, lambda _, customer: inside(customer, children), wanted, LOOK),
    )


def _changed(tool: Operation[Any], children: str, key: str, thing: Both) -> Handling:
    return Handling(
        subject="customer_id",
        see=_fields(tool),
        said=asking(
            f"¿Cambiar {thing[0]} {{{key}}} del cliente {{customer_id}}: {{parts}}?",
            f"Change {thing[1]} {{{key}}} of the customer {{customer_id}}: {{parts}}?",
        ),
        proof=changed(CUSTOMER, body_of(tool), LOOK, _child(children, key)),
    )


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
        see=_fields(update_customer),
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
    add_shipping_contact.name: _added(
        add_shipping_contact, "shipping_contacts", "una dirección de entrega", "a delivery address"
    ),
    update_shipping_contact.name: _changed(
        update_shipping_contact,
        "shipping_contacts",
        "shipping_contact_id",
        ("la dirección", "the address"),
    ),
    delete_shipping_contact.name: Handling(
        kind=Kind.REMOVAL,
        subject="customer_id",
        read=CUSTOMER,
        see=facts_only(lambda arguments, customer: {"person": name_of(customer, arguments.customer_id)}),
        said=asking(
            "¿Borrar para siempre la dirección {shipping_contact_id} de {person} ({customer_id})?",
            "Delete for good the address {shipping_contact_id} of {person} ({customer_id})?",
        ),
        proof=gone(CUSTOMER, "shipping_contact_id", LOOK, _child("shipping_contacts", "shipping_contact_id")),
    ),
    add_fiscal_entity.name: _added(add_fiscal_entity, "fiscal_entities", "datos fiscales", "fiscal data"),
    update_fiscal_entity.name: _changed(
        update_fiscal_entity, "fiscal_entities", "fiscal_entity_id", ("los datos fiscales", "the fiscal data")
    ),
}
