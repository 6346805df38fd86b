"""What a customer owes and goes on paying: their unpaid orders and live subscriptions."""

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
from conekta_mcp.results.page import hides_rows
from conekta_mcp.results.statuses import FAILED_STATUSES, normalize_status

OWED, LIVE = "owed", "live_subscriptions"
"""The keys of what was read of a customer: unpaid orders, and subscriptions that did not end."""
WAITING = "pending_payment"
ORDERS = GET("/orders")
"""The route of list_orders, whose domain imports this one."""
SUBSCRIPTIONS = GET("/customers/{customer_id}/subscriptions")
"""The route of list_subscriptions, whose domain imports this one."""
MAX_ROWS = 250


async def read_obligations(api: Sender, customer: Raw) -> Raw:
    """Read a customer's unpaid orders and live subscriptions; None for what cannot be read in full."""

    async def read_owed() -> Raw:
        return {OWED: await read_owed_orders(api, customer)}

    async def read_live() -> Raw:
        return {LIVE: await read_live_subscriptions(api, customer)}

    owed, live = await gather_answers(read_owed, read_live)
    return {**owed, **live}


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


async def read_live_subscriptions(api: Sender, customer: Raw) -> list[Raw] | None:
    """Return a customer's subscriptions that did not end; None if they cannot be read.

    Of a customer without the route, the one that Conekta shows inside of the customer counts.
    """
    customer_id, shown = str(customer.get("id") or ""), customer.get("subscription")
    try:
        page = await _list_subscriptions(api, customer_id)
    except Failure as failure:
        if not failure.is_missing_object:
            return None
        page = {"data": [shown] if isinstance(shown, Mapping) else []}
    rows = get_rows(page) or []
    if hides_rows(page) or is_truncated(page):
        return None
    return [row for row in rows if normalize_status(row.get("status")) not in FAILED_STATUSES]


async def _list_subscriptions(api: Sender, customer_id: str) -> dict[str, Any]:
    asked = SUBSCRIPTIONS.build_request({"customer_id": customer_id, "limit": MAX_ROWS})
    return await api.send(replace(asked, shape=AnswerShape(LIST)))


def describe_subscriptions(subscriptions: list[Raw] | None) -> BilingualText | None:
    """Return the subscriptions that a deletion takes along; None if there are none."""
    if subscriptions is None:
        return "las suscripciones que tenga", "any subscriptions they have"
    if len(subscriptions) > 1:
        return f"sus {len(subscriptions)} suscripciones", f"their {len(subscriptions)} subscriptions"
    return ("su suscripción", "their subscription") if subscriptions else None


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
