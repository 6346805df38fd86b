"""summarize_sales: sums that equal the movements of the balance to the centavo."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import anyio

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.balance.tools import list_transactions
from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.domains.support.explaining.state import get_method
from conekta_mcp.domains.support.fields import SummarizeSalesInput
from conekta_mcp.domains.support.reading.spans import find_day_end, is_one_day, read_range
from conekta_mcp.domains.support.walking import Raw, Walk, iter_pages, read_now
from conekta_mcp.domains.support.wording import say_moment
from conekta_mcp.effects.question_text import format_count
from conekta_mcp.errors import Failure
from conekta_mcp.results.order_sums import list_charges, sum_due
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times, say

KINDS = {"capture": "taken", "refund": "refunds", "chargeback": "chargebacks"}
"""How each type of transaction counts, also its reversal (conekta-api.md 4.11)."""
NEEDS_ORDERS = frozenset({"method", "status"})
UNKNOWN_GROUP = "unknown"
REFUNDED, CHARGED_BACK = ("devueltos", "refunded"), ("de contracargos", "charged back")


@dataclass
class Sums:
    """The movements of one group and currency, in centavos: net = taken - fees - refunds - chargebacks."""

    currency: str
    taken: int = 0
    fees: int = 0
    refunds: int = 0
    chargebacks: int = 0
    other: int = 0
    payments: int = 0
    refund_count: int = 0
    chargeback_count: int = 0

    def add(self, transaction: Raw) -> None:
        amount, fee = _read_int(transaction, "amount"), _read_int(transaction, "fee")
        kind = classify(str(transaction.get("type") or ""))
        if kind == "other":
            self.other += amount - fee
            return
        self.fees += fee
        if kind == "taken":
            self.taken += amount
            self.payments += 1 if amount > 0 else -1
        elif kind == "refunds":
            self.refunds -= amount
            self.refund_count += 1 if amount < 0 else -1
        else:
            self.chargebacks -= amount
            self.chargeback_count += 1 if amount < 0 else -1

    @property
    def net(self) -> int:
        return self.taken - self.fees - self.refunds - self.chargebacks

    def to_fields(self) -> dict[str, Any]:
        return {**vars(self), "net": self.net, "balance_change": self.net + self.other}


def classify(kind: str) -> str:
    """Return how a type of transaction counts: taken, refunds, chargebacks or other."""
    return KINDS.get(kind.removesuffix("_reversal").removeprefix("won_"), "other")


async def summarize_sales(reader: Reader, asked: SummarizeSalesInput) -> dict[str, Any]:
    times, now = get_times(), await read_now(reader)
    start, end = read_range(asked.from_day, asked.to_day, times, now)
    movements, orders, pending = await _read_all(reader, asked, int(start), int(end))
    in_time = [row for row in movements.found if start <= _read_int(row, "created_at") < end]
    groups = _sum_groups(in_time, _choose_group(asked.by, orders.found))
    totals = _sum_groups(in_time, lambda _row: "")
    left = [*_list_missing(movements, orders, pending, asked.by), *_list_unknown(groups, asked.by)]
    rows = [{"group": name, **sums.to_fields()} for (name, _), sums in sorted(groups.items())]
    complete = movements.complete
    return {
        "found": _describe_totals(totals.values(), start, end, complete=complete)
        + _describe_first_day(asked, in_time, start, end),
        "from": int(start),
        "to": int(end) - 1,
        "by": asked.by,
        "totals": [sums.to_fields() for sums in totals.values()],
        "groups": rows,
        "pending": _sum_pending(pending.found),
        "complete": complete,
        "movements": len(in_time),
        "left_out": left,
    }


async def _read_all(
    reader: Reader, asked: SummarizeSalesInput, start: int, end: int
) -> tuple[Walk, Walk, Walk]:
    """Read movements, the orders that groups need, and pending payments, at the same time."""
    movements, orders, pending = Walk(), Walk(), Walk()
    failures: list[Failure] = []

    async def walk(listing: Any, into: Walk, is_past: Callable[[Raw], bool], **query: Any) -> None:
        try:
            async for rows in iter_pages(reader, listing, into, **query):
                into.found += rows
                done = sum(one.rows for one in (movements, orders, pending))
                await reader.tell(done, done + 1)
                if any(map(is_past, rows)):
                    into.complete, into.next = True, None
                    return
        except Failure as failure:
            failures.append(failure)

    def is_before(row: Raw) -> bool:
        return 0 < _read_int(row, "created_at") < start

    async with anyio.create_task_group() as group:
        group.start_soon(lambda: walk(list_transactions, movements, is_before))
        if asked.by in NEEDS_ORDERS:
            span = {"updated_at_gte": max(start, 1), "created_at_lte": end}
            group.start_soon(lambda: walk(list_orders, orders, lambda _row: False, **span))
        made = {"payment_status": "pending_payment", "created_at_gte": max(start, 1), "created_at_lte": end}
        group.start_soon(lambda: walk(list_orders, pending, lambda _row: False, **made))
    if failures:
        raise failures[0]
    return movements, orders, pending


def _choose_group(by: str, orders: Iterable[Raw]) -> Callable[[Raw], str]:
    if by in NEEDS_ORDERS:
        known = dict(_iter_charge_groups(by, orders))
        return lambda row: known.get(str(row.get("charge")), UNKNOWN_GROUP)
    times = get_times()

    def name_day(row: Raw) -> str:
        day = times.find_day(_read_int(row, "created_at"))
        return (day - timedelta(day.weekday()) if by == "week" else day).isoformat()

    return name_day


def _iter_charge_groups(by: str, orders: Iterable[Raw]) -> Iterable[tuple[str, str]]:
    for order in orders:
        for charge in list_charges(order):
            name = get_method_name(get_method(charge)) if by == "method" else charge.get("status")
            yield str(charge.get("id")), str(name or UNKNOWN_GROUP)


def _sum_groups(rows: Iterable[Raw], name: Callable[[Raw], str]) -> dict[tuple[str, str], Sums]:
    """Sum movements by group and currency; currencies are never added together."""
    groups: dict[tuple[str, str], Sums] = {}
    for row in rows:
        currency = str(row.get("currency") or "MXN")
        groups.setdefault((name(row), currency), Sums(currency)).add(row)
    return groups


def _sum_pending(orders: Sequence[Raw]) -> list[dict[str, Any]]:
    sums: dict[str, list[int]] = {}
    for order in orders:
        sums.setdefault(str(order.get("currency") or "MXN"), []).append(sum_due(order) or 0)
    return [
        {"currency": currency, "amount": sum(parts), "orders": len(parts)} for currency, parts in sums.items()
    ]


def _list_missing(movements: Walk, orders: Walk, pending: Walk, by: str) -> list[str]:
    """Return what was not read."""
    left = []
    if not movements.complete:
        oldest = say_moment(min((_read_int(row, "created_at") for row in movements.found), default=0))
        left.append(
            say(
                f"Sumas hasta ahora: faltan los movimientos anteriores a {oldest}. Pide menos días.",
                f"So far: movements before {oldest} are missing. Ask for fewer days.",
            )
        )
    if by in NEEDS_ORDERS and not orders.complete:
        left.append(
            say("No se leyeron todas las órdenes de los grupos.", "Not all orders of the groups were read.")
        )
    if not pending.complete:
        left.append(say("Hay más órdenes pendientes que estas.", "There are more pending orders than these."))
    return left + [walk.stopped for walk in (movements, orders, pending) if walk.stopped]


def _list_unknown(groups: Mapping[tuple[str, str], Sums], by: str) -> list[str]:
    if by not in NEEDS_ORDERS or not any(name == UNKNOWN_GROUP for name, _ in groups):
        return []
    return [
        say(
            "unknown: movimientos sin cargo, o de órdenes que no cambiaron en estos días.",
            "unknown: movements without a charge, or of orders that did not change in these days.",
        )
    ]


def _describe_totals(totals: Iterable[Sums], start: float, end: float, *, complete: bool) -> str:
    since, until = say_moment(int(start)), say_moment(int(end) - 1)
    span = say(f"De {since} a {until}", f"From {since} to {until}")
    if not complete:
        span += say(" (incompleto)", " (incomplete)")
    sums = [_describe_sums(one) for one in totals]
    return f"{span}: {'; '.join(sums) or say('sin movimientos', 'no movements')}."


def _describe_first_day(asked: SummarizeSalesInput, in_time: Iterable[Raw], start: float, end: float) -> str:
    """Return the sum of a single day such as "ayer", if the range goes on until now."""
    first_end = find_day_end(get_times().find_day(start), get_times())
    if asked.to_day or not start or first_end >= end or not is_one_day(asked.from_day):
        return ""
    sums = _sum_groups((row for row in in_time if _read_int(row, "created_at") < first_end), lambda _row: "")
    told = "; ".join(map(_describe_sums, sums.values())) or say("sin movimientos", "no movements")
    return say(f" Solo ese primer día: {told}.", f" That first day alone: {told}.")


def _describe_sums(one: Sums) -> str:
    taken, fees, net = (format_pesos(amount, one.currency) for amount in (one.taken, one.fees, one.net))
    spanish, english = format_count(one.payments, ("pago", "pagos"), ("payment", "payments"))
    # With all that is taken off, so that the sentence adds up.
    less = [
        say(
            f"{format_pesos(amount, one.currency)} {words[0]}",
            f"{format_pesos(amount, one.currency)} {words[1]}",
        )
        for amount, words in ((one.refunds, REFUNDED), (one.chargebacks, CHARGED_BACK))
        if amount
    ]
    parts = [say(f"{fees} de comisiones", f"{fees} fees"), *less, say(f"{net} netos", f"{net} net")]
    begin = say(f"{taken} cobrados en {spanish}", f"{taken} taken in {english}")
    return ", ".join([begin, *parts])


def _read_int(row: Raw, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
