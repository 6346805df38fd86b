"""--pii masked and minimal: what an agent is shown of people, everywhere, and what it may not write back."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.types import ResourceTemplateReference

from conekta_mcp.app import App
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era, over_http, over_stdio
from tests.journeys.conftest import Serve
from tests.journeys.processes import stdio_server
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]
each_level = pytest.mark.parametrize("level", ["masked", "minimal"])
NAME, EMAIL, PHONE, TAX_ID = "Ana Sofía Ruiz", "ana.sofia@example.com", "+525512345678", "RURA900101AB1"
STREET = "Calle Escondida 77"
PERSONAL = (NAME, "Sofía", "Ruiz", EMAIL, "ana.sofia", PHONE, "12345678", TAX_ID, STREET)
ANA = {"name": NAME, "email": EMAIL, "phone": PHONE}
LINES = [{"name": "Plan anual", "unit_price": 125000, "quantity": 1}]
FISCAL = {"street1": STREET, "postal_code": "06100", "city": "Ciudad de Mexico"}


@asynccontextmanager
async def shop(level: str, era: Era = "auto", **settings: Any) -> AsyncIterator[tuple[Client, App, str]]:
    """An agent, its server, and a customer of whom much is known."""
    app = App(Settings(sandbox=True, pii=level, language="en", toolsets=("all",), **settings))
    try:
        async with Client(app.server, mode=era) as client:
            yield client, app, await known(client)
    finally:
        await app.close()


async def known(client: Client) -> str:
    made = await ask(client, "create_customer", {**ANA, "metadata": {"nota": f"{NAME}, {EMAIL}, {PHONE}"}})
    one: str = made["id"]
    await ask(client, "add_fiscal_entity", {"customer_id": one, "tax_id": TAX_ID, "address": FISCAL})
    address = {"street1": STREET, "postal_code": "06100", "country": "MX"}
    contact = {"customer_id": one, "address": address, "phone": PHONE, "receiver": NAME}
    await ask(client, "add_shipping_contact", contact)
    return one


async def ask(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return (await client.call_tool(tool, arguments)).structured_content or {}


def nobody_in(shown: object) -> None:
    """Nothing that tells who Ana is stands in what was shown."""
    text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
    assert [word for word in PERSONAL if word in text] == []


async def everything(client: Client, customer_id: str) -> list[Any]:
    """What tools tell of a customer, structured and as text, lean and whole."""
    order = await ask(client, "create_order", {"customer_id": customer_id, "line_items": LINES})
    calls: list[tuple[str, dict[str, Any]]] = [
        ("get_customer", {"customer_id": customer_id}),
        ("get_customer", {"customer_id": customer_id, "detail": "full"}),
        ("list_customers", {}),
        ("list_customers", {"detail": "full"}),
        ("list_customers", {"fields": ["id", "name", "email", "phone"]}),
        ("update_customer", {"customer_id": customer_id, "name": NAME}),
        ("get_order", {"order_id": order["id"]}),
        ("list_orders", {}),
        ("list_events", {}),
        ("list_events", {"detail": "full"}),
        ("list_logs", {}),
        ("list_logs", {"detail": "full"}),
    ]
    told: list[Any] = [order]
    for tool, arguments in calls:
        result = await client.call_tool(tool, arguments)
        assert not result.is_error or "fields" in arguments, (tool, result)
        told += [result.structured_content, *(part.text for part in result.content)]
    return told


@each_level
async def test_no_tool_tells_who_a_person_is(level: str, era: Era) -> None:
    async with shop(level, era) as (client, _, customer_id):
        told = await everything(client, customer_id)
    assert len(told) > 24
    for one in told:
        nobody_in(one)
    assert customer_id in json.dumps(told[1])


async def test_at_full_everything_is_told() -> None:
    async with shop("full") as (client, _, customer_id):
        told = json.dumps(await everything(client, customer_id), ensure_ascii=False)
    assert [word for word in PERSONAL if word not in told] == []


@each_level
async def test_neither_resources_nor_their_list_nor_completions_tell(level: str, era: Era) -> None:
    async with shop(level, era) as (client, _, customer_id):
        shown = [one.model_dump_json() for one in (await client.list_resources()).resources]
        contents = (await client.read_resource(f"conekta://customers/{customer_id}")).contents
        shown += [content.model_dump_json() for content in contents]
        for template in (await client.list_resource_templates()).resource_templates:
            name = template.uri_template.partition("{")[2].partition("}")[0]
            reference = ResourceTemplateReference(uri=template.uri_template)
            completed = await client.complete(reference, {"name": name, "value": ""})
            shown.append(completed.model_dump_json())
    assert customer_id in "".join(shown)
    for one in shown:
        nobody_in(one)


@each_level
async def test_neither_errors_nor_the_audit_tell(level: str, era: Era) -> None:
    async with shop(level, era) as (client, app, customer_id):
        errors = [
            await client.call_tool("get_customer", {"customer_id": NAME}),
            await client.call_tool(
                "update_customer", {"customer_id": customer_id, "email": f"{EMAIL} {PHONE}"}
            ),
            await client.call_tool("list_customers", {"search": EMAIL, "nombre": NAME}),
            await client.call_tool("add_card_source", {"customer_id": customer_id, "token_id": "tok_none"}),
        ]
        records = await app.store.read_records()
    for error in errors:
        assert error.is_error
        nobody_in([part.text for part in error.content])
        nobody_in(error.structured_content)
    assert len(records) >= 6
    nobody_in(records)


@each_level
async def test_a_preview_does_not_tell_the_model_who_it_is_about(level: str, era: Era) -> None:
    async with shop(level, era, confirm="destructive", allow_preview=True) as (client, _, customer_id):
        shown = await client.call_tool("delete_customer", {"customer_id": customer_id})
    preview = (shown.structured_content or {})["error"]["preview"]
    name = {"masked": "A** S** R**", "minimal": "***"}[level]
    assert f"Delete for good «{name}» ({customer_id})" in preview["question"]
    nobody_in([part.text for part in shown.content])
    nobody_in(preview)


@each_level
async def test_the_payers_clabe_stays_where_it_is_needed_and_only_there(level: str, era: Era) -> None:
    async with shop(level, era) as (client, _, customer_id):
        order = await ask(client, "create_order", {"customer_id": customer_id, "line_items": LINES})
        read = await ask(client, "get_order", {"order_id": order["id"]})
        listed = await ask(client, "list_charges", {"detail": "full"})
    clabe = order["clabe"]
    assert (len(clabe), clabe.isdigit(), read["clabe"]) == (18, True, clabe)
    assert order["id"] in json.dumps(listed)
    assert clabe not in json.dumps(listed)


@each_level
async def test_masked_values_that_are_sent_back_are_refused(level: str, era: Era) -> None:
    async with shop(level, era) as (client, _, customer_id):
        for written in ({"email": "a**@example.com"}, {"name": "A** R**"}, {"phone": "***5678"}):
            refused = await ask(client, "update_customer", {"customer_id": customer_id, **written})
            assert (refused["error"]["type"], refused["error"]["outcome"]) == (
                "parameter_validation_error",
                "not_applied",
            )
        found = await ask(client, "list_customers", {"search": EMAIL})
        assert [row["id"] for row in rows_of(found)] == [customer_id]


SEARCHING = [
    "list_customers", "list_orders", "list_charges", "list_payment_links", "list_payouts", "list_events",
    "list_logs", "list_transfers",
]  # fmt: skip


@each_level
@pytest.mark.parametrize("tool", SEARCHING)
async def test_a_part_of_what_is_masked_cannot_be_searched(level: str, tool: str) -> None:
    async with shop(level, log_level="ERROR") as (client, _app, _customer):
        counted = len((await ask(client, "list_logs", {"max_items": 1000}))["rows"])
        for part in ("Sofía", "Ana Sofía Ruiz", "ana.", "@example.com", "1234", "z"):
            for asked in ({}, {"max_items": 50}, {"detail": "full"}):
                error = (await ask(client, tool, {"search": part, **asked}))["error"]
                assert (error["type"], error["param"]) == ("parameter_validation_error", "search")
                assert "expected a whole e-mail" in error["message"]
                assert part not in json.dumps(error)
        # The one request more is that of the list itself: what was refused was not sent.
        assert len((await ask(client, "list_logs", {"max_items": 1000}))["rows"]) == counted + 1


@each_level
@pytest.mark.parametrize(
    ("tool", "part"),
    [
        ("list_customers", "na.sofia@example.com"),
        ("list_customers", "sofia@example.com"),
        ("list_orders", "a@example.com"),
        ("list_customers", "2512345678"),
    ],
)
async def test_a_part_that_looks_whole_finds_nobody(level: str, tool: str, part: str) -> None:
    async with shop(level) as (client, _, customer_id):
        await ask(client, "create_order", {"customer_id": customer_id, "line_items": LINES})
        found = await ask(client, tool, {"search": part, "limit": 1})
    assert (rows_of(found), found["has_more"], found.get("next")) == ([], False, None)


@each_level
async def test_an_id_is_completed_by_its_start_only_and_lists_have_no_names(level: str, era: Era) -> None:
    async with shop(level, era) as (client, _, customer_id):
        template = ResourceTemplateReference(uri="conekta://customers/{customer_id}")
        found = {
            typed: (
                await client.complete(template, {"name": "customer_id", "value": typed})
            ).completion.values
            for typed in ("", "cus_", customer_id, "Ana", EMAIL, "sof", PHONE)
        }
        listed = (await client.list_resources()).resources
    assert found == {
        "": [customer_id], "cus_": [customer_id], customer_id: [customer_id],
        "Ana": [], EMAIL: [], "sof": [], PHONE: [],
    }  # fmt: skip
    assert [(one.name, one.title) for one in listed] == [(customer_id, customer_id)]


async def test_what_is_not_about_people_is_searched_by_parts(era: Era) -> None:
    plan = {"name": "Plan de oro", "amount": 100, "currency": "MXN", "interval": "month", "frequency": 1}
    async with shop("minimal", era) as (client, _, _customer):
        made = await ask(client, "create_plan", plan)
        found = await ask(client, "list_plans", {"search": "oro"})
    assert [row["id"] for row in rows_of(found)] == [made["id"]]


@pytest.mark.parametrize("transport", ["stdio", "streamable-http", "sse"])
async def test_the_flag_holds_over_every_transport(
    transport: str, era: Era, key: str, serve_for_all: Serve
) -> None:
    words = ("--sandbox", "--pii", "masked", "--toolsets", "all")

    async def see_nobody(client: Client) -> None:
        for one in await everything(client, await known(client)):
            nobody_in(one)

    if transport == "stdio":
        async with over_stdio(stdio_server(*words), era) as client:
            await see_nobody(client)
        return
    async with over_http(serve_for_all(*words).url, transport, key, era) as client:
        await see_nobody(client)
