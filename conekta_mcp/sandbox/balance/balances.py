"""/balance, /transactions, /transfers and the control that sends the merchant their money (4.11).

Settling is up to the tester: POST /_sandbox/transfers sends all that is available to the merchant's bank;
the bank has it TRANSFER_DURATION later. The clock alone never transfers anything (ours).
"""

from collections.abc import Callable

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.balance.money import HOME, TRANSACTION, TRANSFER
from conekta_mcp.sandbox.companies.companies import bank_account_of, current_company
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import page
from conekta_mcp.sandbox.http.searches import mentions
from conekta_mcp.sandbox.refusals import money as reasons_money
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid, NotFound
from conekta_mcp.sandbox.refusals.policies import TRANSFER_DURATION

FILTERS = {"id": "id", "charge_id": "charge", "type": "type", "currency": "currency"}
UNUSED = (
    "temporarily_retained",
    "retention_amount",
    "target_retention_amount",
    "conekta_retention",
    "gateway",
)


def get_balance(call: Call) -> Json:
    """GET /balance: the retentions this sandbox knows nothing of are zero."""
    account = call.account

    def each(amount: Callable[[Account, str], int]) -> list[Json]:
        shown = money.currencies(account)
        return [{"amount": amount(account, currency), "currency": currency} for currency in shown]

    return {
        "available": each(money.available),
        "pending": each(money.pending),
        "retained": each(money.retained),
        "cashout_retention_amount": each(money.retained),
        **{name: each(lambda _account, _currency: 0) for name in UNUSED},
        "target_collateral_amount": {},
    }


def list_transactions(call: Call) -> Json:
    """GET /transactions: newest first, filtered by `id`, `charge_id`, `type` and `currency`; no search."""
    wanted = {field: call.query[name] for name, field in FILTERS.items() if name in call.query}
    return page(call, call.account.oldest_first(TRANSACTION)[::-1], lambda row: wanted.items() <= row.items())


def get_transaction(call: Call) -> Json:
    """GET /transactions/{id}."""
    return _found(call, TRANSACTION, "Transaction")


def list_transfers(call: Call) -> Json:
    """GET /transfers: newest first, each with its `method`."""
    search = call.query.get("search", "")
    newest_first = call.account.oldest_first(TRANSFER)[::-1]
    return page(call, newest_first, lambda row: mentions(search, [row["id"], row["statement_description"]]))


def get_transfer(call: Call) -> Json:
    """GET /transfers/{id}: a `destination` with the last four digits in place of the method (4.11)."""
    transfer = _found(call, TRANSFER, "Transfer")
    destination = transfer.pop("method")
    number = destination.pop("account_number")
    return {**transfer, "destination": {**destination, "last4": number[-4:]}}


def transfer(call: Call) -> Json:
    """POST /_sandbox/transfers: send all that is available in `currency`, MXN unless given, to the bank."""
    check(Shape(optional={"currency": Choice(("MXN", "USD"))}, closed=True), call.body)
    account, currency = call.account, call.body.get("currency", HOME)
    amount = money.available(account, currency)
    if amount <= 0:
        raise Invalid(reasons_money.nothing_to_transfer(currency))
    reference = f"{account.ledger.random.randrange(10**7):07d}"
    made = {
        "amount": amount,
        "created_at": account.now(),
        "currency": currency,
        "id": account.new_object_id(),
        "livemode": False,
        "method": _method(account),
        "object": TRANSFER,
        "statement_description": f"Conekta {reference}",
        "statement_reference": reference,
        "status": "pending",
    }
    money.take_out(account, made, account.now() + TRANSFER_DURATION)
    return made


def _method(account: Account) -> Json:
    company = current_company(account)
    bank_account = bank_account_of(company)
    return {
        "account_holder": bank_account["account_holder_name"],
        "account_number": bank_account["account_number"],
        "bank": bank_account["bank"],
        "created_at": company["created_at"],
        "id": account.new_id("pytmtd_"),
        "object": "bank_transfer_payout_method",
        "payee_id": account.new_id("payee_"),
        "type": "BankTransferPayoutMethod",
    }


def _found(call: Call, kind: str, name: str) -> Json:
    record = call.account.find(kind, call.path["id"])
    if record is None:
        raise NotFound(reasons.entity_not_found(name, call.path["id"]))
    return record


ENDPOINTS = (
    Endpoint("GET", "/balance", get_balance),
    Endpoint("GET", "/transactions", list_transactions),
    Endpoint("GET", "/transactions/{id}", get_transaction),
    Endpoint("GET", "/transfers", list_transfers),
    Endpoint("GET", "/transfers/{id}", get_transfer),
)
CONTROLS = (Endpoint("POST", "/_sandbox/transfers", transfer),)
