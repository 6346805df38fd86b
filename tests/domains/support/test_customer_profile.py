"""A customer as a resource: composed from concurrent requests, with what is owed."""

import json
from typing import Any

import anyio
import httpx
import pytest
from mcp import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS

pytestmark = pytest.mark.anyio
ANA = "conekta://customers/cus_1"


@pytest.fixture
def profile(client_for: Any, shop: Any) -> Any:
    """Read the profile, and give it with the requests that left."""

    async def read(answer: Any = None, mode: str = "auto") -> tuple[Any, list[str]]:
        async with client_for(answer or shop.answer, mode=mode) as (client, sent):
            (content,) = (await client.read_resource(ANA)).contents
        assert content.mime_type == "application/json"
        return json.loads(content.text), [str(request.url).split(".io")[1] for request in sent]

    return read


async def test_a_profile_is_the_person_how_they_pay_and_what_they_owe(
    profile: Any, shop: Any, order: Any, era: str
) -> None:
    shop.orders = [order(2), order(1, payment_status="paid")]
    shown, sent = await profile(mode=era)
    assert shown == {
        "livemode": False,
        "customer": {
            "id": "cus_1",
            "name": "Ana Ruiz",
            "email": "ana@example.com",
            "phone": "+525555555555",
        },
        "payment_sources": [
            {"clabe": "646180111802000138", "bank": "STP", "id": "off_ref_1", "type": "spei_recurrent"}
        ],
        "shipping_contacts": [{"id": "ship_cont_1", "receiver": "Eva Luna"}],
        "owed": [{"currency": "MXN", "amount": 200, "amount_text": "MXN 2.00", "orders": 1}],
        "owed_is_complete": True,
        "latest_orders": [
            {
                "id": "ord_2",
                "payment_status": "pending_payment",
                "amount": 200,
                "currency": "MXN",
                "customer_id": "cus_1",
                "customer_name": "Ana Ruiz",
                "created_at": 1768560002,
                "amount_text": "MXN 2.00",
            },
            {
                "id": "ord_1",
                "payment_status": "paid",
                "amount": 100,
                "currency": "MXN",
                "customer_id": "cus_1",
                "customer_name": "Ana Ruiz",
                "created_at": 1768560001,
                "amount_text": "MXN 1.00",
            },
        ],
    }
    assert sorted(sent) == [
        "/customers/cus_1",
        "/customers/cus_1/payment_sources?limit=250",
        "/orders?limit=250&search=ana%40example.com&payment_status=pending_payment",
        "/orders?limit=50&search=ana%40example.com",
        "/orders?limit=50&search=cus_1",
    ]


async def test_orders_of_others_with_the_same_email_are_left_out(profile: Any, shop: Any, order: Any) -> None:
    eva = {"customer_id": "cus_2", "name": "Eva Luna", "email": "ana@example.com"}
    shop.orders = [order(3), order(2, customer_info=eva), order(1, customer_info=None), order(4, id="ord_3")]
    shown, _ = await profile()
    assert ([one["id"] for one in shown["latest_orders"]], shown["owed"][0]["orders"]) == (["ord_3"], 1)


async def test_what_is_owed_is_summed_by_currency_and_counted_once(
    profile: Any, shop: Any, order: Any
) -> None:
    shop.orders = [
        order(5, amount=125_050),
        order(4, amount=99, currency="USD"),
        order(3, amount=1, currency=None),
        order(2, amount=None),
        order(1, payment_status="expired"),
    ]
    shop.by_id = [order(5, amount=125_050), order(6, amount=4)]
    shown, _ = await profile()
    assert shown["owed"] == [
        {"currency": "MXN", "amount": 125_054, "amount_text": "MXN 1,250.54", "orders": 2},
        {"currency": "USD", "amount": 99, "amount_text": "USD 0.99", "orders": 1},
        {"currency": "?", "amount": 1, "amount_text": "? 0.01", "orders": 1},
    ]


async def test_the_ten_latest_orders_are_shown_newest_first(profile: Any, shop: Any, order: Any) -> None:
    shop.orders = [order(number) for number in range(1, 13)] + [order(99, created_at=None)]
    shop.by_id = [order(50)]
    shown, _ = await profile()
    assert [one["id"] for one in shown["latest_orders"]] == [
        "ord_50", "ord_12", "ord_11", "ord_10", "ord_9", "ord_8", "ord_7", "ord_6", "ord_5", "ord_4",
    ]  # fmt: skip
    assert shown["owed"][0]["orders"] == 14


