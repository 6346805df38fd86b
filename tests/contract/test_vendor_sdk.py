"""The vendor's own SDK, pointed at the sandbox, runs the whole journey and parses every answer.

Its `OrderRequest` has neither `reuse_customer_clabe` nor room for additional properties, so orders that
reuse a CLABE are sent through its low-level `ApiClient` and parsed with its models.
"""

import json
from collections.abc import Iterator
from typing import Any

import conekta
import pytest
from conekta.exceptions import NotFoundException, UnauthorizedException

from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox

ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de Mexico", "postal_code": "06100", "country": "MX"}
LINE = {"name": "Producto 1", "unit_price": 50000, "quantity": 1}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with serve_sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[conekta.ApiClient]:
    configuration = conekta.Configuration(host=sandbox.url, access_token="key_vendor")
    with conekta.ApiClient(configuration) as opened:
        yield opened
        opened.rest_client.pool_manager.clear()


@pytest.fixture
def customers(client: conekta.ApiClient) -> conekta.CustomersApi:
    return conekta.CustomersApi(client)


@pytest.fixture
def orders(client: conekta.ApiClient) -> conekta.OrdersApi:
    return conekta.OrdersApi(client)


@pytest.fixture
def customer_id(customers: conekta.CustomersApi) -> str:
    request = conekta.Customer(name="Ana Ruiz", email="ana@example.com", phone="+5215555555555")
    return customers.create_customer(request).id


def post(client: conekta.ApiClient, path: str, body: Any) -> Any:
    """The JSON of a request sent below the SDK's models."""
    headers = {"Accept": "application/vnd.conekta-v2.3.0+json", "Content-Type": "application/json"}
    request = client.param_serialize(
        "POST", path, header_params=headers, body=body, auth_settings=["bearerAuth"]
    )
    answer = client.call_api(*request)
    answer.read()
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def order_request(customer_id: str, method: dict[str, Any]) -> dict[str, Any]:
    return {
        "currency": "MXN",
        "customer_info": {"customer_id": customer_id},
        "line_items": [LINE],
        "charges": [{"payment_method": method}],
    }


def create_source(client: conekta.ApiClient, customer_id: str, request: Any) -> Any:
    union = conekta.CreateCustomerPaymentMethodsRequest(request)
    return (
        conekta.PaymentMethodsApi(client).create_customer_payment_methods(customer_id, union).actual_instance
    )


def test_two_orders_share_the_customers_clabe_and_a_third_has_its_own(
    client: conekta.ApiClient, orders: conekta.OrdersApi, customer_id: str
) -> None:
    source = create_source(client, customer_id, conekta.PaymentMethodSpeiRequest(type="spei_recurrent"))
    assert (source.bank, source.parent_id, len(source.reference)) == ("STP", customer_id, 18)
    request = order_request(customer_id, {"type": "spei"})
    parsed = [
        conekta.OrderResponse.from_dict(post(client, "/orders", {**request, "reuse_customer_clabe": True}))
        for _ in range(2)
    ]
    fresh = orders.create_order(conekta.OrderRequest.from_dict(request))
    clabes = [order.charges.data[0].payment_method.actual_instance.clabe for order in [*parsed, fresh]]
    assert clabes[:2] == [source.reference] * 2
    assert clabes[2] != source.reference

    first = parsed[0]
    payment = post(client, "/_sandbox/payments", {"reference": source.reference, "amount": 50000})
    assert payment["candidates"] == [order.id for order in parsed]
    paid = orders.get_order_by_id(first.id)
    transfer = paid.charges.data[0].payment_method.actual_instance
    assert (paid.payment_status, paid.charges.data[0].status) == ("paid", "paid")
    assert isinstance(transfer, conekta.PaymentMethodBankTransfer)
    assert transfer.tracking_code.startswith("SANDBOX")

    pending = orders.get_orders(payment_status="pending_payment")
    assert [order.id for order in pending.data] == [fresh.id, parsed[1].id]
    assert orders.cancel_order(fresh.id).payment_status == "canceled"
    with pytest.raises(conekta.ApiException) as refused:
        orders.cancel_order(first.id)
    assert refused.value.status == 428


def test_a_customer_is_listed_changed_and_deleted(customers: conekta.CustomersApi, customer_id: str) -> None:
    changed = customers.update_customer(customer_id, conekta.UpdateCustomer(name="Ana Sol"))
    assert (changed.name, changed.email) == ("Ana Sol", "ana@example.com")
    page = customers.get_customers(limit=1, search="sol", accept_language="en")
    assert ([row.id for row in page.data], page.has_more) == ([customer_id], False)
    assert customers.get_customer_by_id(customer_id) == changed
    assert customers.delete_customer_by_id(customer_id).id == customer_id
    with pytest.raises(NotFoundException) as gone:
        customers.get_customer_by_id(customer_id)
    error = conekta.Error.from_json(gone.value.body)
    assert (error.type, len(error.log_id)) == ("resource_not_found_error", 24)
    assert error.details[0].code == "conekta.errors.resource_not_found.entity"


