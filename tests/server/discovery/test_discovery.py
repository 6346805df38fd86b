"""Search, describe and call: every allowed operation within reach of a short list."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.types import CallToolResult

from conekta_mcp.accounts.active_account import Accounts
from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.modes import Modes
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.api import Conekta
from conekta_mcp.catalog import Risk
from conekta_mcp.domains import TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.argument_texts import describe_arguments
from conekta_mcp.server.discovery.tools import Discovery, search_operations
from conekta_mcp.server.mcp_server import ConektaServer
from conekta_mcp.server.tools.absent_tools import mark_closed_texts
from conekta_mcp.server.tools.calls import Calls
from conekta_mcp.server.tools.permissions import Permissions
from conekta_mcp.server.tools.published_schemas import build_full_input_schema
from conekta_mcp.server.tools.selection import DEFAULT_SELECTION, OperatorTools, Surface, ToolSelection
from conekta_mcp.settings import Settings
from tests.conftest import Era
from tests.one_test import all_in_one_test

pytestmark = pytest.mark.anyio
FIRST = [tool for tool in ALL_TOOLS if tool.name == "list_customers"]
REST = [tool for tool in ALL_TOOLS if tool.name != "list_customers"]
FINDERS = ["search_operations", "describe_operation", "call_read_operation", "call_write_operation"]
ORDER = {"id": "ord_1", "object": "order", "amount": 50000, "currency": "MXN", "livemode": False}


@asynccontextmanager
async def short_list(
    sent: list[httpx.Request], *, wish: ToolSelection = DEFAULT_SELECTION, mode: Era = "auto"
) -> AsyncIterator[Client]:
    """A client of a server that lists one operation and allows what `wish` says."""

    def upstream(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=ORDER)

    conekta = Conekta(Settings(), transport=lambda: httpx.MockTransport(upstream))
    server = ConektaServer(
        tools=FIRST,
        more=lambda: REST,
        selection=wish,
        readables=(),
        account=conekta.get_account,
        own_key="key_test",
    )
    async with Client(server, mode=mode) as client:
        yield client


async def answered(tool: str, arguments: dict[str, Any], **how: Any) -> tuple[Any, list[httpx.Request]]:
    """The structured content of a call, and the requests that left."""
    sent: list[httpx.Request] = []
    async with short_list(sent, **how) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error == ("error" in result.structured_content)
    return result.structured_content, sent


async def test_the_finders_are_listed_after_the_default(era: Era) -> None:
    async with short_list([], mode=era) as client:
        listed = [tool.name for tool in (await client.list_tools()).tools]
    assert listed == ["list_customers", *FINDERS]


async def test_what_one_wants_to_do_is_found_with_its_parameters() -> None:
    found, sent = await answered("search_operations", {"query": "¿ya llegó mi pago?", "limit": 3})
    rows = {row["name"]: row for row in found["operations"]}
    assert len(found["operations"]) == 3
    assert rows["get_order"]["parameters"] == "order_id*"
    assert rows["get_order"]["risk"] == "read"
    assert sent == []


async def test_a_request_that_fits_nothing_gets_a_hint() -> None:
    found, _ = await answered("search_operations", {"query": "zzzz"})
    assert found == {
        "hint": "Nothing fits; say it in other words, such as refund, payment link, subscription, payout, "
        "chargeback."
    }


async def test_an_operation_is_described_with_its_whole_schema() -> None:
    described, _ = await answered("describe_operation", {"name": "cancel_order"})
    assert described["call_with"] == "call_write_operation"
    assert described["input_schema"]["required"] == ["order_id"]


async def test_a_read_is_called_as_if_it_were_listed(era: Era) -> None:
    order, sent = await answered(
        "call_read_operation", {"name": "get_order", "arguments": {"order_id": "ord_1"}}, mode=era
    )
    assert order["amount_text"] == "MXN 500.00"
    assert [(request.method, request.url.path) for request in sent] == [("GET", "/orders/ord_1")]


async def test_a_write_is_called_as_if_it_were_listed() -> None:
    order, sent = await answered(
        "call_write_operation", {"name": "cancel_order", "arguments": {"order_id": "ord_1"}}
    )
    assert order["id"] == "ord_1"
    assert [(request.method, request.url.path) for request in sent] == [("POST", "/orders/ord_1/cancel")]


@pytest.mark.parametrize(
    ("caller", "name", "other"),
    [
        ("call_read_operation", "cancel_order", "call_write_operation"),
        ("call_write_operation", "get_order", "call_read_operation"),
    ],
)
async def test_each_caller_runs_what_its_annotations_say(caller: str, name: str, other: str) -> None:
    answer, sent = await answered(caller, {"name": name, "arguments": {"order_id": "ord_1"}})
    assert answer["error"]["hint"] == f"Nothing was sent. Use {other}."
    assert sent == []


async def test_the_guard_of_a_called_operation_is_the_same() -> None:
    called, sent = await answered(
        "call_write_operation", {"name": "cancel_order", "arguments": {"order_id": "../customers"}}
    )
    direct, _ = await answered("cancel_order", {"order_id": "../customers"})
    assert called == direct
    assert called["error"]["param"] == "order_id"
    assert sent == []


@pytest.mark.parametrize("finder", FINDERS[1:])
async def test_what_is_not_allowed_is_as_unknown_as_what_does_not_exist(finder: str) -> None:
    arguments = {} if finder == "describe_operation" else {"arguments": {}}
    wish = ToolSelection(exclude=("orders",))
    forbidden, sent = await answered(finder, {"name": "get_order", **arguments}, wish=wish)
    missing, _ = await answered(finder, {"name": "get_ordre", **arguments}, wish=wish)
    assert forbidden["error"]["type"] == missing["error"]["type"] == "unknown_tool"
    assert missing["error"]["code"] == "conekta_mcp.errors.unknown_tool"
    # It is told that it exists, and who can open it.
    assert forbidden["error"]["code"] == "conekta_mcp.errors.not_switched_on"
    assert "--exclude" in forbidden["error"]["hint"]
    assert sent == []


async def test_a_forbidden_tool_is_an_unknown_tool() -> None:
    answer, sent = await answered(
        "get_order", {"order_id": "ord_1"}, wish=ToolSelection(toolsets=("customers",))
    )
    assert answer["error"]["type"] == "unknown_tool"
    assert sent == []


async def test_wrong_arguments_of_a_finder_are_named() -> None:
    answer, _ = await answered("search_operations", {"query": "pagos", "limit": 99})
    assert (answer["error"]["param"], answer["error"]["message"]) == (
        "limit",
        "limit: se esperaba 20 o menos.",
    )


@all_in_one_test("operation", ALL_TOOLS)
async def test_every_operation_but_a_secret_one_can_be_described(operation: Any) -> None:
    described, sent = await answered("describe_operation", {"name": operation.name})
    assert sent == []
    if operation.risk is Risk.SECRET:
        assert described["error"]["type"] == "unknown_tool"
    else:
        closed = frozenset(tool.name for tool in ALL_TOOLS if tool.risk is Risk.SECRET)
        full = describe_arguments(build_full_input_schema(operation))
        assert described["input_schema"] == mark_closed_texts(full, closed)
        assert described["risk"] == operation.risk.value


async def test_a_secret_operation_is_neither_found_nor_run_until_it_is_named() -> None:
    wanted = {"query": "create an api key", "limit": 20}
    found, _ = await answered("search_operations", wanted)
    secret = {tool.name for tool in ALL_TOOLS if tool.risk is Risk.SECRET}
    assert not secret & {row["name"] for row in found.get("operations", [])}
    refused, sent = await answered(
        "call_write_operation", {"name": "create_api_key", "arguments": {"role": "private"}}
    )
    direct, sent_directly = await answered("create_api_key", {"role": "private"})
    assert refused["error"]["type"] == direct["error"]["type"] == "unknown_tool"
    assert next(iter(found)) == "not_switched_on"
    told = {row["name"]: row["switch"] for row in found["not_switched_on"]}
    assert "--tools create_api_key (CONEKTA_MCP_TOOLS)" in told["create_api_key"]
    assert refused["error"]["hint"] == direct["error"]["hint"] == told["create_api_key"]
    assert (sent, sent_directly) == ([], [])
    _, sent = await answered(
        "create_api_key", {"role": "private"}, wish=ToolSelection(tools=("create_api_key",))
    )
    assert [(request.method, request.url.path) for request in sent] == [("POST", "/api_keys")]


async def test_what_is_open_stands_first_where_it_fits_best() -> None:
    found, _ = await answered("search_operations", {"query": "delete a customer"})
    assert next(iter(found)) == "operations"


async def test_a_first_request_that_was_narrowed_hides_nothing_from_the_next() -> None:
    accounts = Accounts(
        Conekta(Settings()).get_account, Profiles.from_key(None), Identities("", Modes()), lambda: None
    )
    permissions = Permissions(OperatorTools(ALL_TOOLS, tuple, DEFAULT_SELECTION, ()), None, "en")
    discovery = Discovery(Calls(accounts, "en", None, permissions), permissions)
    whole = Surface.from_selection(ALL_TOOLS, DEFAULT_SELECTION, TOOLS, ())
    narrowed = whole.narrow(ToolSelection(toolsets=("plans",)))

    async def found(surface: Surface) -> list[str]:
        context: Any = None
        answer = await discovery.run(search_operations, {"query": "refund an order"}, context, surface)
        assert isinstance(answer, CallToolResult)
        return [row["name"] for row in (answer.structured_content or {}).get("operations", [])][:1]

    assert [await found(one) for one in (narrowed, whole, narrowed)] == [[], ["refund_order"], []]


async def test_no_text_sends_anybody_to_what_is_not_switched_on_without_saying_so() -> None:
    closed = {tool.name for tool in ALL_TOOLS if tool.risk is Risk.SECRET}
    texts = []
    async with short_list([]) as client:
        for tool in ALL_TOOLS:
            if tool.name not in closed:
                answer = await client.call_tool("describe_operation", {"name": tool.name})
                texts.append(json.dumps(answer.structured_content))
        found = await client.call_tool("search_operations", {"query": "resend an event to webhooks"})
        rows = (found.structured_content or {})["operations"]
    texts += [json.dumps(row) for row in rows]
    named = [
        (word, text) for text in texts for word in re.findall(r"[a-z]+(?:_[a-z]+)+", text) if word in closed
    ]
    assert {"list_webhooks", "update_webhook"} <= {word for word, _ in named}
    assert [word for word, text in named if f"{word} (not switched on here)" not in text] == []
