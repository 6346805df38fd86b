"""Lets time pass: whatever is due expires before anything else happens."""

from conekta_mcp.sandbox import lifecycles
from conekta_mcp.sandbox.account import Account


def expire_what_is_due(account: Account) -> None:
    """Expire the account's overdue orders, the earliest first."""
    now = account.now()
    while overdue := account.due(lifecycles.KIND, now):
        for order in overdue:
            lifecycles.expire(account, order, lifecycles.due_at(order) or now)
