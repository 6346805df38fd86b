"""Four tools that reach every allowed operation: search, describe, call a read, call a write."""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult
from pydantic import Field, model_validator

from conekta_mcp.catalog import Input, Risk, Tool, Toolset
from conekta_mcp.catalog.fields import Spelling, Text, publish_as_text
from conekta_mcp.errors import Detail, Failure, InvalidArguments
from conekta_mcp.server.discovery.argument_texts import describe_arguments, summarize_purpose
from conekta_mcp.server.discovery.briefing import NO_BRIEFING, Briefing
from conekta_mcp.server.discovery.results import DescribedOperation, FoundOperations, OperationAnswer
from conekta_mcp.server.discovery.rows import ExtendSchema, keep_schema, to_compact_row
from conekta_mcp.server.rendering.results import render_success
from conekta_mcp.server.tools.absent_tools import mark_closed_texts
from conekta_mcp.server.tools.calls import Answer, Calls
from conekta_mcp.server.tools.permissions import Permissions
from conekta_mcp.server.tools.published_schemas import build_full_input_schema
from conekta_mcp.server.tools.selection import Surface

if TYPE_CHECKING:
    from conekta_mcp.server.discovery.ranking import Finder
    from conekta_mcp.server.tools.client_habits import Reading

OperationName = Annotated[
    str, Field(max_length=64, description="From search_operations"), Spelling(str.strip)
]


class SearchOperationsInput(Input):
    rare = frozenset({"limit"})

    query: Annotated[Text, Field(description="What to do, Spanish or English")]
    limit: Annotated[int, Field(ge=1, le=20, description="How many")] = 5


class DescribeOperationInput(Input):
    name: OperationName


class CallOperationInput(Input):
    name: OperationName
    arguments: Annotated[dict[str, Any], publish_as_text("What it takes, as JSON")]

    @model_validator(mode="before")
    @classmethod
    def _take_no_arguments(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "arguments": {}} if given.get("arguments") in (None, "", []) else given


search_operations = Tool(
    name="search_operations",
    title="Find an operation",
    title_es="Buscar una operación",
    risk=Risk.READ,
    toolset=Toolset.DISCOVERY,
    description=(
        "Find any operation of Conekta by what you want to do: cards, payouts, webhooks, far more than is "
        "listed. Then call_read_operation or call_write_operation."
    ),
    input=SearchOperationsInput,
    example={"query": "pagos"},
    output=FoundOperations,
)

describe_operation = Tool(
    name="describe_operation",
    title="Describe an operation",
    title_es="Describir una operación",
    risk=Risk.READ,
    toolset=Toolset.DISCOVERY,
    description=(
        "Give the full input schema of an operation or listed tool, rare arguments too. Names are found by "
        "search_operations."
    ),
    input=DescribeOperationInput,
    example={"name": "get_order"},
    output=DescribedOperation,
)

# Two callers, because hints and approval in clients go by tool: reads can be allowed without writes.
call_read_operation = Tool(
    name="call_read_operation",
    title="Run a reading operation",
    title_es="Ejecutar una operación de lectura",
    risk=Risk.READ,
    toolset=Toolset.DISCOVERY,
    description=(
        "Run by name an operation that only reads; changes nothing. One that writes: call_write_operation."
    ),
    input=CallOperationInput,
    example={"name": "get_order", "arguments": '{"order_id": "ord_1"}'},
    output=OperationAnswer,
)

call_write_operation = Tool(
    name="call_write_operation",
    title="Run a writing operation",
    title_es="Ejecutar una operación de escritura",
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.DISCOVERY,
    description=(
        "Run an operation that creates, changes, moves money or deletes, by name; confirm amounts first. "
        "To read: call_read_operation."
    ),
    input=CallOperationInput,
    example={"name": "cancel_order", "arguments": '{"order_id": "ord_1"}'},
    output=OperationAnswer,
    settled_by="the read operation of the same kind, found with search_operations",
)

DISCOVERY_TOOLS: tuple[Tool[Any], ...] = (
    search_operations, describe_operation, call_read_operation, call_write_operation,
)  # fmt: skip


