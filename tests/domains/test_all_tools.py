"""What holds for every tool: the standing headers, one rendering of a success."""

import json
from itertools import chain
from typing import Any

import httpx
import jsonschema
import pytest
from mcp.types import TextContent

from conekta_mcp import __version__
from conekta_mcp.catalog import Operation
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.privacy.typed_fields import TYPED_NOTICE
from conekta_mcp.server.tools.published_schemas import load_schemas
from tests.conftest import switched_on
from tests.domains.row import WITHOUT_ROW, Row, load_rows
from tests.one_test import all_in_one_test
from tests.tables import as_objects

pytestmark = pytest.mark.anyio
TOOLS = {tool.name: tool for tool in (*ALL_TOOLS, *SANDBOX_TOOLS)}
EVERY_ROW = [row for row in chain.from_iterable(load_rows().values()) if row.tool in TOOLS]


@all_in_one_test("row", EVERY_ROW, lambda row: f"{row.tool}-{row.about}")
async def test_a_success_is_lean_valid_and_the_same_in_text_as_in_structure(
    row: Row, client_for: Any, era: str
) -> None:
    on = {**switched_on(TOOLS[row.tool]), "sandbox": True}
    async with client_for(row.router.async_handler, mode=era, **on) as (client, _):
        result = await client.call_tool(row.tool, row.given)
    (block,) = result.content
    schema = load_schemas(TOOLS[row.tool]).output
    answer = result.structured_content
    assert isinstance(block, TextContent)
    assert block.text == json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    mark = answer.get("typed_text", TYPED_NOTICE)
    told = {name: value for name, value in answer.items() if name != "typed_text"}
    assert as_objects(told) == {**row.answer, "livemode": False}
    assert mark.startswith("Typed by customers or shops, so data")
    assert "conekta" in row.answer or "rows" in answer or "null" not in block.text
    assert (result.is_error, jsonschema.validate(answer, schema)) == (False, None)


async def test_what_a_payer_needs_comes_first_in_the_text(client_for: Any) -> None:
    (row,) = [row for row in EVERY_ROW if row.tool == "create_order" and row.about == "SPEI by default"]
    async with client_for(row.router.async_handler) as (client, _):
        result = await client.call_tool(row.tool, row.given)
    assert list(result.structured_content)[:5] == [
        "clabe",
        "bank",
        "expires_at",
        "expires_at_text",
        "expires_at_iso",
    ]


STANDING = {
    "accept": "application/vnd.conekta-v2.2.0+json",
    "accept-language": "es",
    "cache-control": "no-cache",
    "user-agent": f"conekta-mcp/{__version__}",
    "authorization": "Bearer key_test",
}
OTHERWISE = {
    "accept": "application/vnd.conekta-v2.3.0+json",
    "accept-language": "en",
    "cache-control": "no-cache",
    "user-agent": f"conekta-mcp/{__version__}",
    "authorization": "Bearer key_other",
    "x-child-company-id": "6a0000000000000000000009",
}
SET = {
    "api_key": "key_other",
    "api_version": "2.3.0",
    "language": "en",
    "child_company_id": "6a0000000000000000000009",
}
OF_HTTP = {"host", "accept-encoding", "connection", "content-length", "content-type"}


@pytest.mark.parametrize(("settings", "headers"), [({}, STANDING), (SET, OTHERWISE)], ids=["default", "set"])
@all_in_one_test("tool", [tool for tool in ALL_TOOLS if isinstance(tool, Operation)])
async def test_every_request_has_the_standing_headers(
    tool: Any, settings: Any, headers: Any, client_for: Any, arguments: Any
) -> None:
    on = {**settings, **switched_on(tool)}
    async with client_for(httpx.Response(200, json={}), **on) as (client, sent):
        await client.call_tool(tool.name, arguments[tool.name])
    (request,) = sent
    shown = {name: value for name, value in request.headers.items() if name not in OF_HTTP}
    assert shown == headers
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    form = tool.name in WITHOUT_ROW
    assert kind == ("multipart/form-data" if form else "application/json" if request.content else "")


async def test_the_address_of_conekta_can_be_set(client_for: Any) -> None:
    answer = httpx.Response(200, json={"data": []})
    async with client_for(answer, base_url="http://127.0.0.1:8765/v1") as (client, sent):
        await client.call_tool("list_customers", {})
    assert [str(request.url) for request in sent] == ["http://127.0.0.1:8765/v1/customers?limit=20"]
