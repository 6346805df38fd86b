"""What tools/list shows: rules that hold for every tool."""

import json
import re
from typing import Any

import jsonschema
import pytest

from conekta_mcp.catalog import EffectKind, Operation, Risk, Toolset, list_server_arguments
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains import all_tools as whole
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.server.discovery.argument_texts import describe_arguments, is_phrase
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.tools.published_schemas import build_full_input_schema, list_rare_arguments
from conekta_mcp.server.tools.registration import build_sdk_tool
from conekta_mcp.server.tools.registration import to_wire_tool as on_the_wire
from tests.contract.declarations import to_file
from tests.contract.text_completeness import check_description
from tests.one_test import all_in_one_test

pytestmark = pytest.mark.anyio
OPERATIONS = (*whole.ALL_TOOLS, *SANDBOX_TOOLS)
ALL = (*OPERATIONS, *DISCOVERY_TOOLS)
NAMES = [tool.name for tool in ALL]
DEFAULT = [tool.name for tool in (*TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)]
BYTES_PER_TOOL = 700  # an agent pays for every byte in every conversation
BYTES_PER_TOOL_OF_ALL = 691
BYTES_OF_DEFAULT = 12_500
MOST_TOOLS = 18
REMOVING = {"delete", "cancel", "void"}
VERBS = {name.split("_")[0] for name in NAMES}
NOUNS = {noun for name in NAMES for noun in name.split("_")[1:]} - {"refund"}
"""The words after the first; refund is a verb as well."""
READING = {"list", "get", "search", "describe", "validate", "find", "explain", "summarize", "wait", "check"}

every_tool = all_in_one_test("tool", ALL)
every_operation = all_in_one_test("tool", OPERATIONS)
HINTS = {
    Risk.READ: (True, False),
    Risk.WRITE: (False, False),
    Risk.MONEY: (False, False),
    Risk.DESTRUCTIVE: (False, True),
    Risk.SECRET: (False, True),
}


async def uncalled(*_: object) -> Any:
    raise AssertionError("called")


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    """Every tool as it is on the wire where it is listed."""
    built = [(build_sdk_tool(tool, uncalled), tool.title) for tool in ALL]
    wire = [on_the_wire(tool, title, tool.parameters) for tool, title in built]
    return {tool.name: tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in wire}


async def names_listed(client_for: Any, **settings: Any) -> list[str]:
    async with client_for(AssertionError("sent"), **settings) as (client, _):
        return [tool.name for tool in (await client.list_tools()).tools]


def nodes(schema: Any) -> list[dict[str, Any]]:
    """Every schema inside `schema`, itself included."""
    inside = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return [schema, *(node for one in inside for node in nodes(one))]


async def test_the_tools_are_listed_in_their_order(client_for: Any, era: str) -> None:
    assert await names_listed(client_for, mode=era, sandbox=True) == DEFAULT
    assert DEFAULT == [
        "list_customers",
        "get_customer",
        "create_customer",
        "update_customer",
        "delete_customer",
        "add_card_source",
        "add_spei_recurrent_source",
        "add_shipping_contact",
        "create_order_reusing_clabe",
        "create_order",
        "find_payment",
        "explain_payment",
        "refund_order",
        "create_payment_link",
        "simulate_payment",
        "search_operations",
        "describe_operation",
        "call_read_operation",
        "call_write_operation",
    ]


async def test_the_sandbox_tool_is_listed_on_the_sandbox_only(client_for: Any, era: str) -> None:
    listed = await names_listed(client_for, mode=era)
    assert listed == [name for name in DEFAULT if name != "simulate_payment"]


async def test_all_lists_everything_but_secrets_which_have_to_be_named(client_for: Any) -> None:
    everything = await names_listed(client_for, toolsets=("all",))
    finders = [tool.name for tool in DISCOVERY_TOOLS]
    assert everything == [tool.name for tool in whole.ALL_TOOLS if tool.risk is not Risk.SECRET] + finders
    named = tuple(toolset.value for toolset in Toolset)
    assert await names_listed(client_for, toolsets=named) == [tool.name for tool in whole.ALL_TOOLS] + finders


