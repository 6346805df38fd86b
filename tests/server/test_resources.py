"""Resources: reading an order, listing customers, completing ids."""

import json
from typing import Any

import anyio
import httpx
import pytest
from mcp import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, PromptReference, ResourceTemplateReference

from conekta_mcp.accounts.active_account import NO_KEY_MESSAGE

pytestmark = pytest.mark.anyio
NO_ANSWER = AssertionError("sent")
CUSTOMERS = ResourceTemplateReference(uri="conekta://customers/{customer_id}")
ORDERS = ResourceTemplateReference(uri="conekta://orders/{order_id}")
ROWS = [
    {"id": "cus_2b", "name": "Eva Luna"},
    {"id": "cus_2a", "name": None},
    {"name": "without an id"},
    {"id": "cus_1", "name": "Ana Ruiz"},
]
PAGE = {
    "data": ROWS,
    "has_more": True,
    "next_page_url": "https://api.conekta.io/customers?limit=50&next=cus_1",
}


def paged(**changed: Any) -> httpx.Response:
    return httpx.Response(200, json={**PAGE, **changed})


async def hang(_: httpx.Request) -> httpx.Response:
    await anyio.sleep_forever()
    raise AssertionError


async def test_the_addresses_are_templates(client_for: Any, era: str) -> None:
    async with client_for(NO_ANSWER, mode=era) as (client, _):
        listed = (await client.list_resource_templates()).resource_templates
    assert [(one.uri_template, one.name, one.title, one.mime_type) for one in listed] == [
        ("conekta://customers/{customer_id}", "customer", "Customer profile", "application/json"),
        ("conekta://orders/{order_id}", "order", "Order", "application/json"),
        (
            "conekta://customers/{customer_id}/subscriptions/{subscription_id}",
            "subscription",
            "Subscription",
            "application/json",
        ),
        ("conekta://payment_links/{checkout_id}", "payment_link", "Payment link", "application/json"),
        ("conekta://charges/{charge_id}", "charge", "Charge", "application/json"),
    ]


async def test_an_order_is_read_curated(client_for: Any, era: str) -> None:
    order = {
        "id": "ord_1",
        "object": "order",
        "amount": 50000,
        "currency": "MXN",
        "charges": None,
        "unheard_of": 1,
    }
    async with client_for(httpx.Response(200, json=order), mode=era) as (client, sent):
        (content,) = (await client.read_resource("conekta://orders/ord_1")).contents
    assert json.loads(content.text) == {
        "id": "ord_1",
        "amount": 50000,
        "currency": "MXN",
        "amount_text": "MXN 500.00",
    }
    assert content.text.startswith('{\n  "id": "ord_1",\n')
    assert [str(request.url) for request in sent] == ["https://api.conekta.io/orders/ord_1"]


@pytest.mark.parametrize(
    "address",
    [
        "conekta://orders/cus_1",
        "conekta://orders/ord_1/cancel",
        "conekta://orders/ord_1%2Fcancel",
        "conekta://customers/",
        "conekta://plans/plan_1",
        "file:///etc/passwd",
        "conekta://orders/ord_1?x=1",
        "conekta://subscriptions/sub_1",
        "conekta://customers/cus_1/subscriptions/",
        "conekta://customers/cus_1/subscriptions/ord_1",
        "conekta://customers/cus_1/cus_2/subscriptions/sub_1",
        "conekta://payment_links/00000000-0000-4000-8000-00000000000",
        "conekta://charges/6A0000000000000000000001",
        "conekta://charges/6a0000000000000000000001/chargebacks",
    ],
)
async def test_an_unknown_address_is_refused_and_nothing_is_sent(
    address: str, client_for: Any, era: str
) -> None:
    async with client_for(NO_ANSWER, mode=era) as (client, sent):
        with pytest.raises(MCPError) as caught:
            await client.read_resource(address)
    assert (sent, caught.value.code) == ([], INVALID_PARAMS)
    assert caught.value.message == f"Unknown resource: {address}"


