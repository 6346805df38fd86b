"""A reading whose lists hide rows, or that contradicts itself, leaves a lost write unknown."""

from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.api.failures import build_unreadable
from conekta_mcp.catalog import Request
from tests.effects.scenes import SCENES, START
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
Change = Callable[[Json], Json]


def change_lists(value: Any, change: Change) -> Any:
    """Change every list, that of a page and those inside of objects."""
    if isinstance(value, list):
        return [change_lists(one, change) for one in value]
    if not isinstance(value, dict):
        return value
    inside = {name: change_lists(one, change) for name, one in value.items()}
    return change(inside) if isinstance(inside.get("data"), list) else inside


def change_inner_lists(value: Json, change: Callable[[Json], Any]) -> Json:
    return {
        name: change(one) if name != "data" and isinstance(one, dict) and "data" in one else one
        for name, one in value.items()
    }


def without_first(page: Json, **more: Any) -> Json:
    return {**page, "data": page["data"][1:], **more}


HIDDEN: dict[str, Change] = {
    "rows are null": lambda a: change_lists(a, lambda one: {**one, "data": [None for _ in one["data"]]}),
    "the newest row is null": lambda a: change_lists(
        a, lambda one: {**one, "data": [None, *one["data"][1:]] if one["data"] else []}
    ),
    "rows are ids": lambda a: change_lists(a, lambda one: {**one, "data": [x["id"] for x in one["data"]]}),
    "rows are lists": lambda a: change_lists(a, lambda one: {**one, "data": [[x] for x in one["data"]]}),
    "fewer rows than its total": lambda a: change_lists(
        a, lambda one: without_first(one, total=len(one["data"]))
    ),
    "it goes on, in words": lambda a: change_lists(a, lambda one: without_first(one, has_more="true")),
    "it goes on, by its next page": lambda a: change_lists(
        a, lambda one: without_first(one, has_more=None, next_page_url="https://api.conekta.io/?next=x")
    ),
    "an inner list is an empty object": lambda a: change_inner_lists(a, lambda _: {}),
    "an inner list is a word": lambda a: change_inner_lists(a, lambda _: "Array"),
    "no more than its id": lambda a: {
        name: a[name] for name in ("id", "object", "data", "has_more") if name in a
    },
}
MADE = (
    "create_customer",
    "create_payout",
    "create_charge",
    "add_tax_line",
    "add_fiscal_entity",
    "create_webhook",
)
KEPT = ("delete_tax_line", "delete_payment_source", "delete_blacklist_rule")


def hide(change: Change) -> Callable[[Request, Json], Json]:
    """Answer as changed, as far as the client believes it."""

    def alter(request: Request, answer: Json) -> Json:
        altered = change(answer)
        if not (request.shape is None or request.shape.is_shape_of(altered)):
            raise build_unreadable(request, 200)
        return altered

    return alter


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("tool", MADE)
async def test_what_was_made_does_not_pass_for_absent_where_rows_are_hidden(
    tool: str, hidden: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    world.altered = hide(HIDDEN[hidden])
    assert (await outcome(world, tool, given, witness, since=START - 10))[0] != "not_applied"


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("tool", KEPT)
async def test_what_is_there_does_not_pass_for_removed_where_rows_are_hidden(
    tool: str, hidden: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    world.altered = hide(HIDDEN[hidden])
    assert (await outcome(world, tool, given, witness, since=START - 10))[0] != "applied"


@pytest.mark.parametrize("emptied", [[], {"data": []}, None])
@pytest.mark.parametrize("tool", ["create_charge", "add_tax_line", "add_shipping_line", "add_discount_line"])
async def test_an_order_with_another_sum_or_a_first_status_is_not_one_without_new_rows(
    tool: str, emptied: Any, world: World
) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    world.altered = hide(lambda answer: change_inner_lists(answer, lambda _: emptied))
    assert (await outcome(world, tool, given, witness, since=START - 10))[0] == "unknown"


@pytest.mark.parametrize("tool", ["delete_tax_line", "delete_shipping_line", "delete_discount_line"])
async def test_an_order_of_the_same_sum_still_has_its_line(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    world.altered = hide(lambda answer: change_inner_lists(answer, lambda _: {"data": []}))
    assert (await outcome(world, tool, given, witness, since=START - 10))[0] == "unknown"


@pytest.mark.parametrize("respelt", [str.upper, lambda text: f"{text} "])
async def test_an_id_in_other_capitals_is_not_gone(respelt: Callable[[str], str], world: World) -> None:
    given = SCENES["delete_tax_line"](world.shop)
    witness = await witness_of(world, "delete_tax_line", given)

    def respell(one: Json) -> Json:
        return {**one, "data": [{**row, "id": respelt(row["id"])} for row in one["data"]]}

    world.altered = hide(lambda answer: change_lists(answer, respell))
    assert (await outcome(world, "delete_tax_line", given, witness))[0] == "unknown"


@pytest.mark.parametrize("tool", ["update_customer", "update_order", "update_line_item"])
async def test_a_changed_object_without_what_it_always_shows_tells_nothing(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    lost = dict.fromkeys(("name", "email", "line_items", "customer_info", "amount", "currency"))
    world.altered = hide(lambda answer: {**answer, **lost})
    assert (await outcome(world, tool, given, witness))[0] == "unknown"


async def test_a_date_without_its_zone_does_not_put_a_row_outside_of_its_time(world: World) -> None:
    given = SCENES["add_spei_recurrent_source"](world.shop)
    witness = await witness_of(world, "add_spei_recurrent_source", given)
    await world.act("add_spei_recurrent_source", given)

    def in_local_time(one: Json) -> Json:
        return {**one, "data": [{**row, "created_at": "2026-01-16T06:00:55"} for row in one["data"]]}

    world.altered = hide(lambda answer: change_lists(answer, in_local_time))
    proof = await outcome(world, "add_spei_recurrent_source", given, witness, since=START - 10)
    assert proof[0] == "unknown"


async def test_a_document_without_its_class_is_not_missing(world: World) -> None:
    given = SCENES["upload_company_document"](world.shop)
    witness = await witness_of(world, "upload_company_document", given)
    await world.act("upload_company_document", given)
    world.altered = hide(lambda answer: change_lists(answer, lambda one: {"data": [{} for _ in one["data"]]}))
    assert (await outcome(world, "upload_company_document", given, witness))[0] == "unknown"
