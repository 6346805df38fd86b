"""What a refund does: how much goes back to whom, and how much of its order still can."""

from typing import Any

from conekta_mcp.effects.question_facts import build_order_facts, get_charges, get_currency, get_payer
from conekta_mcp.effects.question_text import format_both, format_known_money, format_money, format_time
from conekta_mcp.effects.state_reading import Raw, get_integer, is_truncated, list_children
from conekta_mcp.effects.write_plan import ObservedState
from conekta_mcp.results.order_sums import KEPT_REFUNDS, sum_disputed_charges, sum_refundable_charges
from conekta_mcp.results.statuses import normalize_status

RETURNED_STATUSES = ("partially_refunded", "refunded")
"""Of an order or a charge of which something went back."""


def list_refunds(order: Raw) -> list[tuple[str, Raw]]:
    """Give the refunds of an order, each with the id of its charge."""
    return [(str(one.get("id")), row) for one in get_charges(order) for row in list_children(one, "refunds")]


def sum_returned_amount(order: Raw) -> int | None:
    """Sum what went back or will, in centavos: a refund in cash counts from when it can be collected.

    None where the order does not show it: taken for nothing, more could go back than is left.
    """
    rows = [row for _, row in list_refunds(order) if normalize_status(row.get("status")) not in KEPT_REFUNDS]
    sums, told = [get_integer(row, "amount") for row in rows], get_integer(order, "amount_refunded")
    is_told = told is not None or (order.get("amount_refunded") is None and bool(get_charges(order)))
    lists = [
        {"charges": order.get("charges")},
        *({"refunds": one.get("refunds")} for one in get_charges(order)),
    ]
    if None in sums or not is_told or any(map(is_truncated, lists)):
        return None
    back = max(sum(abs(one or 0) for one in sums), told or 0)
    statuses = [normalize_status(order.get("payment_status"))]
    statuses += [normalize_status(charge.get("status")) for charge in get_charges(order)]
    is_hidden = not back and not set(statuses).isdisjoint(RETURNED_STATUSES)
    return None if is_hidden else back


def observe_refund(arguments: Any, order: Raw) -> ObservedState:
    whole, back = sum_refundable_charges(order), sum_returned_amount(order)
    currency = order.get("currency")
    facts = {
        **build_order_facts(order),
        "sum": format_money(arguments.amount, currency),
        "total": format_known_money(whole, currency),
        "back": (
            f", {format_money(back, currency)} ya devueltos",
            f", {format_money(back, currency)} refunded before",
        )
        if back
        else "",
        "until": format_both(
            ", a recoger en efectivo hasta el {day}",
            ", to be collected in cash until {day}",
            day=format_time(arguments.expires_at),
        )
        if arguments.expires_at
        else "",
    }
    left = None if whole is None or back is None else max(whole - back, 0)
    return ObservedState(
        ceiling=left,
        is_amount_knowable=not order or left is not None,
        currency=get_currency(order),
        payee=get_payer(order),
        current=_describe_order(order, left),
        facts=facts,
    )


def _describe_order(order: Raw, left: int | None) -> Raw:
    """Say how an order stands, and how many centavos of it can still go back."""
    if not order:
        return {}
    names = ("id", "payment_status", "amount", "currency", "amount_refunded")
    known = {"object": "order", **{name: order.get(name) for name in names}, "refundable_amount": left}
    # Of a paid order that was never refunded, nothing else says why so little is left.
    known["disputed_amount"] = sum_disputed_charges(order) or None
    return {name: value for name, value in known.items() if isinstance(value, str | int)}


def read_refunded_amount(row: Raw) -> int | None:
    """Give the centavos of a refund's row, which carries them negative (1.4); None if it shows none."""
    shown = get_integer(row, "amount")
    return None if shown is None else abs(shown)


def get_refunded_amount(row: Raw) -> int:
    """Give the centavos of a refund's row, 0 if it does not show them."""
    return read_refunded_amount(row) or 0