async def test_the_first_tool_reads_and_needs_no_argument(listed: dict[str, Any]) -> None:
    first = next(iter(listed.values()))
    assert (first["annotations"]["readOnlyHint"], first["inputSchema"].get("required")) == (True, None)


def size(listed: dict[str, Any], names: list[str]) -> int:
    """The bytes of these tools in tools/list, without output schemas."""
    shown = [{key: value for key, value in listed[name].items() if key != "outputSchema"} for name in names]
    return sum(len(json.dumps(tool, ensure_ascii=False, separators=(",", ":")).encode()) for tool in shown)


@pytest.mark.parametrize("language", ["es", "en"])
async def test_the_default_list_stays_within_its_budget(client_for: Any, language: str) -> None:
    async with client_for(AssertionError("sent"), language=language) as (client, _):
        tools = (await client.list_tools()).tools
    shown = {tool.name: tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools}
    assert len(shown) <= MOST_TOOLS
    assert size(shown, list(shown)) / len(shown) <= BYTES_PER_TOOL
    assert size(shown, list(shown)) <= BYTES_OF_DEFAULT


def test_all_operations_stay_within_their_budget(listed: dict[str, Any]) -> None:
    names = [tool.name for tool in whole.ALL_TOOLS]
    assert size(listed, names) / len(names) <= BYTES_PER_TOOL_OF_ALL


@every_tool
def test_a_name_is_a_verb_and_a_noun(tool: Any) -> None:
    verb, *noun = tool.name.split("_")
    is_named_so = verb not in NOUNS and noun and re.fullmatch("[a-z_]{1,64}", tool.name)
    assert is_named_so, f"{to_file(tool.input.__module__)}: {tool.name} is not named by a verb and a noun"


@every_tool
def test_a_description_says_enough_and_what_to_use_instead_or_next(tool: Any) -> None:
    assert tool.title, f"{to_file(tool.input.__module__)}: {tool.name} has no title"
    lacks = [*check_description(tool, NAMES)]
    assert not lacks, f"{to_file(tool.input.__module__)}: {tool.name} lacks {lacks}"


@every_tool
async def test_the_hints_follow_from_the_risk(tool: Any, listed: dict[str, Any]) -> None:
    reads, destroys = HINTS[tool.risk]
    assert listed[tool.name]["annotations"] == {
        "readOnlyHint": reads,
        "destructiveHint": destroys,
        "idempotentHint": reads or tool.idempotent,
        "openWorldHint": tool.toolset is not Toolset.SANDBOX,
    }


LINES = {"delete_line_item", "delete_tax_line", "delete_shipping_line", "delete_discount_line"}
"""Removed from an order that nobody has paid, and added again with one call (conekta-api.md 3.1: write)."""
ANYTHING = {"call_write_operation"}
"""Runs whatever writes, so it warns of the worst."""


@every_tool
def test_what_has_a_verb_of_removal_is_destructive_and_what_finds_only_reads(tool: Any) -> None:
    if tool.risk is Risk.SECRET or tool.name in LINES | ANYTHING:
        return
    verb, file = tool.name.split("_")[0], to_file(tool.input.__module__)
    told = f"{file}: risk of {tool.name}, or its verb in tests/server/tools/test_declarations.py"
    assert tool.risk.destructive is (verb in REMOVING), f"{told}: REMOVING"
    reads = verb in READING or tool.name == "call_read_operation"
    assert tool.risk.read_only is reads, f"{told}: READING"


def test_what_its_plan_calls_a_removal_is_destructive_and_nothing_else() -> None:
    removing = {name for name, plan in WRITE_PLANS.items() if plan.kind is EffectKind.REMOVAL}
    destructive = {tool.name for tool in OPERATIONS if tool.risk is Risk.DESTRUCTIVE}
    secret = {tool.name for tool in OPERATIONS if tool.risk is Risk.SECRET}
    assert removing - LINES - secret == destructive, (
        "conekta_mcp/domains/<domain>/: tools.py has another risk than writes.py has a kind"
    )


