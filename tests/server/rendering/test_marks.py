"""The mark of an intent is in no answer, table or resource."""

import json
from typing import Any

import httpx
import pytest

from conekta_mcp.effects.intent_mark import build_mark

pytestmark = pytest.mark.anyio
MARK = build_mark("a1b2", "create_order", "ticket-812")
ORDER = {
    "id": "ord_1",
    "object": "order",
    "metadata": {"mcp_intent": MARK, "a": "b"},
    "charges": {"object": "list", "data": [{"id": "6a0000000000000000000001", "reference_id": MARK}]},
}


@pytest.mark.parametrize("detail", ["lean", "full"])
async def test_an_agent_never_reads_a_mark(detail: str, client_for: Any) -> None:
    async with client_for(httpx.Response(200, json=ORDER)) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "ord_1", "detail": detail})
        assert "mcp_" not in str(result.structured_content) + result.content[0].text
        (content,) = (await client.read_resource("conekta://orders/ord_1")).contents
    assert "mcp_" not in content.text
    assert json.loads(content.text)["metadata"] == {"a": "b"}


async def test_a_table_shows_no_mark(client_for: Any) -> None:
    page = {"object": "list", "has_more": False, "data": [ORDER["charges"]["data"][0]]}
    async with client_for(httpx.Response(200, json=page)) as (client, _):
        result = await client.call_tool("call_read_operation", {"name": "list_charges", "arguments": {}})
    assert "6a0000000000000000000001" in result.content[0].text
    assert "mcp_" not in str(result.structured_content) + result.content[0].text
