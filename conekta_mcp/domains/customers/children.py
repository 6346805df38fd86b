"""Plans of the writes on a customer's children: addresses and fiscal entities."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.customers.tools import (
    get_customer,
)
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.new_row import NewRow, ShownDifferently, hide_field
from conekta_mcp.effects.question_facts import name_customer
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_changes,
    format_named_id,
    format_place,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    create_child_finder,
    create_lookup,
    create_reader,
    list_children,
)
from conekta_mcp.effects.verify_new_row import verify_new_child
from conekta_mcp.effects.verify_object import expect_body, verify_fields
from conekta_mcp.effects.write_plan import Unasked, WritePlan, observe_facts

READ_CUSTOMER = create_reader(get_customer, "customer_id")


CUSTOMER_LOOKUP = create_lookup(get_customer, "customer_id")
DEFAULT_FIELD = hide_field(
    "the first of its kind becomes the default whatever was asked (conekta-api.md 4.1)"
)


NEW_DEFAULT: BilingualText = (
    ", a la que se le envía de ahora en adelante",
    ", where goods are sent from now on",
)


def observe_changes(tool: Operation[Any], name_changed: Callable[[Any, Raw], Facts] | None = None) -> Any:
    """Say whose data changes and how; `name_changed` says more of what changes."""
    return observe_facts(
        lambda arguments, customer: {
            "person": name_customer(customer, arguments.customer_id),
            "parts": format_changes(expect_body(tool)(arguments), tool.input),
            **(name_changed(arguments, customer) if name_changed else {}),
        }
    )


def create_child_namer(children: str, key: str) -> Callable[[Any, Raw], Facts]:
    """Name an address or fiscal entity by what it says, with its id; by its id alone if it is not shown."""
    find = create_child_finder(children, key)

    def name_child(arguments: Any, customer: Raw) -> Facts:
        return {key: format_named_id(format_place(find(arguments, customer)), getattr(arguments, key))}

    return name_child


def gives_any(names: Sequence[str]) -> Callable[[Any], bool]:
    """Return a function that tells whether a call has one of these arguments."""
    return lambda arguments: any(getattr(arguments, name) is not None for name in names)


def plan_addition(
    tool: Operation[Any],
    children: str,
    spanish: str,
    english: str,
    shown: Mapping[str, ShownDifferently],
    *,
    is_reversible: bool = True,
    destination_fields: tuple[str, ...] = (),
) -> WritePlan:
    """Return the plan of adding a child; `destination_fields` decide where goods and money go."""
    decides_destination = gives_any(destination_fields)
    return WritePlan(
        is_reversible=is_reversible,
        unasked=Unasked.DELETABLE if is_reversible else None,
        asked_about=destination_fields,
        decides_destination=decides_destination,
        subject="customer_id",
        read=READ_CUSTOMER,
        needs_state=False,
        observe=observe_facts(
            lambda arguments, customer: {
                "person": name_customer(customer, arguments.customer_id),
                "use": NEW_DEFAULT if decides_destination(arguments) else "",
                "place": format_place(arguments.payload()),
            }
        ),
        question=build_question(
            f"¿Añadir {spanish} al cliente {{person}}{{use}}: {{place}}?",
            f"Add {english} to the customer {{person}}{{use}}: {{place}}?",
        ),
        verifier=verify_new_child(
            READ_CUSTOMER,
            lambda _, customer: list_children(customer, children),
            NewRow(tool=tool, shown=shown),
            CUSTOMER_LOOKUP,
        ),
        expect_answer=expect_answer(tool),
    )


def plan_child_change(
    tool: Operation[Any],
    children: str,
    key: str,
    thing: BilingualText,
    destination_fields: tuple[str, ...] = (),
) -> WritePlan:
    """Plan a record that is changed; `destination_fields` decide where goods and money go from now on."""
    find = create_child_finder(children, key)
    return WritePlan(
        unasked=Unasked.CHANGEABLE,
        asked_about=destination_fields,
        decides_destination=gives_any(destination_fields),
        subject="customer_id",
        read=READ_CUSTOMER,
        needs_state=False,
        observe=observe_changes(tool, create_child_namer(children, key)),
        question=build_question(
            f"¿Cambiar {thing[0]} {{{key}}} del cliente {{person}}: {{parts}}?",
            f"Change {thing[1]} {{{key}}} of the customer {{person}}: {{parts}}?",
        ),
        verifier=verify_fields(READ_CUSTOMER, expect_body(tool), CUSTOMER_LOOKUP, find),
        expect_answer=expect_answer(tool),
    )
