"""Tools of payment links: what leaves and what comes back."""

from typing import Any

import pytest

from tests.domains import bodies
from tests.domains.row import Row, each
from tests.tables import as_row

pytestmark = pytest.mark.anyio
ID = "b0bf16c4-18b9-445e-ba24-01604f329dbf"
PATH = f"/checkouts/{ID}"
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
TEMPLATE = {"line_items": LINES, "currency": "MXN"}
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
CHECKOUT: dict[str, Any] = {
    "allowed_payment_methods": ["card", "cash"],
    "can_not_expire": False,
    "emails_sent": 0,
    "exclude_card_networks": [],
    "expires_at": 1776340962,
    "failure_url": "",
    "force_3ds_flow": False,
    "id": ID,
    "livemode": False,
    "metadata": {},
    "monthly_installments_enabled": False,
    "monthly_installments_options": [],
    "name": "Anticipo",
    "needs_shipping_contact": False,
    "object": "checkout",
    "paid_payments_count": 0,
    "payments_limit_count": None,
    "recurrent": False,
    "slug": "b0bf16c418b9445eba2401604f329dbf",
    "sms_sent": 0,
    "starts_at": 1768543200,
    "status": "Issued",
    "success_url": "",
    "type": "PaymentLink",
    "url": "https://pay.example.com/link/b0bf16c418b9445eba2401604f329dbf",
}
ROW = {
    "id": ID,
    "name": "Anticipo",
    "status": "Issued",
    "type": "PaymentLink",
    "recurrent": False,
    "paid_payments_count": 0,
    "expires_at": 1776340962,
    "expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "expires_at_iso": "2026-04-16T06:02:42-06:00",
}
LINK = {
    **ROW,
    "url": "https://pay.example.com/link/b0bf16c418b9445eba2401604f329dbf",
    "starts_at": 1768543200,
    "emails_sent": 0,
    "sms_sent": 0,
    "allowed_payment_methods": ["card", "cash"],
    "needs_shipping_contact": False,
    "livemode": False,
    "status_text": "Se puede pagar",
    "sent_text": "Conekta no se lo ha mandado a nadie: pasa la url a quien paga",
}


def build_new_link(amount: int, text: str, currency: str = "MXN") -> dict[str, Any]:
    """What a creation answers: with what the link sells, which only its arguments tell."""
    return {**LINK, "amount": amount, "amount_text": text, "currency": currency, "line_items": LINES}


