"""Plans of the writes on customers."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Sender
from conekta_mcp.domains.customers.children import (
    CUSTOMER_LOOKUP,
    DEFAULT_FIELD,
    READ_CUSTOMER,
    gives_any,
    observe_changes,
)
from conekta_mcp.domains.customers.owed import (
    LIVE,
    OWED,
    describe_owed,
    describe_subscriptions,
    read_obligations,
    sum_owed,
)
from conekta_mcp.domains.customers.tools import (
    create_customer,
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from conekta_mcp.effects.answer_check import IfShown, expect_answer
from conekta_mcp.effects.new_row import NewRow, hide_field
from conekta_mcp.effects.question_facts import count_lost_sources, name_customer
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_both,
    format_count,
    format_place,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    allow_missing,
    call_read_tool,
    create_child_finder,
    format_call,
    list_children,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import expect_body, verify_fields, verify_removal
from conekta_mcp.effects.write_plan import ObservedState, Unasked, WritePlan

LOST_CHILDREN: tuple[tuple[str, BilingualText, BilingualText], ...] = (
    ("shipping_contacts", ("dirección", "direcciones"), ("address", "addresses")),
)


NEW_CUSTOMER = NewRow(
    tool=create_customer,
    shown={
        "payment_sources.token_id": hide_field("Conekta never shows a token again"),
        "shipping_contacts.default": DEFAULT_FIELD,
    },
)


DESTINATION_FIELDS = ("email", "phone", "default_payment_source_id", "default_shipping_contact_id")
"""Fields that decide where receipts and goods go, and which source pays."""


def _expect_destinations(arguments: Any, _: Raw) -> Raw:
    """Expect the source, address and e-mail that the call sets as default."""
    named = ("default_payment_source_id", "default_shipping_contact_id", "email")
    chosen = {name: getattr(arguments, name) for name in named}
    return {name: IfShown(value) for name, value in chosen.items() if value is not None}


def _name_new_place(arguments: Any, customer: Raw) -> Facts:
    """Say where goods are sent from now on, which an id alone does not tell."""
    contact = create_child_finder("shipping_contacts", "default_shipping_contact_id")(arguments, customer)
    place = format_place(contact) if arguments.default_shipping_contact_id else ""
    return {
        "place": format_both(", y se le envía a {place}", ", and goods are sent to {place}", place=place)
        if place
        else ""
    }


async def _read_customer_and_owed(api: Sender, arguments: Any) -> Raw:
    customer = await READ_CUSTOMER(api, arguments)
    return {**customer, **await read_obligations(api, {**customer, "id": arguments.customer_id})}


def _describe_loss(arguments: Any, customer: Raw) -> Facts:
    counted = (
        (len(list_children(customer, name)), spanish, english) for name, spanish, english in LOST_CHILDREN
    )
    parts = count_lost_sources(list_children(customer, "payment_sources"))
    parts += [format_count(count, spanish, english) for count, spanish, english in counted if count]
    if ended := describe_subscriptions(customer.get(LIVE)):
        parts.append(ended)
    spanish, english = ("".join(f", {one[place]}" for one in parts) for place in (0, 1))
    return {
        "person": name_customer(customer, arguments.customer_id),
        "lost": (spanish, english),
        "owed": describe_owed(customer.get(OWED)),
    }


def _observe_loss(arguments: Any, customer: Raw) -> ObservedState:
    owed = customer.get(OWED) if customer else None
    sums = [{"currency": one, "amount": sum(parts)} for one, parts in sum_owed(owed or ()).items()]
    told = {"owed": sums, "owed_is_complete": owed is not None}
    return ObservedState(facts=_describe_loss(arguments, customer), told=told)


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_customer.name: WritePlan(
        unasked=Unasked.DELETABLE,
        needs_state=False,
        question=build_question(
            "¿Crear el cliente {name} con el correo {email}?",
            "Create the customer {name} with the e-mail {email}?",
        ),
        verifier=verify_new_row(
            list_customers,
            NEW_CUSTOMER,
            lambda arguments: format_call(list_customers, search=arguments.email),
            read_full=lambda api, _, row: call_read_tool(api, get_customer, customer_id=str(row["id"])),
            row_lookup=lambda _, row: format_call(get_customer, customer_id=str(row.get("id"))),
            mark="metadata",
            notes_ids=False,
        ),
        mark="metadata",
        expect_answer=expect_answer(
            create_customer, more=lambda arguments, _: {"email": IfShown(arguments.email)}
        ),
    ),
    update_customer.name: WritePlan(
        unasked=Unasked.CHANGEABLE,
        asked_about=DESTINATION_FIELDS,
        decides_destination=gives_any(DESTINATION_FIELDS),
        subject="customer_id",
        read=READ_CUSTOMER,
        needs_state=False,
        observe=observe_changes(update_customer, _name_new_place),
        question=build_question(
            "¿Cambiar el cliente {person}: {parts}{place}?", "Change the customer {person}: {parts}{place}?"
        ),
        verifier=verify_fields(
            READ_CUSTOMER, expect_body(update_customer), CUSTOMER_LOOKUP, always=("name", "email")
        ),
        expect_answer=expect_answer(update_customer, more=_expect_destinations),
    ),
    delete_customer.name: WritePlan(
        is_reversible=False,
        kind=EffectKind.REMOVAL,
        subject="customer_id",
        read=_read_customer_and_owed,
        observe=_observe_loss,
        question=build_question(
            "¿Borrar para siempre a {person}{lost}?{owed}",
            "Delete for good {person}{lost}?{owed}",
        ),
        verifier=verify_removal(allow_missing(READ_CUSTOMER), "customer_id", CUSTOMER_LOOKUP),
        expect_answer=expect_answer(delete_customer),
    ),
}
