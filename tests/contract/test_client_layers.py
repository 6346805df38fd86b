"""Whatever a client layer does to a valid call, the request to Conekta is identical."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.catalog import Operation
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.tools.arguments import parse_arguments
from conekta_mcp.server.tools.client_habits import read_client_arguments
from conekta_mcp.server.tools.published_schemas import build_full_input_schema
from tests.conftest import switched_on
from tests.contract.client_layers import through_a_layer
from tests.contract.fitting import fitting
from tests.depth import tries
from tests.one_test import all_in_one_test

OPERATIONS = [tool for tool in (*ALL_TOOLS, *SANDBOX_TOOLS) if isinstance(tool, Operation)]
SCHEMAS = {tool.name: build_full_input_schema(tool) for tool in OPERATIONS}


def read(tool: Operation[Any], given: dict[str, Any]) -> tuple[Any, bytes]:
    """What a call tells this server, and the request that it makes."""
    own, accepted = parse_arguments(tool, read_client_arguments(tool, given), "en")
    request = tool.build_request(accepted)
    # The order of names is part of the bytes.
    sent = [request.method, request.path, dict(request.query), request.body, repr(request.files)]
    return own, json.dumps(sent).encode()


@pytest.mark.parametrize("tool", OPERATIONS, ids=lambda tool: tool.name)
@tries(12)
@given(random=st.data())
def test_a_layer_changes_nothing_of_the_request(tool: Operation[Any], random: st.DataObject) -> None:
    call = random.draw(st.just(dict(tool.example)) | fitting(tool), label="call")
    arrived = random.draw(through_a_layer(call, SCHEMAS[tool.name]), label="arrived")
    assert read(tool, json.loads(json.dumps(arrived))) == read(tool, call)


def make_worst(value: Any, schema: dict[str, Any]) -> Any:
    """Everything at once that a layer may do."""
    if schema["type"] == "integer":
        return float(value)
    if isinstance(value, list):
        return json.dumps([make_worst(one, schema["items"]) for one in value])
    if isinstance(value, dict) and "properties" in schema:
        return json.dumps(make_worst_object(value, schema))
    return value


def make_worst_object(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    known = schema["properties"]
    filled = {
        name: None if place % 2 else ""
        for place, name in enumerate(known)
        if name not in {*value, *schema.get("required", [])}
    }
    changed = {name: make_worst(one, known[name]) if name in known else one for name, one in value.items()}
    return {**filled, **dict(reversed(changed.items()))}


@pytest.mark.anyio
@all_in_one_test("tool", OPERATIONS)
async def test_the_same_leaves_a_real_client_for_the_worst_of_layers(
    tool: Operation[Any], client_for: Any
) -> None:
    worst = {"toolCallId": "1", **make_worst_object(dict(tool.example), SCHEMAS[tool.name])}
    wrapped = {"name": tool.name, "arguments": json.dumps(worst), "sessionId": "2"}
    caller = "call_read_operation" if tool.risk.read_only else "call_write_operation"
    # Beside a toolset that has to be named, one more, so that something is left to be found and called.
    on = {name: (*named, "customers") for name, named in switched_on(tool).items()}
    refused = httpx.Response(404, json={"object": "error", "details": [{"message": "No."}]})
    async with client_for(refused, sandbox=True, **on) as (client, sent):
        for name, arrived in ((tool.name, tool.example), (tool.name, worst), (caller, wrapped)):
            await client.call_tool(name, dict(arrived))
    left = [(request.method, str(request.url), hide_boundary(request)) for request in sent]
    assert left
    assert left == left[:1] * 3


def hide_boundary(request: httpx.Request) -> bytes:
    """The body of a request, without the boundary of a form, which is drawn anew for each."""
    boundary = request.headers.get("Content-Type", "").partition("boundary=")[2].encode()
    return request.content.replace(boundary, b"boundary") if boundary else request.content
