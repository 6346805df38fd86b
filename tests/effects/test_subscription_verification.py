"""Subscriptions whose answer was lost, while others act on them."""

import pytest

from conekta_mcp.effects.answer_check import find_difference
from tests.effects.scenes import SCENES
from tests.effects.world import World, outcome, witness_of
from tests.sandbox.subscriptions.subscribing import act, plan

pytestmark = pytest.mark.anyio


async def test_a_subscription_that_somebody_else_moved_is_unknown(world: World) -> None:
    given = SCENES["resume_subscription"](world.shop)
    path = {"customer_id": given["customer_id"], "id": given["subscription_id"]}
    witness = await witness_of(world, "resume_subscription", given)
    act(world.shop, path, "cancel")
    assert (await outcome(world, "resume_subscription", given, witness))[0] == "unknown"
    assert (await outcome(world, "resume_subscription", given, {**witness, "status": "active"}))[0] == (
        "not_applied"
    )


async def test_a_subscription_on_another_plan_still_is_unknown(world: World) -> None:
    given = SCENES["update_subscription"](world.shop)
    witness = await witness_of(world, "update_subscription", given)
    plan(world.shop, id="bronze")
    path = f"/customers/{given['customer_id']}/subscriptions/{given['subscription_id']}"
    world.shop.put(path, {"plan_id": "bronze"})
    assert (await outcome(world, "update_subscription", given, witness))[0] == "unknown"


async def test_a_retry_is_told_by_the_attempts_at_the_bill(world: World) -> None:
    given = SCENES["retry_subscription"](world.shop)
    witness = await witness_of(world, "retry_subscription", given)
    assert len(witness["charges"]) == 1
    for found in ("applied", "unknown"):
        await world.act("retry_subscription", given)
        assert (await outcome(world, "retry_subscription", given, witness))[0] == found
    calm = {**witness, "status": "active"}
    assert (await outcome(world, "retry_subscription", given, calm))[0] == "not_applied"


async def test_the_singular_routes_are_proved_by_the_one_that_was_meant(world: World) -> None:
    given = SCENES["cancel_customer_subscription"](world.shop)
    newer = world.shop.post(f"/customers/{given['customer_id']}/subscriptions", {"plan_id": "gold"})
    witness = await witness_of(world, "cancel_customer_subscription", given)
    await world.act("cancel_customer_subscription", given)
    proof = await world.prove("cancel_customer_subscription", given, witness)
    assert proof.answer is not None
    assert (proof.outcome, proof.answer["id"]) == ("applied", newer["id"])


@pytest.mark.parametrize("action", ["cancel", "resume", "update"])
async def test_an_answer_about_another_subscription_is_not_taken(action: str, world: World) -> None:
    """The singular routes name the customer only, who may have several."""
    tool = f"{action}_customer_subscription"
    given = SCENES[tool](world.shop)
    expected = (await world.read_effect(tool, given)).expected
    answer = await world.act(tool, given)
    assert find_difference(answer, expected) is None
    other = {**answer, "id": "sub_2zzzzzzzzzzzzzzzz"}
    assert (find_difference(other, expected) or "").startswith("id: sub_2zzzzzzzzzzzzzzzz, not sub_")
