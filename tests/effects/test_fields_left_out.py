"""A reading that leaves out what would tell, as a gateway's may, leaves a lost write unknown."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.effects.scenes import SCENES
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


def without(*names: str) -> Callable[[Any, Json], Json]:
    return lambda _, answer: {**answer, **dict.fromkeys(names)}


def with_charges(change: Callable[[Json], Json]) -> Callable[[Any, Json], Json]:
    """Change each charge of an order."""

    def alter(_: Any, answer: Json) -> Json:
        charges = answer.get("charges")
        if not isinstance(charges, dict):
            return answer
        return {**answer, "charges": {**charges, "data": [change(one) for one in charges["data"]]}}

    return alter


def with_rows(name: str, change: Callable[[Json], Json]) -> Callable[[Any, Json], Json]:
    """Change each row of a list of an object; of a page its `data`."""

    def alter(_: Any, answer: Json) -> Json:
        if name == "data":
            return {**answer, "data": [change(one) for one in answer["data"]]}
        return {**answer, name: {**answer[name], "data": [change(one) for one in answer[name]["data"]]}}

    return alter


NAMELESS = {"id": None}
APPLIED = [
    ("cancel_order", without("payment_status")),
    ("void_order", without("payment_status")),
    ("capture_order", without("payment_status")),
    ("capture_order", without("charges")),
    ("capture_order", with_charges(lambda one: {**one, "status": None})),
    ("capture_order", with_charges(lambda one: {**one, "amount": None})),
    ("refund_order", without("charges", "amount_refunded")),
    ("refund_order", with_charges(lambda one: {**one, "refunds": None})),
    ("retry_subscription", without("charges")),
    ("retry_subscription", without("last_billing_cycle_order_id")),
]
NOT_APPLIED = [
    ("cancel_refund", with_charges(lambda one: {**one, "refunds": None})),
    ("cancel_refund", with_charges(lambda one: {**one, "refunds": {}})),
    ("cancel_refund", with_charges(lambda one: {**one, "refunds": {"data": [NAMELESS]}})),
    ("delete_line_item", with_rows("line_items", lambda one: {**one, **NAMELESS})),
    ("delete_payment_source", with_rows("data", lambda one: {**one, **NAMELESS})),
    ("retry_subscription", with_charges(lambda one: {**one, **NAMELESS})),
    # The bill of the next cycle: its one attempt is not ours.
    ("retry_subscription", with_charges(lambda one: {**one, "id": "6a00000000000000000000ff"})),
    ("update_company_document", with_rows("data", lambda one: {**one, "file_name": None})),
]


@pytest.mark.parametrize(("tool", "altered"), APPLIED)
async def test_what_was_applied_does_not_pass_for_not_applied(tool: str, altered: Any, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "applied"
    world.altered = altered
    assert (await outcome(world, tool, given, witness))[0] in {"applied", "unknown"}


@pytest.mark.parametrize(("tool", "altered"), NOT_APPLIED)
async def test_what_was_not_applied_does_not_pass_for_applied(tool: str, altered: Any, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "not_applied"
    world.altered = altered
    assert (await outcome(world, tool, given, witness))[0] in {"not_applied", "unknown"}


@pytest.mark.parametrize("tool", ["create_plan", "create_webhook"])
async def test_a_list_that_forgot_all_that_stood_in_it_says_nothing(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    await world.act(tool, given)
    given = {**given, "name": "Otro"} if "name" in given else {**given, "url": "https://shop.example.com/2"}
    given = {name: value for name, value in given.items() if name != "plan_id"}
    witness = await witness_of(world, tool, given)
    assert (await outcome(world, tool, given, witness))[0] == "not_applied"
    world.altered = lambda _, answer: {**answer, "data": []} if "data" in answer else answer
    assert (await outcome(world, tool, given, witness))[0] == "unknown"


async def test_an_event_that_is_shown_without_its_deliveries_says_nothing_of_a_new_one(world: World) -> None:
    given = SCENES["resend_event"](world.shop)
    await world.act("resend_event", given)
    witness = await witness_of(world, "resend_event", given)
    assert witness["logs"]
    world.altered = without("webhook_logs")
    assert (await outcome(world, "resend_event", given, witness))[0] == "unknown"