@pytest.mark.parametrize(
    ("kind", "complete"), [("by_id", False), ("pending_payment", False), ("latest", True), ("none", True)]
)
async def test_a_sum_over_cut_pages_says_that_it_is_not_complete(
    kind: str, complete: bool, profile: Any, shop: Any
) -> None:
    shop.more = {kind: True}
    assert (await profile())[0]["owed_is_complete"] is complete


@pytest.mark.parametrize("email", [None, "", "  "])
async def test_a_customer_without_an_email_is_searched_by_id_only(
    email: Any, profile: Any, shop: Any, order: Any
) -> None:
    shop.customer["email"] = email
    shop.by_id = [order(1)]
    shown, sent = await profile()
    assert ([one["id"] for one in shown["latest_orders"]], len(sent)) == (["ord_1"], 3)


async def test_the_requests_of_a_profile_overlap(profile: Any, shop: Any) -> None:
    waiting: set[str] = set()
    first, second = anyio.Event(), anyio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        waiting.add(str(request.url))
        met, needed = (first, 3) if len(waiting) <= 3 else (second, 5)
        if len(waiting) == needed:
            met.set()
        await met.wait()
        return shop.answer(request)

    with anyio.fail_after(120):
        _, sent = await profile(answer)
    assert len(sent) == len(waiting) == 5


async def test_secrets_in_a_profile_are_redacted(profile: Any, shop: Any) -> None:
    shop.customer |= {"name": "Ana\nkey_live_A1", "metadata": {"card": 4242424242424242}}
    shown, _ = await profile()
    assert shown["customer"]["name"] == "Ana key_[redacted]"
    assert shown["customer"]["metadata"] == {"card": "[redacted card number]"}


@pytest.fixture
def refusal(client_for: Any, shop: Any) -> Any:
    """Read the profile, and give the error that comes instead."""

    async def read(mode: str = "auto") -> tuple[int, str]:
        async with client_for(shop.answer, mode=mode) as (client, _):
            with pytest.raises(MCPError) as caught:
                await client.read_resource(ANA)
        return caught.value.code, caught.value.message

    return read


MISSING = {"code": "conekta.errors.resource_not_found.entity"}
PLACES = ["/customers/cus_1", "/customers/cus_1/payment_sources", "/orders"]


@pytest.mark.parametrize("path", PLACES[:2])
async def test_a_customer_that_is_not_there_is_an_unknown_resource(
    path: str, refusal: Any, shop: Any, era: str
) -> None:
    shop.failing[path] = httpx.Response(404, json={"details": [{**MISSING, "message": "key_live_A1"}]})
    assert await refusal(era) == (
        INVALID_PARAMS,
        "There is no customer cus_1 for this account",
    )


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"content": b"<html>Not found</html>"},
        {"json": {"message": "no Route matched with those values"}},
        {"json": {"object": "error", "type": "resource_not_found_error"}},
        {"json": {"details": [{"code": "conekta.errors.resource_not_found.unknown_route"}]}},
    ],
)
async def test_a_404_of_a_gateway_does_not_say_that_there_is_no_customer(
    answer: Any, refusal: Any, shop: Any, era: str
) -> None:
    shop.failing["/customers/cus_1"] = httpx.Response(404, **answer)
    code, text = await refusal(era)
    assert (code, text.startswith("Customer profile cannot be read: ")) == (INTERNAL_ERROR, True)


@pytest.mark.parametrize("path", PLACES)
async def test_a_profile_that_cannot_be_read_says_why(path: str, refusal: Any, shop: Any, era: str) -> None:
    said = {"details": [{"message": "Falla de key_live_A1 con 4242424242424242."}], "type": "api_error"}
    shop.failing[path] = httpx.Response(500, json=said)
    assert await refusal(era) == (
        INTERNAL_ERROR,
        "Customer profile cannot be read: Falla de key_[redacted] con [redacted card number].",
    )


async def test_the_first_failure_in_order_is_told(refusal: Any, shop: Any) -> None:
    shop.failing["/orders"] = httpx.Response(500)
    shop.failing["/customers/cus_1"] = httpx.Response(404, json={"details": [MISSING]})
    assert await refusal() == (INVALID_PARAMS, "There is no customer cus_1 for this account")
