"""Ends payout orders: the person collects the cash, the merchant cancels, or the order expires (4.11).

open -> paid_out, canceled or, by the clock, expired. While it is open its amount is held back; only paying
books a transaction.
"""

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.balance.money import PAYOUT_ORDER
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.payouts.payout_orders import load_payout_order
from conekta_mcp.sandbox.refusals import money as reasons_money
from conekta_mcp.sandbox.refusals.envelope import PayoutFailed
from conekta_mcp.sandbox.webhooks.emit import emit_event

EVENTS = {"paid_out": "payout.paid_out", "canceled": "cashout.canceled", "expired": "payout.failed"}
"""The event of each end of an order; an expiry has no name of its own in 6 (inferred)."""


def cancel_payout_order(call: Call) -> Json:
    """Cancel an open payout order; its money is available again."""
    check(Shape(closed=True), call.body)
    return _end_order(call.account, _load_open_order(call), "canceled", call.account.now())


def pay_payout_order(call: Call) -> Json:
    check(Shape(closed=True), call.body)
    order = _end_order(call.account, _load_open_order(call), "paid_out", call.account.now())
    money.book_transaction(call.account, "payout", -order["amount"], currency=order["currency"])
    return order


def expire_due_orders(account: Account, now: int) -> None:
    for order in account.list_due(PAYOUT_ORDER, now):
        _end_order(account, order, "expired", order["expires_at"])


def _end_order(account: Account, order: Json, status: str, moment: int) -> Json:
    for part in (order, *order["payouts"]):
        part["status"] = status
    order["updated_at"] = moment
    account.save(PAYOUT_ORDER, order)
    emit_event(account, EVENTS[status], order["payouts"][0], {"status": "open"})
    return order


def _load_open_order(call: Call) -> Json:
    order = load_payout_order(call)
    if order["status"] != "open":
        raise PayoutFailed(reasons_money.payout_failure())
    return order


ENDPOINTS = (Endpoint("PUT", "/payout_orders/{id}/cancel", cancel_payout_order),)
CONTROLS = (Endpoint("POST", "/_sandbox/payouts/{id}/pay", pay_payout_order),)
