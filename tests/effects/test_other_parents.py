"""A read that shows what belongs to another customer, order or subscription is no answer."""

from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.catalog import Operation
from conekta_mcp.domains.all_tools import ALL_TOOLS
from tests.effects.scenes import SCENES
from tests.effects.world import TOOLS, World

pytestmark = pytest.mark.anyio
READS: dict[str, str] = {
    "list_payment_sources": "update_payment_source",
    "list_subscriptions": "pause_subscription",
    "get_subscription": "pause_subscription",
    "get_customer_subscription": "pause_subscription",
    "list_discount_lines": "update_discount_line",
    "get_discount_line": "update_discount_line",
    "get_customer_portal": "create_customer_portal",
}
"""What reads below a parent, and a scene in which there is something to read."""
EVENTS = {"list_subscription_events", "list_customer_subscription_events"}
"""Their rows name no parent."""
Alter = Callable[[Any], Any]


def alter_rows(change: Alter) -> Alter:
    """Change every row of a list, or the one object."""
    return lambda answer: (
        {**answer, "data": [change(row) for row in answer["data"]]} if "data" in answer else change(answer)
    )


def test_every_read_below_a_parent_is_tried() -> None:
    below = {
        tool.name
        for tool in ALL_TOOLS
        if isinstance(tool, Operation)
        and tool.endpoint.method == "GET"
        and tool.build_answer_shape(tool.input.model_validate(tool.example)).parent
    }
    assert below == {*READS, *EVENTS}


@pytest.mark.parametrize("read", READS)
async def test_what_belongs_to_another_is_not_shown(read: str, world: World) -> None:
    given = SCENES[READS[read]](world.shop)
    tool = TOOLS[read]
    assert isinstance(tool, Operation)
    if read == "get_customer_portal":
        await world.act("create_customer_portal", given)
    asked = tool.input.model_validate({name: given[name] for name in tool.endpoint.path_fields})
    request = tool.build_request(asked)
    answer = await world.send(request)
    shape = tool.build_answer_shape(asked)
    assert shape.parent
    assert shape.is_shape_of(answer)
    name = shape.parent[0]
    for told in ("parent_id", name):
        assert shape.is_shape_of(alter_rows(lambda row, told=told: {**row, told: ""})(answer))
        assert not shape.is_shape_of(alter_rows(lambda row, told=told: {**row, told: "another"})(answer))
    inside = name.removesuffix("_id")
    assert not shape.is_shape_of(alter_rows(lambda row: {**row, inside: {"id": "another"}})(answer))
