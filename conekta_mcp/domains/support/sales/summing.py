"""summarize_sales: sums that equal the movements of the balance to the centavo."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import anyio

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.balance.tools import list_transactions
from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.domains.support.explaining.state import get_method
from conekta_mcp.domains.support.fields import SummarizeSalesInput
from conekta_mcp.domains.support.reading.spans import read_range
from conekta_mcp.domains.support.sales.sentences import (
    NEEDS_ORDERS,
    UNKNOWN_GROUP,
    describe_first_day,
    describe_totals,
    list_missing,
    list_unknown,
    list_unreadable,
)
from conekta_mcp.domains.support.sales.sums import is_readable, read_int, sum_groups
from conekta_mcp.domains.support.walking import Raw, Walk, iter_pages, read_now
from conekta_mcp.effects.question_text import to_currency
from conekta_mcp.errors import Failure
from conekta_mcp.results.order_sums import list_charges, sum_due
from conekta_mcp.results.times import get_times


async def summarize_sales(reader: Reader, asked: SummarizeSalesInput) -> dict[str, Any]:
    times, now = get_times(), await read_now(reader)
    start, end = read_range(asked.from_day, asked.to_day, times, now)
    end = min(end, now + 1) if start <= now else end  # a month that is not over is summed until now
    movements, orders, pending = await _read_all(reader, asked, int(start), int(end))
    in_time = [row for row in movements.found if start <= read_int(row, "created_at") < end]
    groups = sum_groups(in_time, _choose_group(asked.by, orders.found))
    totals = sum_groups(in_time, lambda _row: "")
    unreadable = [row for row in movements.found if not is_readable(row)]
    left = [
        *list_missing(movements, orders, pending, asked.by, end),
        *list_unreadable(unreadable),
        *list_unknown(groups, asked.by),
    ]
    rows = [{"group": name, **sums.to_fields()} for (name, _), sums in sorted(groups.items())]
    movements.complete = movements.complete and not unreadable
    return {
        "found": describe_totals(totals.values(), start, end, movements, is_future=start > now)
        + describe_first_day(asked, in_time, start, end),
        "from": int(start),
        "to": int(end) - 1,
        "by": asked.by,
        "totals": [sums.to_fields() for sums in totals.values()],
        "groups": rows,
        "pending": _sum_pending(pending.found),
        "complete": movements.complete,
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
                    into.end()
                    return
        except Failure as failure:
            failures.append(failure)

    def is_before(row: Raw) -> bool:
        return 0 < read_int(row, "created_at") < start

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
        day = times.find_day(read_int(row, "created_at"))
        return (day - timedelta(day.weekday()) if by == "week" else day).isoformat()

    return name_day


def _iter_charge_groups(by: str, orders: Iterable[Raw]) -> Iterable[tuple[str, str]]:
    for order in orders:
        for charge in list_charges(order):
            name = get_method_name(get_method(charge)) if by == "method" else charge.get("status")
            yield str(charge.get("id")), str(name or UNKNOWN_GROUP)


def _sum_pending(orders: Sequence[Raw]) -> list[dict[str, Any]]:
    sums: dict[str, list[int]] = {}
    for order in orders:
        sums.setdefault(to_currency(order.get("currency")), []).append(sum_due(order) or 0)
    return [
        {"currency": currency, "amount": sum(parts), "orders": len(parts)} for currency, parts in sums.items()
    ]
