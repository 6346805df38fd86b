"""Only MXN is pesos: what names another currency, or none, never counts as such."""

from typing import Any

import pytest

from conekta_mcp.effects.question_text import format_money, to_currency
from conekta_mcp.policy.limits import find_exceeded_limit
from conekta_mcp.settings.limits import Limits
from tests.effects.scenes import SCENES
from tests.effects.world import World

JUNK = ("US$", "", " ", None, "peso", "MX", " MXN", "\u041cXN", "MXN\n", 5, ["MXN"])
READ_FOR_MONEY = (
    "create_charge",
    "capture_order",
    "refund_order",
    "update_order",
    "add_line_item",
    "delete_discount_line",
    "create_subscription",
    "update_plan",
)


@pytest.mark.parametrize("text", ["MXN", "mxn", "Mxn"])
def test_pesos_in_any_case_are_pesos(text: str) -> None:
    assert to_currency(text) == "MXN"


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_currency_never_becomes_pesos(junk: Any) -> None:
    assert to_currency(junk) != "MXN"
    assert format_money(500, junk) != "MXN 5.00"


@pytest.mark.anyio
@pytest.mark.parametrize("tool", READ_FOR_MONEY)
@pytest.mark.parametrize("junk", ["US$", "", None, "usd"])
async def test_a_sum_without_a_known_currency_is_refused_under_a_limit(
    tool: str, junk: Any, world: World
) -> None:
    given = SCENES[tool](world.shop)
    world.altered = lambda _, answer: {**answer, "currency": junk}
    effect = await world.read_effect(tool, given)
    over = find_exceeded_limit(Limits(max_amount=10**9, max_recurring=10**9), effect)
    assert over is not None
    assert not effect.question["en"].count("MXN")