async def test_a_card_number_in_an_address_or_a_completion_is_neither_sent_nor_repeated(
    client_for: Any, era: str
) -> None:
    async with client_for(NO_ANSWER, mode=era) as (client, sent):
        with pytest.raises(MCPError) as caught:
            await client.read_resource("conekta://customers/cus_4242424242424242")
        done = await client.complete(CUSTOMERS, {"name": "customer_id", "value": "4242 4242 4242 4242"})
    assert (sent, done.completion.values) == ([], [])
    assert caught.value.message == "An address must not hold a card number; nothing was read"
    assert "4242" not in str(caught.value.data)


async def test_a_key_in_an_address_is_neither_sent_nor_repeated_nor_logged(
    client_for: Any, era: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with client_for(NO_ANSWER, mode=era) as (client, sent):
        with pytest.raises(MCPError) as caught:
            await client.read_resource("conekta://orders/key_shop00000000000001")
    assert (sent, caught.value.code) == ([], INVALID_PARAMS)
    told = f"{caught.value.message} {caught.value.data} {caplog.text}"
    assert ("An address must not hold an API key" in told, "shop0000" in told) == (True, False)


async def test_without_a_key_a_resource_says_what_to_configure(client_for: Any, era: str) -> None:
    async with client_for(NO_ANSWER, mode=era, api_key=None) as (client, _):
        with pytest.raises(MCPError) as caught:
            await client.read_resource("conekta://orders/ord_1")
    assert (caught.value.code, caught.value.message) == (
        INTERNAL_ERROR,
        f"Order cannot be read: {NO_KEY_MESSAGE}",
    )


async def test_customers_are_listed_by_name_with_a_cursor(client_for: Any, era: str) -> None:
    async with client_for(paged(), mode=era) as (client, sent):
        first = await client.list_resources()
        await client.list_resources(cursor=first.next_cursor)
    assert [(one.uri, one.name, one.title, one.mime_type) for one in first.resources] == [
        ("conekta://customers/cus_2b", "Eva Luna", "Eva Luna", "application/json"),
        ("conekta://customers/cus_2a", "cus_2a", "cus_2a", "application/json"),
        ("conekta://customers/cus_1", "Ana Ruiz", "Ana Ruiz", "application/json"),
    ]
    assert first.next_cursor == "cus_1"
    assert [request.url.query for request in sent] == [b"limit=50", b"limit=50&next=cus_1"]


async def test_the_last_page_has_no_cursor(client_for: Any) -> None:
    async with client_for(paged(has_more=False)) as (client, _):
        assert (await client.list_resources()).next_cursor is None


@pytest.mark.parametrize("cursor", ["x?limit=1", "../x", "a" * 65, ""])
async def test_a_wrong_cursor_lists_nothing_and_sends_nothing(cursor: str, client_for: Any) -> None:
    async with client_for(paged()) as (client, sent):
        listed = await client.list_resources(cursor=cursor)
    assert (listed.resources, listed.next_cursor, sent) == ([], None, [])


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(500), httpx.Response(200, html="<html>"), httpx.ReadTimeout("key_test")],
    ids=["500", "a page", "no answer"],
)
async def test_a_list_is_empty_when_conekta_fails(answer: Any, client_for: Any, era: str) -> None:
    async with client_for(answer, mode=era) as (client, _):
        listed = await client.list_resources()
        done = await client.complete(CUSTOMERS, {"name": "customer_id", "value": "a"})
    assert (listed.resources, listed.next_cursor, done.completion.values) == ([], None, [])


async def test_a_list_is_empty_without_a_key(client_for: Any) -> None:
    async with client_for(NO_ANSWER, api_key=None) as (client, sent):
        listed = await client.list_resources()
        done = await client.complete(ORDERS, {"name": "order_id", "value": "a"})
    assert (listed.resources, done.completion.values, sent) == ([], [], [])


