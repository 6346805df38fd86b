"""The operator's policy file, as an agent meets it: by tool, toolset, risk, amount, profile and mode."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp.types import ElicitRequestFormParams, ElicitResult, ResourceTemplateReference

from conekta_mcp.app import App
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era, over_http, over_stdio
from tests.journeys.processes import listening, stdio_server
from tests.tables import rows_of

pytestmark = [pytest.mark.system, pytest.mark.anyio]
BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 125000, "quantity": 1}]
CARD_ORDER = {**BUYER, "line_items": LINES, "token_id": "tok_test_visa_4242"}
POLICY = """
[limits]
max_amount = "1300.00"

[[rule]]
name = "customers stay"
effect = "deny"
tools = ["delete_customer"]
reason = "The law has us keep them."

[[rule]]
name = "no links"
effect = "deny"
toolsets = ["payment_links"]

[[rule]]
name = "a person sees larger refunds"
effect = "confirm"
kinds = ["refund"]
amount_over = "400.00"
"""
OF_STORE_B = """
[profiles.store-b.limits]
max_amount = 300

[[rule]]
name = "store-b takes no cards"
effect = "deny"
kinds = ["charge"]
profiles = ["store-b"]
"""
CLOSED = """
default = "deny"

[[rule]]
name = "orders are read"
effect = "allow"
tools = ["list_orders"]
"""


@pytest.fixture
def policy(tmp_path: Path) -> str:
    """The file of the operator."""
    (tmp_path / "policy.toml").write_text(POLICY)
    return str(tmp_path / "policy.toml")


@pytest.fixture
def policy_of_both(policy: str) -> str:
    """The same, with what holds for one profile only."""
    Path(policy).write_text(POLICY + OF_STORE_B)
    return policy


async def both_ways(client: Client, tool: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """What a write is answered by its own name, and through the caller of all operations."""
    direct = await client.call_tool(tool, arguments)
    found = await client.call_tool("call_write_operation", {"name": tool, "arguments": arguments})
    return [direct.structured_content or {}, found.structured_content or {}]


async def one_way(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool("call_write_operation", {"name": tool, "arguments": arguments})
    return result.structured_content or {}


def told(answer: dict[str, Any]) -> tuple[str, str | None]:
    """The code of an error without what all of ours begin with, and its outcome."""
    error = answer["error"]
    return error["code"].removeprefix("conekta_mcp.errors."), error.get("outcome")


@asynccontextmanager
async def agent(era: Era, person: Any = None, **settings: Any) -> AsyncIterator[Client]:
    app = App(Settings(**{"sandbox": True, "language": "en", **settings}))
    try:
        async with Client(app.server, mode=era, elicitation_callback=person) as client:
            yield client
    finally:
        await app.close()


async def test_a_tool_that_is_denied_is_refused_both_ways_with_the_operators_reason(
    era: Era, policy: str
) -> None:
    async with agent(era, policy=policy) as client:
        made = await one_way(client, "create_customer", BUYER)
        refused = await both_ways(client, "delete_customer", {"customer_id": made["id"]})
        assert [told(one) for one in refused] == [("policy_denied.rule", "not_applied")] * 2
        assert [one["error"]["message"] for one in refused] == [
            (
                "A rule of the operator does not allow delete_customer here (rule customers stay). "
                "The law has us keep them."
            )
        ] * 2
        (row,) = rows_of((await client.call_tool("list_customers", {})).structured_content)
        assert row["id"] == made["id"]


async def test_a_toolset_that_is_denied_is_refused_for_reading_too(era: Era, policy: str) -> None:
    async with agent(era, policy=policy) as client:
        link = {"name": "Plan anual", "line_items": LINES, "expires_at": 1_900_000_000}
        refused = await both_ways(client, "create_payment_link", link)
        assert [told(one) for one in refused] == [("policy_denied.rule", "not_applied")] * 2
        read = await client.call_tool("call_read_operation", {"name": "list_payment_links", "arguments": {}})
        assert told(read.structured_content or {}) == ("policy_denied.rule", None)


async def test_larger_amounts_are_asked_about_and_too_large_ones_denied(era: Era, policy: str) -> None:
    asked: list[str] = []

    async def person(_: Any, params: ElicitRequestFormParams) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={"approve": len(asked) == 1})

    async with agent(era, person, policy=policy) as client:
        order_id = (await one_way(client, "create_card_order", CARD_ORDER))["id"]
        refund = {"order_id": order_id, "reason": "requested_by_client"}
        assert (await one_way(client, "refund_order", {**refund, "amount": 40000}))[
            "amount_refunded"
        ] == 40000
        assert asked == []
        made = await one_way(client, "refund_order", {**refund, "amount": 40001})
        assert (made["amount_refunded"], len(asked)) == (80001, 1)
        assert "MXN 400.01" in asked[0]
        declined = await one_way(client, "refund_order", {**refund, "amount": 40002})
        assert (told(declined), len(asked)) == (("consent_declined", "not_applied"), 2)
        large = {**CARD_ORDER, "line_items": [{**LINES[0], "unit_price": 130001}]}
        assert told(await one_way(client, "create_card_order", large)) == (
            "limit_exceeded.max_amount",
            "not_applied",
        )
        (row,) = rows_of((await client.call_tool("list_orders", {})).structured_content)
        assert row["id"] == order_id


async def test_a_profile_has_rules_and_limits_of_its_own(
    era: Era, policy_of_both: str, conekta: RunningSandbox, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONEKTA_API_KEY_STORE_B", f"{key}_b")
    own = {"sandbox": False, "api_key": key, "base_url": conekta.url, "profiles": ("default", "store-b")}
    async with agent(era, policy=policy_of_both, confirm="never", store="memory", **own) as client:
        assert "error" not in await one_way(client, "create_card_order", CARD_ORDER)
        refused = await one_way(client, "create_card_order", {**CARD_ORDER, "profile": "store-b"})
        assert told(refused) == ("policy_denied.rule", "not_applied")
        assert refused["account"]["profile"] == "store-b"
        order = {**BUYER, "line_items": LINES}
        assert "error" not in await one_way(client, "create_order", order)
        assert told(await one_way(client, "create_order", {**order, "profile": "store-b"})) == (
            "limit_exceeded.max_amount",
            "not_applied",
        )


async def test_what_no_rule_allows_is_denied_where_the_operator_closed_the_rest(
    era: Era, tmp_path: Path
) -> None:
    (tmp_path / "closed.toml").write_text(CLOSED)
    async with agent(era, policy=str(tmp_path / "closed.toml")) as client:
        assert rows_of((await client.call_tool("list_orders", {})).structured_content) == []
        read = await client.call_tool("list_customers", {})
        assert told(read.structured_content or {}) == ("policy_denied.no_rule", None)
        assert told(await one_way(client, "create_customer", BUYER)) == (
            "policy_denied.no_rule",
            "not_applied",
        )


@pytest.mark.parametrize("transports", [("stdio",), ("streamable-http", "sse")], ids=["stdio", "http"])
async def test_the_file_holds_over_every_transport(
    transports: tuple[str, ...], era: Era, policy: str, key: str
) -> None:
    words = ("--sandbox", "--language", "en", "--policy", policy)

    async def deny(client: Client) -> None:
        refused = await both_ways(client, "delete_customer", {"customer_id": "cus_1"})
        assert [told(one) for one in refused] == [("policy_denied.rule", "not_applied")] * 2

    if transports == ("stdio",):
        async with over_stdio(stdio_server(*words), era) as client:
            await deny(client)
        return
    with listening("serve", "--transport", ",".join(transports), *words, ready="/healthz") as server:
        for transport in transports:
            async with over_http(server.url, transport, key, era) as client:
                await deny(client)


NOBODY_IS_READ = """
[[rule]]
name = "nobody is read"
effect = "deny"
tools = ["get_customer"]
"""


async def test_what_may_not_be_read_by_a_tool_is_no_resource_either(era: Era, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(NOBODY_IS_READ)
    async with agent(era, policy=str(tmp_path / "policy.toml")) as client:
        made = (await client.call_tool("create_customer", BUYER)).structured_content or {}
        with pytest.raises(MCPError, match="nobody is read"):
            await client.read_resource(f"conekta://customers/{made['id']}")
        assert (await client.list_resources()).resources == []
        template = ResourceTemplateReference(uri="conekta://customers/{customer_id}")
        completed = await client.complete(template, {"name": "customer_id", "value": ""})
        assert completed.completion.values == []
    async with agent(era) as client:
        made = (await client.call_tool("create_customer", BUYER)).structured_content or {}
        assert "Ana Ruiz" in str(await client.read_resource(f"conekta://customers/{made['id']}"))
