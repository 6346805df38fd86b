"""The order of one billing cycle; its charges are the attempts to collect it (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.charges import OrderCharger
from conekta_mcp.sandbox.charges.refunding import PAID_STATUSES
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.owned import load_customer
from conekta_mcp.sandbox.http.envelopes import wrap_list
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.refusals.envelope import Refusal

CLOSED_STATUSES = ("canceled", "expired", "voided")


def open_cycle_order(account: Account, subscription: Json, plan: Json) -> None:
    customer = load_customer(account, subscription["customer_id"])
    line = {"name": plan["name"], "unit_price": plan["amount"], "quantity": 1}
    body = {
        "currency": plan["currency"],
        "customer_info": {"customer_id": customer["id"]},
        "line_items": [line],
        "processing_mode": "recurrent",
    }
    # The order exists before its first attempt, so that every attempt becomes one of its charges.
    order = {**order_lines.build_order(account, body, customer), "charges": wrap_list([])}
    lifecycles.store_order(account, order)
    subscription["last_billing_cycle_order_id"] = order["id"]


def collect_payment(account: Account, subscription: Json, plan: Json) -> Json | None:
    """Try the card once; return the charge that paid, or None.

    An order that was paid otherwise meanwhile is not charged again, and a closed one is replaced (ours).
    """
    order = load_order(account, subscription["last_billing_cycle_order_id"])
    if order.get("payment_status") in CLOSED_STATUSES:
        open_cycle_order(account, subscription, plan)
        order = load_order(account, subscription["last_billing_cycle_order_id"])
    if order.get("payment_status") is None:
        _try_card(account, order, subscription)
    paid = [charge for charge in lifecycles.list_charges(order) if charge["status"] in PAID_STATUSES]
    return paid[-1] if paid else None


def decline_unpaid_order(account: Account, subscription: Json) -> None:
    """Decline the unpaid order: nobody tries its card any more (5.1, inferred)."""
    order = load_order(account, subscription["last_billing_cycle_order_id"])
    if order.get("payment_status") is None:
        order["payment_status"] = "declined"
        lifecycles.save_order(account, order, account.now())


def _try_card(account: Account, order: Json, subscription: Json) -> None:
    """Add the attempt, paid or declined, to the order; none if the card is gone."""
    method = {"type": "card", "payment_source_id": subscription["card_id"]}
    body = {"charges": [{"payment_method": method}]}
    customer = load_customer(account, subscription["customer_id"])
    try:
        charges, _ = OrderCharger(account, body, order, customer).charge()
    except Refusal:
        return
    order["charges"] = wrap_list([*lifecycles.list_charges(order), *charges])
    lifecycles.save_order(account, order, account.now())
