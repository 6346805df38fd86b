"""Tools of payment sources: each adds a source of one fixed type."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each
from tests.tables import as_row

pytestmark = pytest.mark.anyio
SOURCES = "/customers/cus_1/payment_sources"
OF_ANA = {"customer_id": "cus_1"}
ROWS = [
    Row(
        tool="list_payment_sources",
        given={**OF_ANA, "limit": 2, "previous": "src_1"},
        request=f"GET {SOURCES}?limit=2&previous=src_1",
        conekta={
            **bodies.listed(bodies.CARD_SOURCE, bodies.SPEI_SOURCE, bodies.CASH_SOURCE),
            "next_page_url": f"https://api.conekta.io{SOURCES}?limit=2&next=off_ref_2",
            "previous_page_url": "",
        },
        answer={
            "data": [answers.CARD_SOURCE, answers.SPEI_SOURCE, as_row(answers.CASH_SOURCE)],
            "has_more": False,
            "next": "off_ref_2",
        },
    ),
    Row(
        tool="add_card_source",
        given={**OF_ANA, "token_id": "tok_test_visa_4242"},
        request=f"POST {SOURCES}",
        body={"type": "card", "token_id": "tok_test_visa_4242"},
        conekta=bodies.CARD_SOURCE,
        answer=answers.CARD_SOURCE,
    ),
    Row(
        tool="add_spei_recurrent_source",
        given=OF_ANA,
        request=f"POST {SOURCES}",
        body={"type": "spei_recurrent"},
        conekta=bodies.SPEI_SOURCE,
        answer=answers.SPEI_SOURCE,
    ),
    Row(
        tool="add_spei_recurrent_source",
        about="that expires",
        given={**OF_ANA, "expires_at": 1776340962},
        request=f"POST {SOURCES}",
        body={"type": "spei_recurrent", "expires_at": 1776340962},
        conekta={**bodies.SPEI_SOURCE, "expires_at": 1776340962},
        answer={
            **{key: value for key, value in answers.SPEI_SOURCE.items() if key != "never_expires"},
            "expires_at": 1776340962,
            "expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
            "expires_at_iso": "2026-04-16T06:02:42-06:00",
        },
    ),
    Row(
        tool="add_cash_recurrent_source",
        given=OF_ANA,
        request=f"POST {SOURCES}",
        body={"type": "cash_recurrent"},
        conekta=bodies.CASH_SOURCE,
        answer=answers.CASH_SOURCE,
    ),
    Row(
        tool="add_cash_recurrent_source",
        about="that expires",
        given={**OF_ANA, "expires_at": 1776340962},
        request=f"POST {SOURCES}",
        body={"type": "cash_recurrent", "expires_at": 1776340962},
        conekta=bodies.CASH_SOURCE,
        answer=answers.CASH_SOURCE,
    ),
    Row(
        tool="update_payment_source",
        given={**OF_ANA, "payment_source_id": "off_ref_2", "name": "Ana R.", "expires_at": 1776340962},
        request=f"PUT {SOURCES}/off_ref_2",
        body={"name": "Ana R.", "expires_at": 1776340962},
        conekta=bodies.CASH_SOURCE,
        answer=answers.CASH_SOURCE,
    ),
    Row(
        tool="delete_payment_source",
        given={**OF_ANA, "payment_source_id": "src_1"},
        request=f"DELETE {SOURCES}/src_1",
        conekta={**bodies.CARD_SOURCE, "deleted": True},
        answer={**answers.CARD_SOURCE, "deleted": True},
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)