ROWS = [
    Row(
        tool="list_payment_links",
        given={"search": "Anticipo"},
        request="GET /checkouts?limit=20&search=Anticipo",
        conekta=bodies.listed(CHECKOUT),
        answer={"data": [as_row(ROW)], "has_more": False, "livemode": False},
    ),
    Row(
        tool="get_payment_link",
        given={"checkout_id": ID},
        request=f"GET {PATH}",
        conekta=CHECKOUT,
        answer=LINK,
    ),
    Row(
        tool="get_payment_link",
        about="paid as often as it may be",
        given={"checkout_id": ID},
        request=f"GET {PATH}",
        conekta={**CHECKOUT, "paid_payments_count": 1},
        answer={
            **LINK,
            "paid_payments_count": 1,
            "status_text": "Ya se pagó: no admite otro pago",
        },
    ),
    Row(
        tool="get_payment_link",
        about="whole",
        given={"checkout_id": ID, "detail": "full"},
        request=f"GET {PATH}",
        conekta=CHECKOUT,
        answer={"conekta": CHECKOUT},
    ),
    Row(
        tool="create_payment_link",
        given={"name": "Anticipo", "line_items": LINES, "expires_at": 1776340962},
        request="POST /checkouts",
        body={
            "type": "PaymentLink",
            "name": "Anticipo",
            "expires_at": 1776340962,
            "recurrent": False,
            "order_template": TEMPLATE,
        },
        conekta=CHECKOUT,
        answer=build_new_link(50000, "MXN 500.00"),
    ),
    Row(
        tool="create_payment_link",
        about="with everything",
        given={
            "name": "Anticipo",
            "line_items": LINES,
            "expires_at": 1776340962,
            "recurrent": True,
            "payments_limit_count": 5,
            "currency": "USD",
            "customer": PERSON,
            "metadata": {"folio": 7},
            "tax_lines": [{"amount": 8000, "description": "IVA"}],
            "discount_lines": [{"amount": 100, "code": "HOLA", "type": "coupon"}],
            "excluded_payment_methods": ["bnpl"],
            "exclude_card_networks": ["amex"],
            "monthly_installments_options": [3, 6],
            "needs_shipping_contact": True,
            "on_demand_enabled": False,
            "success_url": "https://shop.example.com/ok",
            "redirection_time": 5,
            "three_ds_mode": "smart",
        },
        request="POST /checkouts",
        body={
            "type": "PaymentLink",
            "name": "Anticipo",
            "expires_at": 1776340962,
            "recurrent": True,
            "payments_limit_count": 5,
            "excluded_payment_methods": ["bnpl"],
            "exclude_card_networks": ["amex"],
            "monthly_installments_enabled": True,
            "monthly_installments_options": [3, 6],
            "needs_shipping_contact": True,
            "on_demand_enabled": False,
            "success_url": "https://shop.example.com/ok",
            "redirection_time": 5,
            "three_ds_mode": "smart",
            "order_template": {
                "line_items": LINES,
                "currency": "USD",
                "metadata": {"folio": 7},
                "tax_lines": [{"amount": 8000, "description": "IVA"}],
                "discount_lines": [{"amount": 100, "code": "HOLA", "type": "coupon"}],
                "customer_info": PERSON,
            },
        },
        conekta={
            **CHECKOUT,
            "recurrent": True,
            "payments_limit_count": 5,
            "excluded_payment_methods": ["bnpl"],
            "monthly_installments_options": [3, 6],
            "metadata": {"folio": 7},
        },
        answer={
            **build_new_link(57900, "USD 579.00", "USD"),
            "recurrent": True,
            "payments_limit_count": 5,
            "excluded_payment_methods": ["bnpl"],
            "monthly_installments_options": [3, 6],
            "metadata": {"folio": 7},
        },
    ),
    Row(
        tool="create_payment_link",
        about="of plans for a customer",
        given={
            "name": "Plan oro",
            "line_items": LINES,
            "expires_at": 1776340962,
            "customer_id": "cus_1",
            "plan_ids": ["gold-plan"],
            "allowed_payment_methods": ["card"],
        },
        request="POST /checkouts",
        body={
            "type": "PaymentLink",
            "name": "Plan oro",
            "expires_at": 1776340962,
            "recurrent": False,
            "plan_ids": ["gold-plan"],
            "allowed_payment_methods": ["card"],
            "order_template": {**TEMPLATE, "customer_info": {"customer_id": "cus_1"}},
        },
        conekta={**CHECKOUT, "plan_ids": ["gold-plan"], "expires_at": None, "emails_sent": "many"},
        answer={
            key: value
            for key, value in {**build_new_link(50000, "MXN 500.00"), "plan_ids": ["gold-plan"]}.items()
            if key not in {"expires_at", "expires_at_text", "expires_at_iso", "emails_sent", "sent_text"}
        },
    ),
    Row(
        tool="cancel_payment_link",
        given={"checkout_id": ID},
        request=f"PUT {PATH}/cancel",
        conekta={**CHECKOUT, "status": "Cancelled"},
        answer={
            **LINK,
            "status": "Cancelled",
            "status_text": "Ya no se puede pagar",
            "sent_text": "Conekta no se lo ha mandado a nadie",
        },
    ),
    Row(
        tool="email_payment_link",
        given={"checkout_id": ID, "email": "ana@example.com"},
        request=f"POST {PATH}/email",
        body={"email": "ana@example.com"},
        conekta={**CHECKOUT, "emails_sent": 1},
        answer={**LINK, "emails_sent": 1, "sent_text": "Conekta lo mandó: correos 1, SMS 0"},
    ),
    Row(
        tool="sms_payment_link",
        given={"checkout_id": ID, "phone": "+525555555555"},
        request=f"POST {PATH}/sms",
        body={"phonenumber": "+525555555555"},
        conekta={**CHECKOUT, "sms_sent": 1},
        answer={**LINK, "sms_sent": 1, "sent_text": "Conekta lo mandó: correos 0, SMS 1"},
    ),
]
LEAST = {"name": "Anticipo", "line_items": LINES, "expires_at": 1776340962}
ALLOWED = "allowed_payment_methods"
MONTHS = "monthly_installments_options"
REFUSED = [
    ("create_payment_link", {**LEAST, "line_items": []}, "line_items.too_short"),
    ("create_payment_link", {**LEAST, "line_items": [{"name": "Uno"}]}, "line_items.unit_price.missing"),
    ("create_payment_link", {**LEAST, "expires_at": 1776340962000}, "expires_at.invalid"),
    ("create_payment_link", {**LEAST, "recurrent": "no"}, "recurrent.invalid_datatype"),
    ("create_payment_link", {**LEAST, "payments_limit_count": 5}, "invalid"),
    ("create_payment_link", {**LEAST, ALLOWED: ["card"], "excluded_payment_methods": ["cash"]}, "invalid"),
    ("create_payment_link", {**LEAST, ALLOWED: ["spei"]}, f"{ALLOWED}.invalid"),
    ("create_payment_link", {**LEAST, MONTHS: [5]}, f"{MONTHS}.invalid"),
    ("create_payment_link", {**LEAST, "plan_ids": ["oro"], "allowed_payment_methods": ["cash"]}, "invalid"),
    ("create_payment_link", {**LEAST, "customer_id": "cus_1", "customer": PERSON}, "invalid"),
    ("create_payment_link", {**LEAST, "customer": {"name": "Ana Ruiz"}}, "customer.email.missing"),
    ("create_payment_link", {**LEAST, "success_url": "http://shop.example.com"}, "success_url.invalid"),
    ("create_payment_link", {**LEAST, "redirection_time": 0}, "redirection_time.invalid"),
    ("get_payment_link", {"checkout_id": "../orders"}, "checkout_id.invalid"),
    ("email_payment_link", {"checkout_id": ID, "email": "ana"}, "email.invalid"),
    ("sms_payment_link", {"checkout_id": ID, "phone": "call me"}, "phone.invalid"),
]  # fmt: skip


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize(("tool", "given", "code"), REFUSED)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    first = error.get("details", [error])[0]["code"]
    assert first == f"conekta_mcp.errors.parameter_validation.{code}"
    assert sent == []


async def test_a_wrong_address_is_told_in_spanish(client_for: Any) -> None:
    given = {**LEAST, "success_url": "http://shop.example.com"}
    async with client_for(AssertionError("sent")) as (client, _):
        result = await client.call_tool("create_payment_link", given)
    error = result.structured_content["error"]
    assert error["message"] == "success_url: se esperaba una dirección que empiece con https://."
    assert error["debug_message"] == "success_url: expected an address that begins with https://."


async def test_the_address_comes_first_and_is_not_in_lists(client_for: Any) -> None:
    (listing, reading) = ROWS[:2]
    async with client_for(reading.router.async_handler) as (client, _):
        result = await client.call_tool(reading.tool, reading.given)
    assert list(result.structured_content)[:3] == ["url", "status", "id"]
    async with client_for(listing.router.async_handler) as (client, _):
        result = await client.call_tool(listing.tool, listing.given)
    assert "pay.example.com" not in result.content[0].text
