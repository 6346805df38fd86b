"""Whatever an agent sends and Conekta answers, a call ends as documented."""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import anyio.from_thread
import httpx
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client
from mcp.types import CallToolResult, TextContent

from conekta_mcp.api.breaker import CircuitBreaker
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.catalog import Operation, Risk, Toolset
from conekta_mcp.domains import FOUNDATION, SANDBOX_TOOLS
from conekta_mcp.domains.all_resources import RESOURCES
from conekta_mcp.domains.all_tools import SEARCHABLE_TOOLS
from conekta_mcp.server.mcp_server import ConektaServer
from conekta_mcp.server.tools.selection import ToolSelection
from conekta_mcp.settings import Settings
from tests.contract.around import around
from tests.contract.upstreams import UPSTREAMS, Upstream
from tests.depth import DEEP, tries

DEFAULT = [tool for tool in (*FOUNDATION, *SANDBOX_TOOLS) if isinstance(tool, Operation)]
REST = [tool for tool in SEARCHABLE_TOOLS if isinstance(tool, Operation)]
OPERATIONS = [*DEFAULT, *REST]
ERAS = ["auto", "legacy"]
"""Tools of the default list are tried in both, with the same examples; the others in turn, or in both."""
OUTCOMES = {"not_applied", "applied", "unknown"}


class Playground:
    """One real client in memory in front of a Conekta that answers what it is told to."""

    def __init__(self, portal: anyio.from_thread.BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client
        self.schemas = {tool.name: tool for tool in portal.call(client.list_tools).tools}
        self.sent: list[httpx.Request] = []
        self.answer: Upstream = httpx.Response(200)

    async def upstream(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def call(self, name: str, arguments: dict[str, Any], answer: Upstream) -> CallToolResult:
        self.sent.clear()
        self.answer = answer
        return self._portal.call(self.client.call_tool, name, arguments)


@pytest.fixture(scope="module", params=ERAS)
def playground(request: pytest.FixtureRequest) -> Iterator[Playground]:
    opened: list[Playground] = []
    app = App(
        Settings(api_key="key_test"), lambda: httpx.MockTransport(lambda asked: opened[0].upstream(asked))
    )
    app.conekta.retry_policy = RetryPolicy(attempts=1)
    # Every look at its clock is minutes later: no failures come in a row that is close enough.
    app.conekta.breaker = CircuitBreaker(itertools.count(step=600).__next__)
    server = ConektaServer(
        tools=OPERATIONS,
        selection=ToolSelection(toolsets=tuple(toolset.value for toolset in Toolset)),
        readables=RESOURCES,
        account=app.conekta.get_account,
        own_key="key_test",
        log_level="CRITICAL",
    )
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, mode=request.param)) as client,
    ):
        opened.append(Playground(portal, client))
        yield opened[0]
        portal.call(app.close)


def route(tool: Operation[Any]) -> re.Pattern[str]:
    """The paths that the tool may ask for: each id is one segment without anything special."""
    return re.compile(re.sub(r"{\w+}", r"[a-zA-Z0-9_][a-zA-Z0-9_-]*", tool.endpoint.template))


@pytest.mark.parametrize("tool", DEFAULT, ids=lambda tool: tool.name)
@tries(20)
@given(random=st.data(), answer=UPSTREAMS)
def test_every_call_ends_as_the_contract_says(
    tool: Operation[Any], playground: Playground, random: st.DataObject, answer: Upstream
) -> None:
    check_call(tool, playground, random, answer)


@pytest.mark.parametrize(
    ("tool", "playground"),
    [(tool, era) for number, tool in enumerate(REST) for era in (ERAS if DEEP else [ERAS[number % 2]])],
    ids=lambda one: one if isinstance(one, str) else one.name,
    indirect=["playground"],
)
@tries(6)
@given(random=st.data(), answer=UPSTREAMS)
def test_every_call_beyond_the_default_list_does_too(
    tool: Operation[Any], playground: Playground, random: st.DataObject, answer: Upstream
) -> None:
    check_call(tool, playground, random, answer)


def check_call(tool: Operation[Any], playground: Playground, random: st.DataObject, answer: Upstream) -> None:
    published = playground.schemas[tool.name]
    arguments = random.draw(around(tool, published.input_schema), label="arguments")
    result = playground.call(tool.name, arguments, answer)

    assert len(playground.sent) <= 1
    for asked in playground.sent:
        assert asked.method == tool.endpoint.method
        assert route(tool).fullmatch(asked.url.raw_path.decode().partition("?")[0])
        assert asked.url.host == "api.conekta.io"
        assert asked.headers["Authorization"] == "Bearer key_test"
    check_shape(tool, result)
    jsonschema.validate(result.structured_content, published.output_schema or {})
    strict_json(result.model_dump_json(by_alias=True))
    assert "key_SECRET" not in result.model_dump_json()
    assert "4242424242424242" not in result.model_dump_json()


def check_shape(tool: Operation[Any], result: CallToolResult) -> None:
    content, *_ = result.content
    assert isinstance(content, TextContent)
    assert content.text.strip()
    structured = result.structured_content or {}
    if not result.is_error:
        assert "error" not in structured
        assert strict_json(content.text) == structured
        return
    error = structured["error"]
    assert error["type"] != "internal_error"
    assert error.get("message") or error.get("code") or error.get("debug_message")
    if tool.risk is Risk.SECRET and tool.endpoint.method == "GET":
        # It changes nothing, though it is no harmless read: refused here it says so, by Conekta it need not.
        assert error.get("outcome") in {None, "not_applied"}
    else:
        assert (error.get("outcome") in OUTCOMES) == (not tool.risk.read_only)
    assert isinstance(error["retryable"], bool)


def strict_json(text: str) -> Any:
    """Read JSON as other languages do: without NaN, and with half characters refused."""

    def refuse(constant: str) -> Any:
        raise AssertionError(f"{constant} is not JSON")

    text.encode()
    return json.loads(text, parse_constant=refuse)
