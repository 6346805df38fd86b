"""One message says what a new tool lacks besides its block, with the files to edit."""

from dataclasses import replace
from types import ModuleType
from typing import Annotated, Any

import pytest
from pydantic import Field

from conekta_mcp.catalog import GET, POST, Input, Operation, Risk, Toolset
from conekta_mcp.catalog.fields import OrderId
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.domains.orders import tools as orders
from conekta_mcp.domains.orders.results import Order
from tests.contract.completeness import (
    Project,
    format_report,
    list_missing,
    load_project,
)
from tests.contract.conftest import PLACE, load_openapi
from tests.contract.declarations import Declaration, find_plan_file, list_declarations
from tests.contract.vendor import Vendor
from tests.domains.row import WITHOUT_ROW, load_rows
from tests.effects.scenes import SCENES, UNPROVED


@pytest.fixture(scope="module")
def loaded() -> tuple[Project, list[str]]:
    return load_project(Vendor(load_openapi()) if PLACE.exists() else None)


def test_no_tool_lacks_anything(loaded: tuple[Project, list[str]]) -> None:
    project, problems = loaded
    missing = {one.tool.name: list_missing(one, project) for one in list_declarations()}
    report = format_report(missing, problems)
    if report:
        pytest.fail(report, pytrace=False)


def test_every_registered_tool_is_looked_at(loaded: tuple[Project, list[str]]) -> None:
    project, _ = loaded
    assert project.registered - {one.tool.name for one in list_declarations()} == set()


def test_nothing_is_left_of_a_tool_that_is_gone() -> None:
    tools = {one.tool.name for one in list_declarations()}
    written = {one.tool.name for one in list_declarations() if one.needs_write_plan}
    rows = {row.tool for rows in load_rows().values() for row in rows}
    left = {
        "tests/domains/, or row.py: WITHOUT_ROW": {*rows, *WITHOUT_ROW} - tools,
        "WRITE_PLANS of a domain": WRITE_PLANS.keys() - written,
        "tests/effects/scenes.py": {*SCENES, *UNPROVED} - written,
    }
    assert not any(left.values()), f"no tool, or none that writes, has these names: {left}"


class StampOrderInput(Input):
    """Arguments of a tool that there is not."""

    order_id: OrderId


DESCRIPTION = "Mark an order as stamped, which changes no amount. To see the mark: get_order."
STAMP = Operation(
    name="stamp_order",
    title="Stamp an order",
    title_es="Sellar una orden",
    endpoint=POST("/orders/{order_id}/stamp"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDERS,
    description=DESCRIPTION,
    input=StampOrderInput,
    example={"order_id": "ord_1"},
    output=Order,
)
NAME = {STAMP.name}


def create_vendor(*fields: str) -> Vendor:
    """Return an OpenAPI file that has only the route of `STAMP`, with these fields in its body."""
    schema = {"properties": {name: {"type": "string"} for name in fields}}
    body = {"content": {"application/json": {"schema": schema}}}
    return Vendor({"paths": {"/orders/{id}/stamp": {"post": {"requestBody": body}}}})


COMPLETE = Project(
    registered={*NAME, "get_order"},
    routes={
        ("GET", "/orders/{}"): "conekta_mcp/sandbox/orders/orders.py",
        ("POST", "/orders/{}/stamp"): "conekta_mcp/sandbox/orders/orders.py",
        ("POST", "/customers"): "conekta_mcp/sandbox/customers/customers.py",
    },
    rows={"stamp_order": "tests/domains/test_orders.py", "get_order": "tests/domains/test_orders.py"},
    shown={Order},
    walked=NAME,
    written=NAME,
    scenes=NAME,
    unused={},
    refused={},
    published=NAME,
    documented=NAME,
    vendor=create_vendor("note"),
)


class NoteOrderInput(StampOrderInput):
    """Arguments that are sent by their names."""

    note: Annotated[str, Field(description="Written on the stamp")]


class BareInput(StampOrderInput):
    """Arguments of which one is not described."""

    note: str


NOTED = {"order_id": "ord_1", "note": "Urgente"}
NO_FIELDS = create_vendor()
ROUTES = {key: file for key, file in COMPLETE.routes.items() if "stamp" not in key[1]}
INVALID = {"order_id": "order 1", "amount": 5}


def missing(tool: Any = STAMP, module: ModuleType = orders, **changed: Any) -> list[str]:
    return list_missing(Declaration(tool, module), replace(COMPLETE, **changed))


def test_a_complete_tool_lacks_nothing() -> None:
    assert missing() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"tool": replace(STAMP, title_es=" ")},
            "conekta_mcp/domains/orders/tools.py: title_es, its title",
        ),
        ({"tool": replace(STAMP, title_es=STAMP.title)}, "conekta_mcp/domains/orders/tools.py: title_es"),
        (
            {"tool": replace(STAMP, example=INVALID)},
            "conekta_mcp/domains/orders/tools.py: a valid example (order_id expected ord_; amount Extra ",
        ),
        ({"registered": {"get_order"}}, "conekta_mcp/domains/orders/tools.py: its name in TOOLS"),
        (
            {"routes": ROUTES},
            "conekta_mcp/sandbox/orders/orders.py: the sandbox's route POST /orders/{order_id}/stamp",
        ),
        (
            {"rows": {"get_order": "tests/domains/test_orders.py"}, "shown": ()},
            "tests/domains/test_orders.py: a Row in ROWS",
        ),
        (
            {"vendor": Vendor({"paths": {}})},
            "conekta_mcp/domains/orders/tools.py: source, who documents its route",
        ),
        (
            {"tool": replace(STAMP, description=DESCRIPTION.replace("get_order", "the list"))},
            "conekta_mcp/domains/orders/tools.py: in its description the tool to use instead, or next",
        ),
        (
            {"tool": replace(STAMP, description="Stamp it: get_order.")},
            "conekta_mcp/domains/orders/tools.py: a description of 60 to 400 characters, not 20",
        ),
        (
            {"tool": replace(STAMP, description=DESCRIPTION.lower())},
            "conekta_mcp/domains/orders/tools.py: a description of whole sentences",
        ),
        (
            {"tool": replace(STAMP, input=BareInput, example=NOTED)},
            "conekta_mcp/domains/orders/tools.py: Field(description=...) of note",
        ),
        (
            {"tool": replace(STAMP, input=NoteOrderInput, example=NOTED), "vendor": NO_FIELDS},
            "conekta_mcp/domains/orders/tools.py: Source(...) of note, who documents it",
        ),
        ({"written": ()}, "conekta_mcp/domains/orders/writes.py: its WritePlan"),
        (
            {"refused": dict.fromkeys(NAME, "It is paid")},
            "tests/effects/scenes.py: a scene in SCENES; in the",
        ),
        ({"walked": ()}, "scripts/walk.py: a call of it in a step"),
        ({"published": ()}, "make snapshot: its published schema"),
        ({"documented": ()}, "make docs: its part of docs/tools.md and docs/es/tools.md"),
    ],
)
def test_each_missing_piece_is_told_with_the_file_to_edit(changed: Any, told: str) -> None:
    (line,) = missing(**changed)
    assert line.startswith(told)


