"""The one door through which money moves: transactions and the balance (conekta-api.md 4.11).

A capture waits for SETTLEMENT_DELAY; all else counts at once, so that a refund of what still waits can push
`available` below zero. An open payout order holds its amount back. To the cent, in each currency: the nets of
all transactions = available + pending + retained + what was transferred to the merchant's bank.
"""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.refusals.policies import SETTLEMENT_DELAY

TRANSACTION = "transaction"
TRANSFER = "transfer"
PAYOUT_ORDER = "payout_order"
HOME = "MXN"


def moved(
    account: Account,
    kind: str,
    amount: int,
    *,
    fee: int = 0,
    charge_id: str | None = None,
    currency: str = HOME,
) -> None:
    """Book a transaction of type `kind` (capture, refund, payout ...): `amount` and `fee` in centavos,
    negative when money leaves the merchant."""
    now = account.now()
    due_at = now + SETTLEMENT_DELAY if kind == "capture" else None
    transaction = {
        "id": account.new_object_id(),
        "amount": amount,
        # A text in Conekta's SDK; empty for what concerns no charge, as a charge's customer_id is (1.4).
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


def settle_due(account: Account, now: int) -> None:
    """Make available what waited until `now` (unix seconds), and end the transfers under way."""
    for kind, status in ((TRANSACTION, "available"), (TRANSFER, "paid_out")):
        for record in account.due(kind, now):
            account.save(kind, {**record, "status": status})


def available(account: Account, currency: str = HOME) -> int:
    """Centavos that can be paid out now; below zero the merchant owes them."""
    settled: int = sum(
        row["net"] for row in _of(account, TRANSACTION, currency) if row["status"] != "pending"
    )
    left: int = sum(row["amount"] for row in _of(account, TRANSFER, currency))
    return settled - left - retained(account, currency)


def pending(account: Account, currency: str) -> int:
    """Centavos of captures that still wait."""
    return sum(row["net"] for row in _of(account, TRANSACTION, currency) if row["status"] == "pending")


def retained(account: Account, currency: str) -> int:
    """Centavos held back for open payout orders."""
    return sum(row["amount"] for row in _of(account, PAYOUT_ORDER, currency) if row["status"] == "open")


def currencies(account: Account) -> list[str]:
    """The currencies of the account: pesos, and whatever else was moved."""
    return list(dict.fromkeys([HOME, *(row["currency"] for row in account.oldest_first(TRANSACTION))]))


def take_out(account: Account, transfer: Json, due_at: int) -> None:
    """Book the transfer of everything available to the merchant's bank, which has it at `due_at`."""
    for transaction in _of(account, TRANSACTION, transfer["currency"]):
        if transaction["status"] == "available":
            account.save(TRANSACTION, {**transaction, "status": "paid_out"})
    account.add(TRANSFER, transfer, due_at=due_at)


def _of(account: Account, kind: str, currency: str) -> list[Json]:
    return [row for row in account.oldest_first(kind) if row["currency"] == currency]
