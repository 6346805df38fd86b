"""The writes that add to a customer or change what they have: addresses and fiscal entities."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.customers.tools import (
    get_customer,
)
from conekta_mcp.effects.question_text import (
    Both,
    asking,
    changes_of,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    inside,
    looking,
    reading,
)
from conekta_mcp.effects.verify_new_row import new_child
from conekta_mcp.effects.verify_object import body_of, changed
from conekta_mcp.effects.write_plan import Handling, facts_only

CUSTOMER = reading(get_customer, "customer_id")


LOOK = looking(get_customer, "customer_id")


def child(name: str, key: str) -> Callable[[Any, Raw], Raw]:
    return lambda arguments, customer: next(
        (row for row in inside(customer, name) if row.get("id") == getattr(arguments, key)), {}
    )


def changed_fields(tool: Operation[Any]) -> Any:
    return facts_only(lambda arguments, _: {"parts": changes_of(body_of(tool)(arguments))})


def added(tool: Operation[Any], children: str, spanish: str, english: str) -> Handling:
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


def changed_child(tool: Operation[Any], children: str, key: str, thing: Both) -> Handling:
    return Handling(
        subject="customer_id",
        see=changed_fields(tool),
        said=asking(
            f"¿Cambiar {thing[0]} {{{key}}} del cliente {{customer_id}}: {{parts}}?",
            f"Change {thing[1]} {{{key}}} of the customer {{customer_id}}: {{parts}}?",
        ),
        proof=changed(CUSTOMER, body_of(tool), LOOK, child(children, key)),
    )
