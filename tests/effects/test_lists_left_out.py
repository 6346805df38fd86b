"""An answer without its lists proves neither that something was removed nor that nothing was added."""

from typing import Any

import pytest

from tests.conftest import ADDRESS, LINES
from tests.effects.scenes import SCENES, ana
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
CHILDREN = {
    "add_shipping_contact": "shipping_contacts",
    "add_fiscal_entity": "fiscal_entities",
    "add_line_item": "line_items",
    "add_tax_line": "tax_lines",
    "delete_shipping_contact": "shipping_contacts",
    "delete_line_item": "line_items",
    "delete_tax_line": "tax_lines",
    "delete_payment_source": "data",
    "delete_whitelist_rule": "data",
}


def leave_out(children: str) -> Any:
    """Leave a list out, as Conekta does where it is empty; a page has its rows in any case."""
    return lambda _, answer: {**answer, children: [] if children == "data" else None}


def add_another(world: World, tool: str, given: dict[str, Any]) -> None:
    """Let there be one more of the kind."""
    if "customer_id" in given:
        paths = {"shipping_contacts": {"address": ADDRESS}, "fiscal_entities": {"address": ADDRESS}}
        kind = CHILDREN[tool]
        body = paths.get(kind, {"type": "spei_recurrent"})
        body = {"address": {**ADDRESS, "city": "Puebla"}} if kind == "fiscal_entities" else body
        path = "payment_sources" if kind == "data" else kind
        world.shop.post(f"/customers/{given['customer_id']}/{path}", body)
    elif "order_id" in given:
        line = LINES[0] if "line_item" in tool else {"description": "IVA", "amount": 100}
        world.shop.post(f"/orders/{given['order_id']}/{CHILDREN[tool]}", line)
    else:
        world.shop.post(
            "/antifraud/whitelists", {"field": "email", "value": "eva@example.com", "description": "Clienta"}
        )


@pytest.mark.parametrize("tool", CHILDREN)
async def test_a_list_that_is_left_out_although_more_stood_in_it_says_nothing(
    tool: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    add_another(world, tool, given)
    witness = await witness_of(world, tool, given)
    world.altered = leave_out(CHILDREN[tool])
    assert (await outcome(world, tool, given, witness))[0] == "unknown"


@pytest.mark.parametrize(
    "tool", ["delete_shipping_contact", "delete_payment_source", "delete_whitelist_rule"]
)
async def test_the_last_one_is_removed_where_its_list_is_left_out(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "not_applied"
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "applied"


async def test_the_first_one_is_not_there_where_its_list_is_left_out(world: World) -> None:
    given = {"customer_id": ana(world.shop), "address": ADDRESS}
    witness = await witness_of(world, "add_shipping_contact", given)
    assert (await outcome(world, "add_shipping_contact", given, witness))[0] == "not_applied"


@pytest.mark.parametrize(
    ("tool", "other"),
    [
        ("delete_line_item", {"line_item_id": "line_item_2zzzzzzzzzzzzzzzz"}),
        ("delete_payment_source", {"payment_source_id": "src_2zzzzzzzzzzzzzzzz"}),
        # A rule has one id in lists and another where it is created (conekta-api.md 1.5).
        ("delete_blacklist_rule", {"rule_id": "2zzzzzzzzzzzzzzzz"}),
    ],
)
async def test_what_was_not_there_before_was_not_removed(
    tool: str, other: dict[str, str], world: World
) -> None:
    given = {**SCENES[tool](world.shop), **other}
    witness = await witness_of(world, tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "unknown"
