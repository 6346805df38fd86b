"""What takes or asks for money is refused where Conekta does not show the sum that it depends on."""

from typing import Any

import pytest

from conekta_mcp.policy.limits import find_exceeded_limit
from conekta_mcp.settings.limits import Limits
from tests.effects.scenes import SCENES
from tests.effects.world import World

pytestmark = pytest.mark.anyio
TOOLS = (
    "create_charge", "create_charges", "capture_order", "refund_order", "create_subscription",
    "update_subscription", "resume_subscription", "retry_subscription",
)  # fmt: skip


def spell_amounts(value: Any, spelled: object) -> Any:
    """Show every sum otherwise, in objects inside of objects too."""
    if isinstance(value, list):
        return [spell_amounts(one, spelled) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: spelled if name == "amount" else spell_amounts(one, spelled) for name, one in value.items()}


@pytest.mark.parametrize("spelled", [None, "150.00", 1.5, {"value": 150}, True])
@pytest.mark.parametrize("tool", TOOLS)
async def test_a_sum_that_cannot_be_read_is_not_taken_for_nothing(
    tool: str, spelled: object, world: World
) -> None:
    given = SCENES[tool](world.shop)
    if tool != "refund_order":
        given = {name: value for name, value in given.items() if name != "amount"}
    assert find_exceeded_limit(Limits(), await world.stakes(tool, given)) is None
    world.altered = lambda _, answer: spell_amounts(answer, spelled)
    effect = await world.stakes(tool, given)
    hindered = find_exceeded_limit(Limits(), effect)
    assert hindered
    assert hindered.limit in {"amount", "refundable"}
    assert "amount" not in effect.pinned
