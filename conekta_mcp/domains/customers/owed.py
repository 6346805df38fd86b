"""What a customer owes: their unpaid orders."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import GET, LIST, AnswerShape, Sender
from conekta_mcp.effects.question_text import BilingualText, format_count, format_money, to_currency
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.effects.state_reading import Raw, is_truncated
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.order_sums import sum_due
from conekta_mcp.results.statuses import normalize_status

WAITING = "pending_payment"
ORDERS = GET("/orders")
"""The route of list_orders, whose domain imports this one."""
MAX_ROWS = 250


async def read_owed_orders(api: Sender, customer: Raw) -> list[Raw] | None:
    """Return a customer's unpaid orders; None if not all of them can be read."""
    customer_id, email = str(customer.get("id") or ""), str(customer.get("email") or "").strip()[:249]
    asks = [lambda search=search: _search(api, search) for search in (customer_id, email) if search]
    try:
        pages = await gather_answers(*asks)
    except Failure:
        return None
    waiting = [
        row
        for row in merge_orders(customer_id, pages)
        if normalize_status(row.get("payment_status")) == WAITING
    ]
    if any(map(is_truncated, pages)) or any(sum_due(row) is None for row in waiting):
        return None
    return waiting


def merge_orders(customer_id: str, pages: Iterable[Raw]) -> list[Raw]:
    """Merge pages of orders, and keep those of this customer."""
    rows = {str(row.get("id")): row for page in pages for row in get_rows(page) or []}
    return [row for row in rows.values() if _get_payer_id(row) == customer_id]


def sum_owed(orders: Iterable[Raw]) -> dict[str, list[int]]:
    """Return what is due of unpaid orders in centavos, by currency."""
    sums: dict[str, list[int]] = {}
    for order in orders:
        amount = sum_due(order)
        if normalize_status(order.get("payment_status")) == WAITING and amount is not None:
            sums.setdefault(to_currency(order.get("currency")), []).append(amount)
    return sums


def describe_owed(orders: list[Raw] | None) -> BilingualText:
    """Return what remains to be paid after the customer is deleted; "" if nothing does."""
    if orders is None:
        return (
            " No se pudo ver si debe algo: sus órdenes por pagar se quedan.",
            " Whether they owe anything could not be seen: orders that wait for a payment stay.",
        )
    if not orders:
        return "", ""
    spanish, english = format_count(
        len(orders),
        ("orden por pagar, que se queda", "órdenes por pagar, que se quedan"),
        ("order that waits for a payment and stays", "orders that wait for a payment and stay"),
    )
    money = " + ".join(format_money(sum(parts), currency) for currency, parts in sum_owed(orders).items())
    return f" Debe {money} en {spanish}.", f" They owe {money} in {english}."


async def _search(api: Sender, search: str) -> dict[str, Any]:
    asked = {"limit": MAX_ROWS, "search": search, "payment_status": WAITING}
    return await api.send(replace(ORDERS.build_request(asked), shape=AnswerShape(LIST)))


def _get_payer_id(order: Raw) -> object:
    payer = order.get("customer_info")
    return payer.get("customer_id") if isinstance(payer, Mapping) else None
