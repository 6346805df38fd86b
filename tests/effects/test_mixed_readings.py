"""A reading that is partly of before the call and partly of after it does not show that nothing happened."""

from collections.abc import Mapping
from typing import Any

import pytest

from conekta_mcp.effects.reading.line_sums import contradicts_sum
from tests.effects.scenes import SCENES, running
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
LINES = ("line_items", "tax_lines", "shipping_lines", "discount_lines")
STALE = [
    *((f"{verb}_{name.removesuffix('s')}", name) for verb in ("update", "delete") for name in LINES),
    ("capture_order", "payment_status"),
    ("void_order", "payment_status"),
    ("cancel_order", "payment_status"),
    ("cancel_payout", "status"),
    ("cancel_refund", "charges"),
    ("resume_subscription", "status"),
    ("cancel_customer_subscription", "status"),
]
"""A tool, and the field that still shows what it showed before the call."""


def part_of(answer: Mapping[str, Any], older: Mapping[str, Any], field: str) -> Json:
    """Return an object with one field as it was before; lists of objects stay as they are."""
    is_same = answer.get("id") is not None and answer.get("id") == older.get("id")
    return {**answer, field: older.get(field)} if is_same else {**answer}


@pytest.mark.parametrize(("tool", "field"), STALE)
async def test_what_was_applied_is_not_denied_by_one_field_of_before(
    tool: str, field: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    seen: list[Json] = []
    world.altered = lambda _, answer: seen.append(answer) or answer  # type: ignore[func-returns-value] # both
    witness = await witness_of(world, tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "not_applied"
    older = {str(one.get("id")): one for one in seen}
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "applied"
    world.altered = lambda _, answer: part_of(answer, older.get(str(answer.get("id")), {}), field)
    assert (await outcome(world, tool, given, witness))[0] == "unknown"


async def test_a_charge_that_was_refunded_shows_a_refund_that_the_order_does_not_show(world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    witness = await witness_of(world, "refund_order", given)

    def refunded(_: Any, answer: Json) -> Json:
        charges = [{**one, "status": "partially_refunded"} for one in answer["charges"]["data"]]
        return {**answer, "charges": {"data": charges}}

    world.altered = refunded
    assert (await outcome(world, "refund_order", given, witness))[0] == "unknown"


async def test_a_subscription_that_is_as_it_was_was_not_resumed(world: World) -> None:
    given = running(world.shop, "pause")
    witness = await witness_of(world, "resume_subscription", given)
    assert (await outcome(world, "resume_subscription", given, witness))[0] == "not_applied"


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ({"amount": 1000, "line_items": {"data": [{"unit_price": 500, "quantity": 2}]}}, False),
        ({"amount": 900, "line_items": {"data": [{"unit_price": 500, "quantity": 2}]}}, True),
        (
            {
                "amount": 900,
                "line_items": {"data": [{"unit_price": 500, "quantity": 2}]},
                "discount_lines": {"data": [{"amount": 100}]},
            },
            False,
        ),
        # What cannot be added up contradicts nothing.
        ({"amount": 900, "line_items": {"data": [{"unit_price": 500}]}}, False),
        ({"amount": None, "line_items": {"data": [{"unit_price": 500, "quantity": 2}]}}, False),
        ({"amount": 900, "line_items": {"data": [], "has_more": True}}, False),
    ],
    ids=str,
)
def test_an_order_contradicts_itself_where_its_lines_add_up_to_another_sum(order: Json, found: bool) -> None:
    assert contradicts_sum(order) is found


@pytest.mark.parametrize(
    ("status", "declined"), [("paid", False), ("PRE_AUTHORIZED", False), ("expired", True), (None, True)]
)
async def test_an_order_that_is_paid_was_not_declined_whatever_its_charges_say(
    status: str | None, declined: bool, world: World
) -> None:
    """A decline would give back what it reserved of a limit."""
    given = SCENES["create_card_order"](world.shop)
    witness = await witness_of(world, "create_card_order", given)
    made = await world.act("create_card_order", given, "mcp_" + "a" * 24)
    shown = {**made, "payment_status": status, "charges": {"data": [{"status": "declined"}]}}
    world.altered = lambda _, answer: {**answer, "data": [shown]} if "data" in answer else shown
    proof = await world.prove("create_card_order", given, witness, mark="mcp_" + "a" * 24)
    assert (proof.outcome, proof.declined is not None) == ("applied", declined)
