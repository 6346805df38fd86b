"""explain_payment: explains an order, a charge or a link."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.chargebacks.tools import list_chargeback_evidence_types
from conekta_mcp.domains.charges.tools import list_charges as list_all_charges
from conekta_mcp.domains.orders.tools import GetOrderInput, get_order, list_orders
from conekta_mcp.domains.payment_links.tools import GetPaymentLinkInput, get_payment_link
from conekta_mcp.domains.support.clues.parsing import normalize_id
from conekta_mcp.domains.support.explaining.next_steps import (
    find_due_chargeback,
    is_used_up,
    keep_open_steps,
    list_link_steps,
    list_order_steps,
)
from conekta_mcp.domains.support.explaining.state import describe_now, find_failure
from conekta_mcp.domains.support.explaining.story import tell_story
from conekta_mcp.domains.support.fields import ExplainPaymentInput, is_link_id
from conekta_mcp.domains.support.finding.comparison import list_link_ids
from conekta_mcp.domains.support.walking import collect_rows
from conekta_mcp.domains.support.wording import say_moment
from conekta_mcp.errors import Detail, Failure, RequestRefused
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.times import say

MAX_LINK_ORDERS = 5
SETTLED = frozenset({"paid", "partially_refunded", "refunded", "charged_back"})
"""Of an order that was paid, whatever became of it."""
UNREADABLE = (403, 404, 422)
"""Statuses with which Conekta refuses to list evidence; the explanation then omits it."""


async def explain_payment(reader: Reader, asked: ExplainPaymentInput) -> dict[str, Any]:
    if is_link_id(asked.id):
        return await _explain_link(reader, normalize_id("link_id", asked.id))
    order_id = asked.id if asked.id.startswith("ord_") else await find_order_of_charge(reader, asked.id)
    order = await get_order.call(reader, GetOrderInput(order_id=order_id))
    return {**explain_order(reader, order), **await _list_evidence(reader, order)}


async def _list_evidence(reader: Reader, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return the evidence that a chargeback accepts, if it is due and the caller may see it."""
    due = find_due_chargeback(order)
    if due is None or not reader.is_open(list_chargeback_evidence_types.name) or not reader.has_budget():
        return {}
    try:
        page = await list_chargeback_evidence_types.call(reader, list_chargeback_evidence_types.input(**due))
    except Failure as failure:
        if failure.http_status not in UNREADABLE:
            raise
        return {}
    kinds = [row for row in get_rows(page) or [] if row.get("type")]
    return {
        "required_evidence": [row["type"] for row in kinds if row.get("required")] or None,
        "optional_evidence": [row["type"] for row in kinds if not row.get("required")] or None,
    }


async def find_order_of_charge(reader: Reader, charge_id: str) -> str:
    """Return the order of a charge, which Conekta can only search.

    Raises:
        RequestRefused: there is no such charge.
    """
    page = await list_all_charges.call(reader, list_all_charges.input(search=charge_id.lower(), limit=5))
    for row in get_rows(page) or []:
        if row.get("id") == charge_id.lower() and row.get("order_id"):
            return str(row["order_id"])
    raise build_not_found(say(f"No existe el cargo {charge_id}.", f"There is no charge {charge_id}."))


def explain_order(reader: Reader, order: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "now": describe_now(order),
        "failure": find_failure(order),
        "order": order,
        "story": tell_story(order),
        "next_steps": keep_open_steps(reader, list_order_steps(order)),
    }


def build_not_found(message: str) -> RequestRefused:
    """Return the failure for an object that no list has; the message is in the call's language."""
    detail = Detail(code="conekta_mcp.errors.not_found", message=message)
    hint = "No object of this key has it; test and live are apart. Ask for another way to find it."
    return RequestRefused(type="resource_not_found_error", details=(detail,), hint=hint)


async def _explain_link(reader: Reader, link_id: str) -> dict[str, Any]:
    link = await get_payment_link.call(reader, GetPaymentLinkInput(checkout_id=link_id))
    since = link.get("starts_at")
    after: dict[str, Any] = {"created_at_gte": since} if isinstance(since, int) and since > 0 else {}
    walk = await collect_rows(reader, list_orders, **after)
    orders = [order for order in walk.found if link_id in list_link_ids(order)]
    newest = orders[0] if orders else None
    story = [
        {
            "happened_at": since or None,
            "what": say("Se creó el link (ese día).", "The link was created (on that day)."),
        }
    ]
    return {
        "now": _describe_link_and_orders(link, orders),
        "failure": find_failure(newest) if newest and not link.get("paid_payments_count") else None,
        "link": link,
        "story": [*story, *(tell_story(newest) if newest else [])],
        "orders": orders[:MAX_LINK_ORDERS],
        "more_orders": len(orders[MAX_LINK_ORDERS:]) or None,
        "orders_complete": walk.complete,
        "next_steps": keep_open_steps(reader, list_link_steps(link, orders)),
    }


def _describe_link_and_orders(link: Mapping[str, Any], orders: Sequence[Mapping[str, Any]]) -> str:
    """Describe a link, its unpaid orders, and the payment of a one-payment link."""
    told = describe_link(link)
    waiting = [one for one in orders if normalize_status(one.get("payment_status")) == "pending_payment"]
    if len(waiting) == 1:
        told += say(" Una orden suya espera su pago: ", " One order of it waits for its payment: ")
        told += describe_now(waiting[0])
    elif waiting:
        told += say(
            f" {len(waiting)} órdenes suyas esperan su pago.",
            f" {len(waiting)} orders of it wait for a payment.",
        )
    settled = [one for one in orders if normalize_status(one.get("payment_status")) in SETTLED]
    if settled and not link.get("recurrent"):
        told += f" {describe_now(settled[0])}"
    return told


def describe_link(link: Mapping[str, Any]) -> str:
    """Describe the state of a link in one sentence."""
    paid, status = link.get("paid_payments_count") or 0, link.get("status")
    until = say_moment(link.get("expires_at"))
    if status == "Cancelled":
        state = say("Está cancelado; nadie más puede usarlo.", "It is cancelled; nobody else can use it.")
    elif status == "Expired":
        state = say(
            f"Venció el {until}; nadie más puede usarlo.", f"It expired on {until}; nobody else can use it."
        )
    elif is_used_up(link):
        state = (
            say(
                "Llegó a su límite de pagos; nadie más puede pagar.",
                "It reached its limit: nobody else can pay.",
            )
            if link.get("recurrent")
            else say("Era de un solo uso.", "It was for one payment.")
        )
    else:
        state = say(f"Se puede pagar hasta {until}.", f"It can be paid until {until}.")
    times = say(
        f"Se ha pagado {paid} veces." if paid != 1 else "Se ha pagado una vez.",
        f"It was paid {paid} times." if paid != 1 else "It was paid once.",
    )
    return f"{times} {state}" if paid else say(f"No se ha pagado. {state}", f"It was not paid. {state}")
