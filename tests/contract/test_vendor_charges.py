"""The vendor's SDK changes, charges, captures and refunds orders on the sandbox and parses every answer.

It has no operation to void an order, so that is sent through its low-level client.
Its optional fields and return types say None where the sandbox never does, hence `Any`.
"""

import json
from collections.abc import Iterator
from typing import Any

import conekta
import pytest

from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox

ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de Mexico", "postal_code": "06100", "country": "MX"}
PERSON = {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"}
LINE = {"name": "Producto 1", "unit_price": 50000, "quantity": 1}
VISA = {"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}}


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
def orders(client: conekta.ApiClient) -> Any:
    return conekta.OrdersApi(client)


@pytest.fixture
def charges(client: conekta.ApiClient) -> Any:
    return conekta.ChargesApi(client)


def post(client: conekta.ApiClient, path: str, body: Any = None) -> Any:
    """The JSON of a request sent below the SDK's models."""
    headers = {"Accept": "application/vnd.conekta-v2.3.0+json", "Content-Type": "application/json"}
    request = client.param_serialize(
        "POST", path, header_params=headers, body=body, auth_settings=["bearerAuth"]
    )
    answer: Any = client.call_api(*request)
    answer.read()
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def new_order(orders: Any, **fields: Any) -> Any:
    body = {"currency": "MXN", "customer_info": PERSON, "line_items": [LINE], **fields}
    return orders.create_order(conekta.OrderRequest.from_dict(body))


def charge_request(kind: str, **fields: Any) -> Any:
    return conekta.ChargeRequest.from_dict({"payment_method": {"type": kind, **fields}})


def test_an_uncharged_order_is_changed_line_by_line_and_charged(
    client: conekta.ApiClient, orders: Any, charges: Any
) -> None:
    order = new_order(orders, shipping_contact={"address": ADDRESS})
    products: Any = conekta.ProductsApi(client)
    taxes: Any = conekta.TaxesApi(client)
    shippings: Any = conekta.ShippingsApi(client)
    discounts: Any = conekta.DiscountsApi(client)

    product = products.orders_create_product(
        order.id, conekta.Product(name="Producto 2", unit_price=700, quantity=3)
    )
    assert (product.parent_id, product.object) == (order.id, "line_item")
    product = products.orders_update_product(order.id, product.id, conekta.UpdateProduct(quantity=1))
    tax = taxes.orders_create_taxes(order.id, conekta.OrderTaxRequest(amount=90, description="IVA"))
    tax = taxes.orders_update_taxes(order.id, tax.id, conekta.OrdersUpdateTaxesRequest(amount=100))
    shipping = shippings.orders_create_shipping(order.id, conekta.ShippingRequest(amount=1000))
    change = conekta.ShippingRequest(amount=1500, carrier="Moto")
    shipping = shippings.orders_update_shipping(order.id, shipping.id, change)
    request = conekta.OrderDiscountLinesRequest(amount=600, code="HOLA", type="coupon")
    discount = discounts.orders_create_discount_line(order.id, request)
    renamed = conekta.UpdateOrderDiscountLinesRequest(code="ADIOS")
    discount = discounts.orders_update_discount_lines(order.id, discount.id, renamed)
    assert discounts.orders_get_discount_line(order.id, discount.id) == discount
    listed = discounts.orders_get_discount_lines(order.id, limit=1)
    assert [row.id for row in listed.data] == [discount.id]

    order = orders.get_order_by_id(order.id)
    assert order.amount == 50000 + 700 + 100 + 1500 - 600
    assert [row.amount for row in order.tax_lines.data] == [tax.amount]
    assert [row.carrier for row in order.shipping_lines.data] == [shipping.carrier]
    assert products.orders_delete_product(order.id, product.id).id == product.id
    assert taxes.orders_delete_taxes(order.id, tax.id).id == tax.id
    assert shippings.orders_delete_shipping(order.id, shipping.id).id == shipping.id
    assert discounts.orders_delete_discount_lines(order.id, discount.id).id == discount.id

    changed = orders.update_order(order.id, conekta.OrderUpdate(currency="USD", metadata={"pedido": "7"}))
    assert (changed.amount, changed.currency, changed.metadata) == (50000, "USD", {"pedido": "7"})
    orders.update_order(order.id, conekta.OrderUpdate(currency="MXN"))
    cash = charges.orders_create_charge(order.id, charge_request("cash"))
    assert (cash.status, cash.amount, cash.order_id) == ("pending_payment", 50000, order.id)
    assert cash.payment_method.actual_instance.reference.startswith("9800")
    with pytest.raises(conekta.ApiException) as refused:
        products.orders_delete_product(order.id, order.line_items.data[0].id)
    assert refused.value.status == 428


def test_charges_are_listed_and_get_a_reference(orders: Any, charges: Any) -> None:
    order = new_order(orders)
    (charge,) = charges.orders_create_charges(order.id, charge_request("spei")).data
    (listed,) = charges.get_charges(limit=5, search=order.id).data
    assert (listed.id, listed.status) == (charge.id, "pending_payment")
    changed = charges.update_charge(charge.id, conekta.ChargeUpdateRequest(reference_id="pedido-7"))
    assert (changed.id, changed.reference_id) == (charge.id, "pedido-7")


def test_a_hold_is_captured_and_refunded_in_parts(orders: Any) -> None:
    order = new_order(orders, charges=[VISA], pre_authorize=True)
    assert order.payment_status == "pre_authorized"
    part = conekta.OrderCaptureRequest(amount=30000)
    taken = orders.orders_create_capture(order.id, order_capture_request=part)
    assert (taken.payment_status, taken.charges.data[0].amount) == ("paid", 30000)
    request = conekta.OrderRefundRequest(amount=10000, reason="requested_by_client")
    partly = orders.order_refund(order.id, request)
    (row,) = partly.charges.data[0].refunds.data
    assert (partly.payment_status, partly.amount_refunded) == ("partially_refunded", 10000)
    assert (row.amount, row.object, len(row.id)) == (-10000, "refund", 24)
    with pytest.raises(conekta.ApiException) as too_much:
        orders.order_refund(order.id, conekta.OrderRefundRequest(amount=20001, reason="other"))
    assert too_much.value.status == 422
    whole = orders.order_refund(order.id, conekta.OrderRefundRequest(amount=20000, reason="other"))
    assert (whole.payment_status, whole.is_refundable) == ("refunded", False)
    with pytest.raises(conekta.ApiException) as nothing_left:
        orders.order_refund(order.id, conekta.OrderRefundRequest(amount=1, reason="other"))
    assert nothing_left.value.status == 402
    assert json.loads(str(nothing_left.value.body))["type"] == "processing_error"


def test_a_cash_refund_is_cancelled(client: conekta.ApiClient, orders: Any) -> None:
    order = new_order(orders, charges=[{"payment_method": {"type": "cash"}}])
    post(client, "/_sandbox/payments", {"order_id": order.id})
    given = orders.order_refund(order.id, conekta.OrderRefundRequest(amount=50000, reason="other"))
    (waiting,) = given.charges.data[0].refunds.data
    assert (given.payment_status, waiting.status) == ("refunded", "pending")
    kept = orders.order_cancel_refund(order.id, waiting.id)
    (ended,) = kept.charges.data[0].refunds.data
    assert (kept.payment_status, kept.amount_refunded, ended.status) == ("paid", 0, "canceled")


def test_a_void_is_understood_as_an_order(client: conekta.ApiClient, orders: Any) -> None:
    order = new_order(orders, charges=[VISA], pre_authorize=True)
    voided: Any = conekta.OrderResponse.from_dict(post(client, f"/orders/{order.id}/void"))
    assert (voided.id, voided.payment_status, voided.charges.data[0].status) == (
        order.id,
        "voided",
        "voided",
    )


def test_a_second_card_pays_after_a_decline(orders: Any, charges: Any) -> None:
    order = new_order(orders)
    with pytest.raises(conekta.ApiException) as refused:
        charges.orders_create_charge(order.id, charge_request("card", token_id="tok_test_card_declined"))
    assert refused.value.status == 402
    left: Any = conekta.OrderResponse.from_dict(json.loads(str(refused.value.body))["data"])
    assert (left.id, left.charges.data[0].failure_code) == (order.id, "card_declined")
    paid = charges.orders_create_charge(order.id, charge_request("card", token_id="tok_test_visa_4242"))
    assert (paid.status, paid.payment_method.actual_instance.last4) == ("paid", "4242")
    assert [row.status for row in orders.get_order_by_id(order.id).charges.data] == ["declined", "paid"]
