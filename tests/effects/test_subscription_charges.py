"""A change of a subscription that brings its next charge sooner takes money, though the price is the same."""

from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.policy.limits import build_caps, find_exceeded_limit
from conekta_mcp.settings.limits import Limits
from tests.effects.scenes import DAY, START
from tests.effects.world import TOOLS

GOLD = {"id": "gold", "name": "Oro", "amount": 9900, "currency": "MXN", "interval": "month", "frequency": 1}
SILVER = {**GOLD, "id": "silver", "name": "Plata"}
TRIAL = {"id": "sub_1", "status": "in_trial", "plan_id": "gold", "trial_end": START + 9 * DAY}
RUNNING = {"id": "sub_1", "status": "active", "plan_id": "gold", "trial_end": START - DAY,
           "billing_cycle_end": START + 20 * DAY}  # fmt: skip
CASES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    (TRIAL, {"trial_end": START + 8 * DAY}, True),
    (TRIAL, {"trial_end": START + 9 * DAY}, False),
    (TRIAL, {"trial_end": START + 30 * DAY}, False),
    (TRIAL, {"card_id": "src_2zAAAAAAAAAAAAAA1"}, False),
    (TRIAL, {"plan_id": "silver"}, True),
    (TRIAL, {"plan_id": "silver", "trial_end": START + 9 * DAY}, False),
    (TRIAL, {"plan_id": "gold"}, False),
    (RUNNING, {"trial_end": START + DAY}, True),
    (RUNNING, {"trial_end": START + 21 * DAY}, False),
    (RUNNING, {"plan_id": "silver"}, False),
    ({**RUNNING, "billing_cycle_end": None, "trial_end": None}, {"trial_end": START + DAY}, True),
    ({**TRIAL, "status": "someday"}, {"plan_id": "silver"}, True),
]


@pytest.mark.parametrize("tool", ["update_subscription", "update_customer_subscription"])
@pytest.mark.parametrize(("subscription", "given", "is_sooner"), CASES)
def test_limits_and_question_know_a_charge_that_comes_sooner(
    tool: str, subscription: dict[str, Any], given: dict[str, Any], is_sooner: bool
) -> None:
    named = {
        "customer_id": "cus_1",
        **({"subscription_id": "sub_1"} if tool == "update_subscription" else {}),
    }
    arguments = TOOLS[tool].input.model_construct(
        **{"plan_id": None, "card_id": None, "trial_end": None, **named, **given}
    )
    plan = SILVER if given.get("plan_id") == "silver" else GOLD
    state = {"subscription": subscription, "plan": plan, "plan_before": GOLD, "customer": {"name": "Ana"}}
    effect = WRITE_PLANS[tool].compute_effect(arguments, state)
    limits = Limits(max_amount=9899, max_recurring=1_000_000, max_daily_charges=20_000)
    over = find_exceeded_limit(limits, effect)
    assert (over.limit if over else None) == ("max_amount" if is_sooner else None)
    (cap,) = build_caps(limits, effect, account="a", at=START)
    assert cap.amount == (9900 if is_sooner else 0)
    assert ("charged sooner" in effect.question["en"]) is is_sooner
    assert ("puede cobrarse antes" in effect.question["es"]) is is_sooner


def test_without_the_subscription_a_new_end_of_a_trial_costs_what_nobody_knows() -> None:
    arguments = TOOLS["update_subscription"].input.model_construct(
        customer_id="cus_1", subscription_id="sub_1", trial_end=START, plan_id=None, card_id=None
    )
    effect = WRITE_PLANS["update_subscription"].compute_effect(arguments, None)
    over = find_exceeded_limit(Limits(max_amount=1), effect)
    assert over is not None
