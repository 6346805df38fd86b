"""Tools of the balance: what leaves and what comes back."""

from typing import Any

import pytest

from tests.domains.bodies import NOW, listed
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
CODE = "conekta_mcp.errors.parameter_validation"
ID = "6a0000000000000000000001"
CHARGE = "6a0000000000000000000002"
PESOS = [{"amount": 125000, "currency": "MXN"}]
PESOS_TOLD = [{"amount": 125000, "currency": "MXN", "amount_text": "MXN 1,250.00"}]
NONE = [{"amount": 0, "currency": "MXN"}]
NONE_TOLD = [{"amount": 0, "currency": "MXN", "amount_text": "MXN 0.00"}]
CAPTURE: dict[str, Any] = {
    "id": ID,
    "amount": 50000,
    "charge": CHARGE,
    "created_at": NOW,
    "currency": "MXN",
    "fee": 1450,
    "livemode": False,
    "net": 48550,
    "object": "transaction",
    "status": "pending",
    "type": "capture",
}
CAPTURE_TOLD: dict[str, Any] = {
    "amount": 50000,
    "currency": "MXN",
    "id": ID,
    "type": "capture",
    "status": "pending",
    "fee": 1450,
    "net": 48550,
    "charge_id": CHARGE,
    "created_at": NOW,
    "livemode": False,
    "amount_text": "MXN 500.00",
    "net_text": "MXN 485.50",
    "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
}
METHOD = {
    "account_holder": "Comercio de Prueba",
    "account_number": "012180000000000015",
    "bank": "BBVA Bancomer",
    "created_at": NOW,
    "id": "pytmtd_1",
    "object": "bank_transfer_payout_method",
    "payee_id": "payee_1",
    "type": "BankTransferPayoutMethod",
}
TRANSFER: dict[str, Any] = {
    "amount": 125000,
    "created_at": NOW,
    "currency": "MXN",
    "id": ID,
    "livemode": False,
    "object": "transfer",
    "statement_description": "Conekta 4401234",
    "statement_reference": "4401234",
    "status": "pending",
}
TRANSFER_TOLD: dict[str, Any] = {
    "amount": 125000,
    "currency": "MXN",
    "id": ID,
    "status": "pending",
    "bank": "BBVA Bancomer",
    "account_holder": "Comercio de Prueba",
    "account_last4": "0015",
    "statement_reference": "4401234",
    "statement_description": "Conekta 4401234",
    "created_at": NOW,
    "livemode": False,
    "amount_text": "MXN 1,250.00",
    "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
}
ROWS = [
    Row(
        tool="get_balance",
        given={},
        request="GET /balance",
        conekta={
            "available": PESOS,
            "pending": NONE,
            "retained": NONE,
            "gateway": NONE,
            "conekta_retention": [],
            "cashout_retention_amount": PESOS,
            "target_collateral_amount": {},
        },
        answer={
            "available": PESOS_TOLD,
            "pending": NONE_TOLD,
            "retained": NONE_TOLD,
            "cashout_retention_amount": PESOS_TOLD,
        },
    ),
    Row(
        tool="get_balance",
        about="in the red, and odd",
        given={},
        request="GET /balance",
        conekta={
            "available": [{"amount": -150, "currency": "USD"}],
            "pending": {"amount": 1},
            "gateway": "none",
            "target_collateral_amount": {"amount": 10},
        },
        answer={
            "available": [{"amount": -150, "currency": "USD", "amount_text": "USD -1.50"}],
            "target_collateral_amount": {"amount": 10},
        },
    ),
    Row(
        tool="list_transactions",
        given={},
        request="GET /transactions?limit=20",
        conekta={
            **listed(CAPTURE),
            "next_page_url": f"https://api.conekta.io/transactions?limit=1&next={ID}",
        },
        answer={"data": [CAPTURE_TOLD], "has_more": False, "next": ID, "livemode": False},
    ),
    Row(
        tool="list_transactions",
        about="filtered",
        given={"charge_id": CHARGE, "type": "refund", "currency": "USD", "limit": 5, "previous": ID},
        request=f"GET /transactions?limit=5&previous={ID}&charge_id={CHARGE}&type=refund&currency=USD",
        conekta=listed(),
        answer={"data": [], "has_more": False},
    ),
    Row(
        tool="get_transaction",
        given={"transaction_id": ID},
        request=f"GET /transactions/{ID}",
        conekta={**CAPTURE, "type": "refund", "amount": -20000, "fee": 0, "net": -20000, "charge": ""},
        answer={
            **{name: value for name, value in CAPTURE_TOLD.items() if name != "charge_id"},
            "type": "refund",
            "amount": -20000,
            "fee": 0,
            "net": -20000,
            "amount_text": "MXN -200.00",
            "net_text": "MXN -200.00",
        },
    ),
    Row(
        tool="list_transfers",
        given={"search": "4401234"},
        request="GET /transfers?limit=20&search=4401234",
        conekta=listed({**TRANSFER, "method": METHOD}),
        answer={"data": [TRANSFER_TOLD], "has_more": False, "livemode": False},
    ),
    Row(
        tool="get_transfer",
        given={"transfer_id": ID},
        request=f"GET /transfers/{ID}",
        conekta={**TRANSFER, "destination": METHOD},
        answer=TRANSFER_TOLD,
    ),
    Row(
        tool="get_transfer",
        about="of which only the last digits are known",
        given={"transfer_id": ID},
        request=f"GET /transfers/{ID}",
        conekta={**TRANSFER, "destination": {"bank": "BBVA Bancomer", "last4": "0015"}},
        answer={name: value for name, value in TRANSFER_TOLD.items() if name != "account_holder"},
    ),
    Row(
        tool="get_transfer",
        about="of an odd shape",
        given={"transfer_id": ID},
        request=f"GET /transfers/{ID}",
        conekta={"id": ID, "object": "transfer", "destination": "bank", "amount": "x"},
        answer={"id": ID},
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize("tool", ["list_transfers", "get_transfer"])
async def test_an_account_number_never_reaches_the_model(tool: str, client_for: Any) -> None:
    (row,) = [row for row in ROWS if row.tool == tool and row.about == "plain"]
    async with client_for(row.router.async_handler) as (client, _):
        result = await client.call_tool(row.tool, row.given)
    assert ("0121800000" in str(result), "0015" in str(result)) == (False, True)


@pytest.mark.parametrize(
    ("tool", "given", "param", "kind"),
    [
        ("list_transactions", {"type": "Capture now"}, "type", "invalid"),
        ("list_transactions", {"type": "a" * 41}, "type", "too_long"),
        ("list_transactions", {"currency": "pesos"}, "currency", "too_long"),
        ("list_transactions", {"currency": "mx"}, "currency", "invalid"),
        ("list_transactions", {"charge_id": "ord_1"}, "charge_id", "invalid"),
        ("list_transactions", {"search": "x"}, "search", "unknown_argument"),
        ("get_transaction", {}, "transaction_id", "missing"),
        ("get_transaction", {"transaction_id": "../balance"}, "transaction_id", "invalid"),
        ("get_transfer", {"transfer_id": 7}, "transfer_id", "invalid_datatype"),
        ("get_balance", {"currency": "MXN"}, "currency", "unknown_argument"),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_sent(
    tool: str, given: Any, param: str, kind: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    assert (error["param"], error["code"], sent) == (param, f"{CODE}.{param}.{kind}", [])
