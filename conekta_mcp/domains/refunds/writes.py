"""Refunds: never more than is left, proved by the rows of the order's charges (conekta-api.md 4.7)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Proof
from conekta_mcp.domains.charges.writes import TOOK, named_amount
from conekta_mcp.domains.orders.writes import LOOK, ORDER
from conekta_mcp.domains.refunds.tools import cancel_refund, refund_order
from conekta_mcp.effects.comparison import agrees
from conekta_mcp.effects.question_facts import charges_of, currency, order_facts
from conekta_mcp.effects.question_text import asking, money
from conekta_mcp.effects.state_reading import Raw, inside, number
from conekta_mcp.effects.verify_object import UNKNOWN, Witness, on_object, proof_of
from conekta_mcp.effects.write_plan import Handling, Seen


def refunds_of(order: Raw) -> list[tuple[str, Raw]]:
    """Give the refunds of an order, each with the id of its charge."""
    return [(str(one.get("id")), row) for one in charges_of(order) for row in inside(one, "refunds")]


def taken(order: Raw) -> int | None:
    """Sum what the charges of an order took, in centavos: less than its lines after a smaller capture."""
    paid = [number(one, "amount") or 0 for one in charges_of(order) if one.get("status") in TOOK]
    return sum(paid) if paid else number(order, "amount")


def _refunding(arguments: Any, order: Raw) -> Seen:
    whole, back = taken(order), number(order, "amount_refunded") or 0
    coin = order.get("currency")
    facts = {
        **order_facts(order),
        "sum": money(arguments.amount, coin),
        "total": money(whole or 0, coin),
        "back": (f", {money(back, coin)} ya devueltos", f", {money(back, coin)} refunded before")
        if back
        else "",
    }
    left = None if whole is None else max(whole - back, 0)
    return Seen(ceiling=left, currency=currency(order), facts=facts)


def _rows_before(_: Any, order: Raw) -> Witness:
    ids = [str(row.get("id")) for _, row in refunds_of(order)]
    return {"ids": ids, "refunded": number(order, "amount_refunded")}


def _refunded(arguments: Any, order: Raw, noted: Witness) -> Proof:
    """Decide by the new rows; one refund of an order with several charges may be a row on each."""
    new = [(charge, row) for charge, row in refunds_of(order) if str(row.get("id")) not in noted["ids"]]
    new = [(charge, row) for charge, row in new if agrees(row.get("reason"), arguments.reason)]
    if not new:
        return _without_rows(arguments, order, noted)
    fitting = [row for _, row in new if _back(row) == arguments.amount]
    if fitting:
        return proof_of("applied", order) if len(fitting) == 1 else UNKNOWN
    if len({charge for charge, _ in new}) == 1:
        return proof_of("not_applied")
    split = len(new) == len({charge for charge, _ in new})
    exact = sum(_back(row) for _, row in new) == arguments.amount
    return proof_of("applied", order) if split and exact else UNKNOWN


def _without_rows(arguments: Any, order: Raw, noted: Witness) -> Proof:
    """Decide by the sum, should Conekta show no rows."""
    was, back = noted.get("refunded") or 0, number(order, "amount_refunded") or 0
    if back <= was or refunds_of(order):
        return proof_of("not_applied")
    return proof_of("applied", order) if back - was == arguments.amount else UNKNOWN


def _back(row: Raw) -> int:
    """Give the centavos of a refund's row, which carries them negative (1.4)."""
    return abs(number(row, "amount") or 0)


def _meant(arguments: Any, order: Raw) -> Raw:
    found = [row for _, row in refunds_of(order) if row.get("id") == arguments.refund_id]
    return found[0] if found else {}


def _ending(arguments: Any, order: Raw) -> Seen:
    facts = {**order_facts(order), "sum": money(_back(_meant(arguments, order)), order.get("currency"))}
    return Seen(currency=currency(order), facts=facts)


def _was_listed(arguments: Any, order: Raw) -> Witness:
    return {"listed": bool(_meant(arguments, order))}


def _ended(arguments: Any, order: Raw, noted: Witness) -> Proof:
    refund = _meant(arguments, order)
    done = refund.get("status") in ("canceled", "cancelled") if refund else noted.get("listed") is True
    return proof_of("applied" if done else "not_applied", order)


HANDLINGS: Mapping[str, Handling] = {
    refund_order.name: Handling(
        kind=Kind.REFUND,
        amount=named_amount,
        subject="order_id",
        read=ORDER,
        see=_refunding,
        said=asking(
            "¿Devolver {sum} de {total} a {person} (orden {order_id}{paid}{back})?",
            "Refund {sum} of {total} to {person} (order {order_id}{paid}{back})?",
        ),
        proof=on_object(ORDER, _refunded, LOOK, _rows_before),
    ),
    cancel_refund.name: Handling(
        kind=Kind.REMOVAL,
        subject="order_id",
        read=ORDER,
        see=_ending,
        said=asking(
            "¿Cancelar la devolución de {sum} a {person} que aún no se cobra (orden {order_id})?",
            "Cancel the refund of {sum} to {person} that was not collected yet (order {order_id})?",
        ),
        proof=on_object(ORDER, _ended, LOOK, _was_listed),
    ),
}
