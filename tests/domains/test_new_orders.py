"""Tools that create orders: by SPEI, by cash, on the customer's CLABE, by card."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
FULL_LINE = {**LINES[0], "description": "Doce meses", "sku": "P1", "brand": "Ejemplo"}
ANA = {"customer_id": "cus_1"}
STRANGER = {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"}
EXTRAS: dict[str, Any] = {
    "metadata": {"invoice": "F-1"},
    "tax_lines": [{"amount": 8000, "description": "IVA"}],
    "discount_lines": [{"amount": 100, "code": "AMIGO", "type": "coupon"}],
    "shipping_lines": [{"amount": 0, "carrier": "Correos", "method": "Aereo", "tracking_number": "T-1"}],
    "shipping_contact": {
        "receiver": "Eva Luna",
        "address": {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"},
    },
}


def body(charge: dict[str, Any] | None, payer: dict[str, str] = ANA, **more: Any) -> dict[str, Any]:
    charges = {"charges": [{"payment_method": charge}]} if charge else {}
    return {"line_items": LINES, "currency": "MXN", "customer_info": payer, **charges, **more}


def creating(tool: str, about: str, given: dict[str, Any], sent: dict[str, Any], **more: Any) -> Row:
    spei = {"conekta": bodies.order(bodies.SPEI), "answer": answers.SPEI_ORDER}
    arguments = {"line_items": LINES, **given}
    facts = {**spei, **more}
    if tool != "create_card_order" and given.get("payment_method") != "none" and "expires_at" not in given:
        facts["answer"] = {
            **facts["answer"],
            "defaults_text": "El vencimiento no se pidió: es el de Conekta",
        }
    return Row(tool=tool, about=about, given=arguments, request="POST /orders", body=sent, **facts)


CASH: dict[str, Any] = {"conekta": bodies.order(bodies.CASH), "answer": answers.CASH_ORDER}
CARD: dict[str, Any] = {
    "conekta": bodies.order(bodies.CARD, payment_status="paid"),
    "answer": answers.CARD_ORDER,
}
BARE: dict[str, Any] = {"conekta": bodies.order(None), "answer": answers.BARE_ORDER}
ROWS = [
    creating("create_order", "SPEI by default", ANA, body({"type": "spei"})),
    creating(
        "create_order",
        "SPEI until a moment",
        {**ANA, "payment_method": "spei", "expires_at": 1776340962},
        body({"type": "spei", "expires_at": 1776340962}),
    ),
    creating(
        "create_order",
        "cash",
        {**ANA, "payment_method": "cash", "expires_at": 1771200000},
        body({"type": "cash", "expires_at": 1771200000}),
        **CASH,
    ),
    creating("create_order", "no charge", {**ANA, "payment_method": "none"}, body(None), **BARE),
    creating(
        "create_order",
        "on the customer's CLABE",
        {**ANA, "reuse_customer_clabe": True},
        body({"type": "spei"}, reuse_customer_clabe=True),
    ),
    creating(
        "create_order",
        "on a fresh CLABE",
        {**ANA, "reuse_customer_clabe": False},
        body({"type": "spei"}, reuse_customer_clabe=False),
    ),
    creating(
        "create_order",
        "reuse without a customer, for Conekta to refuse",
        {**STRANGER, "reuse_customer_clabe": True},
        body({"type": "spei"}, STRANGER, reuse_customer_clabe=True),
    ),
    creating(
        "create_order",
        "on the customer's cash reference",
        {**ANA, "payment_method": "cash", "reuse_customer_cash_reference": True},
        body({"type": "cash"}, reuse_customer_cash_reference=True),
        **CASH,
    ),
    creating(
        "create_order",
        "on a fresh cash reference",
        {**ANA, "payment_method": "cash", "reuse_customer_cash_reference": False},
        body({"type": "cash"}, reuse_customer_cash_reference=False),
        **CASH,
    ),
    creating(
        "create_order",
        "reuse of cash without a customer, for Conekta to refuse",
        {**STRANGER, "payment_method": "cash", "reuse_customer_cash_reference": True},
        body({"type": "cash"}, STRANGER, reuse_customer_cash_reference=True),
        **CASH,
    ),
    creating("create_order", "a person not on file", STRANGER, body({"type": "spei"}, STRANGER)),
    creating(
        "create_order",
        "every kind of line, in dollars",
        {**ANA, **EXTRAS, "line_items": [FULL_LINE], "currency": "USD"},
        {**body({"type": "spei"}), **EXTRAS, "line_items": [FULL_LINE], "currency": "USD"},
    ),
    creating(
        "create_order_reusing_clabe",
        "plain",
        ANA,
        body({"type": "spei"}, reuse_customer_clabe=True),
    ),
    creating(
        "create_order_reusing_clabe",
        "until a moment, with metadata",
        {**ANA, "expires_at": 1776340962, "metadata": {"invoice": "F-1"}},
        body(
            {"type": "spei", "expires_at": 1776340962},
            metadata={"invoice": "F-1"},
            reuse_customer_clabe=True,
        ),
    ),
    creating(
        "create_card_order",
        "a token of a person not on file",
        {**STRANGER, "token_id": "tok_1"},
        body({"type": "card", "token_id": "tok_1"}, STRANGER),
        **CARD,
    ),
    creating(
        "create_card_order",
        "a stored card in instalments",
        {**ANA, "payment_source_id": "src_1", "monthly_installments": 12},
        body({"type": "card", "payment_source_id": "src_1", "monthly_installments": 12}),
        **CARD,
    ),
    creating(
        "create_card_order",
        "held, not taken",
        {**ANA, "token_id": "tok_1", "pre_authorize": True},
        body({"type": "card", "token_id": "tok_1"}, pre_authorize=True),
        **CARD,
    ),
    creating(
        "create_card_order",
        "with 3DS",
        {
            **ANA,
            "token_id": "tok_1",
            "three_ds_mode": "strict",
            "return_url": "https://shop.example.com/back?order=1",
        },
        body(
            {"type": "card", "token_id": "tok_1"},
            three_ds_mode="strict",
            return_url="https://shop.example.com/back?order=1",
        ),
        **CARD,
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)
