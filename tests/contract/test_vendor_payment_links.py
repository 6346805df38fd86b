"""The vendor's SDK makes links, tokens, rules and keys on the sandbox and parses every answer.

It has no operation for instalments, so they are asked for through its low-level client. Its optional fields
and return types say None where the sandbox never does, hence `Any`.
"""

import json
from collections.abc import Iterator
from typing import Any

import conekta
import pytest
from conekta.exceptions import NotFoundException, UnauthorizedException

from conekta_mcp.sandbox.running import RunningSandbox, serve_sandbox

CARD = {"number": "4242424242424242", "name": "Ana Ruiz", "cvc": "123", "exp_month": "12", "exp_year": "34"}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with serve_sandbox() as running:
        yield running


def connected(sandbox: RunningSandbox, key: str) -> conekta.ApiClient:
    return conekta.ApiClient(conekta.Configuration(host=sandbox.url, access_token=key))


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[conekta.ApiClient]:
    with connected(sandbox, "key_vendor") as opened:
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


def link_request(client: conekta.ApiClient) -> conekta.Checkout:
    person = conekta.CustomerInfo(name="Ana Ruiz", email="ana@example.com", phone="+5215555555555")
    return conekta.Checkout(
        name="Anticipo",
        type="PaymentLink",
        recurrent=True,
        payments_limit_count=2,
        expires_at=send(client, "GET", "/_sandbox/clock")["now"] + 86_400,
        excluded_payment_methods=["bnpl", "pay_by_bank"],
        exclude_card_networks=["amex"],
        order_template=conekta.CheckoutOrderTemplate(
            currency="MXN",
            line_items=[conekta.Product(name="Anticipo", unit_price=50000, quantity=1)],
            customer_info=conekta.CheckoutOrderTemplateCustomerInfo(person),
        ),
    )


def test_a_link_is_made_sent_paid_and_cancelled(client: conekta.ApiClient) -> None:
    links: Any = conekta.PaymentLinkApi(client)
    made = links.create_checkout(link_request(client))
    assert (made.status, made.type, made.recurrent, made.payments_limit_count) == (
        "Issued",
        "PaymentLink",
        True,
        2,
    )
    assert made.allowed_payment_methods == ["card", "cash", "bank_transfer"]
    assert made.url == f"https://pay.example.com/link/{made.slug}"
    assert links.get_checkout(made.id) == made
    assert (
        links.email_checkout(made.id, conekta.EmailCheckoutRequest(email="ana@example.com")).emails_sent == 1
    )
    sent = links.sms_checkout(made.id, conekta.SmsCheckoutRequest(phonenumber="5512345678"))
    assert (sent.emails_sent, sent.sms_sent) == (1, 1)

    pay = f"/_sandbox/checkouts/{made.id}/payments"
    order = conekta.OrderResponse.from_dict(send(client, "POST", pay, {"method": "card"}))
    assert (order.payment_status, order.customer_info.email) == ("paid", "ana@example.com")
    assert order.channel.checkout_request_id == made.id
    assert conekta.OrdersApi(client).get_order_by_id(order.id) == order
    transfer = conekta.OrderResponse.from_dict(send(client, "POST", pay, {"method": "bank_transfer"}))
    waiting = transfer.charges.data[0].payment_method.actual_instance
    assert (transfer.payment_status, waiting.expires_at) == ("pending_payment", made.expires_at)
    assert links.get_checkout(made.id).paid_payments_count == 1

    page = links.get_checkouts(search="anticipo")
    assert ([row.id for row in page.data], page.has_more) == ([made.id], False)
    assert links.cancel_checkout(made.id).status == "Cancelled"
    with pytest.raises(conekta.ApiException) as refused:
        links.cancel_checkout(made.id)
    assert refused.value.status == 422


def test_a_token_pays_once(client: conekta.ApiClient) -> None:
    tokens: Any = conekta.TokensApi(client)
    token = tokens.create_token(conekta.TokenRequest(card=conekta.TokenRequestCard.from_dict(CARD)))
    assert (token.object, token.used, token.livemode) == ("token", False, False)
    form = conekta.TokenRequest(checkout=conekta.TokenRequestCheckout(returns_control_on="Token"))
    empty = tokens.create_token(form)
    assert (empty.checkout.status, empty.checkout.type) == ("Issued", "Integration")
    request = conekta.OrderRequest.from_dict(
        {
            "currency": "MXN",
            "customer_info": {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"},
            "line_items": [{"name": "Producto 1", "unit_price": 50000, "quantity": 1}],
            "charges": [{"payment_method": {"type": "card", "token_id": token.id}}],
        }
    )
    orders: Any = conekta.OrdersApi(client)
    assert orders.create_order(request).payment_status == "paid"
    with pytest.raises(conekta.ApiException) as refused:
        orders.create_order(request)
    error = conekta.Error.from_json(refused.value.body)
    assert (refused.value.status, error.type) == (402, "processing_error")
    assert error.details[0].code == "conekta.errors.processing.tokenization.used"


def test_the_months_of_a_card_are_told(client: conekta.ApiClient) -> None:
    asked = {"bin": "424242", "amount": 30_000}
    answer = send(client, "POST", "/monthly_installments/validate", asked)
    assert answer["available_installments"] == [{"months": 3, "amount": 10_000}]


def test_rules_of_both_lists_are_understood(client: conekta.ApiClient) -> None:
    api: Any = conekta.AntifraudApi(client)
    rule = conekta.CreateRuleWhitelistRequest.from_dict(
        {"field": "phone", "value": "5512345678", "description": "Prueba"}
    )
    white = api.create_rule_whitelist(create_rule_whitelist_request=rule)
    black = api.create_rule_blacklist(rule)
    assert (white.var_field, black.value) == ("phone", "5512345678")
    for listed, made in ((api.get_rule_whitelist(), white), (api.get_rule_blacklist(), black)):
        assert [(row.id, row.var_field, row.is_test) for row in listed.data] == [
            (made.id, "phone_number", True)
        ]
        assert listed.has_more is False
    assert api.delete_rule_whitelist(white.id).id == white.id
    assert api.delete_rule_blacklist(black.id).description == "Prueba"
    with pytest.raises(NotFoundException):
        api.delete_rule_blacklist(black.id)


def test_a_further_key_works_until_it_is_shut(sandbox: RunningSandbox, client: conekta.ApiClient) -> None:
    keys: Any = conekta.ApiKeysApi(client)
    made = keys.create_api_key(conekta.ApiKeyRequest(role="private", description="Tienda"))
    assert (made.prefix, made.active, made.role) == (made.authentication_token[:6], True, "private")
    with connected(sandbox, made.authentication_token) as other:
        same: Any = conekta.ApiKeysApi(other)
        assert same.get_api_keys().data[0].id == made.id
        assert same.get_api_key(made.id).last_used_at is not None
        off = keys.update_api_key(made.id, api_key_update_request=conekta.ApiKeyUpdateRequest(active=False))
        assert (off.active, off.deactivated_at is None) == (False, False)
        with pytest.raises(UnauthorizedException):
            same.get_api_keys()
        other.rest_client.pool_manager.clear()
    gone = keys.delete_api_key(made.id)
    assert (gone.id, gone.deleted) == (made.id, True)
    with pytest.raises(NotFoundException):
        keys.get_api_key(made.id)
