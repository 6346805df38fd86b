"""A refusal that says that something was made is a decline only if it shows that no money was taken."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.writes.wire import LINES, PERSON, Scene, ask, scene

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
CODE = "conekta.errors.processing.bank.insufficient_funds"
CARD = {**PERSON, "line_items": LINES, "token_id": "tok_test_visa_4242"}
BROKE = {**CARD, "token_id": "tok_test_insufficient_funds"}


def refuse_first_write(one: Scene, status: int, change: Callable[[Json], Any]) -> None:
    """Carry out the first write, and answer with an error whose `data` is the changed order."""
    answer, struck = one.wire.handle_async_request, []

    async def refuse(request: httpx.Request) -> httpx.Response:
        if request.method != "POST" or struck:
            return await answer(request)
        struck.append(request)
        told = await answer(request)
        made = httpx.Response(200, content=await told.aread()).json()
        envelope = {"object": "error", "type": "processing_error", "details": [{"code": CODE}]}
        return httpx.Response(status, json={**envelope, "data": change(made.get("data", made))})

    one.wire.handle_async_request = refuse  # type: ignore[method-assign]  # as long as the test lasts


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made,
        lambda made: {**made, "payment_status": "pre_authorized"},
        lambda made: {**made, "payment_status": None, "charges": None},
        lambda made: {**made, "charges": {"data": [{"status": "declined"}]}},
        lambda made: {**made, "id": "ord_2zzzzzzzzzzzzzzzz", "amount": 5},
    ],
    ids=["paid", "held", "nothing shown", "paid and declined", "another order"],
)
@pytest.mark.parametrize("status", [402, 409, 422, 500])
async def test_an_order_that_was_paid_counts_whatever_its_refusal_says(
    status: int, change: Callable[[Json], Any]
) -> None:
    """Told as declined, it would also give its reservation back: MXN 2,500 under a limit of MXN 2,000."""
    async with scene("memory") as one:
        app = one.server(max_daily_charges=200_000)
        refuse_first_write(one, status, change)
        told = await ask(app, "create_card_order", {**CARD, "idempotency_key": "k"})
        assert (told["payment_status"], told["amount"]) == ("paid", 125_000)
        second = await ask(app, "create_card_order", {**CARD, "idempotency_key": "k2"})
        assert second["error"]["type"] == "limit_exceeded"


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made,
        lambda made: {**made, "id": "ord_2zzzzzzzzzzzzzzzz", "amount": 5},
        lambda made: {**made, "payment_status": "paid"},
    ],
    ids=["as it is", "another order", "contradicts itself"],
)
async def test_a_decline_names_the_order_of_its_own_call(change: Callable[[Json], Any]) -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_charges=200_000)
        refuse_first_write(one, 402, change)
        told = (await ask(app, "create_card_order", {**BROKE, "idempotency_key": "k"}))["error"]
        assert (told["outcome"], told["created"]["amount"]) == ("applied", 125_000)
        assert told["created"]["id"] != "ord_2zzzzzzzzzzzzzzzz"
        assert (await ask(app, "create_card_order", {**CARD, "idempotency_key": "k2"}))["amount"] == 125_000


async def test_a_decline_of_what_another_call_made_is_looked_for() -> None:
    async with scene("memory") as one:
        app = one.server()
        broke = {**BROKE, "idempotency_key": "first"}
        first = (await ask(app, "create_card_order", broke))["error"]["created"]["id"]
        refuse_first_write(one, 402, lambda made: {**made, "id": first})
        told = (await ask(app, "create_card_order", {**BROKE, "idempotency_key": "k"}))["error"]
        assert told["outcome"] == "applied"
        assert told["created"]["id"] != first
