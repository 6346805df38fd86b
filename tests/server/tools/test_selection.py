"""Which tools exist for a request: toolsets, tools, exclusions, read-only, and narrowing."""

from typing import Any

import pytest

from conekta_mcp.catalog import Risk
from conekta_mcp.domains import TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.tools.selection import DEFAULT_SELECTION, Surface, ToolSelection

NOT_SECRET = {tool.name for tool in ALL_TOOLS if tool.risk is not Risk.SECRET}
READING = {tool.name for tool in ALL_TOOLS if tool.risk.read_only}
LINKS = ("customers", "shipping_contacts")

FINDERS = {tool.name for tool in DISCOVERY_TOOLS}


def surface(selection: ToolSelection) -> Surface:
    return Surface.from_selection(ALL_TOOLS, selection, TOOLS, DISCOVERY_TOOLS)


def names(tools: Any) -> set[str]:
    return {tool.name for tool in tools}


def of(*toolsets: str) -> set[str]:
    return {tool.name for tool in ALL_TOOLS if tool.toolset.value in toolsets}


def test_unasked_the_default_is_listed_and_all_but_the_secret_is_allowed() -> None:
    everything = surface(DEFAULT_SELECTION)
    assert everything.listed == names(TOOLS)
    assert set(everything.allowed) == NOT_SECRET


def test_named_toolsets_are_exactly_what_there_is() -> None:
    chosen = surface(ToolSelection(toolsets=LINKS))
    assert names(chosen.list_visible()) - FINDERS == set(chosen.allowed) == of(*LINKS)


def test_tools_are_named_besides_toolsets() -> None:
    chosen = surface(ToolSelection(toolsets=("fiscal_entities",), tools=("get_order",)))
    assert names(chosen.list_visible()) - FINDERS == of("fiscal_entities") | {"get_order"}


def test_tools_without_toolsets_are_listed_besides_the_default() -> None:
    chosen = surface(ToolSelection(tools=("create_webhook", "create_api_key")))
    assert chosen.listed == names(TOOLS) | {"create_webhook", "create_api_key"}
    assert set(chosen.allowed) == NOT_SECRET | {"create_webhook", "create_api_key"}


def test_all_lists_everything_that_is_not_secret() -> None:
    assert names(surface(ToolSelection(toolsets=("all",))).list_visible()) - FINDERS == NOT_SECRET


def test_the_finders_are_listed_where_something_is_not_shown_in_full() -> None:
    assert names(
        surface(ToolSelection(toolsets=("none",), tools=("cancel_order", "cancel_refund"))).list_visible()
    ) == {
        "cancel_order",
        "cancel_refund",
    }
    one = surface(ToolSelection(toolsets=("none",), tools=("refund_order",)))
    assert names(one.list_visible()) == {"refund_order"} | FINDERS


def test_read_only_leaves_what_changes_nothing() -> None:
    chosen = surface(ToolSelection(read_only=True))
    assert set(chosen.allowed) == READING
    assert "call_write_operation" not in names(chosen.list_visible())


def test_the_excluded_is_neither_listed_nor_allowed() -> None:
    chosen = surface(ToolSelection(exclude=("orders", "delete_customer")))
    assert set(chosen.allowed) == NOT_SECRET - of("orders") - {"delete_customer"}


