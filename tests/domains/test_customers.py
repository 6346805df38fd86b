"""Tools of customers: what leaves and what comes back."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
PAGE = {
    **bodies.listed(bodies.CUSTOMER_ROW),
    "has_more": True,
    "next_page_url": "https://api.conekta.io/customers?limit=1&next=cus_1",
    "previous_page_url": "https://api.conekta.io/customers?limit=1&previous=cus_1",
}
EVERYTHING: dict[str, Any] = {
    **PERSON,
    "corporate": False,
    "custom_reference": "A-17",
    "date_of_birth": "31/12/1990",
    "national_id": "RUAA901231MDFXXX09",
    "metadata": {"plan": "oro", "seats": 3, "rate": 0.5, "vip": True},
    "payment_sources": [
        {"type": "spei_recurrent", "expires_at": 1776340962},
        {"type": "card", "token_id": "tok_1"},
    ],
    "shipping_contacts": [
        {
            "receiver": "Eva Luna",
            "address": {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"},
        }
    ],
    "fiscal_entities": [
        {
            "tax_id": "XAXX010101000",
            "address": {"street1": "Calle Dos 2", "postal_code": "06100", "city": "Ciudad de Mexico"},
        }
    ],
}
ROWS = [
    Row(
        tool="list_customers",
        given={},
        request="GET /customers?limit=20",
        conekta=PAGE,
        answer={
            "data": [{name: value for name, value in answers.CUSTOMER_ROW.items() if name != "created_at"}],
            "has_more": True,
            "next": "cus_1",
            "previous": "cus_1",
            "livemode": False,
        },
    ),
    Row(
        tool="list_customers",
        about="searching on",
        given={"search": "Ana & Co+ñ@example.com", "limit": 250, "next": "cus_9", "previous": "cus_8"},
        request=(
            "GET /customers?limit=250&next=cus_9&previous=cus_8&search=Ana+%26+Co%2B%C3%B1%40example.com"
        ),
        conekta={"object": "list", "has_more": False, "data": []},
        answer={"data": [], "has_more": False},
    ),
    Row(
        tool="get_customer",
        given={"customer_id": "cus_1"},
        request="GET /customers/cus_1",
        conekta=bodies.CUSTOMER,
        answer=answers.CUSTOMER,
    ),
    Row(
        tool="get_customer",
        about="whole",
        given={"customer_id": "cus_1", "detail": "full"},
        request="GET /customers/cus_1",
        conekta=bodies.CUSTOMER,
        answer={"conekta": bodies.CUSTOMER},
    ),
    Row(
        tool="create_customer",
        given=PERSON,
        request="POST /customers",
        body=PERSON,
        conekta=bodies.CUSTOMER_ROW,
        answer={**answers.CUSTOMER_ROW, "corporate": False, "livemode": False},
    ),
    Row(
        tool="create_customer",
        about="with everything",
        given=EVERYTHING,
        request="POST /customers",
        body=EVERYTHING,
        conekta=bodies.CUSTOMER,
        answer=answers.CUSTOMER,
    ),
    Row(
        tool="update_customer",
        given={"customer_id": "cus_1", "default_payment_source_id": "off_ref_1", "corporate": False},
        request="PUT /customers/cus_1",
        body={"default_payment_source_id": "off_ref_1", "corporate": False},
        conekta=bodies.CUSTOMER,
        answer=answers.CUSTOMER,
    ),
    Row(
        tool="delete_customer",
        given={"customer_id": "cus_1"},
        request="DELETE /customers/cus_1",
        conekta={**bodies.CUSTOMER_ROW, "deleted": True},
        answer={
            **answers.CUSTOMER_ROW,
            "corporate": False,
            "deleted": True,
            "livemode": False,
            "deletion": (
                "Borrado para siempre. Sus órdenes quedan: cancela las que no se deban pagar "
                "(list_orders por su correo)."
            ),
        },
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)
