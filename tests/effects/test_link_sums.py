"""What a link comes to that subscribes its payers: each payment takes the first cycle of each plan too."""

from typing import Any

import pytest

from conekta_mcp.policy.limits import find_exceeded_limit
from conekta_mcp.settings.limits import Limits
from tests.effects.scenes import LATER
from tests.effects.world import World
from tests.sandbox.subscriptions.subscribing import plan

pytestmark = pytest.mark.anyio
MONTHLY = 10**9
"""A limit of a month that hinders nothing here."""


def selling(world: World, **more: Any) -> dict[str, Any]:
    plan(world.shop, amount=99_900)
    line = {"name": "Curso", "unit_price": 100, "quantity": 1}
    return {"name": "Curso", "line_items": [line], "expires_at": LATER, "plan_ids": ["gold"], **more}


@pytest.mark.parametrize("many", [2, 50])
async def test_a_link_for_several_payers_comes_to_all_of_their_first_cycles(world: World, many: int) -> None:
    link = selling(world, recurrent=True, payments_limit_count=many)
    effect = await world.read_effect("create_payment_link", link)
    whole = many * 100_000
    assert effect.amount == whole
    over = find_exceeded_limit(Limits(max_amount=whole - 1, max_recurring=MONTHLY), effect)
    assert over is not None
    assert over.limit == "max_amount"
    assert find_exceeded_limit(Limits(max_amount=whole, max_recurring=MONTHLY), effect) is None
    assert f"up to {many} times (MXN {whole // 100:,}.00 in all)" in effect.question["en"]


async def test_a_discount_beyond_the_products_takes_nothing_off_a_plan(world: World) -> None:
    discount = {"amount": 99_900, "code": "TODO", "type": "coupon"}
    effect = await world.read_effect("create_payment_link", selling(world, discount_lines=[discount]))
    over = find_exceeded_limit(Limits(max_amount=10_000, max_recurring=MONTHLY), effect)
    assert over is not None
    assert over.limit == "amount"


async def test_a_discount_of_all_products_leaves_the_plan(world: World) -> None:
    discount = {"amount": 100, "code": "TODO", "type": "coupon"}
    effect = await world.read_effect("create_payment_link", selling(world, discount_lines=[discount]))
    assert effect.amount == 99_900