@pytest.mark.parametrize(
    ("name", "gone", "left"),
    [
        ("call_write_operation", {"call_write_operation"}, READING | names(TOOLS)),
        ("call_read_operation", {"call_read_operation"}, (NOT_SECRET - READING) | names(TOOLS)),
        ("search_operations", {"search_operations"}, NOT_SECRET),
        ("discovery", FINDERS, names(TOOLS)),
    ],
)
def test_a_tool_that_finds_or_calls_others_is_excluded_with_what_only_it_calls(
    name: str, gone: set[str], left: set[str]
) -> None:
    chosen = surface(ToolSelection(exclude=(name,)))
    assert names(chosen.list_visible()) == (names(TOOLS) | FINDERS) - gone
    assert set(chosen.allowed) == left


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (ToolSelection(toolsets=("ordres",)), "--toolsets: there is no ordres; did you mean orders?"),
        (ToolSelection(toolsets=("xyz",)), "--toolsets: there is no xyz; there are all, antifraud, "),
        (
            ToolSelection(tools=("refund_ordr",)),
            "--tools: there is no refund_ordr; did you mean refund_order?",
        ),
        (
            ToolSelection(exclude=("call_write_operatoin",)),
            "--exclude: there is no call_write_operatoin; did you mean call_write_operation?",
        ),
        (ToolSelection(toolsets=("all", "none")), "--toolsets: none stands alone"),
        (ToolSelection(toolsets=("none", "orders")), "--toolsets: none stands alone"),
        (
            ToolSelection(exclude=("xyz",)),
            "--exclude: there is no xyz; conekta-mcp tools --all names all",
        ),
    ],
)
def test_a_name_that_means_nothing_is_refused(selection: ToolSelection, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        surface(selection)
    assert str(refused.value).startswith(said)


def test_a_request_narrows_and_never_widens() -> None:
    operator = surface(ToolSelection(toolsets=("customers", "orders"), exclude=("delete_customer",)))
    narrowed = operator.narrow(ToolSelection(toolsets=("customers", "fiscal_entities")))
    assert set(narrowed.allowed) == of("customers") - {"delete_customer"}
    assert set(operator.narrow(ToolSelection(toolsets=("all",))).allowed) == set(operator.allowed)
    assert set(operator.narrow(ToolSelection(toolsets=("nonsense",))).allowed) == set()
    assert operator.narrow(DEFAULT_SELECTION) is operator


def test_a_request_that_reads_only_keeps_the_default_list() -> None:
    narrowed = surface(DEFAULT_SELECTION).narrow(ToolSelection(read_only=True))
    assert narrowed.listed == names(TOOLS) & READING


@pytest.mark.parametrize(
    ("headers", "query", "selection"),
    [
        ({}, {}, DEFAULT_SELECTION),
        ({"x-conekta-toolsets": "orders, customers"}, {}, ToolSelection(toolsets=("orders", "customers"))),
        ({}, {"toolsets": "orders", "read_only": "1"}, ToolSelection(toolsets=("orders",), read_only=True)),
        ({"x-conekta-read-only": "True"}, {"read_only": "0"}, ToolSelection(read_only=True)),
        ({"x-conekta-read-only": "0"}, {"read_only": "1"}, ToolSelection(read_only=True)),
        ({"x-conekta-read-only": "0"}, {}, DEFAULT_SELECTION),
    ],
)
def test_a_request_says_its_selection_by_header_or_query(
    headers: Any, query: Any, selection: ToolSelection
) -> None:
    assert ToolSelection.from_request(headers, query) == selection


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"x-conekta-toolsets": "all"}, {"toolsets": "customers"}),
        ({"x-conekta-toolsets": "customers"}, {"toolsets": "all"}),
        ({"x-conekta-toolsets": "customers,orders"}, {"toolsets": "customers,refunds"}),
    ],
)
def test_of_header_and_query_the_stricter_holds(headers: Any, query: Any) -> None:
    both = surface(ToolSelection(toolsets=("all",))).narrow(ToolSelection.from_request(headers, query))
    alone = surface(ToolSelection(toolsets=("all",))).narrow(ToolSelection(toolsets=("customers",)))
    assert set(both.allowed) == set(alone.allowed)
    assert both.listed == alone.listed


def test_header_and_query_that_share_nothing_leave_nothing() -> None:
    selection = ToolSelection.from_request({"x-conekta-toolsets": "orders"}, {"toolsets": "customers"})
    assert set(surface(ToolSelection(toolsets=("all",))).narrow(selection).allowed) == set()


def test_a_secret_tool_has_to_be_named_by_both() -> None:
    selection = ToolSelection.from_request({"x-conekta-toolsets": "all"}, {"toolsets": "api_keys"})
    named = ToolSelection.from_request({"x-conekta-toolsets": "api_keys"}, {"toolsets": "api_keys"})
    operators = surface(ToolSelection(toolsets=("all", "api_keys")))
    assert set(operators.narrow(selection).allowed) == set()
    assert "list_api_keys" in operators.narrow(named).allowed
