"""Books money: transactions, transfers and the balance; no other module does (conekta-api.md 4.11)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.refusals.policies import SETTLEMENT_DELAY

TRANSACTION = "transaction"
TRANSFER = "transfer"
PAYOUT_ORDER = "payout_order"
HOME_CURRENCY = "MXN"


def book_transaction(
    account: Account,
    kind: str,
    amount: int,
    *,
    fee: int = 0,
    charge_id: str | None = None,
    currency: str = HOME_CURRENCY,
) -> None:
    """Book a transaction of type `kind` (capture, refund, payout ...).

    `amount` and `fee` are centavos, negative when money leaves the merchant.
    """
    now = account.now()
    due_at = now + SETTLEMENT_DELAY if kind == "capture" else None
    transaction = {
        "id": account.make_object_id(),
        "amount": amount,
        # A string in Conekta's SDK; empty where no charge is concerned, as a charge's customer_id is (1.4).
        "charge": charge_id or "",
        "created_at": now,
        "currency": currency,
        "fee": fee,
        "livemode": False,
        "net": amount - fee,
        "object": TRANSACTION,
        "status": "pending" if due_at else "available",
        "type": kind,
    }
    account.add(TRANSACTION, transaction, due_at=due_at)


def settle_due_records(account: Account, now: int) -> None:
    """Settle captures that are due by `now` (unix seconds), and end the transfers under way."""
    for kind, status in ((TRANSACTION, "available"), (TRANSFER, "paid_out")):
        for record in account.list_due(kind, now):
            account.save(kind, {**record, "status": status})


def sum_available(account: Account, currency: str = HOME_CURRENCY) -> int:
    """Return the centavos that can be paid out now; below zero the merchant owes them."""
    settled: int = sum(
        row["net"] for row in _list_in_currency(account, TRANSACTION, currency) if row["status"] != "pending"
    )
    # A transfer leaves the balance when it is sent, not when the bank has it.
    left: int = sum(row["amount"] for row in _list_in_currency(account, TRANSFER, currency))
    return settled - left - sum_retained(account, currency)


def sum_pending(account: Account, currency: str) -> int:
    return sum(
        row["net"] for row in _list_in_currency(account, TRANSACTION, currency) if row["status"] == "pending"
    )


def sum_retained(account: Account, currency: str) -> int:
    return sum(
        row["amount"] for row in _list_in_currency(account, PAYOUT_ORDER, currency) if row["status"] == "open"
    )


def list_currencies(account: Account) -> list[str]:
    return list(
        dict.fromkeys([HOME_CURRENCY, *(row["currency"] for row in account.list_records(TRANSACTION))])
    )


def book_transfer(account: Account, transfer: Json, due_at: int) -> None:
    for transaction in _list_in_currency(account, TRANSACTION, transfer["currency"]):
        if transaction["status"] == "available":
            account.save(TRANSACTION, {**transaction, "status": "paid_out"})
    account.add(TRANSFER, transfer, due_at=due_at)


def _list_in_currency(account: Account, kind: str, currency: str) -> list[Json]:
    return [row for row in account.list_records(kind) if row["currency"] == currency]
