"""What tools/list shows: rules that hold for every tool."""

import json
import re
from typing import Any

import jsonschema
import pytest

from conekta_mcp.catalog import Risk, Toolset
from conekta_mcp.operations import SANDBOX_TOOLS, TOOLS

pytestmark = pytest.mark.anyio
ALL = (*TOOLS, *SANDBOX_TOOLS)
NAMES = [tool.name for tool in ALL]
BYTES_PER_TOOL = 960  # an agent pays for every byte in every conversation; ~240 tokens a tool
VERBS = {"list", "get", "create", "update", "delete", "add", "cancel", "simulate"}

every_tool = pytest.mark.parametrize("tool", ALL, ids=NAMES)
HINTS = {
    Risk.READ: (True, False),
    Risk.WRITE: (False, False),
    Risk.MONEY: (False, False),
    Risk.DESTRUCTIVE: (False, True),
    Risk.SECRET: (False, True),
}


@pytest.fixture
async def listed(client_for: Any) -> dict[str, Any]:
    """The tools of a server on the sandbox, as they are on the wire."""
    async with client_for(AssertionError("sent"), sandbox=True) as (client, _):
        tools = (await client.list_tools()).tools
    return {tool.name: tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools}


def nodes(schema: Any) -> list[dict[str, Any]]:
    """Every schema inside `schema`, itself included."""
    inside = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return [schema, *(node for one in inside for node in nodes(one))]


async def test_the_tools_are_listed_in_their_order(listed: dict[str, Any]) -> None:
    assert list(listed) == NAMES
    assert NAMES == [
        "list_customers",
        "get_customer",
        "create_customer",
        "update_customer",
        "delete_customer",
        "list_payment_sources",
        "add_card_source",
        "add_spei_recurrent_source",
        "add_cash_recurrent_source",
        "update_payment_source",
        "delete_payment_source",
        "add_shipping_contact",
        "update_shipping_contact",
        "delete_shipping_contact",
        "add_fiscal_entity",
        "update_fiscal_entity",
        "list_orders",
        "get_order",
        "create_order",
        "create_order_reusing_clabe",
        "create_card_order",
        "cancel_order",
        "simulate_payment",
    ]


async def test_the_sandbox_tool_is_listed_on_the_sandbox_only(client_for: Any, era: str) -> None:
    async with client_for(AssertionError("sent"), mode=era) as (client, _):
        assert [tool.name for tool in (await client.list_tools()).tools] == NAMES[:-1]


async def test_the_first_tool_reads_and_needs_no_argument(listed: dict[str, Any]) -> None:
    first = next(iter(listed.values()))
    assert (first["annotations"]["readOnlyHint"], first["inputSchema"].get("required")) == (True, None)


async def test_the_list_stays_within_its_budget(listed: dict[str, Any]) -> None:
    shown = [{key: value for key, value in tool.items() if key != "outputSchema"} for tool in listed.values()]
    size = sum(len(json.dumps(tool, ensure_ascii=False, separators=(",", ":")).encode()) for tool in shown)
    assert size / len(shown) <= BYTES_PER_TOOL


@every_tool
def test_a_name_is_a_verb_and_a_noun(tool: Any) -> None:
    verb, *noun = tool.name.split("_")
    assert (verb in VERBS, len(noun) > 0, re.fullmatch("[a-z_]{1,64}", tool.name) is not None) == (True,) * 3


@every_tool
def test_a_description_says_enough_and_not_more(tool: Any) -> None:
    assert 60 <= len(tool.description) <= 400
    assert tool.title
    assert tool.description[0].isupper()
    assert tool.description.endswith(".")


@every_tool
async def test_the_hints_follow_from_the_risk(tool: Any, listed: dict[str, Any]) -> None:
    reads, destroys = HINTS[tool.risk]
    assert listed[tool.name]["annotations"] == {
        "readOnlyHint": reads,
        "destructiveHint": destroys,
        "idempotentHint": reads or tool.idempotent,
        "openWorldHint": tool.toolset is not Toolset.SANDBOX,
    }


@every_tool
def test_what_has_a_verb_of_removal_is_destructive_and_what_finds_only_reads(tool: Any) -> None:
    verb = tool.name.split("_")[0]
    assert tool.risk.destructive is (verb in {"delete", "cancel"})
    assert tool.risk.read_only is (verb in {"list", "get"})


@every_tool
async def test_the_input_schema_is_closed_flat_and_described(tool: Any, listed: dict[str, Any]) -> None:
    schema = listed[tool.name]["inputSchema"]
    everything = nodes(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert [name for name in tool.input.model_fields if name not in schema["properties"]] == []
    assert [node for node in everything if {"$ref", "title", "anyOf", "oneOf", "$defs"} & set(node)] == []
    assert [node for node in everything if "type" not in node or None in node.values()] == []
    assert [name for name, node in schema["properties"].items() if len(node.get("description", "")) < 3] == []
    assert "null" not in json.dumps(schema)


@every_tool
async def test_the_least_arguments_fit_the_published_schema(
    tool: Any, listed: dict[str, Any], arguments: Any
) -> None:
    schema = listed[tool.name]["inputSchema"]
    problems = jsonschema.Draft202012Validator(schema).iter_errors(arguments[tool.name])
    assert [problem.message for problem in problems] == []
    assert set(schema.get("required", [])) <= set(arguments[tool.name])


@every_tool
async def test_the_output_schema_requires_nothing_and_allows_an_error(
    tool: Any, listed: dict[str, Any]
) -> None:
    schema = listed[tool.name]["outputSchema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert ("required" in schema, "additionalProperties" in schema) == (False, False)
    assert {"livemode", "conekta", "error"} <= set(schema["properties"])
    assert [node for node in nodes(schema) if {"$ref", "title", "anyOf", "required"} & set(node)] == []


@every_tool
def test_the_path_fields_are_required_arguments(tool: Any) -> None:
    fields = tool.input.model_fields
    assert [name for name in tool.endpoint.path_fields if not fields[name].is_required()] == []


@every_tool
def test_a_write_names_the_read_tool_that_settles_a_lost_answer(tool: Any) -> None:
    readers = {one.name for one in ALL if one.risk.read_only}
    named = re.findall(r"[a-z_]+", tool.settled_by or "")[:1]
    assert set(named) <= readers
    assert (tool.settled_by is None) is tool.risk.read_only


@every_tool
def test_every_tool_that_a_text_names_exists(tool: Any) -> None:
    verbs = "|".join(VERBS)
    texts = [tool.description, tool.settled_by or "", *tool.hints.values()]
    named = re.findall(rf"\b(?:{verbs})_[a-z_]+", " ".join(texts))
    assert [name for name in named if name not in NAMES] == []
    assert tool.name not in re.findall(r"[a-z_]+", tool.description)


def test_every_tool_that_a_general_hint_names_exists() -> None:
    from conekta_mcp.server import hints

    texts = " ".join([*hints.BY_CODE.values(), *hints.BY_TYPE.values(), hints.APPLIED, hints.UNKNOWN])
    named = re.findall(rf"\b(?:{'|'.join(VERBS)})_[a-z_]+", texts)
    assert ([name for name in named if name not in NAMES], named) == ([], ["get_order"])
