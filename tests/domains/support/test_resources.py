"""Subscriptions, payment links and charges as resources, on the sandbox: read, not found, completed."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp.types import INVALID_PARAMS, ResourceTemplateReference

from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.app import App
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
SUBSCRIPTIONS = ResourceTemplateReference(
    uri="conekta://customers/{customer_id}/subscriptions/{subscription_id}"
)
LINKS = ResourceTemplateReference(uri="conekta://payment_links/{checkout_id}")
CHARGES = ResourceTemplateReference(uri="conekta://charges/{charge_id}")
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
TOMORROW = 1_768_651_200
CARD = {"token_id": "tok_test_visa_4242"}


@pytest.fixture
async def shop(era: Any) -> AsyncIterator[Client]:
    """A client of a server on a sandbox of its own, whose clock stands a day before TOMORROW."""
    ledger = Ledger(clock=lambda: TOMORROW - 86_400)
    settings = Settings(sandbox=True, toolsets=("all",))
    app = App(settings, transport=lambda: InProcessTransport(create_sandbox(ledger)))
    async with Client(app.server, mode=era) as client:
        yield client
    await app.close()
    ledger.close()


async def made(shop: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    answer = await shop.call_tool(tool, arguments)
    assert not answer.is_error
    assert answer.structured_content is not None
    return answer.structured_content


async def read(shop: Client, address: str) -> dict[str, Any]:
    (content,) = (await shop.read_resource(address)).contents
    shown: dict[str, Any] = json.loads(content.text)
    return shown


async def completed(shop: Client, ref: Any, typed: str, **known: str) -> list[str]:
    (variable,) = {"subscription_id", "checkout_id", "charge_id"} & set(_variables(ref.uri))
    done = await shop.complete(ref, {"name": variable, "value": typed}, known or None)
    return list(done.completion.values)


def _variables(template: str) -> list[str]:
    return [part.partition("}")[0] for part in template.split("{")[1:]]


async def subscribed(shop: Client) -> tuple[str, dict[str, Any]]:
    customer = (await made(shop, "create_customer", **PERSON))["id"]
    await made(shop, "add_card_source", customer_id=customer, **CARD)
    await made(shop, "create_plan", plan_id="mensual", name="Mensual", amount=9900, interval="month")
    return customer, await made(shop, "create_subscription", customer_id=customer, plan_id="mensual")


async def test_a_subscription_is_read_below_its_customer(shop: Client) -> None:
    customer, subscription = await subscribed(shop)
    shown = await read(shop, f"conekta://customers/{customer}/subscriptions/{subscription['id']}")
    assert (shown["id"], shown["status"], shown["plan_id"]) == (subscription["id"], "active", "mensual")
    assert shown == {key: value for key, value in subscription.items() if key != "livemode"}


async def test_a_payment_link_is_read(shop: Client) -> None:
    link = await made(shop, "create_payment_link", name="Plan anual", line_items=LINES, expires_at=TOMORROW)
    shown = await read(shop, f"conekta://payment_links/{link['id']}")
    assert (shown["name"], shown["status"]) == ("Plan anual", "Issued")
    asked = {name: link[name] for name in ("amount", "amount_text", "currency", "line_items", "typed_text")}
    assert {**shown, **asked} == link


async def test_a_charge_is_read_by_searching_it(shop: Client) -> None:
    order = await made(shop, "create_card_order", **PERSON, line_items=LINES, **CARD)
    shown = await read(shop, f"conekta://charges/{order['charges'][0]['id']}")
    assert (shown["order_id"], shown["status"], shown["amount"]) == (order["id"], "paid", 50000)


async def test_another_charge_whose_reference_is_the_id_is_not_taken_for_it(shop: Client) -> None:
    order = await made(shop, "create_card_order", **PERSON, line_items=LINES, **CARD)
    wanted = "6a0000000000000000000001"
    await made(shop, "update_charge", charge_id=order["charges"][0]["id"], reference_id=wanted)
    with pytest.raises(MCPError) as caught:
        await read(shop, f"conekta://charges/{wanted}")
    assert caught.value.message == f"There is no charge {wanted} for this account"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("conekta://customers/cus_1/subscriptions/sub_1", "There is no subscription sub_1 for this account"),
        (
            "conekta://payment_links/00000000-0000-4000-8000-000000000001",
            "There is no payment link 00000000-0000-4000-8000-000000000001 for this account",
        ),
        (
            "conekta://charges/6a0000000000000000000001",
            "There is no charge 6a0000000000000000000001 for this account",
        ),
    ],
)
async def test_an_id_that_the_account_does_not_have_is_not_found(
    address: str, told: str, shop: Client
) -> None:
    with pytest.raises(MCPError) as caught:
        await read(shop, address)
    assert (caught.value.code, caught.value.message) == (INVALID_PARAMS, told)


async def test_a_subscription_is_completed_for_the_customer_that_is_chosen(shop: Client) -> None:
    customer, subscription = await subscribed(shop)
    await made(shop, "create_plan", plan_id="anual", name="Anual", amount=99000, interval="year")
    yearly = await made(shop, "create_subscription", customer_id=customer, plan_id="anual")
    both = [yearly["id"], subscription["id"]]
    assert await completed(shop, SUBSCRIPTIONS, "", customer_id=customer) == both
    assert await completed(shop, SUBSCRIPTIONS, "sub_", customer_id=customer) == both
    assert await completed(shop, SUBSCRIPTIONS, "anu", customer_id=customer) == [yearly["id"]]
    assert await completed(shop, SUBSCRIPTIONS, subscription["id"], customer_id=customer) == both[1:]
    assert await completed(shop, SUBSCRIPTIONS, "x", customer_id=customer) == []


@pytest.mark.parametrize(
    "known", [{}, {"customer_id": "ana"}, {"customer_id": "cus_1/../x"}, {"order_id": "ord_1"}]
)
async def test_without_the_id_of_a_customer_no_subscription_is_completed(
    known: dict[str, str], client_for: Any, era: str
) -> None:
    async with client_for(AssertionError("sent"), mode=era) as (client, sent):
        assert (await completed(client, SUBSCRIPTIONS, "sub_", **known), sent) == ([], [])


async def test_the_customer_of_a_subscription_is_completed_by_name(shop: Client) -> None:
    customer = (await made(shop, "create_customer", **PERSON))["id"]
    done = await shop.complete(SUBSCRIPTIONS, {"name": "customer_id", "value": "ana"})
    assert done.completion.values == [customer]


async def test_a_payment_link_is_completed_by_name_or_by_its_start(shop: Client) -> None:
    names = ("Plan anual", "Cafe", "Plan mensual")
    yearly, coffee, monthly = [
        (await made(shop, "create_payment_link", name=name, line_items=LINES, expires_at=TOMORROW))["id"]
        for name in names
    ]
    assert await completed(shop, LINKS, "") == [monthly, coffee, yearly]
    assert await completed(shop, LINKS, "plan") == [monthly, yearly]
    assert await completed(shop, LINKS, coffee[:13]) == [coffee]
    assert await completed(shop, LINKS, "cafe") == [coffee]
    assert await completed(shop, LINKS, "unheard of") == []


async def test_a_charge_is_completed_by_its_start_its_order_or_its_reference(shop: Client) -> None:
    wishes = [{**PERSON, "line_items": LINES, **CARD, "idempotency_key": key} for key in ("one", "two")]
    orders = [await made(shop, "create_card_order", **wish) for wish in wishes]
    first, second = [order["charges"][0]["id"] for order in orders]
    await made(shop, "update_charge", charge_id=first, reference_id="Pedido Norte")
    assert await completed(shop, CHARGES, "") == [second, first]
    assert await completed(shop, CHARGES, second) == [second]
    assert await completed(shop, CHARGES, orders[0]["id"]) == [first]
    assert await completed(shop, CHARGES, "Norte") == [first]
