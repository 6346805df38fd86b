"""Tools for the merchant's balance, transactions, and transfers to the bank (conekta-api.md 4.11)."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from conekta_mcp.catalog import (
    GET,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    ChargeId,
    Maybe,
    ObjectId,
    SpanishText,
    Text,
    require_shape,
)
from conekta_mcp.domains.balance.results import Balance, Transaction, Transfer
from conekta_mcp.results.page import Page

Word = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(require_shape("word", "[a-z_]{1,40}", "a word such as capture")),
]
Currency = Annotated[
    str, StringConstraints(max_length=3), AfterValidator(require_shape("currency", "[A-Z]{3}", "MXN or USD"))
]


class GetBalanceInput(Input):
    """No arguments."""


get_balance = Operation(
    name="get_balance",
    title="Read the balance",
    title_es="Ver el saldo",
    endpoint=GET("/balance"),
    risk=Risk.READ,
    toolset=Toolset.BALANCE,
    description=(
        "Read what the merchant has: available, still pending and retained, in each currency. What moved "
        "it is in list_transactions."
    ),
    input=GetBalanceInput,
    example={},
    output=Balance,
)


class ListTransactionsInput(ListInput):
    charge_id: Maybe[ChargeId] = None
    type: Annotated[Maybe[Word], Field(description="Such as capture, refund, payout, chargeback")] = None
    currency: Annotated[Maybe[Currency], Field(description="Such as MXN")] = None


list_transactions = Operation(
    name="list_transactions",
    title="List movements of the balance",
    title_es="Listar movimientos del saldo",
    endpoint=GET("/transactions"),
    risk=Risk.READ,
    toolset=Toolset.BALANCE,
    description=(
        "List what moved the balance, newest first, with fee and net: for reconciling, or what one charge "
        "cost. Money sent to the bank is in list_transfers."
    ),
    input=ListTransactionsInput,
    example={},
    output=Page[Transaction],
    card="table",
)


class GetTransactionInput(Input):
    transaction_id: ObjectId


get_transaction = Operation(
    name="get_transaction",
    title="Read a movement",
    title_es="Ver un movimiento",
    endpoint=GET("/transactions/{transaction_id}"),
    risk=Risk.READ,
    toolset=Toolset.BALANCE,
    description=(
        "Read one movement of the balance: type, fee, net, whether it is available yet. Without its id use "
        "list_transactions."
    ),
    input=GetTransactionInput,
    example={"transaction_id": "6a0000000000000000000001"},
    output=Transaction,
)


class ListTransfersInput(ListInput):
    search: Annotated[
        Maybe[Text],
        Field(description="Such as a reference"),
        SpanishText("por ejemplo una referencia"),
    ] = None


list_transfers = Operation(
    name="list_transfers",
    title="List settlements",
    title_es="Listar liquidaciones",
    endpoint=GET("/transfers"),
    risk=Risk.READ,
    toolset=Toolset.BALANCE,
    description=(
        "List the transfers from Conekta to the merchant's own bank account, newest first. Cash for other "
        "people is in list_payouts."
    ),
    input=ListTransfersInput,
    example={},
    output=Page[Transfer],
    card="table",
)


class GetTransferInput(Input):
    transfer_id: ObjectId


get_transfer = Operation(
    name="get_transfer",
    title="Read a settlement",
    title_es="Ver una liquidación",
    endpoint=GET("/transfers/{transfer_id}"),
    risk=Risk.READ,
    toolset=Toolset.BALANCE,
    description=(
        "Read one transfer to the merchant's bank: amount, status, statement reference, last digits of "
        "the account. Find it with list_transfers."
    ),
    input=GetTransferInput,
    example={"transfer_id": "6a0000000000000000000001"},
    output=Transfer,
)

TOOLS = (get_balance, list_transactions, get_transaction, list_transfers, get_transfer)
