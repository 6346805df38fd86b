"""Shipping contacts: added, changed, deleted."""

from collections.abc import Mapping

from conekta_mcp.catalog import Kind
from conekta_mcp.domains.customers.children import CUSTOMER, LOOK, added, changed_child, child
from conekta_mcp.domains.shipping_contacts.tools import (
    add_shipping_contact,
    delete_shipping_contact,
    update_shipping_contact,
)
from conekta_mcp.effects.question_facts import name_of
from conekta_mcp.effects.question_text import (
    asking,
)
from conekta_mcp.effects.verify_object import gone
from conekta_mcp.effects.write_plan import Handling, facts_only

HANDLINGS: Mapping[str, Handling] = {
    add_shipping_contact.name: added(
        add_shipping_contact, "shipping_contacts", "una dirección de entrega", "a delivery address"
    ),
    update_shipping_contact.name: changed_child(
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
        proof=gone(CUSTOMER, "shipping_contact_id", LOOK, child("shipping_contacts", "shipping_contact_id")),
    ),
}
