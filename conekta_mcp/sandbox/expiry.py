"""Lets time pass: whatever is due expires before anything else happens."""

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.chargebacks import chargebacks
from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core.account import Account
from conekta_mcp.sandbox.http import idempotency
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.payouts import payouts
from conekta_mcp.sandbox.subscriptions import billing


def expire_what_is_due(account: Account) -> None:
    """Expire the account's overdue orders, the earliest first, and its overdue links; bill what is due."""
    now = account.now()
    while overdue := account.due(lifecycles.KIND, now):
        for order in overdue:
            lifecycles.expire(account, order, lifecycles.due_at(order) or now)
    checkouts.expire_due(account, now)
    billing.work_off(account)
    chargebacks.let_time_pass(account, now)
    payouts.expire_due(account, now)
    money.settle_due(account, now)
    idempotency.forget_due(account, now)
