"""Tools of plans: what leaves and what comes back."""

from typing import Any

import pytest

from tests.domains import bodies
from tests.domains.bodies import NOW
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
PLAN: dict[str, Any] = {
    "amount": 10000,
    "created_at": NOW,
    "currency": "MXN",
    "expiry_count": None,
    "frequency": 1,
    "id": "gold-plan",
    "interval": "month",
    "livemode": False,
    "name": "Plan oro",
    "object": "plan",
    "trial_period_days": 7,
    "max_retries": 3,
    "retry_delay_hours": 48,
}
ROW = {
    "id": "gold-plan",
    "name": "Plan oro",
    "amount": 10000,
    "currency": "MXN",
    "interval": "month",
    "frequency": 1,
    "amount_text": "MXN 100.00",
}
ANSWER: dict[str, Any] = {
    **ROW,
    "trial_period_days": 7,
    "max_retries": 3,
    "retry_delay_hours": 48,
    "created_at": NOW,
    "livemode": False,
}
LEAST = {"name": "Plan oro", "amount": 10000, "interval": "month"}
SENT = {**LEAST, "frequency": 1, "currency": "MXN"}
MOST = {
    "currency": "USD",
    "frequency": 3,
    "trial_period_days": 7,
    "expiry_count": 12,
    "max_retries": 4,
    "retry_delay_hours": 50,
}
ONE = {"plan_id": "gold-plan"}
ROWS = [
    Row(
        tool="list_plans",
        given={},
        request="GET /plans?limit=20",
        conekta={
            **bodies.listed(PLAN),
            "has_more": True,
            "next_page_url": "https://api.conekta.io/plans?limit=20&next=gold-plan",
        },
        answer={"data": [ROW], "has_more": True, "next": "gold-plan", "livemode": False},
    ),
    Row(
        tool="list_plans",
        about="filtered",
        given={"search": "Plan oro", "currency": "USD", "frequency": 3, "limit": 5, "next": "gold-plan"},
        request="GET /plans?limit=5&next=gold-plan&search=Plan+oro&currency=USD&frequency=3",
        conekta=bodies.listed(),
        answer={"data": [], "has_more": False},
    ),
    Row(tool="get_plan", given=ONE, request="GET /plans/gold-plan", conekta=PLAN, answer=ANSWER),
    Row(
        tool="get_plan",
        about="whole",
        given={**ONE, "detail": "full"},
        request="GET /plans/gold-plan",
        conekta=PLAN,
        answer={"conekta": PLAN},
    ),
    Row(
        tool="create_plan",
        given=LEAST,
        request="POST /plans",
        body=SENT,
        conekta=PLAN,
        answer=ANSWER,
    ),
    Row(
        tool="create_plan",
        about="with everything",
        given={**LEAST, **MOST, **ONE},
        request="POST /plans",
        body={**LEAST, **MOST, "id": "gold-plan"},
        conekta={**PLAN, "expiry_count": 12, "currency": "USD"},
        answer={**ANSWER, "expiry_count": 12, "currency": "USD", "amount_text": "USD 100.00"},
    ),
    Row(
        tool="update_plan",
        given={**ONE, "name": "Plan oro", "amount": 12000, "currency": "MXN", "expiry_count": 2},
        request="PUT /plans/gold-plan",
        body={"name": "Plan oro", "amount": 12000, "currency": "MXN", "expiry_count": 2},
        conekta={**PLAN, "amount": 12000, "expiry_count": 2},
        answer={**ANSWER, "amount": 12000, "expiry_count": 2, "amount_text": "MXN 120.00"},
    ),
    Row(
        tool="delete_plan",
        given=ONE,
        request="DELETE /plans/gold-plan",
        conekta={**PLAN, "deleted": True},
        answer={**ANSWER, "deleted": True},
    ),
]
REFUSED = [
    ("create_plan", {"amount": 10000, "interval": "month"}, "name.missing"),
    ("create_plan", {**LEAST, "amount": 0}, "amount.invalid"),
    ("create_plan", {**LEAST, "amount": 99.5}, "amount.invalid_datatype"),
    ("create_plan", {**LEAST, "amount": 2**31}, "amount.invalid"),
    ("create_plan", {**LEAST, "interval": "day"}, "interval.invalid"),
    ("create_plan", {**LEAST, "frequency": 0}, "frequency.invalid"),
    ("create_plan", {**LEAST, "currency": "EUR"}, "currency.invalid"),
    ("create_plan", {**LEAST, "trial_period_days": -1}, "trial_period_days.invalid"),
    ("create_plan", {**LEAST, "trial_period_days": True}, "trial_period_days.invalid_datatype"),
    ("create_plan", {**LEAST, "expiry_count": 0}, "expiry_count.invalid"),
    ("create_plan", {**LEAST, "expiry_count": 5.5}, "expiry_count.invalid_datatype"),
    ("create_plan", {**LEAST, "max_retries": 2}, "max_retries.invalid"),
    ("create_plan", {**LEAST, "retry_delay_hours": 47}, "retry_delay_hours.invalid"),
    ("create_plan", {**LEAST, "plan_id": "a/b"}, "plan_id.invalid"),
    ("create_plan", {**LEAST, "id": "gold"}, "id.unknown_argument"),
    ("update_plan", {**ONE, "interval": "week"}, "interval.unknown_argument"),
    ("update_plan", {**ONE, "amount": 0}, "amount.invalid"),
    ("get_plan", {"plan_id": "../orders"}, "plan_id.invalid"),
    ("delete_plan", {"plan_id": ".."}, "plan_id.invalid"),
    ("list_plans", {"frequency": "3"}, "frequency.invalid_datatype"),
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
    error = result.structured_content["error"]
    assert (error["code"], sent) == (f"conekta_mcp.errors.parameter_validation.{code}", [])
