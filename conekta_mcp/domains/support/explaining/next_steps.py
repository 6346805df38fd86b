"""Lists what can be done next, and by which tool; only tools that this caller may use."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.support.explaining.state import list_refunds
from conekta_mcp.domains.support.wording import say_amount
from conekta_mcp.results.order_sums import list_charges, read_amount, sum_taken
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.times import say

Raw = Mapping[str, Any]
Step = tuple[str, dict[str, Any], str]
"""A tool, its known arguments, and what it does here."""


def keep_open_steps(reader: Reader, steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {"tool": tool, "arguments": arguments, "does": does}
        for tool, arguments, does in steps
        if reader.is_open(tool)
    ]


def list_order_steps(order: Raw) -> Iterator[Step]:
    """Return what can be done about an order in its state."""
    status, one = normalize_status(order.get("payment_status")), {"order_id": order.get("id")}
    if status == "pending_payment":
        yield "wait_for_payment", {"id": order.get("id")}, say("Esperar el pago", "Wait for the payment")
        yield "cancel_order", one, say("Cancelarla para que no se pague", "Cancel it, so that it is not paid")
    elif status in {"paid", "partially_refunded"} and order.get("is_refundable") is not False:
        yield "refund_order", one, _say_refund(order, is_first=status == "paid")
    elif status == "pre_authorized":
        yield "capture_order", one, say("Cobrar lo apartado", "Charge what is held")
        yield "cancel_order", one, say("Soltar lo apartado", "Release what is held")
    elif status in {None, "declined"}:
        yield (
            "create_charge",
            one,
            say("Intentar otro cobro en esta orden", "Try another charge on this order")
            if list_charges(order)
            else say("Cobrar esta orden", "Charge this order"),
        )
        yield (
            "create_payment_link",
            {},
            say("Mandar un link para pagar como quieran", "Send a link to pay as they like"),
        )
    elif status in {"expired", "canceled", "voided"}:
        yield "create_order", {}, say("Hacer una orden nueva", "Make a new order")
        yield "create_payment_link", {}, say("O mandar un link de pago", "Or send a payment link")
    for refund in list_refunds(order):
        if refund.get("status") == "pending":
            asked = {**one, "refund_id": refund.get("id")}
            yield (
                "cancel_refund",
                asked,
                say("Cancelar el reembolso sin cobrar", "Cancel the uncollected refund"),
            )
    if due := find_due_chargeback(order):
        yield (
            "list_chargeback_evidence_types",
            due,
            say("Ver qué pruebas se aceptan", "See which evidence is taken"),
        )
        yield "submit_chargeback_evidence", due, say("Mandar las pruebas", "Submit the evidence")
    if sent := find_chargeback(order, "pending_review", "under_review"):
        yield (
            "list_chargeback_evidence",
            sent,
            say("Ver las pruebas que se mandaron", "See the evidence sent"),
        )


def _say_refund(order: Raw, *, is_first: bool) -> str:
    """Say what can go back; after a first refund, which may still wait to be collected, less than all."""
    taken, asked = sum_taken(order), read_amount(order, "amount_refunded")
    if is_first or taken is None or asked is None:
        return say("Devolver todo o una parte", "Give back all or a part")
    left = say_amount({"amount": taken - asked, "currency": order.get("currency")})
    return say(f"Devolver lo que queda, {left}, o una parte", f"Give back what is left, {left}, or a part")


def find_due_chargeback(order: Raw) -> dict[str, Any] | None:
    """Return the ids of the charge and chargeback for which evidence is due, or None."""
    return find_chargeback(order, "action_required")


def find_chargeback(order: Raw, *statuses: str) -> dict[str, Any] | None:
    for charge in list_charges(order):
        chargeback = charge.get("chargeback")
        if isinstance(chargeback, Mapping) and chargeback.get("status") in statuses:
            return {"charge_id": charge.get("id"), "chargeback_id": chargeback.get("id")}
    return None


def is_used_up(link: Raw) -> bool:
    """Tell whether a link was paid as often as it can be: once, or up to its limit."""
    paid, limit = link.get("paid_payments_count") or 0, link.get("payments_limit_count")
    most = (limit or math.inf) if link.get("recurrent") else 1
    return bool(paid) and paid >= most


def list_link_steps(link: Raw, orders: Sequence[Raw] = ()) -> Iterator[Step]:
    """Give what can be done about a link and its orders, newest first.

    That is about the order of a link for one payment that is paid, and about an order that waits for a
    payment of cash or a transfer, which still arrives when the link is closed.
    """
    one = {"checkout_id": link.get("id")}
    is_open = not is_used_up(link) and normalize_status(link.get("status")) == "issued"
    waiting = [row for row in orders if normalize_status(row.get("payment_status")) == "pending_payment"]
    if waiting and not is_open:
        yield from list_order_steps(waiting[0])
    if is_used_up(link):
        if orders and not link.get("recurrent") and not waiting:
            yield from list_order_steps(orders[0])
        yield "create_payment_link", {}, say("Crear otro link", "Create another link")
    elif is_open:
        yield "wait_for_payment", {"id": link.get("id")}, say("Esperar el pago", "Wait for the payment")
        yield "email_payment_link", one, say("Mandarlo por correo", "Send it by e-mail")
        yield (
            "cancel_payment_link",
            one,
            say("Cerrarlo para que nadie pague", "Close it, so that nobody pays"),
        )
    else:
        yield "create_payment_link", {}, say("Crear otro link", "Create another link")


def list_subscription_steps(subscription: Raw, card_id: object, plan: Raw) -> Iterator[Step]:
    """Give what brings a subscription back, or ends it; `card_id` is None where its card is gone."""
    customer = {"customer_id": subscription.get("customer_id")}
    one = {**customer, "subscription_id": subscription.get("id")}
    status = normalize_status(subscription.get("status"))
    if status == "past_due" and card_id:
        yield (
            "retry_subscription",
            one,
            say("Intentar el cobro ahora, con la misma tarjeta", "Try the charge now, with the same card"),
        )
    if status == "past_due" or (status in {"active", "in_trial"} and not card_id):
        yield (
            "create_customer_portal",
            {"subscription_id": subscription.get("id")},
            say(
                "Dar al cliente una página para cambiar su tarjeta",
                "Give the customer a page to change their card",
            ),
        )
        yield (
            "add_card_source",
            customer,
            say("Guardar otra tarjeta del cliente", "Save another card of theirs"),
        )
        yield (
            "update_subscription",
            one,
            say("Usar otra tarjeta guardada (card_id)", "Use another saved card (card_id)"),
        )
    elif status == "paused":
        yield "resume_subscription", one, say("Reanudarla", "Resume it")
    elif status in {"canceled", "expired"}:
        again = {**customer, "plan_id": subscription.get("plan_id")}
        more = {"card_id": card_id} if card_id else {}
        yield (
            "create_subscription",
            {**again, **more},
            say("Suscribir de nuevo; cobra tras la prueba", "Subscribe again; charges after the trial")
            if plan.get("trial_period_days")
            else say("Suscribir de nuevo; cobra de inmediato", "Subscribe again; charges at once"),
        )
