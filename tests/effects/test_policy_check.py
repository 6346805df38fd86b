"""conekta-mcp policy check computes the effect that the server computes, as far as nothing is read for it."""

from dataclasses import replace
from typing import Any

import pytest

from conekta_mcp.cli.policy_check.assumptions import assume_effect
from conekta_mcp.domains.all_writes import WRITE_PLANS
from tests.effects.creations import CREATIONS
from tests.effects.scenes import SCENES
from tests.effects.world import TOOLS, World

pytestmark = pytest.mark.anyio
READ_FOR = {name for name, plan in WRITE_PLANS.items() if plan.read}
CURRENCY_NOTE = "the currency is read from Conekta when the call is made; MXN is assumed"


def given_for(tool: str, world: World, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    made = [make(world.shop) for make in CREATIONS.get(tool, [])]
    return made or [SCENES[tool](world.shop) if tool in SCENES else arguments[tool]]


@pytest.mark.parametrize("tool", sorted(WRITE_PLANS.keys() - READ_FOR))
async def test_where_nothing_is_read_the_effect_is_the_servers(
    tool: str, world: World, arguments: dict[str, Any]
) -> None:
    for given in given_for(tool, world, arguments):
        assumed = assume_effect(TOOLS[tool], world.arguments(tool, given), None, None)
        servers = await world.read_effect(tool, given)
        assert assumed.effect == replace(servers, state_before={})
        assert CURRENCY_NOTE not in assumed.notes


@pytest.mark.parametrize("tool", sorted(READ_FOR))
async def test_where_something_is_read_the_effect_says_no_more_than_the_arguments(
    tool: str, world: World, arguments: dict[str, Any]
) -> None:
    for given in given_for(tool, world, arguments):
        assumed = assume_effect(TOOLS[tool], world.arguments(tool, given), None, None)
        servers, effect = await world.read_effect(tool, given), assumed.effect
        assert (effect.kind, effect.subject) == (servers.kind, servers.subject)
        assert effect.touches <= servers.touches
        assert effect.amount in (None, servers.amount)
        assert (effect.ceiling, dict(effect.question)) == (None, {})
        assert effect.currency == servers.currency or not effect.is_currency_known
        assert (CURRENCY_NOTE in assumed.notes) is (
            effect.amount is not None and not effect.is_currency_known
        )


async def test_the_currency_of_a_refund_is_its_orders(world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    assumed = assume_effect(TOOLS["refund_order"], world.arguments("refund_order", given), None, None)
    assert assumed.notes == (
        CURRENCY_NOTE,
        "what is still refundable is read from Conekta when the call is made",
    )


async def test_a_plan_that_names_a_currency_says_it(world: World) -> None:
    arguments = world.arguments("update_plan", {"plan_id": "gold", "amount": 500, "currency": "USD"})
    assumed = assume_effect(TOOLS["update_plan"], arguments, None, None)
    assert (assumed.effect.amount, assumed.effect.currency, assumed.notes) == (500, "USD", ())
