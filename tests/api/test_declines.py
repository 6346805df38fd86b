"""A declined card may leave an order, and the error names it (conekta-api.md 2.1)."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
CODE = "conekta.errors.processing.bank.insufficient_funds"
DETAIL = {"code": CODE, "message": "Esta tarjeta no tiene suficientes fondos.", "debug_message": "No funds."}
LOG_ID = "6a0000000000000000000007"
ORDER = {
    "object": "order",
    "id": "ord_1",
    "amount": 50000,
    "currency": "MXN",
    "livemode": False,
    "charges": {"data": [{"status": "declined", "failure_code": "insufficient_funds"}]},
}
FUNDS = "The card has no funds. Offer another card, or SPEI with create_order."


def declined(data: Any) -> httpx.Response:
    body = {
        "details": [DETAIL],
        "object": "error",
        "type": "processing_error",
        "log_id": LOG_ID,
        "data": data,
    }
    return httpx.Response(402, json=body)


def exists(status: str) -> str:
    return (
        f"order ord_1 exists (payment_status: {status}); it was not paid by this call. "
        "Do not create another: read it first."
    )


async def test_the_order_that_was_created_is_named(told: Any, era: str) -> None:
    assert await told("create_card_order", declined(ORDER), mode=era) == {
        "type": "processing_error",
        "http_status": 402,
        **DETAIL,
        "log_id": LOG_ID,
        "retryable": False,
        "outcome": "applied",
        "hint": f"{exists('none')} {FUNDS}",
        "created": {"object": "order", "id": "ord_1", "amount": 50000, "currency": "MXN"},
    }


async def test_its_payment_status_is_told_where_it_has_one(told: Any) -> None:
    error = await told("create_card_order", declined({**ORDER, "payment_status": "declined"}))
    assert (error["outcome"], error["hint"]) == ("applied", f"{exists('declined')} {FUNDS}")
    assert error["created"]["payment_status"] == "declined"


async def test_a_tool_without_a_hint_of_its_own_still_says_that_it_exists(told: Any) -> None:
    error = await told("create_order", declined(ORDER))
    assert (error["outcome"], error["hint"]) == ("applied", exists("none"))


@pytest.mark.parametrize("data", [None, {}, []])
async def test_a_decline_that_names_no_order_was_not_applied(data: Any, told: Any) -> None:
    error = await told("create_card_order", declined(data))
    assert (error["outcome"], error["hint"], "created" in error) == ("not_applied", FUNDS, False)


@pytest.mark.parametrize("data", ["ord_1", {"id": 7}, {"object": "order"}, [{"id": "ord_1"}]])
async def test_a_decline_with_something_that_cannot_be_read_may_have_left_an_order(
    data: Any, told: Any
) -> None:
    error = await told("create_card_order", declined(data))
    assert (error["outcome"], "created" in error) == ("unknown", False)


@pytest.mark.parametrize("content", [b"", b"{}", b"<html>Payment Required</html>", b'{"message": "no"}'])
async def test_a_decline_without_conektas_words_may_have_left_an_order(content: bytes, told: Any) -> None:
    error = await told("create_card_order", httpx.Response(402, content=content))
    assert (error["outcome"], error["retryable"]) == ("unknown", False)


async def test_a_read_creates_nothing(told: Any) -> None:
    error = await told("get_order", declined(ORDER))
    assert ("outcome" in error, "created" in error) == (False, False)


async def test_a_secret_in_the_created_order_is_not_shown(told: Any) -> None:
    error = await told(
        "create_card_order", declined({**ORDER, "id": "key_live_secret", "currency": "x" * 900})
    )
    assert error["created"] == {
        "object": "order",
        "id": "key_[redacted]",
        "amount": 50000,
        "currency": "x" * 499 + "…",
    }


@pytest.mark.parametrize(
    ("status", "kind", "code", "hint"),
    [
        (
            422,
            "parameter_validation_error",
            "conekta.errors.parameter_validation.payment_method.token_id.nonexistent_token",
            "Tokens live 10 minutes and work once; ask for a new one, or use a stored card.",
        ),
        (
            402,
            "processing_error",
            "conekta.errors.processing.tokenization.used",
            "This token was used already; ask for a new one, or use a stored card (src_).",
        ),
        (
            422,
            "parameter_validation_error",
            "conekta.errors.parameter_validation.payment_method.token_id.incorrect_livemode_of_token",
            "Token and key differ in mode, test and live; use two of one mode.",
        ),
    ],
)
async def test_a_token_that_cannot_be_used_says_why(
    status: int, kind: str, code: str, hint: str, told: Any
) -> None:
    answer = httpx.Response(status, json={"details": [{"code": code}], "object": "error", "type": kind})
    assert await told("create_card_order", answer) == {
        "type": kind,
        "http_status": status,
        "code": code,
        "retryable": False,
        "outcome": "not_applied",
        "hint": hint,
    }
