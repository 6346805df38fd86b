"""The vendor's own SDK reads balances, pays people out and sees to companies, all in the sandbox.

Its `CreateCompanyRequest` has no `users` and its `CompanyResponse` no `onboarding_url`; its `file_data` is a
base64 text that it sends on as it is. It knows nothing of the four chargeback operations, which newer builds
have: those go below its models, and only what an order tells of a chargeback is parsed.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import conekta
import pytest

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox

START = 1_768_564_855
DAY = 86_400
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    ledger = Ledger(clock=lambda: START, seed=1)
    with serve_sandbox(ledger) as running:
        yield running
    ledger.close()


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[conekta.ApiClient]:
    configuration = conekta.Configuration(host=sandbox.url, access_token="key_vendor")
    with conekta.ApiClient(configuration) as opened:
        yield opened
        opened.rest_client.pool_manager.clear()


def send(client: conekta.ApiClient, method: str, path: str, body: Any = None) -> Any:
    """The JSON of a request sent below the SDK's models."""
    headers = {"Accept": "application/vnd.conekta-v2.3.0+json", "Content-Type": "application/json"}
    request = client.param_serialize(
        method, path, header_params=headers, body=body, auth_settings=["bearerAuth"]
    )
    answer = client.call_api(*request)
    answer.read()
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


@pytest.fixture
def order(client: conekta.ApiClient) -> conekta.OrderResponse:
    """A paid order, whose money is available."""
    request = {
        "currency": "MXN",
        "customer_info": {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"},
        "line_items": [{"name": "Producto 1", "unit_price": 50000, "quantity": 1}],
        "charges": [{"payment_method": VISA}],
    }
    made = conekta.OrdersApi(client).create_order(conekta.OrderRequest.from_dict(request))
    send(client, "POST", "/_sandbox/clock", {"advance_seconds": 2 * DAY})
    return made


def available(client: conekta.ApiClient) -> list[tuple[int, str]]:
    balance = conekta.BalancesApi(client).get_balance()
    return [(row.amount, row.currency) for row in balance.available]


def test_what_was_paid_is_booked_and_transferred(
    client: conekta.ApiClient, order: conekta.OrderResponse
) -> None:
    assert available(client) == [(47680, "MXN")]
    transactions = conekta.TransactionsApi(client)
    (row,) = transactions.get_transactions(type="capture", charge_id=order.charges.data[0].id).data
    assert (row.amount, row.fee, row.net, row.status) == (50000, 2320, 47680, "available")
    assert transactions.get_transaction(row.id) == row

    send(client, "POST", "/_sandbox/transfers", {})
    assert available(client) == [(0, "MXN")]
    transfers = conekta.TransfersApi(client)
    (listed,) = transfers.get_transfers(limit=5).data
    one = transfers.get_transfer(listed.id)
    assert (listed.amount, listed.status, len(listed.method.account_number)) == (47680, "pending", 18)
    assert (one.amount, one.destination.bank, one.destination.account_number) == (
        47680,
        "BBVA Bancomer",
        None,
    )


def test_a_payout_is_made_read_and_canceled(client: conekta.ApiClient, order: conekta.OrderResponse) -> None:
    request = conekta.Customer(name="Ana Ruiz", email="ana@example.com", phone="+5215555555555")
    customer = conekta.CustomersApi(client).create_customer(request)
    wish = {
        "amount": 30000,
        "currency": "MXN",
        "reason": "Premio",
        "expires_at": START + 4 * DAY,
        "allowed_payout_methods": ["cashout"],
        "customer_info": {"customer_id": customer.id},
        "payout": {"payout_method": {"type": "cashout"}},
        "metadata": {"folio": "7"},
    }
    api = conekta.PayoutOrdersApi(client)
    made = api.create_payout_order(conekta.PayoutOrderRequest.from_dict(wish))
    assert (made.status, made.customer_info.id, made.payouts[0].payout_order_id) == (
        "open",
        customer.id,
        made.id,
    )
    assert available(client) == [(17680, "MXN")]
    assert api.get_payout_order_by_id(made.id) == made
    assert api.get_payout_orders(search="premio").data == [made]
    assert api.cancel_payout_order_by_id(made.id).status == "canceled"
    assert available(client) == [(47680, "MXN")]
    with pytest.raises(conekta.ApiException) as refused:
        api.cancel_payout_order_by_id(made.id)
    error = conekta.Error.from_json(refused.value.body)
    assert (refused.value.status, error.type) == (402, "processing_error")
    assert order.payment_status == "paid"


def test_companies_and_their_documents_are_understood(client: conekta.ApiClient) -> None:
    api = conekta.CompaniesApi(client)
    own = api.get_current_company()
    assert api.get_company(own.id) == own
    wish = {"name": "Sucursal Norte", "bank_account_info": {"clabe": "012180000000000015"}}
    child = api.create_company(conekta.CreateCompanyRequest.from_dict(wish))
    assert (child.parent_company_id, child.account_status) == (own.id, "signed_up")
    assert [row.id for row in api.get_companies(limit=5).data] == [child.id]
    document = conekta.CompanyDocumentRequest(
        file_classification="cfdi",
        content_type="application/pdf",
        file_name="constancia.pdf",
        file_data=base64.b64encode(b"%PDF-1.7").decode(),
    )
    uploaded = api.upload_company_document(child.id, document)
    assert (uploaded.file_name, uploaded.status) == ("constancia.pdf", "uploaded")
    renamed = api.update_company_document(child.id, document.model_copy(update={"file_name": "nueva.pdf"}))
    assert renamed.file_name == "nueva.pdf"
    assert api.get_company_documents(child.id) == [renamed]
    assert [one.file_name for one in api.get_company(child.id).documents] == ["nueva.pdf"]


def test_a_chargeback_is_read_off_the_order_and_answered(
    client: conekta.ApiClient, order: conekta.OrderResponse, tmp_path: Path
) -> None:
    opened = send(client, "POST", "/_sandbox/chargebacks", {"order_id": order.id, "reason": "duplicate"})
    path = f"/charges/{opened['charge_id']}/chargebacks/{opened['id']}"
    (tmp_path / "nota.pdf").write_bytes(b"%PDF-1.7")
    types = send(client, "GET", f"{path}/evidence-types")
    assert [one["type"] for one in types if one["required"]] == ["order_details"]
    sent = client.call_api(
        *client.param_serialize(
            "POST",
            f"{path}/files/batch",
            header_params={"Content-Type": "multipart/form-data"},
            files={"order_details": str(tmp_path / "nota.pdf")},
            auth_settings=["bearerAuth"],
        )
    )
    sent.read()
    (file,) = json.loads(sent.data)["files"]
    assert send(client, "GET", f"{path}/files") == [file]
    assert send(client, "GET", f"{path}/files/{file['id']}")["name"] == "nota.pdf"
    read = conekta.OrdersApi(client).get_order_by_id(order.id)
    held = send(client, "GET", f"/orders/{order.id}")["charges"]["data"][0]["chargeback"]
    parsed = conekta.ChargebackResponse.from_dict(held)
    assert (read.payment_status, parsed.status, parsed.reason) == (
        "charged_back",
        "pending_review",
        "duplicate",
    )
    assert [one.file_name for one in parsed.files] == ["nota.pdf"]
    send(client, "POST", f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "won"})
    assert conekta.OrdersApi(client).get_order_by_id(order.id).payment_status == "paid"
    assert available(client) == [(47680, "MXN")]
