"""Tools that read and cancel orders, and the sandbox's payer."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
PAID_CARD = bodies.order(bodies.CARD, payment_status="paid")
WITH_3DS = bodies.order(
    None,
    next_action={
        "type": "redirect_to_url",
        "redirect_to_url": {"url": "https://3ds.example.com/1", "return_url": "https://shop.example.com"},
    },
)
DECLINED = bodies.order(bodies.CARD)
DECLINED["charges"]["data"][0] |= {
    "status": "declined",
    "failure_code": "insufficient_funds",
    "failure_message": "Esta tarjeta no tiene suficientes fondos para completar la compra.",
    "monthly_installments": 3,
}
SEARCH = {
    "search": "ana@example.com",
    "payment_status": "pending_payment",
    "amount": 50000,
    "created_at_gte": 1768500000,
    "created_at_lte": 1768600000,
    "updated_at_gte": 1768500001,
    "updated_at_lte": 1768600001,
}
LISTED_SPEI = {
    "id": "ord_1",
    "payment_status": "pending_payment",
    "amount": 50000,
    "currency": "MXN",
    "amount_text": "MXN 500.00",
    "method": "spei",
    "clabe": "646180111802000138",
    "expires_at": 1776340962,
    "expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "customer_id": "cus_1",
    "customer_name": "Ana Ruiz",
    "created_at": 1768564962,
}
CANCELLED_TEXT = (
    "Cancelada sin pago: no se cobró nada ni se devuelve nada; ya no hay que pagarla, tampoco en su CLABE"
)
ROWS = [
    Row(
        tool="list_orders",
        given={},
        request="GET /orders?limit=20",
        conekta=bodies.listed(bodies.order(bodies.SPEI), bodies.order(None)),
        answer={
            "data": [
                LISTED_SPEI,
                {
                    "id": "ord_1",
                    "amount": 50000,
                    "currency": "MXN",
                    "amount_text": "MXN 500.00",
                    "customer_id": "cus_1",
                    "customer_name": "Ana Ruiz",
                    "created_at": 1768564962,
                },
            ],
            "has_more": False,
            "livemode": False,
        },
    ),
    Row(
        tool="list_orders",
        about="with the dots of its filters",
        given=SEARCH,
        request=(
            "GET /orders?limit=20&search=ana%40example.com&payment_status=pending_payment&amount=50000"
            "&created_at.gte=1768500000&created_at.lte=1768600000"
            "&updated_at.gte=1768500001&updated_at.lte=1768600001"
        ),
        conekta=bodies.listed(),
        answer={"data": [], "has_more": False},
    ),
    Row(
        tool="get_order",
        given={"order_id": "ord_1"},
        request="GET /orders/ord_1",
        conekta=bodies.order(bodies.CASH),
        answer=answers.CASH_ORDER,
    ),
    Row(
        tool="get_order",
        about="whole",
        given={"order_id": "ord_1", "detail": "full"},
        request="GET /orders/ord_1",
        conekta=bodies.order(bodies.SPEI),
        answer={"conekta": bodies.order(bodies.SPEI)},
    ),
    Row(
        tool="get_order",
        about="that waits for 3DS",
        given={"order_id": "ord_1"},
        request="GET /orders/ord_1",
        conekta=WITH_3DS,
        answer={**answers.BARE_ORDER, "redirect_url": "https://3ds.example.com/1"},
    ),
    Row(
        tool="get_order",
        about="whose card was declined",
        given={"order_id": "ord_1"},
        request="GET /orders/ord_1",
        conekta=DECLINED,
        answer={
            **answers.CARD_ORDER,
            "payment_status": "pending_payment",
            "charges": [
                {
                    # Conekta shows a fee of a charge that it did not make; none is taken.
                    **{
                        name: value
                        for name, value in answers.CARD_ORDER["charges"][0].items()
                        if name != "fee_if_paid"
                    },
                    "status": "declined",
                    "status_text": "Rechazado: no se cobró nada",
                    "failure_code": "insufficient_funds",
                    "failure_message": "Esta tarjeta no tiene suficientes fondos para completar la compra.",
                    "monthly_installments": 3,
                }
            ],
        },
    ),
    Row(
        tool="cancel_order",
        given={"order_id": "ord_1"},
        request="POST /orders/ord_1/cancel",
        conekta=bodies.order(None, payment_status="canceled"),
        answer={
            **answers.BARE_ORDER,
            "payment_status": "canceled",
            "status_text": CANCELLED_TEXT,
        },
    ),
    Row(
        tool="get_order",
        about="that was cancelled: no time until when it could be paid",
        given={"order_id": "ord_1"},
        request="GET /orders/ord_1",
        conekta=bodies.order(bodies.SPEI, payment_status="canceled"),
        answer={
            name: value
            for name, value in answers.SPEI_ORDER.items()
            if name not in {"expires_at", "expires_at_text", "expires_at_iso"}
        }
        | {
            "payment_status": "canceled",
            "status_text": CANCELLED_TEXT,
        },
    ),
    Row(
        tool="list_orders",
        about="that all stand alike: with their sum",
        given={"payment_status": "pending_payment"},
        request="GET /orders?limit=20&payment_status=pending_payment",
        conekta=bodies.listed(bodies.order(bodies.SPEI), bodies.order(bodies.SPEI)),
        answer={
            "data": [LISTED_SPEI] * 2,
            "has_more": False,
            "sum_text": "MXN 1,000.00 en 2 órdenes",
            "livemode": False,
        },
    ),
    Row(
        tool="simulate_payment",
        given={"reference": "646180111802000138", "amount": 50000},
        request="POST /_sandbox/payments",
        body={"reference": "646180111802000138", "amount": 50000},
        conekta={
            "status": "applied",
            "order_id": "ord_1",
            "reference": "646180111802000138",
            "amount": 50000,
            "ambiguous": True,
            "candidates": ["ord_1", "ord_2"],
        },
        answer={
            "status": "applied",
            "order_id": "ord_1",
            "reference": "646180111802000138",
            "amount": 50000,
            "amount_text": "MXN 500.00",
            "ambiguous": True,
            "candidates": ["ord_1", "ord_2"],
            "livemode": False,
        },
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)
