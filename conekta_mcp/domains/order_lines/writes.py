"""Plans of the writes on lines of an order that is not charged yet; the order shows all of them."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation
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
from conekta_mcp.domains.orders.change_writes import observe_lines
from conekta_mcp.domains.orders.writes import ORDER_LOOKUP, READ_ORDER
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_text import (
    AMOUNT_FIELDS,
    BilingualText,
    Facts,
    build_question,
    format_changes,
    format_money,
    format_named_id,
)
from conekta_mcp.effects.reading.line_sums import (
    SIGNS,
    SumAfter,
    add_known,
    contradicts_sum,
    get_proven_sum,
    sum_line,
)
from conekta_mcp.effects.state_reading import Raw, create_child_finder, list_children
from conekta_mcp.effects.verify_new_row import verify_new_child
from conekta_mcp.effects.verify_object import expect_body, verify_fields, verify_removal
from conekta_mcp.effects.write_plan import Unasked, WritePlan
from conekta_mcp.privacy.untrusted_text import quote_text

Tool = Operation[Any]
LINE_AMOUNTS = ("amount", "unit_price", "quantity")
LINE_NAMES = {
    "line_items": "name",
    "tax_lines": "description",
    "shipping_lines": "carrier",
    "discount_lines": "code",
}
"""What people call a line of each kind by."""


def _create_line_namer(name: str, key: str) -> Callable[[Any, Raw], Facts]:
    """Name a line by what it says, with its id; by its id alone where the order does not show it."""
    find = create_child_finder(name, key)

    def name_line(arguments: Any, order: Raw) -> Facts:
        told = find(arguments, order).get(LINE_NAMES[name])
        shown = quote_text(told) if isinstance(told, str) and told.strip() else ""
        return {key: format_named_id(shown, getattr(arguments, key))}

    return name_line


def _format_amounts(arguments: Any, order: Raw) -> Facts:
    """Format amounts in the currency of the order, which is read for the verification anyway."""
    named = ((name, getattr(arguments, name, None)) for name in AMOUNT_FIELDS)
    return {name: format_money(value, order.get("currency")) for name, value in named if value is not None}


def _sum_changed_order(name: str, key: str | None, *, stays: bool = True) -> SumAfter:
    """Return the sum of an order with the line that a call adds, changes or removes."""
    find = create_child_finder(name, key) if key else None

    def compute(arguments: Any, order: Raw) -> int | None:
        old = find(arguments, order) if find else {"amount": 0}
        shown = {one: old[one] for one in LINE_AMOUNTS if one in old} if find else {}
        new = {**shown, **arguments.model_dump(exclude_none=True, include=set(LINE_AMOUNTS))}
        rise = add_known(sum_line(new) if stays else 0, _negate(sum_line(old)))
        return add_known(get_proven_sum(order), None if rise is None else SIGNS[name] * rise)

    return compute


def _sets_price(arguments: Any) -> bool:
    return any(getattr(arguments, name, None) is not None for name in LINE_AMOUNTS)


def _negate(amount: int | None) -> int | None:
    return None if amount is None else -amount


def _plan_line_writes(
    name: str, key: str, thing: BilingualText, add: tuple[Tool, BilingualText], update: Tool, delete: Tool
) -> Mapping[str, WritePlan]:
    new, (added, added_english) = add
    spanish, english = thing
    name_line = _create_line_namer(name, key)

    def format_parts(arguments: Any, order: Raw) -> Facts:
        parts = format_changes(expect_body(update)(arguments), update.input)
        return {**name_line(arguments, order), "parts": parts}

    return {
        new.name: WritePlan(
            subject="order_id",
            read=READ_ORDER,
            observe=observe_lines(_sum_changed_order(name, None), _format_amounts),
            question=build_question(
                f"¿Añadir {added} a la orden {{order_id}} de {{person}}{{sums}}?",
                f"Add {added_english} to the order {{order_id}} of {{person}}{{sums}}?",
            ),
            verifier=verify_new_child(
                READ_ORDER, lambda _, order: list_children(order, name), NewRow(tool=new), ORDER_LOOKUP
            ),
            expect_answer=expect_answer(new),
        ),
        update.name: WritePlan(
            unasked=Unasked.CHANGEABLE,
            asked_about=tuple(one for one in LINE_AMOUNTS if one in update.input.model_fields),
            subject="order_id",
            read=READ_ORDER,
            observe=observe_lines(_sum_changed_order(name, key), format_parts, _sets_price),
            question=build_question(
                f"¿Cambiar {spanish} {{{key}}} de la orden {{order_id}} de {{person}}{{sums}}: {{parts}}?",
                f"Change {english} {{{key}}} of the order {{order_id}} of {{person}}{{sums}}: {{parts}}?",
            ),
            verifier=verify_fields(
                READ_ORDER,
                expect_body(update),
                ORDER_LOOKUP,
                create_child_finder(name, key),
                contradicts=contradicts_sum,
            ),
            expect_answer=expect_answer(update),
        ),
        delete.name: WritePlan(
            kind=EffectKind.REMOVAL,
            subject="order_id",
            read=READ_ORDER,
            observe=observe_lines(_sum_changed_order(name, key, stays=False), name_line),
            question=build_question(
                f"¿Quitar {spanish} {{{key}}} de la orden {{order_id}} de {{person}}{{sums}}?",
                f"Take {english} {{{key}}} off the order {{order_id}} of {{person}}{{sums}}?",
            ),
            verifier=verify_removal(
                READ_ORDER,
                key,
                ORDER_LOOKUP,
                create_child_finder(name, key),
                lambda _, order: list_children(order, name),
                contradicts=contradicts_sum,
            ),
            expect_answer=expect_answer(delete),
        ),
    }


WRITE_PLANS: Mapping[str, WritePlan] = {
    **_plan_line_writes(
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
    **_plan_line_writes(
        "tax_lines",
        "tax_line_id",
        ("el impuesto", "the tax"),
        (add_tax_line, ("el impuesto {description} de {amount}", "the tax {description} of {amount}")),
        update_tax_line,
        delete_tax_line,
    ),
    **_plan_line_writes(
        "shipping_lines",
        "shipping_line_id",
        ("el envío", "the shipping"),
        (add_shipping_line, ("un envío de {amount}", "shipping of {amount}")),
        update_shipping_line,
        delete_shipping_line,
    ),
    **_plan_line_writes(
        "discount_lines",
        "discount_line_id",
        ("el descuento", "the discount"),
        (add_discount_line, ("el descuento {code} de {amount}", "the discount {code} of {amount}")),
        update_discount_line,
        delete_discount_line,
    ),
}
