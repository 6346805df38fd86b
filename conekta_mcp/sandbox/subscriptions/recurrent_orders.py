"""The order of one billing cycle: its charges are the attempts to collect it (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.charges import Till
from conekta_mcp.sandbox.charges.refunding import TOOK_MONEY
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.owned import customer_of
from conekta_mcp.sandbox.http.envelopes import nested
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.orders.orders import order_of
from conekta_mcp.sandbox.refusals.envelope import Refusal

CLOSED = ("canceled", "expired", "voided")


def bill(account: Account, subscription: Json, plan: Json) -> None:
    """Open the order of the subscription's cycle, not charged yet."""
    customer = customer_of(account, subscription["customer_id"])
    line = {"name": plan["name"], "unit_price": plan["amount"], "quantity": 1}
    body = {
        "currency": plan["currency"],
        "customer_info": {"customer_id": customer["id"]},
        "line_items": [line],
        "processing_mode": "recurrent",
    }
    order = {**order_lines.uncharged(account, body, customer), "charges": nested([])}
    lifecycles.store(account, order)
    subscription["last_billing_cycle_order_id"] = order["id"]


def collect(account: Account, subscription: Json, plan: Json) -> Json | None:
    """Try the card once; the charge that paid, or None.

    An order that was paid otherwise meanwhile is not charged again, and a closed one is replaced (ours).
    """
    order = order_of(account, subscription["last_billing_cycle_order_id"])
    if order.get("payment_status") in CLOSED:
        bill(account, subscription, plan)
        order = order_of(account, subscription["last_billing_cycle_order_id"])
    if order.get("payment_status") is None:
        _try_card(account, order, subscription)
    paid = [charge for charge in lifecycles.charges_of(order) if charge["status"] in TOOK_MONEY]
    return paid[-1] if paid else None


def give_up(account: Account, subscription: Json) -> None:
    """Call the unpaid order of the subscription declined: nobody tries its card any more (5.1, inferred)."""
    order = order_of(account, subscription["last_billing_cycle_order_id"])
    if order.get("payment_status") is None:
        order["payment_status"] = "declined"
        lifecycles.save(account, order, account.now())


def _try_card(account: Account, order: Json, subscription: Json) -> None:
    """Add the attempt, paid or declined, to the order; none if the card is gone."""
    method = {"type": "card", "payment_source_id": subscription["card_id"]}
    body = {"charges": [{"payment_method": method}]}
    customer = customer_of(account, subscription["customer_id"])
    try:
        charges, _ = Till(account, body, order, customer).charge()
    except Refusal:
        return
    order["charges"] = nested([*lifecycles.charges_of(order), *charges])
    lifecycles.save(account, order, account.now())
