"""The one door through which the sandbox says that something happened (conekta-api.md 4.10, 6)."""

from conekta_mcp.sandbox.account import Account, Json


def happened(account: Account, name: str, thing: Json, previous: Json | None = None) -> None:
    """Note the event `name`, such as "order.paid", with a snapshot of `thing` and what changed of it."""