def test_what_sends_ids_and_fields_by_their_names_and_answers_as_others_do_needs_no_row() -> None:
    rows = {"get_order": "tests/domains/test_orders.py"}
    assert missing(rows=rows) == []
    assert missing(replace(STAMP, input=NoteOrderInput, example=NOTED), rows=rows) == []
    read = replace(
        STAMP, input=NoteOrderInput, example=NOTED, risk=Risk.READ, endpoint=GET("/orders/{order_id}")
    )
    told = "tests/domains/test_orders.py: a Row in ROWS, one call with its request and its answer"
    assert told in missing(read, rows=rows)
    assert told in missing(orders.create_order, rows=rows)


def test_a_scene_is_told_of_only_where_there_is_no_shop_for_its_object() -> None:
    told = "tests/effects/scenes.py: a scene in SCENES, a shop in which it can act"
    assert missing(scenes=()) == []
    assert told in missing(orders.create_order, scenes=())


def test_where_a_step_of_the_walk_fails_no_tool_is_said_to_lack_an_example() -> None:
    assert missing(walked=None, documented=()) == []


def test_the_tools_of_a_new_file_have_to_be_taken_up() -> None:
    module = ModuleType("conekta_mcp.domains.orders.stamp_tools")
    vars(module)["TOOLS"] = (STAMP,)
    assert missing(module=module, registered={"get_order"}) == [
        "conekta_mcp/domains/all_tools.py: the TOOLS of conekta_mcp/domains/orders/stamp_tools.py"
    ]


def test_a_plan_is_expected_beside_its_block() -> None:
    module = ModuleType("conekta_mcp.domains.orders.change_tools")
    told = "conekta_mcp/domains/orders/change_writes.py: its WritePlan in WRITE_PLANS"
    assert missing(module=module, written=()) == [told]
    assert find_plan_file("update_order") == "conekta_mcp/domains/orders/change_writes.py"
    assert find_plan_file("cancel_order") == "conekta_mcp/domains/orders/writes.py"


def test_without_conektas_file_nothing_is_compared_with_it() -> None:
    assert missing(vendor=None) == []


def test_an_argument_that_no_call_uses_is_named_with_the_file_of_its_calls() -> None:
    told = "calls that together use every argument, also phone"
    for name, file in {
        "update_customer": "changes.py: CHANGES",
        "create_customer": "creations.py: CREATIONS",
    }.items():
        tool = replace(STAMP, name=name)
        line = f"tests/effects/{file}: {told}"
        names = {
            "registered": {name, "get_order"},
            "walked": {name},
            "written": {name},
            "scenes": {name},
            "published": {name},
        }
        assert missing(tool, documented={name}, unused={name: {"phone"}}, **names) == [line]


def test_a_tool_that_reads_needs_no_write_plan() -> None:
    assert missing(replace(STAMP, risk=Risk.READ), written=(), scenes=()) == []


def test_all_tools_are_told_in_one_message() -> None:
    told = format_report({"a": ["x.py: 1", "y.py: 2"], "b": [], "c": ["z.py: 3"]}, ["walk.py: a failed"])
    assert told.splitlines() == [
        "a lacks:",
        "  - x.py: 1",
        "  - y.py: 2",
        "c lacks:",
        "  - z.py: 3",
        "walk.py: a failed",
    ]
