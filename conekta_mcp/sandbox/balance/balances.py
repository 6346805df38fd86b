"""/balance, /transactions, /transfers, and the control that pays the merchant (4.11).

The tester settles: POST /_sandbox/transfers sends everything available to the merchant's bank, which has it
TRANSFER_DURATION later. The clock alone never transfers anything (ours).
"""

from collections.abc import Callable

from conekta_mcp.sandbox.balance import money
from conekta_mcp.sandbox.balance.money import HOME_CURRENCY, TRANSACTION, TRANSFER
from conekta_mcp.sandbox.companies.companies import get_bank_account, get_or_create_company
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Choice, Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import money as reasons_money
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.refusals.policies import TRANSFER_DURATION

FILTER_FIELDS = {"id": "id", "charge_id": "charge", "type": "type", "currency": "currency"}
ZERO_BALANCES = (
    "temporarily_retained",
    "retention_amount",
    "target_retention_amount",
    "conekta_retention",
    "gateway",
)


def get_balance(call: Call) -> Json:
    """Return the balance in centavos; retentions that this sandbox does not know are zero."""
    account = call.account

    def list_amounts(amount: Callable[[Account, str], int]) -> list[Json]:
        shown = money.list_currencies(account)
        return [{"amount": amount(account, currency), "currency": currency} for currency in shown]

    return {
        "available": list_amounts(money.sum_available),
        "pending": list_amounts(money.sum_pending),
        "retained": list_amounts(money.sum_retained),
        "cashout_retention_amount": list_amounts(money.sum_retained),
        **{name: list_amounts(lambda _account, _currency: 0) for name in ZERO_BALANCES},
        "target_collateral_amount": {},
    }


def list_transactions(call: Call) -> Json:
    wanted = {field: call.query[name] for name, field in FILTER_FIELDS.items() if name in call.query}
    return paginate(
        call, call.account.list_records(TRANSACTION)[::-1], lambda row: wanted.items() <= row.items()
    )


def get_transaction(call: Call) -> Json:
    return load_record(call.account, TRANSACTION, call.path["id"], "Transaction")


def list_transfers(call: Call) -> Json:
    search = call.query.get("search", "")
    newest_first = call.account.list_records(TRANSFER)[::-1]
    return paginate(
        call, newest_first, lambda row: has_match(search, [row["id"], row["statement_description"]])
    )


def get_transfer(call: Call) -> Json:
    """Return a `destination` with the last four digits in place of the method (4.11)."""
    transfer = load_record(call.account, TRANSFER, call.path["id"], "Transfer")
    destination = transfer.pop("method")
    number = destination.pop("account_number")
    return {**transfer, "destination": {**destination, "last4": number[-4:]}}


def create_transfer(call: Call) -> Json:
    check(Shape(optional={"currency": Choice(("MXN", "USD"))}, closed=True), call.body)
    account, currency = call.account, call.body.get("currency", HOME_CURRENCY)
    amount = money.sum_available(account, currency)
    if amount <= 0:
        raise Invalid(reasons_money.no_available_balance(currency))
    reference = f"{account.ledger.random.randrange(10**7):07d}"
    made = {
        "amount": amount,
        "created_at": account.now(),
        "currency": currency,
        "id": account.make_object_id(),
        "livemode": False,
        "method": _build_payout_method(account),
        "object": TRANSFER,
        "statement_description": f"Conekta {reference}",
        "statement_reference": reference,
        "status": "pending",
    }
    money.book_transfer(account, made, account.now() + TRANSFER_DURATION)
    return made


def _build_payout_method(account: Account) -> Json:
    company = get_or_create_company(account)
    bank_account = get_bank_account(company)
    return {
        "account_holder": bank_account["account_holder_name"],
        "account_number": bank_account["account_number"],
        "bank": bank_account["bank"],
        "created_at": company["created_at"],
        "id": account.make_id("pytmtd_"),
        "object": "bank_transfer_payout_method",
        "payee_id": account.make_id("payee_"),
        "type": "BankTransferPayoutMethod",
    }


ENDPOINTS = (
    Endpoint("GET", "/balance", get_balance),
    Endpoint("GET", "/transactions", list_transactions),
    Endpoint("GET", "/transactions/{id}", get_transaction),
    Endpoint("GET", "/transfers", list_transfers),
    Endpoint("GET", "/transfers/{id}", get_transfer),
)
CONTROLS = (Endpoint("POST", "/_sandbox/transfers", create_transfer),)
