"""The lines of an order that is not charged yet: all of them are seen in the order."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.order_lines.discount_tools import (
    add_discount_line,
    delete_discount_line,
    update_discount_line,
)
from conekta_mcp.domains.order_lines.item_tools import add_line_item, delete_line_item, update_line_item
from conekta_mcp.domains.order_lines.tools import (
    add_shipping_line,
    add_tax_line,
    delete_shipping_line,
    delete_tax_line,
    update_shipping_line,
    update_tax_line,
)
from conekta_mcp.domains.orders.writes import LOOK, ORDER
from conekta_mcp.effects.question_text import (
    AMOUNTS,
    Both,
    Facts,
    asking,
    changes_of,
    money,
)
from conekta_mcp.effects.state_reading import Raw, inside
from conekta_mcp.effects.verify_new_row import new_child
from conekta_mcp.effects.verify_object import body_of, changed, gone
from conekta_mcp.effects.write_plan import Handling, facts_only

Tool = Operation[Any]


def _line(name: str, key: str) -> Callable[[Any, Raw], Raw]:
    """Give the line that a call names, {} if the order has none such."""
    return lambda arguments, order: next(
        (row for row in inside(order, name) if row.get("id") == getattr(arguments, key)), {}
    )


def _priced(arguments: Any, order: Raw) -> Facts:
    """Say an amount in the currency of its order, which is read for the proof anyway."""
    named = ((name, getattr(arguments, name, None)) for name in AMOUNTS)
    return {name: money(value, order.get("currency")) for name, value in named if value is not None}


def _kind(
    name: str, key: str, thing: Both, add: tuple[Tool, Both], update: Tool, delete: Tool
) -> Mapping[str, Handling]:
    new, (added, added_english) = add
    spanish, english = thing
    fields = facts_only(lambda arguments, _: {"parts": changes_of(body_of(update)(arguments))})
    return {
        new.name: Handling(
            subject="order_id",
            read=ORDER,
            see=facts_only(_priced),
            said=asking(
                f"¿Añadir {added} a la orden {{order_id}}?",
                f"Add {added_english} to the order {{order_id}}?",
            ),
            proof=new_child(ORDER, lambda _, order: inside(order, name), body_of(new), LOOK),
        ),
        update.name: Handling(
            subject="order_id",
            see=fields,
            said=asking(
                f"¿Cambiar {spanish} {{{key}}} de la orden {{order_id}}: {{parts}}?",
                f"Change {english} {{{key}}} of the order {{order_id}}: {{parts}}?",
            ),
            proof=changed(ORDER, body_of(update), LOOK, _line(name, key)),
        ),
        delete.name: Handling(
            subject="order_id",
            said=asking(
                f"¿Quitar {spanish} {{{key}}} de la orden {{order_id}}?",
                f"Take {english} {{{key}}} off the order {{order_id}}?",
            ),
            proof=gone(ORDER, key, LOOK, _line(name, key)),
        ),
    }


HANDLINGS: Mapping[str, Handling] = {
    **_kind(
        "line_items",
        "line_item_id",
        ("el producto", "the product"),
        (
            add_line_item,
            ("{quantity} de {name} a {unit_price} cada uno", "{quantity} of {name} at {unit_price} each"),
        ),
        update_line_item,
        delete_line_item,
    ),
    **_kind(
        "tax_lines",
        "tax_line_id",
        ("el impuesto", "the tax"),
        (add_tax_line, ("el impuesto {description} de {amount}", "the tax {description} of {amount}")),
        update_tax_line,
        delete_tax_line,
    ),
    **_kind(
        "shipping_lines",
        "shipping_line_id",
        ("el envío", "the shipping"),
        (add_shipping_line, ("un envío de {amount}", "shipping of {amount}")),
        update_shipping_line,
        delete_shipping_line,
    ),
    **_kind(
        "discount_lines",
        "discount_line_id",
        ("el descuento", "the discount"),
        (add_discount_line, ("el descuento {code} de {amount}", "the discount {code} of {amount}")),
        update_discount_line,
        delete_discount_line,
    ),
}
