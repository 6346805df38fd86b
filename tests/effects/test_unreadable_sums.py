"""What takes or asks for money is refused where Conekta does not show the sum that it depends on."""

from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_HANDLERS
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
    assert find_exceeded_limit(Limits(), await world.read_effect(tool, given)) is None
    world.altered = lambda _, answer: spell_amounts(answer, spelled)
    effect = await world.read_effect(tool, given)
    hindered = find_exceeded_limit(Limits(), effect)
    assert hindered
    assert hindered.limit in {"amount", "refundable"}
    assert "amount" not in effect.pinned


CHARGE = {"object": "charge", "id": "c1", "amount": 1000, "currency": "MXN", "status": "paid"}
REFUND = {"object": "refund", "id": "r1", "amount": -100, "status": "refunded"}
ORDER = {"id": "ord_1", "object": "order", "amount": 1000, "currency": "MXN", "payment_status": "paid"}


def one_charge(**fields: Any) -> Any:
    return {"object": "list", "has_more": False, "data": [{**CHARGE, **fields}]}


def refunds(*rows: Any, **more: Any) -> Any:
    return {"object": "list", "has_more": False, "data": list(rows), **more}


@pytest.mark.parametrize(
    ("shown", "left"),
    [
        ({"charges": one_charge(), "amount_refunded": 0}, 1000),
        ({"charges": one_charge()}, 1000),
        ({"charges": one_charge(refunds=refunds(REFUND))}, 900),
        ({"charges": one_charge(refunds=refunds(REFUND)), "amount_refunded": 400}, 600),
        ({}, None),
        ({"charges": one_charge(), "payment_status": "partially_refunded"}, None),
        ({"charges": one_charge(), "payment_status": "partially_refunded", "amount_refunded": 0}, None),
        ({"charges": one_charge(), "amount_refunded": "400"}, None),
        ({"charges": one_charge(refunds=refunds(REFUND, has_more=True))}, None),
        ({"charges": one_charge(refunds=refunds(REFUND, total=2))}, None),
        ({"charges": one_charge(refunds=refunds(REFUND, "r2"))}, None),
        ({"charges": one_charge(refunds={"object": "error"})}, None),
        ({"charges": one_charge(refunds=refunds({**REFUND, "amount": "-100"}))}, None),
        ({"charges": one_charge(refunds=refunds({**REFUND, "amount": None}))}, None),
        ({"charges": {**one_charge(), "has_more": True}, "amount_refunded": 0}, None),
        ({"charges": {"data": one_charge()["data"] * 2}, "amount_refunded": 0}, None),
    ],
    ids=str,
)
async def test_what_went_back_before_is_not_taken_for_nothing_where_it_is_not_shown(
    shown: Any, left: int | None, world: World
) -> None:
    given = {"order_id": "ord_1", "amount": 1, "reason": "other"}
    effect = WRITE_HANDLERS["refund_order"].compute_effect(
        world.arguments("refund_order", given), {**ORDER, **shown}
    )
    hindered = find_exceeded_limit(Limits(), effect)
    assert (effect.ceiling, hindered is None) == (left, left is not None)
    assert hindered is None or hindered.limit == "amount"


@pytest.mark.parametrize("charges", [[CHARGE, CHARGE], [CHARGE, None], ["c1"]], ids=str)
async def test_no_more_is_captured_than_each_charge_holds_once(charges: Any, world: World) -> None:
    shown = {**ORDER, "charges": {"data": charges}, "payment_status": "pre_authorized"}
    effect = WRITE_HANDLERS["capture_order"].compute_effect(
        world.arguments("capture_order", {"order_id": "ord_1"}), shown
    )
    hindered = find_exceeded_limit(Limits(), effect)
    assert (effect.ceiling, hindered and hindered.limit, dict(effect.pinned)) == (None, "amount", {})


def of_discounts(change: Any) -> Any:
    """Change each discount of an order that is read."""

    def alter(_: Any, answer: Any) -> Any:
        rows = [change(row) for row in answer["discount_lines"]["data"]]
        return {**answer, "discount_lines": {**answer["discount_lines"], "data": rows}}

    return alter


@pytest.mark.parametrize(
    "altered",
    [
        lambda _, answer: {**answer, "amount": None},
        lambda _, answer: {**answer, "amount": "49500"},
        of_discounts(lambda row: {**row, "amount": None}),
        of_discounts(lambda row: {**row, "amount": -500}),
    ],
    ids=["no sum", "a sum as text", "no discount", "a discount below zero"],
)
async def test_the_end_of_a_discount_is_a_rise_that_has_to_be_known(altered: Any, world: World) -> None:
    """A removal asks for more where what goes is a discount: unread, it passed every limit."""
    given = SCENES["delete_discount_line"](world.shop)
    limits = Limits(max_amount=1_000_000, max_daily_bills=1_000_000)
    assert find_exceeded_limit(limits, await world.read_effect("delete_discount_line", given)) is None
    world.altered = altered
    hindered = find_exceeded_limit(limits, await world.read_effect("delete_discount_line", given))
    assert hindered
    assert hindered.limit == "max_amount"