def test_what_is_secret_is_what_conekta_api_md_9_says() -> None:
    assert [tool.name for tool in ALL if tool.risk is Risk.SECRET] == [
        "get_customer_portal",
        "create_customer_portal",
        "create_token",
        "list_api_keys",
        "get_api_key",
        "create_api_key",
        "update_api_key",
        "delete_api_key",
        "list_webhooks",
        "get_webhook",
        "create_webhook",
        "update_webhook",
        "create_webhook_key",
        "update_webhook_key",
    ]
    assert {tool.name for tool in ALL if tool.risk is Risk.WRITE and tool.name.startswith("delete")} == LINES


@every_tool
async def test_the_input_schema_is_flat_and_described(tool: Any, listed: dict[str, Any]) -> None:
    schema = listed[tool.name]["inputSchema"]
    everything = nodes(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    shown = tool.input.model_fields.keys() - list_rare_arguments(tool)
    assert shown | set(list_server_arguments(tool)) - list_rare_arguments(tool) == schema["properties"].keys()
    assert [node for node in everything if {"$ref", "title", "anyOf", "oneOf", "$defs"} & set(node)] == []
    assert [node for node in everything if "type" not in node or None in node.values()] == []
    bare = [name for name, node in schema["properties"].items() if len(node.get("description", "")) < 3]
    assert bare == [], f"{to_file(tool.input.__module__)}: Field(description=...) of {bare} of {tool.name}"
    assert "null" not in json.dumps(schema)


TAKEN = {
    "type", "properties", "items", "required", "enum", "pattern", "minimum", "maximum", "minItems",
    "maxItems", "description",
}  # fmt: skip
"""What every provider takes: OpenAI's and Anthropic's strict modes, Gemini's subset of OpenAPI."""


@every_tool
def test_no_provider_refuses_an_input_schema(tool: Any, listed: dict[str, Any]) -> None:
    for schema in (listed[tool.name]["inputSchema"], build_full_input_schema(tool)):
        _, *inside = nodes(schema)
        assert {word for node in (schema, *inside) for word in node} <= TAKEN
        assert [node for node in inside if "enum" in node and node["type"] != "string"] == []
        assert [node for node in inside if node["type"] == "object" and not node.get("properties")] == []
        assert [node for node in inside if node["type"] == "array" and "items" not in node] == []
        assert set(schema.get("required", ())) <= schema["properties"].keys()


@every_tool
def test_no_field_of_an_answer_is_published_without_its_type(tool: Any, listed: dict[str, Any]) -> None:
    assert [node for node in nodes(listed[tool.name]["outputSchema"]) if "type" not in node] == []


@every_tool
async def test_the_example_fits_the_published_schema(tool: Any, listed: dict[str, Any]) -> None:
    schema = listed[tool.name]["inputSchema"]
    least = tool.example
    published = {name: value for name, value in least.items() if name not in list_rare_arguments(tool)}
    problems = jsonschema.Draft202012Validator(schema).iter_errors(published)
    assert [problem.message for problem in problems] == []
    assert set(schema.get("required", [])) <= set(least)


@every_tool
async def test_the_output_schema_requires_nothing_and_allows_an_error(
    tool: Any, listed: dict[str, Any]
) -> None:
    schema = listed[tool.name]["outputSchema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert ("required" in schema, "additionalProperties" in schema) == (False, False)
    assert {"livemode", "conekta", "error"} <= set(schema["properties"])
    assert [node for node in nodes(schema) if {"$ref", "title", "anyOf", "required"} & set(node)] == []


@all_in_one_test("tool", [tool for tool in OPERATIONS if isinstance(tool, Operation)])
def test_the_path_fields_are_required_arguments(tool: Any) -> None:
    fields = tool.input.model_fields
    assert [name for name in tool.endpoint.path_fields if not fields[name].is_required()] == []


NOT_SETTLED = {
    "create_token": "no tool reads tokens; an unused one does nothing",
    "call_write_operation": "depends on the operation: it says to search for the read of the same kind",
}
"""Writes for which no one read tool can be named."""
SECRET_READS = {"get_customer_portal", "list_api_keys", "get_api_key", "list_webhooks", "get_webhook"}
"""They change nothing, but are not marked as reads; the guard speaks of their outcome as of a write's."""


@every_tool
def test_a_write_names_the_read_tool_that_settles_a_lost_answer(tool: Any) -> None:
    readers = {one.name for one in ALL if one.risk.read_only} | SECRET_READS
    named = re.findall(r"[a-z_]+", tool.settled_by or "")[:1]
    assert (set(named) <= readers) is (tool.name not in NOT_SETTLED)
    assert (tool.settled_by is None) is tool.risk.read_only


def test_the_secret_reads_are_gets() -> None:
    secret = [tool for tool in OPERATIONS if tool.risk is Risk.SECRET]
    assert {tool.name for tool in secret if tool.endpoint.method == "GET"} == SECRET_READS


@every_tool
def test_every_tool_that_a_text_names_exists(tool: Any) -> None:
    texts = [tool.description, tool.settled_by or "", *tool.hints.values()]
    assert [name for name in tools_in(" ".join(texts)) if name not in NAMES] == []
    assert tool.name not in re.findall(r"[a-z_]+", tool.description)


FIELDS = {"sms_sent"}
"""Fields of answers that look like names of tools."""


def tools_in(text: str) -> list[str]:
    """What looks like the name of a tool."""
    found = re.findall(rf"\b(?:{'|'.join(VERBS)})_[a-z_]+", text)
    return [name for name in found if name not in FIELDS]


def test_every_tool_that_a_general_hint_names_exists() -> None:
    from conekta_mcp.server.rendering import hints

    texts = " ".join(
        [
            *hints.HINTS_BY_CODE.values(),
            *hints.HINTS_BY_TYPE.values(),
            hints.APPLIED_HINT,
            hints.UNKNOWN_OUTCOME_HINT,
        ]
    )
    named = tools_in(texts)
    assert ([name for name in named if name not in NAMES], named) == ([], ["get_order"])


@every_tool
def test_what_removes_something_for_good_has_the_hint_that_says_so(tool: Any) -> None:
    # "for good" of what is removed agrees with a hint that says so; money that went to a card is no removal.
    if re.search(r"\bis gone\b|\bfor good[,;:.]", tool.description.split(" instead; ")[0]):
        assert tool.risk in {Risk.DESTRUCTIVE, Risk.SECRET}, tool.description


@every_tool
def test_describe_operation_says_of_each_argument_what_it_means(tool: Any) -> None:
    schema = describe_arguments(build_full_input_schema(tool))
    bare = [
        name
        for node in nodes(schema)
        for name, argument in node.get("properties", {}).items()
        if not is_phrase(argument.get("description", ""))
    ]
    assert bare == [], f"{tool.name}: {bare} need a text in {to_file(describe_arguments.__module__)}"


BARE_NOUNS = {
    "Rows",
    "Older rows",
    "Its own",
    "Phone",
    "E-mail",
    "Status",
    "Name",
    "Amount",
    "Unix seconds",
    "Id",
}
"""What says neither whose nor where it comes from; a judge of definitions read it as nothing at all."""


@pytest.mark.parametrize("name", DEFAULT)
def test_an_argument_of_a_listed_tool_is_described_by_more_than_its_kind(
    name: str, listed: dict[str, Any]
) -> None:
    arguments = listed[name]["inputSchema"]["properties"]
    bare = {key: one.get("description") for key, one in arguments.items()}
    allowed = {"email"} if name == "create_customer" else set()  # it can be nobody's but the new customer's
    assert [key for key, text in bare.items() if text in BARE_NOUNS and key not in allowed] == []
