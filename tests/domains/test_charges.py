"""Tools of charges and refunds: what leaves and what comes back."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each
from tests.tables import as_row

pytestmark = pytest.mark.anyio
CHARGE_ID = "6a0000000000000000000001"
REFUND_ID = "6a0000000000000000000002"
ORDER = {"order_id": "ord_1"}
CARD_CHARGE = bodies.order(bodies.CARD)["charges"]["data"][0] | {"status": "paid", "paid_at": 1768565000}
SPEI_CHARGE = bodies.order(bodies.SPEI)["charges"]["data"][0]
CASH_CHARGE = bodies.order(bodies.CASH)["charges"]["data"][0]
BARE = {**answers.CHARGE, "order_id": "ord_1", "created_at": bodies.NOW}
PAID = {"fee": 1450}
"""The fee is taken only of what is paid."""
CARD = {
    **{name: value for name, value in BARE.items() if name != "fee_if_paid"},
    **PAID,
    "status": "paid",
    "method": "card",
    "card_brand": "visa",
    "card_last4": "4242",
    "auth_code": "123456",
    "paid_at": 1768565000,
    "paid_at_text": "16 ene 2026, 06:03 (Ciudad de México)",
}
SPEI = {
    **BARE,
    "method": "spei",
    "clabe": "646180111802000138",
    "bank": "STP",
    "expires_at": 1776340962,
    "expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "expires_at_iso": "2026-04-16T06:02:42-06:00",
}
CASH = {
    **BARE,
    "method": "cash",
    "reference": "93000262276908",
    "barcode_url": "https://barcodes.example.com/93000262276908.png",
    "expires_at": 1771200000,
    "expires_at_text": "15 feb 2026, 18:00 (Ciudad de México)",
    "expires_at_iso": "2026-02-15T18:00:00-06:00",
}
REFUND = {
    "object": "refund",
    "id": REFUND_ID,
    "amount": -20000,
    "created_at": 1768566000,
    "status": "pending",
    "expires_at": 1768738800,
}
REFUNDED = bodies.order(
    bodies.CARD, payment_status="partially_refunded", amount_refunded=20000, is_refundable=True
)
REFUNDED["charges"]["data"][0] |= {"status": "partially_refunded", "refunds": bodies.listed(REFUND)}
REFUNDED_ORDER = {
    **answers.CARD_ORDER,
    "payment_status": "partially_refunded",
    "amount_refunded": 20000,
    "is_refundable": True,
    "refundable": 30000,
    "status_text": (
        "Devuelto o pedido de vuelta: MXN 200.00 de MXN 500.00; se pueden devolver MXN 300.00 más"
    ),
    "charges": [
        {
            **{
                name: value
                for name, value in answers.CARD_ORDER["charges"][0].items()
                if name != "fee_if_paid"
            },
            **PAID,
            "status": "partially_refunded",
            "refunds": [
                {
                    "id": REFUND_ID,
                    "amount": -20000,
                    "amount_text": "MXN 200.00",
                    "status": "pending",
                    "status_text": (
                        "Falta que la persona recoja el efectivo, hasta el 18 ene 2026, 06:20 "
                        "(Ciudad de México); antes se puede cancelar"
                    ),
                    "created_at": 1768566000,
                    "expires_at": 1768738800,
                    "expires_at_text": "18 ene 2026, 06:20 (Ciudad de México)",
                    "expires_at_iso": "2026-01-18T06:20:00-06:00",
                }
            ],
        }
    ],
}
ROWS = [
    Row(
        tool="list_charges",
        given={"limit": 2, "search": "ord_1", "next": CHARGE_ID},
        request=f"GET /charges?limit=2&next={CHARGE_ID}&search=ord_1",
        conekta={
            "object": "list",
            "has_more": True,
            "next_page_url": f"https://api.conekta.io/charges?limit=2&next={CHARGE_ID}",
            "previous_page_url": None,
            "data": [CARD_CHARGE, {**SPEI_CHARGE, "refunds": None, "amount": None}],
        },
        answer={
            "data": [
                {**CARD, "livemode": False},
                as_row({name: SPEI[name] for name in SPEI if name not in ("amount", "amount_text")})
                | {"livemode": False},
            ],
            "has_more": True,
            "next": CHARGE_ID,
            "livemode": False,
        },
    ),
    Row(
        tool="update_charge",
        given={"charge_id": CHARGE_ID, "reference_id": "pedido-7"},
        request=f"PUT /charges/{CHARGE_ID}",
        body={"reference_id": "pedido-7"},
        conekta={**CARD_CHARGE, "reference_id": "pedido-7"},
        answer={**CARD, "reference_id": "pedido-7", "livemode": False},
    ),
    Row(
        tool="create_charge",
        given={**ORDER, "payment_method": "spei", "expires_at": 1776340962},
        request="POST /orders/ord_1/charges",
        body={"payment_method": {"type": "spei", "expires_at": 1776340962}},
        conekta=SPEI_CHARGE,
        answer={**SPEI, "livemode": False},
    ),
    Row(
        tool="create_charge",
        about="on a stored card in instalments",
        given={
            **ORDER,
            "payment_method": "card",
            "payment_source_id": "src_1",
            "monthly_installments": 6,
            "amount": 50000,
            "reference_id": "pedido-7",
        },
        request="POST /orders/ord_1/charges",
        body={
            "amount": 50000,
            "reference_id": "pedido-7",
            "payment_method": {"type": "card", "payment_source_id": "src_1", "monthly_installments": 6},
        },
        conekta={**CARD_CHARGE, "monthly_installments": 6, "refunds": []},
        answer={**CARD, "monthly_installments": 6, "livemode": False},
    ),
    Row(
        tool="create_charge",
        about="with a token",
        given={**ORDER, "payment_method": "card", "token_id": "tok_test_visa_4242"},
        request="POST /orders/ord_1/charges",
        body={"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}},
        conekta=CARD_CHARGE,
        answer={**CARD, "livemode": False},
    ),
    Row(
        tool="create_charges",
        given={**ORDER, "payment_method": "cash"},
        request="POST /orders/ord_1/add_charges",
        body={"payment_method": {"type": "cash"}},
        conekta=bodies.listed(CASH_CHARGE, {**CASH_CHARGE, "id": "6a0000000000000000000009"}),
        answer={
            "data": [
                as_row({**CASH, "livemode": False}),
                as_row({**CASH, "id": "6a0000000000000000000009", "livemode": False}),
            ],
            "has_more": False,
            "livemode": False,
        },
    ),
    Row(
        tool="create_charges",
        about="answered with a row that is no charge",
        given={**ORDER, "payment_method": "cash"},
        request="POST /orders/ord_1/add_charges",
        body={"payment_method": {"type": "cash"}},
        conekta={"object": "list", "data": [CASH_CHARGE, None]},
        answer={"data": [as_row({**CASH, "livemode": False})], "livemode": False},
    ),
    Row(
        tool="capture_order",
        given=ORDER,
        request="POST /orders/ord_1/capture",
        conekta=bodies.order(bodies.CARD, payment_status="paid"),
        answer=answers.CARD_ORDER,
    ),
    Row(
        tool="capture_order",
        about="in part",
        given={**ORDER, "amount": 30000},
        request="POST /orders/ord_1/capture",
        body={"amount": 30000},
        conekta=bodies.order(bodies.CARD, payment_status="paid"),
        answer=answers.CARD_ORDER,
    ),
    Row(
        tool="void_order",
        given=ORDER,
        request="POST /orders/ord_1/void",
        conekta=bodies.order(bodies.CARD, payment_status="voided"),
        answer={
            **answers.CARD_ORDER,
            "payment_status": "voided",
            "status_text": "Se soltó lo apartado: no se cobró nada",
        },
    ),
    Row(
        tool="refund_order",
        given={**ORDER, "amount": 20000, "reason": "requested_by_client", "expires_at": 1768738800},
        request="POST /orders/ord_1/refunds",
        body={"amount": 20000, "reason": "requested_by_client", "expires_at": 1768738800},
        conekta=REFUNDED,
        answer=REFUNDED_ORDER,
    ),
    Row(
        tool="cancel_refund",
        given={**ORDER, "refund_id": REFUND_ID},
        request=f"DELETE /orders/ord_1/refunds/{REFUND_ID}",
        conekta=bodies.order(bodies.CARD, payment_status="paid"),
        answer=answers.CARD_ORDER,
    ),
]
SPEI_ASKED = {**ORDER, "payment_method": "spei"}
CARD_ASKED = {**ORDER, "payment_method": "card", "token_id": "tok_1"}
BOTH = {**CARD_ASKED, "payment_source_id": "src_1"}
REFUND_ASKED = {**ORDER, "amount": 1, "reason": "other"}
REFUSED = [
    ("update_charge", {"charge_id": "ord_1", "reference_id": "x"}, "charge_id.invalid"),
    ("update_charge", {"charge_id": CHARGE_ID}, "reference_id.missing"),
    ("update_charge", {"charge_id": CHARGE_ID, "reference_id": "x", "amount": 1}, "amount.unknown_argument"),
    ("create_charge", ORDER, "payment_method.missing"),
    ("create_charge", {**ORDER, "payment_method": "bnpl"}, "payment_method.invalid"),
    ("create_charge", {**ORDER, "payment_method": "card"}, "missing"),
    ("create_charge", {**SPEI_ASKED, "token_id": "tok_1"}, "invalid"),
    ("create_charge", {**SPEI_ASKED, "monthly_installments": 3}, "invalid"),
    ("create_charge", {**SPEI_ASKED, "amount": 0}, "amount.invalid"),
    ("create_charge", {**SPEI_ASKED, "amount": "500.00"}, "amount.invalid_datatype"),
    ("create_charge", {**SPEI_ASKED, "expires_at": 1776340962000}, "expires_at.invalid"),
    ("create_charge", {**SPEI_ASKED, "pre_authorize": True}, "pre_authorize.unknown_argument"),
    ("create_charge", BOTH, "invalid"),
    ("create_charge", {**CARD_ASKED, "expires_at": 1776340962}, "invalid"),
    ("create_charge", {**CARD_ASKED, "monthly_installments": 5}, "monthly_installments.invalid"),
    ("create_charge", {**CARD_ASKED, "cvc": "123"}, "cvc.unknown_argument"),
    ("create_charge", {**CARD_ASKED, "token_id": "4242424242424242"}, "card_number.not_allowed"),
    ("create_charges", BOTH, "invalid"),
    ("capture_order", {**ORDER, "amount": 0}, "amount.invalid"),
    ("capture_order", {**ORDER, "amount": 500.5}, "amount.invalid_datatype"),
    ("void_order", {**ORDER, "amount": 1}, "amount.unknown_argument"),
    ("refund_order", {**ORDER, "reason": "other"}, "amount.missing"),
    ("refund_order", {**ORDER, "amount": 100}, "reason.missing"),
    ("refund_order", {**REFUND_ASKED, "amount": -1}, "amount.invalid"),
    ("refund_order", {**REFUND_ASKED, "amount": True}, "amount.invalid_datatype"),
    ("refund_order", {**REFUND_ASKED, "reason": ""}, "reason.missing"),
    ("refund_order", {**REFUND_ASKED, "reason": "cliente se arrepintió"}, "reason.invalid"),
    ("refund_order", {**REFUND_ASKED, "charge_id": CHARGE_ID}, "charge_id.unknown_argument"),
    ("cancel_refund", {**ORDER, "refund_id": "../cancel"}, "refund_id.invalid"),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize(("tool", "given", "code"), REFUSED)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    assert result.structured_content["error"]["code"] == f"conekta_mcp.errors.parameter_validation.{code}"
    assert sent == []


async def test_what_a_payer_needs_comes_first_in_a_charge(client_for: Any) -> None:
    (row,) = [row for row in ROWS if row.tool == "create_charge" and row.about == "plain"]
    async with client_for(row.router.async_handler) as (client, _):
        result = await client.call_tool(row.tool, row.given)
    assert list(result.structured_content)[:5] == [
        "clabe",
        "bank",
        "expires_at",
        "expires_at_text",
        "expires_at_iso",
    ]
