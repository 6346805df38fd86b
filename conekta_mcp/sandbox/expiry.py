"""Lets time pass: whatever is due expires before anything else happens."""

from conekta_mcp.sandbox import billing, chargebacks, checkouts, idempotency, lifecycles, money, payouts
from conekta_mcp.sandbox.account import Account


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
