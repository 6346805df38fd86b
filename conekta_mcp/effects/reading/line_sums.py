"""What the lines of an order add up to, now and after a change of them."""

from collections.abc import Callable, Mapping
from typing import Any

from conekta_mcp.effects.question_text import BilingualText, format_both, format_known_money, to_currency
from conekta_mcp.effects.state_reading import Raw, get_integer, get_object, is_truncated, list_children

SIGNS: Mapping[str, int] = {"line_items": 1, "tax_lines": 1, "shipping_lines": 1, "discount_lines": -1}
"""Whether lines of a kind add to the sum or reduce it."""
SumAfter = Callable[[Any, Raw], int | None]
"""Computes the centavos of an order after a change; None if not all lines are known."""


def sum_line(line: Mapping[str, Any]) -> int | None:
    """Return the centavos of one line, as Conekta or an argument shows it; None below zero, as no line is."""
    if "unit_price" in line:
        price, many = get_integer(line, "unit_price"), get_integer(line, "quantity")
        whole = None if price is None or many is None else price * many
    else:
        whole = get_integer(line, "amount")
    return None if whole is None or whole < 0 else whole


def sum_lines(lines: list[Raw]) -> int | None:
    sums = [sum_line(line) for line in lines]
    known = [one for one in sums if one is not None]
    return sum(known) if len(known) == len(sums) else None


def add_known(*parts: int | None) -> int | None:
    """Add what is known; None as soon as one part is not."""
    known = [one for one in parts if one is not None]
    return sum(known) if len(known) == len(parts) else None


def sum_kind(order: Raw, kind: str) -> int | None:
    """Return what the lines of a kind add to an order now; None where they are not all shown."""
    if is_truncated(get_object(order, kind)):
        return None
    whole = sum_lines(list_children(order, kind))
    return None if whole is None else SIGNS[kind] * whole


def contradicts_sum(order: Raw) -> bool:
    """Tell whether an order shows another sum than its lines, so that one of both is of another moment."""
    total, whole = get_integer(order, "amount"), add_known(*(sum_kind(order, kind) for kind in SIGNS))
    return total is not None and whole is not None and total != whole


def get_proven_sum(order: Raw) -> int | None:
    """Return the centavos of an order; None where its lines add up to another sum."""
    return None if contradicts_sum(order) else get_integer(order, "amount")


def sum_after_replacement(arguments: Any, order: Raw) -> int | None:
    """Return the centavos of an order of which whole lists of lines are replaced."""
    total = get_proven_sum(order)
    for kind, sign in SIGNS.items():
        lines = getattr(arguments, kind, None)
        if lines is not None:
            old, new = sum_kind(order, kind), sum_lines([line.model_dump() for line in lines])
            total = add_known(total, None if old is None else -old, None if new is None else sign * new)
    return total


def name_sums(order: Raw, after: int | None, currency: object = None) -> Mapping[str, Mapping[str, Any]]:
    """Return `before` and `after` of an effect: sum and currency of an order."""
    order_currency = order.get("currency")
    return {
        "before": {"amount": get_integer(order, "amount"), "currency": to_currency(order_currency)},
        "after": {"amount": after, "currency": to_currency(currency or order_currency)},
    }


def format_change_of_sum(sums: Mapping[str, Mapping[str, Any]]) -> BilingualText:
    """Say from which sum to which an order goes."""
    was, now = (format_sum(sums[side]) for side in ("before", "after"))
    return format_both(", de {was} a {now}", ", from {was} to {now}", was=was, now=now)


def format_sum(side: Mapping[str, Any]) -> str | BilingualText:
    return format_known_money(side.get("amount"), side.get("currency"))