class Discovery:
    """Answers the four tools, with only the tools that a request may use."""

    def __init__(self, calls: Calls, permissions: Permissions, briefing: Briefing = NO_BRIEFING) -> None:
        self._calls, self._permissions, self._briefing = calls, permissions, briefing

    async def run(
        self, tool: Tool[Any], arguments: dict[str, Any], context: Context[Any, Any], surface: Surface
    ) -> Answer:
        reading = self._calls.read_arguments(tool, arguments)
        answer = await self._run_read(tool, reading, context, surface)
        from conekta_mcp.server.tools.client_habits import add_reading_note  # by the first call, not a start

        return add_reading_note(answer, reading, self._calls.language)

    async def _run_read(
        self, tool: Tool[Any], reading: "Reading", context: Context[Any, Any], surface: Surface
    ) -> Answer:
        try:
            _, accepted = self._calls.parse_arguments(tool, reading)
        except Failure as failure:
            await self._calls.refusals.record(tool, reading.arguments, context, failure)
            return self._calls.render_failure(failure, tool)
        if isinstance(accepted, SearchOperationsInput):
            return self._render_answer(tool, self._search_operations(surface, accepted))
        target = surface.allowed.get(accepted.name)
        if isinstance(accepted, DescribeOperationInput):
            if target is None:
                return self._calls.render_unknown_tool(accepted.name, surface.allowed.values())
            described = describe_tool(target, self._calls.extend_schema)
            rules = self._briefing.describe(target)
            marked = mark_closed_texts(described, self._list_closed(surface))
            return self._render_answer(tool, {**marked, "rules": rules} if rules else marked)
        if target is None:
            return await self._calls.refuse_unknown_tool(
                accepted.name, surface.allowed.values(), accepted.arguments, context, caller=tool
            )
        if select_caller(target) is not tool:
            wrong = _build_wrong_caller_error(tool, target)
            await self._calls.refusals.record(target, accepted.arguments, context, wrong)
            return self._calls.render_failure(wrong, tool)
        return await self._calls.run(target, accepted.arguments, context)

    def _search_operations(self, surface: Surface, wanted: SearchOperationsInput) -> dict[str, Any]:
        ranked = self._finder.find(wanted.query, 200)
        fitting = [one for one in ranked if one.name in surface.allowed]
        shown = [to_compact_row(one, self._calls.extend_schema) for one in fitting[: wanted.limit]]
        rows = mark_closed_texts(shown, self._list_closed(surface))
        best = ranked[:CLOSED_SHOWN]
        closed = [self._to_closed_row(one) for one in best if one.name not in surface.allowed]
        found = {"operations": rows} if rows else {"hint": CLOSED_HINT if closed else NOTHING_FOUND_HINT}
        if not closed:
            return found
        # The best match comes first, even if it is closed.
        if ranked[0].name in surface.allowed:
            return {**found, "not_switched_on": closed}
        return {"not_switched_on": closed, **found}

    def _list_closed(self, surface: Surface) -> frozenset[str]:
        return frozenset(one.name for one in self._permissions.list_known_tools()) - surface.allowed.keys()

    def _to_closed_row(self, tool: Tool[Any]) -> dict[str, Any]:
        return {
            "name": tool.name,
            "purpose": summarize_purpose(tool),
            "switch": self._permissions.describe_switch(tool),
        }

    @cached_property
    def _finder(self) -> "Finder":
        from conekta_mcp.server.discovery.ranking import Finder  # by the first search, not a start

        return Finder(self._permissions.list_known_tools())

    def _render_answer(self, tool: Tool[Any], answer: dict[str, Any]) -> CallToolResult:
        return render_success(tool, answer, livemode=self._calls.livemode)


CLOSED_SHOWN = 3
"""Among so many best results, closed tools are mentioned."""
CLOSED_HINT = "What fits is not switched on here."
NOTHING_FOUND_HINT = (
    "Nothing fits; say it in other words, such as refund, payment link, subscription, payout, chargeback."
)


def describe_tool(tool: Tool[Any], here: ExtendSchema = keep_schema) -> dict[str, Any]:
    return {
        "name": tool.name,
        "purpose": tool.description,
        "risk": tool.risk.value,
        "call_with": select_caller(tool).name,
        "input_schema": describe_arguments(here(tool, build_full_input_schema(tool))),
    }


def select_caller(tool: Tool[Any]) -> Tool[Any]:
    return call_read_operation if tool.risk.read_only else call_write_operation


def _build_wrong_caller_error(tool: Tool[Any], target: Tool[Any]) -> InvalidArguments:
    text = f"{target.name} is of risk {target.risk.value}."
    detail = Detail(code="conekta_mcp.errors.wrong_caller", message=text, param="name")
    return InvalidArguments(
        type="parameter_validation_error",
        details=(detail,),
        outcome=None if tool.risk.read_only else "not_applied",
        hint=f"Nothing was sent. Use {select_caller(target).name}.",
    )
