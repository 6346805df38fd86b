"""Plans of the writes on shipping contacts."""

from collections.abc import Mapping

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.customers.children import (
    CUSTOMER_LOOKUP,
    DEFAULT_FIELD,
    READ_CUSTOMER,
    create_child_namer,
    plan_addition,
    plan_child_change,
)
from conekta_mcp.domains.shipping_contacts.tools import (
    add_shipping_contact,
    delete_shipping_contact,
    update_shipping_contact,
)
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.question_facts import name_customer
from conekta_mcp.effects.question_text import (
    build_question,
)
from conekta_mcp.effects.state_reading import create_child_finder, list_children
from conekta_mcp.effects.verify_object import verify_removal
from conekta_mcp.effects.write_plan import WritePlan, observe_facts

NAME_CONTACT = create_child_namer("shipping_contacts", "shipping_contact_id")
WRITE_PLANS: Mapping[str, WritePlan] = {
    add_shipping_contact.name: plan_addition(
        add_shipping_contact,
        "shipping_contacts",
        "una dirección de entrega",
        "a delivery address",
        {"default": DEFAULT_FIELD},
        destination_fields=("default",),
    ),
    update_shipping_contact.name: plan_child_change(
        update_shipping_contact,
        "shipping_contacts",
        "shipping_contact_id",
        ("la dirección", "the address"),
        destination_fields=("default", "address"),
    ),
    delete_shipping_contact.name: WritePlan(
        is_reversible=False,
        kind=EffectKind.REMOVAL,
        subject="customer_id",
        read=READ_CUSTOMER,
        observe=observe_facts(
            lambda arguments, customer: {
                "person": name_customer(customer, arguments.customer_id),
                **NAME_CONTACT(arguments, customer),
            }
        ),
        question=build_question(
            "¿Borrar para siempre la dirección {shipping_contact_id} de {person}?",
            "Delete for good the address {shipping_contact_id} of {person}?",
        ),
        verifier=verify_removal(
            READ_CUSTOMER,
            "shipping_contact_id",
            CUSTOMER_LOOKUP,
            create_child_finder("shipping_contacts", "shipping_contact_id"),
            lambda _, customer: list_children(customer, "shipping_contacts"),
        ),
        expect_answer=expect_answer(delete_shipping_contact),
    ),
}