def test_contacts_and_fiscal_entities_are_understood(
    client: conekta.ApiClient, customers: conekta.CustomersApi, customer_id: str
) -> None:
    contacts = conekta.ShippingContactsApi(client)
    request = conekta.CustomerShippingContactsRequest.from_dict({"receiver": "Eva Luna", "address": ADDRESS})
    contact = contacts.create_customer_shipping_contacts(customer_id, request)
    assert (contact.address.country, contact.default, contact.parent_id) == ("mx", True, customer_id)
    change = conekta.CustomerUpdateShippingContactsRequest(phone="5512345678")
    assert contacts.update_customer_shipping_contacts(customer_id, contact.id, change).phone == "5512345678"

    fiscal = conekta.FiscalEntityRequest.from_dict({"tax_id": "XAXX010101000", "address": ADDRESS})
    entity = customers.create_customer_fiscal_entities(customer_id, fiscal)
    assert (entity.tax_id, entity.object) == ("XAXX010101000", "fiscal_entity")
    renamed = conekta.UpdateFiscalEntityRequest(company_name="Prueba")
    updated = customers.update_customer_fiscal_entities(customer_id, entity.id, renamed)
    assert updated.company_name == "Prueba"

    customer = customers.get_customer_by_id(customer_id)
    assert customer.default_shipping_contact_id == contact.id
    assert customer.fiscal_entities.data[0].id == entity.id
    assert contacts.delete_customer_shipping_contacts(customer_id, contact.id).id == contact.id


def test_sources_of_every_type_are_understood(client: conekta.ApiClient, customer_id: str) -> None:
    api = conekta.PaymentMethodsApi(client)
    card = create_source(
        client, customer_id, conekta.PaymentMethodTokenRequest(type="card", token_id="tok_test_visa_4242")
    )
    assert (card.brand, card.last4, card.default) == ("visa", "4242", True)
    cash = create_source(client, customer_id, conekta.PaymentMethodCashRequest(type="cash_recurrent"))
    assert cash.expires_at == 0
    change = conekta.UpdatePaymentMethodsCard(name="Eva Luna")
    renamed = api.update_customer_payment_methods(customer_id, card.id, change).actual_instance
    assert isinstance(renamed, conekta.PaymentMethodCardResponse)
    assert renamed.name == "Eva Luna"
    listed = [row.actual_instance for row in api.get_customer_payment_methods(customer_id).data]
    assert listed == [cash, renamed]
    customer = conekta.CustomersApi(client).get_customer_by_id(customer_id)
    assert [row.actual_instance for row in customer.payment_sources.data] == [renamed, cash]
    assert api.delete_customer_payment_methods(customer_id, cash.id).actual_instance == cash


def test_card_and_cash_orders_are_understood(
    client: conekta.ApiClient, orders: conekta.OrdersApi, customer_id: str
) -> None:
    token = {"type": "card", "token_id": "tok_test_visa_4242", "monthly_installments": 3}
    card = orders.create_order(conekta.OrderRequest.from_dict(order_request(customer_id, token)))
    paid = card.charges.data[0].payment_method.actual_instance
    assert (card.payment_status, paid.last4, paid.object) == ("paid", "4242", "card_payment")
    cash = orders.create_order(conekta.OrderRequest.from_dict(order_request(customer_id, {"type": "cash"})))
    waiting = cash.charges.data[0].payment_method.actual_instance
    assert (cash.payment_status, waiting.reference[:4]) == ("pending_payment", "9800")
    post(client, "/_sandbox/payments", {"reference": waiting.reference})
    assert orders.get_order_by_id(cash.id).payment_status == "paid"

    declined = order_request(customer_id, {"type": "card", "token_id": "tok_test_insufficient_funds"})
    with pytest.raises(conekta.ApiException) as refused:
        orders.create_order(conekta.OrderRequest.from_dict(declined))
    assert refused.value.status == 402
    left = conekta.OrderResponse.from_dict(json.loads(refused.value.body)["data"])
    assert left.charges.data[0].failure_code == "insufficient_funds"
    assert orders.get_order_by_id(left.id) == left


def test_an_order_with_every_part_is_understood(orders: conekta.OrdersApi) -> None:
    request = {
        "currency": "mxn",
        "customer_info": {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"},
        "line_items": [{**LINE, "sku": "A-1", "tags": ["libro"], "metadata": {"tomo": 1}}],
        "shipping_lines": [{"amount": 1500, "carrier": "Moto"}],
        "tax_lines": [{"amount": 100, "description": "IVA"}],
        "discount_lines": [{"amount": 600, "code": "HOLA", "type": "coupon"}],
        "shipping_contact": {"receiver": "Eva Luna", "address": ADDRESS},
        "fiscal_entity": {"address": {**ADDRESS, "external_number": "1"}},
        "charges": [{"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}}],
        "three_ds_mode": "strict",
        "return_url": "https://shop.example.com/back",
        "metadata": {"pedido": "7"},
    }
    order = orders.create_order(conekta.OrderRequest.from_dict(request))
    assert (order.amount, order.currency, order.payment_status) == (51000, "MXN", "pending_payment")
    assert order.next_action.redirect_to_url.return_url == "https://shop.example.com/back"
    assert order.shipping_contact.address.postal_code == "06100"
    assert [
        lines.data[0].amount for lines in (order.shipping_lines, order.tax_lines, order.discount_lines)
    ] == [
        1500,
        100,
        600,
    ]


def test_a_wrong_key_is_the_sdks_unauthorized_exception(sandbox: RunningSandbox) -> None:
    configuration = conekta.Configuration(host=sandbox.url, access_token="sk_else")
    with conekta.ApiClient(configuration) as client, pytest.raises(UnauthorizedException):
        conekta.OrdersApi(client).get_orders()
    client.rest_client.pool_manager.clear()
