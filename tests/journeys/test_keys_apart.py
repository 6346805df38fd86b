"""Over HTTP two keys share nothing: no intent, no limit, no approval, no profile, no mode."""

from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.types import ElicitRequestFormParams, ElicitResult

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import Era, over_http
from tests.journeys.conftest import Serve
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]
over_both = pytest.mark.parametrize("transport", ["streamable-http", "sse"])
BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 5000, "quantity": 1}]
CARD_ORDER = {**BUYER, "line_items": LINES, "token_id": "tok_test_visa_4242"}
LIVE = '{"object":"list","has_more":false,"data":[{"id":"cus_1","livemode":true}]}'
FLAGS = ("--i-accept-losing-safety", "memory-store", "--max-daily-charges", "100", "--store", "memory")


async def write(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    named = {"name": tool, "arguments": arguments}
    return (await client.call_tool("call_write_operation", named)).structured_content or {}


def always_live(conekta: RunningSandbox, key: str) -> None:
    """Let every list of customers of `key` be of live mode."""
    fault = {"status": 200, "body": LIVE, "count": 10_000, "method": "GET", "path_prefix": "/customers"}
    headers = {"Authorization": f"Bearer {key}"}
    httpx.post(
        f"{conekta.url}/_sandbox/faults", json=fault, headers=headers, trust_env=False
    ).raise_for_status()


@over_both
async def test_neither_intents_nor_limits_are_shared(
    transport: str, era: Era, conekta: RunningSandbox, key: str, serve_for_all: Serve
) -> None:
    server = serve_for_all("--confirm", "never", *FLAGS, CONEKTA_BASE_URL=conekta.url)
    async with (
        over_http(server.url, transport, f"{key}_a", era) as one,
        over_http(server.url, transport, f"{key}_b", era) as other,
    ):
        call = {**CARD_ORDER, "idempotency_key": "pedido-1"}
        first, second = (
            await write(one, "create_card_order", **call),
            await write(other, "create_card_order", **call),
        )
        assert first["id"] != second["id"]
        again, once_more = ({**CARD_ORDER, "idempotency_key": f"pedido-{n}"} for n in (2, 3))
        assert "error" not in await write(one, "create_card_order", **again)
        passed = await write(one, "create_card_order", **once_more)
        assert passed["error"]["type"] == "limit_exceeded"
        assert "error" not in await write(other, "create_card_order", **again)
        clash = await write(other, "create_card_order", **{**call, "name": "Eva Sol"})
        assert clash["error"]["type"] == "idempotency_conflict"
        for client in (one, other):
            orders = (await client.call_tool("list_orders", {})).structured_content
            assert len(rows_of(orders)) == 2


@over_both
async def test_a_key_of_its_own_names_no_profile(
    transport: str, era: Era, conekta: RunningSandbox, key: str, serve_for_all: Serve
) -> None:
    own = {
        "CONEKTA_API_KEY": "key_of_the_operator",
        "CONEKTA_API_KEY_STORE_B": "key_of_store_b",
        "CONEKTA_BASE_URL": conekta.url,
    }
    server = serve_for_all("--profile", "default,store-b", *FLAGS, **own)
    async with over_http(server.url, transport, f"{key}_other", era) as client:
        for profile in ("default", "store-b"):
            refused = await write(client, "create_customer", **BUYER, profile=profile)
            assert (refused["error"]["type"], refused["error"]["outcome"]) == (
                "parameter_validation_error",
                "not_applied",
            )


@over_both
async def test_the_mode_is_learnt_of_each_key_and_only_live_money_is_asked_about(
    transport: str, era: Era, conekta: RunningSandbox, key: str, serve_for_all: Serve
) -> None:
    always_live(conekta, f"{key}_live")
    asked: list[str] = []

    async def person(_: Any, params: ElicitRequestFormParams) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="decline")

    server = serve_for_all("--language", "en", *FLAGS, CONEKTA_BASE_URL=conekta.url)
    async with (
        over_http(server.url, transport, f"{key}_live", era, person) as live,
        over_http(server.url, transport, f"{key}_test", era, person) as test,
    ):
        await test.call_tool("list_orders", {})
        await write(test, "create_customer", **BUYER)
        await live.call_tool("list_customers", {})
        made = await write(test, "create_card_order", **CARD_ORDER)
        assert (made.get("livemode"), asked) == (False, [])
        refused = await write(live, "create_card_order", **CARD_ORDER)
        assert refused["error"]["type"] == "consent_declined"
        assert refused["account"] == {"mode": "live"}
        assert [message.splitlines()[0].endswith(", LIVE money") for message in asked] == [True]
