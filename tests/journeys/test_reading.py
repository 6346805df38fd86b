"""Resources, completions and prompts through a real client, in both eras: over HTTP, and once over stdio."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.types import (
    INVALID_PARAMS,
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)

from tests.journeys.clients import Era, answer, over_http
from tests.journeys.conftest import Connect
from tests.journeys.processes import Listening

pytestmark = [pytest.mark.system, pytest.mark.anyio]
Shop = Callable[[Era], AbstractAsyncContextManager[Client]]

LINES = [{"name": "Plan mensual", "unit_price": 50_000, "quantity": 1}]
CUSTOMERS = ResourceTemplateReference(uri="conekta://customers/{customer_id}")
ORDERS = ResourceTemplateReference(uri="conekta://orders/{order_id}")


@pytest.fixture
def shop(http_server: Listening, key: str) -> Shop:
    """A client of the server that many journeys share, with an account of its own."""

    @asynccontextmanager
    async def connected(era: Era) -> AsyncIterator[Client]:
        with anyio.fail_after(120):
            async with over_http(http_server.url, "streamable-http", key, era) as client:
                yield client

    return connected


async def new_customer(client: Client, name: str = "Ana Ruiz", email: str = "ana@example.com") -> str:
    person = {"name": name, "email": email, "phone": "+525555555555"}
    created: str = (await answer(client, "create_customer", person))["id"]
    return created


async def read(client: Client, address: str) -> Any:
    [content] = (await client.read_resource(address)).contents
    assert isinstance(content, TextResourceContents)
    assert (content.uri, content.mime_type) == (address, "application/json")
    return json.loads(content.text)


@pytest.mark.parametrize("transport", ["stdio", "streamable-http"])
async def test_a_profile_tells_how_a_customer_pays_and_what_they_owe(
    transport: str, era: Era, connect: Connect
) -> None:
    async with connect(transport, era) as client:
        mine = {"customer_id": await new_customer(client)}
        source = await answer(client, "add_spei_recurrent_source", mine)
        order = await answer(client, "create_order_reusing_clabe", {**mine, "line_items": LINES})
        profile = await read(client, f"conekta://customers/{mine['customer_id']}")
        shown = await read(client, f"conekta://orders/{order['id']}")
    assert profile["customer"]["name"] == "Ana Ruiz"
    assert profile["livemode"] is False
    assert [one["clabe"] for one in profile["payment_sources"]] == [source["clabe"]]
    assert profile["owed"] == [
        {"currency": "MXN", "amount": 50_000, "amount_text": "MXN 500.00", "orders": 1}
    ]
    assert [one["id"] for one in profile["latest_orders"]] == [order["id"]]
    assert (shown["clabe"], shown["amount"]) == (source["clabe"], 50_000)


async def test_the_list_of_resources_is_paged_newest_first(era: Era, shop: Shop) -> None:
    names = [f"Ana {number:02}" for number in range(60)]
    async with shop(era) as client:
        for name in names:
            await new_customer(client, name)
        first = await client.list_resources()
        second = await client.list_resources(cursor=first.next_cursor)
        strange = await client.list_resources(cursor="../orders")
        templates = (await client.list_resource_templates()).resource_templates
    assert [one.name for one in (*first.resources, *second.resources)] == names[::-1]
    assert [len(first.resources), len(second.resources), second.next_cursor] == [50, 10, None]
    assert strange.resources == []
    assert [template.uri_template for template in templates] == [
        CUSTOMERS.uri,
        ORDERS.uri,
        "conekta://customers/{customer_id}/subscriptions/{subscription_id}",
        "conekta://payment_links/{checkout_id}",
        "conekta://charges/{charge_id}",
    ]


async def test_ids_are_completed_by_what_a_person_types(era: Era, shop: Shop) -> None:
    async with shop(era) as client:
        ana = await new_customer(client)
        luis = await new_customer(client, "Luis Mora", "luis@example.com")
        order = await answer(client, "create_order", {"customer_id": ana, "line_items": LINES})

        async def typed(reference: Any, argument: str, value: str) -> set[str]:
            return set(
                (await client.complete(reference, {"name": argument, "value": value})).completion.values
            )

        assert await typed(CUSTOMERS, "customer_id", "Ana") == {ana}
        assert await typed(CUSTOMERS, "customer_id", luis[:-1]) == {luis}
        assert await typed(CUSTOMERS, "customer_id", "") == {ana, luis}
        assert await typed(CUSTOMERS, "customer_id", "Zoe") == set()
        assert await typed(ORDERS, "order_id", "ana@example.com") == {order["id"]}
        assert await typed(ORDERS, "order_id", "ord_") == {order["id"]}
        assert await typed(PromptReference(name="set_up_recurring_spei"), "customer", "Luis") == {luis}
        assert await typed(PromptReference(name="set_up_recurring_spei"), "language", "e") == {"es", "en"}
        assert await typed(PromptReference(name="set_up_recurring_spei"), "language", "en") == {"en"}
        assert await typed(PromptReference(name="no_such_prompt"), "customer", "Luis") == set()


UNREADABLE = {
    "conekta://customers/cus_none": "There is no customer cus_none for this account",
    "conekta://orders/ord_none": "There is no order ord_none for this account",
    "conekta://customers/../orders": "Unknown resource: conekta://customers/../orders",
    "conekta://plans/plan_1": "Unknown resource: conekta://plans/plan_1",
    "file:///etc/passwd": "Unknown resource: file:///etc/passwd",
}


async def test_what_cannot_be_read_is_an_invalid_parameter(era: Era, shop: Shop) -> None:
    async with shop(era) as client:
        for address, said in UNREADABLE.items():
            with pytest.raises(MCPError) as refused:
                await client.read_resource(address)
            assert (refused.value.code, refused.value.message) == (INVALID_PARAMS, said)


async def test_a_prompt_comes_in_spanish_and_in_english(era: Era, shop: Shop) -> None:
    texts = {}
    async with shop(era) as client:
        listed = {prompt.name: prompt for prompt in (await client.list_prompts()).prompts}
        for language in ("es", "en"):
            arguments = {"customer": "Ana Ruiz", "language": language}
            [message] = (await client.get_prompt("set_up_recurring_spei", arguments)).messages
            assert isinstance(message.content, TextContent)
            texts[language] = message.content.text.splitlines()[:3]
    assert sorted(listed) == [
        "bill_renewal",
        "did_my_payment_arrive",
        "explain_failed_payment",
        "onboard_customer",
        "set_up_recurring_spei",
    ]
    assert listed["set_up_recurring_spei"].title == "Configurar SPEI recurrente · Set up recurring SPEI"
    assert texts["es"][0].startswith("Deja listo el SPEI recurrente de un cliente")
    assert texts["es"][2].endswith("«Ana Ruiz»")
    assert texts["en"][0].startswith("Get recurring SPEI ready for a customer")
    assert texts["en"][2].endswith('"Ana Ruiz"')


WRONG_PROMPTS: list[tuple[str, dict[str, str], str]] = [
    ("no_such_prompt", {}, "Unknown prompt: no_such_prompt"),
    ("bill_renewal", {}, 'argument "customer" is required'),
    ("set_up_recurring_spei", {"customer": "Ana", "vip": "1"}, 'there is no argument "vip"'),
    ("set_up_recurring_spei", {"customer": "Ana", "language": "fr"}, "must be one of: es, en"),
]


async def test_a_wrong_prompt_is_an_invalid_parameter(era: Era, shop: Shop) -> None:
    async with shop(era) as client:
        for name, arguments, said in WRONG_PROMPTS:
            with pytest.raises(MCPError, match=said) as refused:
                await client.get_prompt(name, arguments)
            assert refused.value.code == INVALID_PARAMS
