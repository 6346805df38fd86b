"""Processes due records before a request is answered: expiries, renewals, chargebacks, settlements."""

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.chargebacks import chargebacks
from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core.account import Account
from conekta_mcp.sandbox.http import idempotency
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.payouts import payout_endings
from conekta_mcp.sandbox.subscriptions import billing


def process_due_records(account: Account) -> None:
    """Process what is due by the account's time; overdue orders come first, the earliest of them first."""
    now = account.now()
    # Repeated: an order with several expiries comes due again for the next one.
    while overdue := account.list_due(lifecycles.KIND, now):
        for order in overdue:
            lifecycles.expire_order(account, order, lifecycles.compute_due_at(order) or now)
    checkouts.expire_due_checkouts(account, now)
    billing.process_due_subscriptions(account)
    chargebacks.process_due_chargebacks(account, now)
    payout_endings.expire_due_orders(account, now)
    # After the steps above: the captures they book, dated to the past, may have settled already.
    money.settle_due_records(account, now)
    idempotency.delete_expired_keys(account, now)
