"""Calls that never reach Conekta, and what is added to every answer."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import jsonschema
import pytest
from mcp import Client

from conekta_mcp.catalog import (
    Input,
    Risk,
    Sender,
    Tool,
    Toolset,
    Workflow,
)
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.customers.results import Customer
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.mcp_server import ConektaServer
from conekta_mcp.server.tools.published_schemas import load_schemas
from tests.conftest import switched_on
from tests.one_test import all_in_one_test
from tests.tables import EMPTY_CUSTOMERS

pytestmark = pytest.mark.anyio
every_tool = all_in_one_test("tool", ALL_TOOLS)
NO_KEY = {
    "type": "configuration_error",
    "code": "conekta_mcp.errors.not_configured",
    "message": "Falta la llave de Conekta: corre conekta-mcp login, o prueba con --sandbox.",
    "debug_message": "No Conekta key: run conekta-mcp login, or use --sandbox to try without an account.",
    "retryable": False,
    "hint": "Nothing was sent. Ask the person who runs this server to run conekta-mcp login.",
}


async def test_without_a_key_every_tool_is_listed_and_says_what_to_configure(
    client_for: Any, arguments: Any, era: str
) -> None:
    async with client_for(AssertionError("sent"), mode=era, api_key=None) as (client, sent):
        listed = [tool.name for tool in (await client.list_tools()).tools]
        results = [await client.call_tool(name, arguments[name]) for name in listed[:14]]
        instructions = client.instructions
    assert listed == [tool.name for tool in (*TOOLS, *DISCOVERY_TOOLS)]
    assert (len(listed), sent) == (18, [])
    assert [result.structured_content for result in results] == [told_without_a_key(tool) for tool in TOOLS]
    assert [result.is_error for result in results] == [True] * 14
    assert instructions.endswith("No key is set yet: every call will answer with what to configure.")


def told_without_a_key(tool: Tool[Any]) -> dict[str, Any]:
    return {"error": {**NO_KEY, "outcome": "not_applied"} if tool.changes else NO_KEY}


@every_tool
async def test_without_a_key_every_operation_says_what_to_configure_called_either_way(
    tool: Any, client_for: Any, arguments: Any
) -> None:
    caller = "call_read_operation" if tool.risk.read_only else "call_write_operation"
    named = {"name": tool.name, "arguments": arguments[tool.name]}
    async with client_for(AssertionError("sent"), api_key=None, **switched_on(tool)) as (client, sent):
        direct = await client.call_tool(tool.name, arguments[tool.name])
        # Where all that is allowed is listed there are no finders.
        found = direct if switched_on(tool) else await client.call_tool(caller, named)
    assert sent == []
    assert direct.structured_content == found.structured_content == told_without_a_key(tool)


async def test_the_finders_answer_without_a_key(client_for: Any, era: str) -> None:
    async with client_for(AssertionError("sent"), mode=era, api_key=None) as (client, sent):
        found = await client.call_tool("search_operations", {"query": "reembolsar un pago", "limit": 1})
        described = await client.call_tool("describe_operation", {"name": "refund_order"})
    assert (sent, found.is_error, described.is_error) == ([], False, False)
    assert [row["name"] for row in found.structured_content["operations"]] == ["refund_order"]
    assert described.structured_content["call_with"] == "call_write_operation"


async def test_without_a_key_it_is_told_in_english_too(client_for: Any) -> None:
    async with client_for(AssertionError("sent"), api_key=None, language="en") as (client, _):
        result = await client.call_tool("list_customers", {})
    english = {key: value for key, value in NO_KEY.items() if key != "debug_message"}
    assert result.structured_content == {"error": {**english, "message": NO_KEY["debug_message"]}}


async def test_wrong_arguments_are_told_before_a_missing_key(client_for: Any) -> None:
    async with client_for(AssertionError("sent"), api_key=None) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "x"})
    assert result.structured_content["error"]["type"] == "parameter_validation_error"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("get_customers", "Did you mean get_customer or list_customers or create_customer?"),
        ("create_oder", "Did you mean create_order or create_customer or refund_order?"),
        ("teleport", "The list of tools names all there are."),
        ("simulate_payment", "Did you mean explain_payment or find_payment or create_payment_link?"),
    ],
)
async def test_an_unknown_tool_is_answered_with_the_near_ones(
    name: str, hint: str, client_for: Any, era: str
) -> None:
    async with client_for(AssertionError("sent"), mode=era) as (client, sent):
        result = await client.call_tool(name, {})
    assert (sent, result.is_error) == ([], True)
    assert result.structured_content == {
        "error": {
            "type": "unknown_tool",
            "code": "conekta_mcp.errors.unknown_tool",
            "message": "No existe esa herramienta.",
            "debug_message": f"There is no tool {name}.",
            "retryable": False,
            "hint": hint,
        }
    }


async def test_an_unknown_name_with_a_secret_is_not_echoed(client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        result = await client.call_tool("key_live_A1 4242424242424242", {})
    assert result.structured_content["error"]["debug_message"] == (
        "There is no tool key_[redacted] [redacted card number]."
    )


async def broken(_: Sender, __: Input) -> dict[str, Any]:
    raise KeyError("secret")


async def whole(_: Sender, __: Input) -> dict[str, Any]:
    return {"id": "cus_1"}


class NoSender:
    """A sender for tools that send nothing."""

    async def send(self, request: Any) -> dict[str, Any]:
        raise AssertionError(request)


def served(tool: Workflow[Input], **settings: Any) -> ConektaServer:
    return ConektaServer(
        tools=[tool], readables=[], account=lambda _: NoSender(), own_key="key_test", **settings
    )


READER = Workflow(
    name="look",
    title="Look",
    title_es="Mirar",
    risk=Risk.READ,
    toolset=Toolset.CUSTOMERS,
    description="",
    input=Input,
    example={},
    output=Customer,
    run=broken,
)
WRITER = replace(READER, name="act", risk=Risk.WRITE, settled_by="look")
CRASHED = {
    "type": "internal_error",
    "code": "conekta_mcp.errors.crashed",
    "message": "Falló algo en este servidor.",
    "debug_message": "Something failed inside this server; its log says what.",
    "retryable": False,
}


@pytest.mark.parametrize(
    ("tool", "more"),
    [
        (READER, {}),
        (
            WRITER,
            {
                "outcome": "unknown",
                "hint": "Whether this was applied is not known. Do not repeat it before looking: look.",
            },
        ),
    ],
    ids=["read", "write"],
)
async def test_a_defect_of_ours_is_told_without_its_text(
    tool: Any, more: Mapping[str, str], era: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client(served(tool), mode=era) as client:
        result = await client.call_tool(tool.name, {})
    assert (result.is_error, result.structured_content) == (True, {"error": {**CRASHED, **more}})
    assert "secret" not in result.model_dump_json()
    assert (f"{tool.name} failed by a defect", logging.ERROR) in [
        (record.getMessage(), record.levelno) for record in caplog.records
    ]


async def test_a_workflow_answers_like_an_operation() -> None:
    async with Client(served(replace(READER, run=whole))) as client:
        result = await client.call_tool("look", {})
    assert (result.structured_content, result.content[0].text) == ({"id": "cus_1"}, '{"id":"cus_1"}')


async def test_the_sandbox_marks_every_answer_as_not_live(client_for: Any, era: str) -> None:
    page = httpx.Response(200, json={"data": []})
    async with client_for(page, mode=era, sandbox=True) as (client, _):
        answer = await client.call_tool("list_customers", {})
        refused = await client.call_tool("list_customers", {"x": 1})
        unknown = await client.call_tool("x", {})
    assert answer.structured_content == {
        "columns": [],
        "rows": [],
        "empty": EMPTY_CUSTOMERS["es"],
        "livemode": False,
    }
    assert [list(one.structured_content) for one in (refused, unknown)] == [["error", "livemode"]] * 2
    assert refused.content[0].text.splitlines()[-1] == "livemode: false"


@pytest.mark.parametrize("livemode", [True, False])
async def test_a_real_account_tells_its_mode_by_each_object(livemode: bool, client_for: Any) -> None:
    async with client_for(
        httpx.Response(200, json={"id": "ord_1", "object": "order", "livemode": livemode})
    ) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "ord_1"})
    assert result.structured_content == {"id": "ord_1", "livemode": livemode}


DECLINED_ORDER = {"id": "ord_1", "charges": {"data": [{"status": "declined"}]}}


@every_tool
async def test_every_error_fits_the_published_output_schema(
    tool: Any, client_for: Any, arguments: Any
) -> None:
    answers = [
        httpx.Response(402, json={"details": [{"message": "No."}] * 2, "data": DECLINED_ORDER}),
        httpx.Response(429, headers={"Retry-After": "3"}),
        httpx.Response(200, html="<html>"),
        httpx.Response(503),
    ]
    left = iter(answers)
    async with client_for(lambda _: next(left), **switched_on(tool)) as (client, _):
        results = [await client.call_tool(tool.name, arguments[tool.name]) for _ in answers]
        results.append(await client.call_tool(tool.name, {"unheard_of": 1}))
    for result in results:
        jsonschema.validate(result.structured_content, load_schemas(tool).output)
    assert [result.is_error for result in results] == [True] * 5


EXISTS = (
    "hint: order ord_1 exists (payment_status: none); it was not paid by this call. "
    "Do not create another: read it first."
)


async def test_the_text_of_an_error_says_every_field_of_its_structure(client_for: Any) -> None:
    details = [{"code": "a", "message": "Uno.", "debug_message": "One.", "param": "x"}, {"code": "b"}]
    answer = httpx.Response(
        402, json={"details": details, "type": "t", "log_id": "L", "data": DECLINED_ORDER}
    )
    async with client_for(answer) as (client, _):
        result = await client.call_tool("cancel_order", {"order_id": "ord_1"})
    assert result.content[0].text == "\n".join(
        [
            "Error (HTTP 402): Uno.",
            "type: t",
            "code: a",
            "debug_message: One.",
            "param: x",
            'details: [{"code":"a","message":"Uno.","debug_message":"One.","param":"x"},{"code":"b"}]',
            "log_id: L",
            "retryable: false",
            "outcome: applied",
            EXISTS,
            'created: {"id":"ord_1"}',
        ]
    )


async def test_a_call_reports_its_progress(client_for: Any) -> None:
    seen: list[Any] = []

    async def on_progress(done: float, total: float | None, message: str | None) -> None:
        seen.append((done, total, message))

    async with client_for(httpx.Response(200, json={"data": []})) as (client, _):
        await client.call_tool("list_orders", {}, progress_callback=on_progress)
    assert seen == [(0, 1, "Buscar órdenes"), (1, 1, "Buscar órdenes")]


def test_the_sandbox_has_one_tool_of_its_own() -> None:
    assert [(tool.name, tool.toolset) for tool in SANDBOX_TOOLS] == [("simulate_payment", Toolset.SANDBOX)]
