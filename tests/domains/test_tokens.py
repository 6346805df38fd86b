"""Tools of tokens and instalments: no card goes in, none comes out."""

from functools import partial
from typing import Any

import pytest

from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
CHECKOUT = {
    "id": "524f9d2f-8c2e-4e64-a33d-6006711a91bd",
    "object": "checkout",
    "name": "tok-2toNoPZpJgRU4PvgZ",
    "status": "Issued",
    "type": "Integration",
    "expires_at": 1776340962,
    "livemode": False,
}
TOKEN = {"id": "tok_1", "object": "token", "livemode": False, "used": False}
NOT_ELIGIBLE = {"available_installments": [], "bin_info": {"country": None, "scheme": None, "issuer": None}}
ROWS = [
    Row(
        tool="create_token",
        given={},
        request="POST /tokens",
        body={"checkout": {"returns_control_on": "Token"}},
        conekta={**TOKEN, "checkout": CHECKOUT},
        answer={
            "id": "tok_1",
            "used": False,
            "checkout_id": "524f9d2f-8c2e-4e64-a33d-6006711a91bd",
            "checkout_expires_at": 1776340962,
            "checkout_expires_at_text": "16 abr 2026, 06:02 (Ciudad de México)",
            "checkout_expires_at_iso": "2026-04-16T06:02:42-06:00",
            "livemode": False,
        },
    ),
    Row(
        tool="create_token",
        about="without a checkout",
        given={},
        request="POST /tokens",
        body={"checkout": {"returns_control_on": "Token"}},
        conekta={**TOKEN, "checkout": None},
        answer={"id": "tok_1", "used": False, "livemode": False},
    ),
    Row(
        tool="validate_installments",
        given={"bin": "42424242", "amount": 100000},
        request="POST /monthly_installments/validate",
        body={"bin": "42424242", "amount": 100000},
        conekta={
            "available_installments": [{"months": 3, "amount": 33334}, {"months": 6, "amount": 16667}],
            "bin_info": {"country": "MX", "scheme": "visa", "issuer": "banco de prueba"},
        },
        answer={
            "eligible": True,
            "available_installments": [
                {"months": 3, "amount": 33334, "amount_text": "MXN 333.34"},
                {"months": 6, "amount": 16667, "amount_text": "MXN 166.67"},
            ],
            "country": "MX",
            "scheme": "visa",
            "issuer": "banco de prueba",
        },
    ),
    Row(
        tool="validate_installments",
        about="not eligible",
        given={"bin": "999999", "amount": 100000},
        request="POST /monthly_installments/validate",
        body={"bin": "999999", "amount": 100000},
        conekta=NOT_ELIGIBLE,
        answer={"eligible": False},
    ),
]
REFUSED = [
    ("create_token", {"card": {"number": "4242424242424242"}}, "card_number.not_allowed"),
    ("create_token", {"card": {"number": "tok_1"}}, "card.unknown_argument"),
    ("validate_installments", {"bin": "4242424242424242", "amount": 1}, "card_number.not_allowed"),
    ("validate_installments", {"bin": "4242424", "amount": 1}, "bin.invalid"),
    ("validate_installments", {"bin": 424242, "amount": 1}, "bin.invalid_datatype"),
    ("validate_installments", {"bin": "424242", "amount": 0}, "amount.invalid"),
    ("validate_installments", {"bin": "424242", "amount": "1"}, "amount.invalid_datatype"),
]


@pytest.fixture
def client_for(client_for: Any) -> Any:
    """What is secret is there only if its toolset is named."""
    return partial(client_for, toolsets=("tokens",))


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
    assert (error["code"], sent) == (f"conekta_mcp.errors.parameter_validation.{code}", [])
    assert "4242424242424242" not in result.content[0].text
