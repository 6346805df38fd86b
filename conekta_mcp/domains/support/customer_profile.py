"""A customer's profile: contact data, payment sources, addresses, orders, and what they owe."""

from collections.abc import Iterable, Mapping
from typing import Any

from conekta_mcp.catalog import ListedResource, ResourcePage, Sender
from conekta_mcp.domains.customers.owed import merge_orders, sum_owed
from conekta_mcp.domains.customers.results import Customer
from conekta_mcp.domains.customers.source_results import PaymentSource
from conekta_mcp.domains.customers.tools import (
    GetCustomerInput,
    ListCustomersInput,
    get_customer,
    list_customers,
)
from conekta_mcp.domains.orders.results import OrderRow
from conekta_mcp.domains.orders.tools import ListOrdersInput, list_orders
from conekta_mcp.domains.payment_sources.tools import ListPaymentSourcesInput, list_payment_sources
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.effects.state_reading import is_truncated
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import Page, get_cursor, has_next_page
from conekta_mcp.results.text import format_pesos

MAX_LATEST_ORDERS = 10
MAX_ROWS = 250
CHILDREN = ("payment_sources", "shipping_contacts", "fiscal_entities")


async def compose_profile(api: Sender, customer_id: str) -> dict[str, Any]:
    """Compose the profile of `customer_id` from concurrent requests.

    Their orders are searched as customers/owed.py says.
    """
    raw, sources, by_id = await gather_answers(
        lambda: get_customer.call(api, GetCustomerInput(customer_id=customer_id)),
        lambda: list_payment_sources.call(
            api, ListPaymentSourcesInput(customer_id=customer_id, limit=MAX_ROWS)
        ),
        lambda: _search_orders(api, customer_id),
    )
    latest, pending = await _search_orders_by_email(api, str(raw.get("email") or "").strip()[:249])
    person = Customer.curate(raw)
    theirs = sorted(merge_orders(customer_id, [by_id, latest, pending]), key=_get_sort_key, reverse=True)
    return {
        "livemode": person.pop("livemode", None),
        "customer": {key: value for key, value in person.items() if key not in CHILDREN},
        "payment_sources": Page[PaymentSource].curate(sources)["data"],
        **{name: person[name] for name in CHILDREN[1:] if name in person},
        "owed": _describe_owed(theirs),
        "owed_is_complete": not any(map(is_truncated, (pending, by_id))),
        "latest_orders": [OrderRow.curate(order) for order in theirs[:MAX_LATEST_ORDERS]],
    }


def _describe_owed(orders: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "currency": currency,
            "amount": sum(parts),
            "amount_text": format_pesos(sum(parts), currency),
            "orders": len(parts),
        }
        for currency, parts in sum_owed(orders).items()
    ]


async def find_customers(api: Sender, typed: str) -> list[str]:
    """Return ids of customers for a part of a name, e-mail, phone or id."""
    by_id = typed.startswith("cus_")
    asked: dict[str, Any] = {"limit": MAX_ROWS} if by_id or not typed else {"search": typed, "limit": 100}
    page = await list_customers.call(api, ListCustomersInput(**asked))
    ids = [str(row["id"]) for row in get_rows(page) or [] if row.get("id")]
    return [one for one in ids if one.startswith(typed)] if by_id else ids


async def list_recent_customers(api: Sender, after: str | None) -> ResourcePage:
    """Return a page of customers, newest first, with their names."""
    page = await list_customers.call(api, ListCustomersInput(limit=50, **({"next": after} if after else {})))
    named = tuple(
        ListedResource(str(row["id"]), str(row.get("name") or row["id"]))
        for row in get_rows(page) or []
        if row.get("id")
    )
    return ResourcePage(named, get_cursor(page, "next") if has_next_page(page) else None)


async def _search_orders_by_email(api: Sender, email: str) -> list[Mapping[str, Any]]:
    if not email:
        return [{}, {}]
    return await gather_answers(
        lambda: _search_orders(api, email),
        lambda: _search_orders(api, email, payment_status="pending_payment", limit=MAX_ROWS),
    )


async def _search_orders(api: Sender, search: str, **more: Any) -> dict[str, Any]:
    return await list_orders.call(api, ListOrdersInput(**{"search": search, "limit": 50, **more}))


def _get_sort_key(order: Mapping[str, Any]) -> tuple[int, str]:
    created = order.get("created_at")
    return (created if isinstance(created, int) else 0, str(order.get("id")))