async def test_a_list_does_not_wait_for_a_conekta_that_hangs(
    client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conekta_mcp.server.resources.LIST_SECONDS", 0.01)
    async with client_for(hang) as (client, sent):
        listed = await client.list_resources()
        done = await client.complete(CUSTOMERS, {"name": "customer_id", "value": "a"})
    assert (listed.resources, done.completion.values, len(sent)) == ([], [], 2)


@pytest.mark.parametrize(
    ("ref", "name", "typed", "query", "values"),
    [
        (CUSTOMERS, "customer_id", "", "limit=250", ["cus_2b", "cus_2a", "cus_1"]),
        (CUSTOMERS, "customer_id", " ana ", "limit=100&search=ana", ["cus_2b", "cus_2a", "cus_1"]),
        (CUSTOMERS, "customer_id", "cus_2", "limit=250", ["cus_2b", "cus_2a"]),
        (CUSTOMERS, "customer_id", "a" * 300, f"limit=100&search={'a' * 249}", ["cus_2b", "cus_2a", "cus_1"]),
        (ORDERS, "order_id", "", "limit=250", ["cus_2b", "cus_2a", "cus_1"]),
        (ORDERS, "order_id", "ana", "limit=100&search=ana", ["cus_2b", "cus_2a", "cus_1"]),
        (ORDERS, "order_id", "ord_", "limit=250", []),
    ],
)
async def test_an_id_is_completed_by_name_or_by_its_start(
    ref: Any, name: str, typed: str, query: str, values: list[str], client_for: Any, era: str
) -> None:
    async with client_for(paged(), mode=era) as (client, sent):
        done = await client.complete(ref, {"name": name, "value": typed})
    assert (done.completion.values, done.completion.total, done.completion.has_more) == (
        values,
        len(values),
        False,
    )
    assert [request.url.query.decode() for request in sent] == [query]


async def test_at_most_a_hundred_are_completed(client_for: Any, era: str) -> None:
    rows = [{"id": f"ord_{number}"} for number in range(150)]
    async with client_for(httpx.Response(200, json={"data": rows}), mode=era) as (client, _):
        done = (await client.complete(ORDERS, {"name": "order_id", "value": "ord_"})).completion
    assert (len(done.values), done.values[0], done.total, done.has_more) == (100, "ord_0", 150, True)


async def test_an_argument_of_another_name_is_not_completed(client_for: Any) -> None:
    async with client_for(NO_ANSWER) as (client, sent):
        done = await client.complete(CUSTOMERS, {"name": "plan_id", "value": "a"})
    assert (done.completion.values, sent) == ([], [])


@pytest.mark.parametrize(
    ("prompt", "name", "typed", "values"),
    [
        ("bill_renewal", "customer", "ana", ["cus_2b", "cus_2a", "cus_1"]),
        ("bill_renewal", "language", "e", ["es", "en"]),
        ("bill_renewal", "language", "es", ["es"]),
        ("bill_renewal", "unheard_of", "a", []),
        ("unheard_of", "customer_id", "a", []),
    ],
)
async def test_the_arguments_of_prompts_are_completed(
    prompt: str, name: str, typed: str, values: list[str], client_for: Any, era: str
) -> None:
    async with client_for(paged(), mode=era) as (client, _):
        done = await client.complete(PromptReference(name=prompt), {"name": name, "value": typed})
    assert done.completion.values == values


async def test_the_prompts_are_served(client_for: Any, era: str) -> None:
    async with client_for(NO_ANSWER, mode=era) as (client, sent):
        listed = [prompt.name for prompt in (await client.list_prompts()).prompts]
        with pytest.raises(MCPError) as caught:
            await client.get_prompt("key_live_A1", {})
        rendered = await client.get_prompt("bill_renewal", {"customer": "cus_1", "amount": "500.00"})
    assert (listed, sent) == (sorted(listed), [])
    assert "cus_1" in rendered.messages[0].content.text
    assert (caught.value.code, caught.value.message) == (INVALID_PARAMS, "Unknown prompt: key_[redacted]")
