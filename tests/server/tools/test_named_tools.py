"""With any selection, no text of a listed tool and no line of the instructions names a tool out of reach."""

import re

import anyio
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mcp import Client

from conekta_mcp.api import Conekta
from conekta_mcp.domains import TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.simulation.tools import TOOLS as SANDBOX_TOOLS
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.mcp_server import ConektaServer
from conekta_mcp.server.tools.absent_tools import CLOSED_MARK
from conekta_mcp.server.tools.selection import Surface, ToolSelection
from conekta_mcp.settings import Settings
from tests.depth import tries

FIRST = [*TOOLS, *SANDBOX_TOOLS]
REST = [tool for tool in ALL_TOOLS if tool not in FIRST]
NAMES = sorted({tool.name for tool in (*FIRST, *REST, *DISCOVERY_TOOLS)})
TOOLSETS = sorted({tool.toolset.value for tool in ALL_TOOLS})
NAMED = re.compile(rf"\b(?:{'|'.join(NAMES)})\b(?!{re.escape(CLOSED_MARK)})")
SELECTIONS = st.builds(
    ToolSelection,
    toolsets=st.lists(st.sampled_from([*TOOLSETS, "all"]), max_size=3).map(tuple),
    tools=st.lists(st.sampled_from(sorted({tool.name for tool in ALL_TOOLS})), max_size=3).map(tuple),
    exclude=st.lists(st.sampled_from([*TOOLSETS, *NAMES]), max_size=4).map(tuple),
    read_only=st.booleans(),
)


def build_server(selection: ToolSelection, answer: httpx.Response) -> ConektaServer:
    conekta = Conekta(Settings(), transport=lambda: httpx.MockTransport(lambda _: answer))
    return ConektaServer(
        tools=FIRST,
        more=lambda: REST,
        selection=selection,
        readables=(),
        account=conekta.get_account,
        own_key="key_test",
        sandbox=True,
    )


async def read_texts(selection: ToolSelection) -> dict[str, str]:
    """Return the whole definition of each listed tool by its name, and the instructions."""
    async with Client(build_server(selection, httpx.Response(200))) as client:
        texts = {tool.name: tool.model_dump_json() for tool in (await client.list_tools()).tools}
        return {**texts, "instructions": client.instructions or ""}


@given(SELECTIONS)
@example(ToolSelection())
@example(ToolSelection(read_only=True))
@example(ToolSelection(toolsets=("none",), tools=("find_payment",)))
@example(ToolSelection(toolsets=("webhooks",)))
@example(ToolSelection(exclude=("discovery", "simulate_payment")))
@example(ToolSelection(exclude=("refund_order", "orders", "get_customer")))
@example(ToolSelection(tools=("create_webhook",), exclude=("describe_operation",)))
@tries(25)
def test_no_text_names_a_tool_that_cannot_be_called(selection: ToolSelection) -> None:
    try:
        texts = anyio.run(read_texts, selection)
    except ConfigurationError:  # it leaves no tool
        return
    surface = Surface.from_selection([*FIRST, *REST], selection, FIRST, DISCOVERY_TOOLS)
    open_here = {*surface.allowed, *texts}
    named = {where: set(NAMED.findall(text)) - open_here for where, text in texts.items()}
    assert {where: names for where, names in named.items() if names} == {}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("selection", "read_with"),
    [
        (ToolSelection(), "get_order"),
        (ToolSelection(exclude=("get_order",)), f"get_order{CLOSED_MARK}"),
        (ToolSelection(exclude=("get_customer",)), "get_order"),
    ],
)
async def test_the_hint_of_a_failure_says_what_is_closed(selection: ToolSelection, read_with: str) -> None:
    detail = {"code": "conekta.errors.parameter_validation.has_charge", "message": "Ya tiene un cargo."}
    body = {"object": "error", "type": "precondition_required_error", "details": [detail]}
    async with Client(build_server(selection, httpx.Response(428, json=body))) as client:
        arguments = {"order_id": "ord_1", "payment_method": "spei"}
        answer = await client.call_tool("create_charge", arguments)
    assert answer.structured_content["error"]["hint"] == (
        f"The order has a charge already: see how to pay it with {read_with}, or cancel_order."
    )


@pytest.mark.anyio
async def test_who_calls_what_is_closed_is_told_its_name_and_how_to_open_it() -> None:
    selection = ToolSelection(exclude=("get_order",))
    async with Client(build_server(selection, httpx.Response(200))) as client:
        answer = await client.call_tool("get_order", {"order_id": "ord_1"})
    assert answer.structured_content["error"]["hint"].startswith(
        "Whoever runs this server can switch it on by leaving get_order and orders out of --exclude"
    )
