"""The one door through which money moves: transactions and the balance (conekta-api.md 4.11)."""

from conekta_mcp.sandbox.account import Account


def moved(account: Account, kind: str, amount: int, *, fee: int = 0, charge_id: str | None = None) -> None:
    """Book a transaction of type `kind` (capture, refund, payout ...): `amount` and `fee` in centavos,
    negative when money leaves the merchant."""
