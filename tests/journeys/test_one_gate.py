"""What is closed as a tool is closed in resources, lists, completions, logs, events and search too."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ResourceTemplateReference

from conekta_mcp.app import App
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.server.tools.permissions import WITHHELD
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era, in_memory, plain_client
from tests.journeys.processes import Listening

pytestmark = [pytest.mark.system, pytest.mark.anyio]
NAME, EMAIL = "Zoraida Reservada", "zoraida@example.com"
BUYER = {"name": NAME, "email": EMAIL, "phone": "+525512345678"}
CUSTOMERS = ResourceTemplateReference(uri="conekta://customers/{customer_id}")
NO_CUSTOMERS = """
[[rule]]
name = "no customers"
effect = "deny"
tools = ["get_customer", "list_customers"]
"""
CLOSED: list[tuple[str, dict[str, Any]]] = [
    ("excluded tools", {"exclude": ("get_customer", "list_customers")}),
    ("an excluded toolset", {"exclude": ("customers",)}),
    ("another toolset", {"toolsets": ("logs", "events")}),
    ("a rule", {"policy": NO_CUSTOMERS}),
]
closed_by = pytest.mark.parametrize("settings", [one for _, one in CLOSED], ids=[name for name, _ in CLOSED])


async def ask(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    return (await client.call_tool(tool, arguments)).structured_content or {}


async def read_all(client: Client, customer_id: str) -> dict[str, str]:
    """What each way shows of one customer, as text."""
    logs = await ask(client, "list_logs", detail="full", limit=100)
    by_id = [await ask(client, "get_log", log_id=row["id"]) for row in logs["conekta"]["data"]]
    events = await ask(client, "list_events", detail="full")
    happened = [await ask(client, "get_event", event_id=row["id"]) for row in events["conekta"]["data"]]
    # The log of a list of events quotes the events, and the log of a list of logs the logs.
    quoted = [await ask(client, "list_logs", detail="full", limit=100) for _ in range(2)]
    try:
        read = str(await client.read_resource(f"conekta://customers/{customer_id}"))
    except MCPError as refused:
        read = str(refused)
    found = await client.complete(CUSTOMERS, {"name": "customer_id", "value": "Zora"})
    return {
        "logs": json.dumps([logs, *by_id]),
        "events": json.dumps([events, *happened]),
        "logs of reading events and logs": json.dumps(quoted),
        "logs found by name": json.dumps((await ask(client, "list_logs", search="Zoraida"))["rows"]),
        "resource": read,
        "resources": str((await client.list_resources()).resources),
        "completion": str(found.completion.values),
    }


@asynccontextmanager
async def shop(era: Era, folder: Path, **settings: Any) -> AsyncIterator[tuple[Client, str]]:
    """A client of a narrowed server, and the id of a customer that another server made before."""
    state = str(folder / "sandbox.db")
    if "policy" in settings:
        (folder / "policy.toml").write_text(settings["policy"])
        settings["policy"] = str(folder / "policy.toml")
    async with in_memory(era, state=state) as (client, _):
        made = await ask(client, "create_customer", **BUYER)
    async with in_memory(era, state=state, language="en", **settings) as (client, _):
        yield client, made["id"]


async def test_where_nothing_is_closed_all_of_it_shows_the_customer(era: Era, tmp_path: Path) -> None:
    async with shop(era, tmp_path) as (client, customer_id):
        shown = await read_all(client, customer_id)
    assert [EMAIL in shown[one] for one in ("logs", "events", "resource")] == [True] * 3
    assert (NAME in shown["resources"], customer_id in shown["completion"]) == (True, True)


@closed_by
async def test_what_a_closed_tool_would_show_is_shown_by_nothing_else(
    era: Era, settings: dict[str, Any], tmp_path: Path
) -> None:
    async with shop(era, tmp_path, **settings) as (client, customer_id):
        shown = await read_all(client, customer_id)
        templates = [one.name for one in (await client.list_resource_templates()).resource_templates]
    assert [way for way, text in shown.items() if NAME in text or EMAIL in text] == []
    assert (shown["resources"], shown["completion"]) == ("[]", "[]")
    assert WITHHELD in shown["logs"]
    assert "customer" not in templates


async def test_a_request_that_narrows_itself_narrows_resources_too(era: Era) -> None:
    app = App(Settings(transport=("streamable-http",), sandbox=True))
    asgi = app.create_http_app()
    headers = {"Authorization": "Bearer key_a"}
    shown: dict[str, Any] = {}
    async with asgi.router.lifespan_context(asgi):
        for address in ("/mcp", "/mcp?toolsets=refunds"):
            transport = httpx2.ASGITransport(asgi)
            url = "http://127.0.0.1:8000"
            async with httpx2.AsyncClient(transport=transport, base_url=url, headers=headers) as http:
                target = streamable_http_client(url + address, http_client=http)
                async with Client(target, mode=era) as client:
                    if not shown:
                        await ask(client, "create_customer", **BUYER)
                    found = await client.complete(CUSTOMERS, {"name": "customer_id", "value": ""})
                    shown[address] = (
                        [one.name for one in (await client.list_resources()).resources],
                        len((await client.list_resource_templates()).resource_templates),
                        len(found.completion.values),
                    )
    await app.close()
    assert shown == {"/mcp": ([NAME], 5, 1), "/mcp?toolsets=refunds": ([], 0, 0)}


async def test_what_narrows_an_sse_stream_holds_for_its_messages(
    http_server: Listening, key: str, era: Era
) -> None:
    listed: dict[str, bool] = {}
    for address in ("/sse", "/sse?read_only=1"):
        target = sse_client(
            http_server.url + address,
            headers={"Authorization": f"Bearer {key}"},
            httpx_client_factory=plain_client,
        )
        async with Client(target, mode=era) as client:
            made = await ask(client, "create_customer", **BUYER)
            listed[address] = "create_customer" in [one.name for one in (await client.list_tools()).tools]
            assert ("error" in made) == ("read_only" in address)
    assert listed == {"/sse": True, "/sse?read_only=1": False}


async def test_reading_only_still_reads_resources_and_logs(era: Era, tmp_path: Path) -> None:
    async with shop(era, tmp_path, read_only=True) as (client, customer_id):
        shown = await read_all(client, customer_id)
    assert [EMAIL in shown[one] for one in ("logs", "events", "resource")] == [True] * 3


async def test_without_the_caller_no_unlisted_operation_is_called_by_any_name(era: Era) -> None:
    async with in_memory(era, exclude=("call_write_operation",)) as (client, _):
        listed = [tool.name for tool in (await client.list_tools()).tools]
        plan = {"name": "Oro", "amount": 100, "currency": "MXN", "interval": "month", "frequency": 1}
        told = [
            await ask(client, "call_write_operation", name="create_plan", arguments=plan),
            await ask(client, "create_plan", **plan),
        ]
        plans = await ask(client, "call_read_operation", name="list_plans", arguments={})
    assert "call_write_operation" not in listed
    assert [one["error"]["type"] for one in told] == ["unknown_tool", "unknown_tool"]
    assert plans["rows"] == []


HOOK = "https://hooks.example.com/services/B02/in?token=HOOKTOKEN123"


async def test_what_a_person_is_asked_about_is_shown_by_no_log_and_no_event(era: Era) -> None:
    toolsets = ("all", "customer_portal", "webhooks", "api_keys")
    async with in_memory(era, toolsets=toolsets) as (client, _):
        customer = (await ask(client, "create_customer", **BUYER))["id"]
        card = await ask(client, "add_card_source", customer_id=customer, token_id="tok_test_visa_4242")
        plan = {"name": "Oro", "amount": 5000, "currency": "MXN", "interval": "month", "frequency": 1}
        plan_id = (await ask(client, "create_plan", **plan))["id"]
        hook = await ask(client, "create_webhook", url=HOOK)
        asked = {"customer_id": customer, "plan_id": plan_id, "card_id": card["id"]}
        subscription = await ask(client, "create_subscription", **asked)
        portal = await ask(client, "create_customer_portal", subscription_id=subscription["id"])
        await ask(client, "create_api_key", role="private", description="x")
        shown = await read_all(client, customer)
        own = await ask(client, "get_webhook", webhook_id=hook["id"])
    slug = portal["portal_url"].rpartition("/")[2]
    secrets = (slug, "HOOKTOKEN123", "B02")
    assert [(way, one) for way, text in shown.items() for one in secrets if one in text] == []
    assert "/subscriptions/" in shown["logs"]
    assert "https://hooks.example.com/***" in shown["logs"]
    assert own["url"].startswith("https://hooks.example.com/services/B02/in")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"exclude": ("call_write_operations",)}, "--exclude: there is no call_write_operations; did you"),
        ({"tools": ("get_ordr",)}, "--tools: there is no get_ordr; did you mean get_order?"),
        ({"toolsets": ("refund",)}, "--toolsets: there is no refund; did you mean refunds?"),
    ],
)
def test_a_setting_that_names_no_tool_is_refused_at_start(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        App(Settings(sandbox=True, **settings))
    assert str(refused.value).startswith(said)
