"""The MCP server: the SDK's, with our tools, resources, prompts and error answers."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import UnexpectedToolError
from mcp.server.mcpserver.tools import Tool as SdkTool
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    GetPromptResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    Prompt,
    PromptReference,
    ResourceTemplate,
    ResourceTemplateReference,
)
from mcp.types import Tool as WireTool
from pydantic import AnyUrl

from conekta_mcp import __version__
from conekta_mcp.accounts.active_account import Accounts, SenderFactory
from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.modes import Modes
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.catalog import ResourceDeclaration, Tool, Toolset
from conekta_mcp.errors import Failure
from conekta_mcp.server.cards.documents import read_card
from conekta_mcp.server.cards.serving import Cards
from conekta_mcp.server.discovery.briefing import NO_BRIEFING, Briefing
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS, Discovery
from conekta_mcp.server.instructions import render_instructions
from conekta_mcp.server.lines.stdio import serve_lines
from conekta_mcp.server.lines.whole_arguments import mend_call
from conekta_mcp.server.local_times import create_times_middleware
from conekta_mcp.server.prompts import Prompts
from conekta_mcp.server.rendering.notes import note_unreadable_text
from conekta_mcp.server.rendering.results import to_error_fields
from conekta_mcp.server.rendering.titles import Titles
from conekta_mcp.server.request_key import read_request_key
from conekta_mcp.server.request_state import create_bad_state_middleware, create_request_state_security
from conekta_mcp.server.resources import Resources
from conekta_mcp.server.tools.absent_tools import describe_closed_toolsets
from conekta_mcp.server.tools.calls import Answer, Calls
from conekta_mcp.server.tools.permissions import Permissions, set_request_selection
from conekta_mcp.server.tools.registration import build_sdk_tool, to_wire_tool
from conekta_mcp.server.tools.selection import DEFAULT_SELECTION, OperatorTools, ToolSelection
from conekta_mcp.settings.timezone import MEXICO_CITY

if TYPE_CHECKING:
    from conekta_mcp.consent.pending.approvals import PendingApprovals
    from conekta_mcp.effects.reading.budget import Surroundings
    from conekta_mcp.policy.policy import Policy
    from conekta_mcp.writes.assessment import WriteSafeguards

log = logging.getLogger(__name__)
ToolContext = Context[Any, Any]


class ConektaServer(MCPServer[Any]):
    """Serves Conekta over MCP; every failed tool call is an answer with a hint."""

    def __init__(
        self,
        *,
        tools: Sequence[Tool[Any]],
        more: Callable[[], Sequence[Tool[Any]]] = tuple,
        selection: ToolSelection = DEFAULT_SELECTION,
        readables: Sequence[ResourceDeclaration],
        account: SenderFactory,
        own_key: str | None = None,
        profiles: Profiles | None = None,
        identities: Identities | None = None,
        child_company_id: str | None = None,
        language: str = "es",
        timezone: str = MEXICO_CITY,
        sandbox: bool = False,
        key_per_request: bool = False,
        log_level: str = "WARNING",
        safety: Callable[[], WriteSafeguards] | None = None,
        policy: Policy | None = None,
        pii: str = "full",
        previews: bool = False,
        approval_secrets: tuple[str, ...] = (),
        card_approvals: Callable[[], PendingApprovals] | None = None,
        surroundings: Surroundings | None = None,
        briefing: Briefing = NO_BRIEFING,
    ) -> None:
        chosen = profiles or Profiles.from_key(own_key)
        accounts = Accounts(
            account,
            chosen,
            identities or Identities("", Modes()),
            read_request_key,
            trusting=not key_per_request,
            child_company_id=child_company_id,
        )
        choice = OperatorTools(tools, more, selection, DISCOVERY_TOOLS if more is not tuple else ())
        self._permissions = Permissions(choice, policy, language)
        self._sdk: dict[str, SdkTool] = {}
        self._language, self._titles = language, Titles(language)
        self._calls = Calls(
            accounts,
            language,
            False if sandbox else None,
            self._permissions,
            safety=safety,
            pii=pii,
            previews=previews,
            surroundings=surroundings,
        )
        self._discovery = Discovery(self._calls, self._permissions, briefing)
        self._resources = Resources(readables, accounts, self._permissions, pii)
        self._prompts = Prompts()
        self._cards = Cards(language, card_approvals)
        super().__init__(
            name="conekta-mcp",
            title="Conekta",
            description="Customers, recurring CLABEs, orders and payments of Conekta, for AI agents.",
            instructions=render_instructions(
                language=language,
                timezone=timezone,
                sandbox=sandbox,
                key_per_request=key_per_request,
                profiles=chosen,
                rules=(briefing.line, describe_closed_toolsets(choice)),
                listed={tool.name for tool in choice.default_surface.list_visible()},
            ),
            version=__version__,
            # The SDK takes prebuilt tools only here; those that are not listed are found by call_tool.
            tools=[self._get_sdk_tool(tool) for tool in choice.default_surface.list_visible()],
            log_level=log_level,  # type: ignore[arg-type]  # one of LOG_LEVELS, read by settings
            request_state_security=create_request_state_security(approval_secrets),
        )
        # Outermost: they render what the SDK's own middleware refuses, such as an altered request state.
        outer = (create_times_middleware(timezone, language), mend_call, set_request_selection)
        self.middleware[:0] = [*outer, create_bad_state_middleware(self._refuse_bad_state)]
        self._cards.declare(self._lowlevel_server)
        self.completion()(self._complete_argument)  # type: ignore[no-untyped-call]  # untyped in the SDK

    async def run_stdio_async(self) -> None:
        """Serve over stdin and stdout; anything printed meanwhile, and at exit, goes to stderr."""
        async with serve_lines() as (read, write):
            # A single line that a library prints to stdout would break the protocol.
            with contextlib.redirect_stdout(sys.stderr):
                options = self._lowlevel_server.create_initialization_options()
                await self._lowlevel_server.run(read, write, options)

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: ToolContext | None = None
    ) -> Any:
        """Call a tool; unknown names and our own bugs are rendered like any other failure."""
        context = context or Context(mcp_server=self)
        tool = self._permissions.find_tool(name)
        if tool is None:
            if answer := await self._cards.app_tools.call(name, arguments, context):
                return answer
            listed = self._permissions.listing.list_visible()
            return await self._calls.refuse_unknown_tool(name, listed, arguments, context)
        try:
            made = await self._get_sdk_tool(tool).run(arguments, context, convert_result=True)
        # The SDK raises this for whatever is no ToolError; the cause may hold anything: to the log only.
        except UnexpectedToolError:
            log.exception("%s failed by a defect", name)
            made = self._calls.render_crash(tool)
        return note_unreadable_text(made, arguments, self._language)

    async def _handle_list_tools(
        self,
        ctx: ServerRequestContext[Any],
        params: PaginatedRequestParams | None,  # noqa: ARG002 - the SDK's
    ) -> ListToolsResult:
        # The SDK would list the same tools for everybody; here a request may narrow them.
        visible = self._permissions.listing.list_visible()
        to_wire = partial(self._to_wire_tool, closed=self._permissions.closed_names)
        return ListToolsResult(tools=self._cards.list_tools(ctx, visible, to_wire))

    def _to_wire_tool(self, tool: Tool[Any], closed: frozenset[str]) -> WireTool:
        built = self._get_sdk_tool(tool)
        schema = self._calls.extend_schema(tool, built.parameters)
        return to_wire_tool(built, self._titles.get_title(tool), schema, closed)

    def _get_sdk_tool(self, tool: Tool[Any]) -> SdkTool:
        if tool.name not in self._sdk:
            self._sdk[tool.name] = build_sdk_tool(tool, self._run_tool)
        return self._sdk[tool.name]

    async def _run_tool(self, tool: Tool[Any], arguments: dict[str, Any], context: ToolContext) -> Answer:
        if tool.toolset is Toolset.DISCOVERY:  # reaches all allowed operations, also unlisted ones
            return await self._discovery.run(tool, arguments, context, self._permissions.surface)
        return await self._calls.run(tool, arguments, context)

    async def list_prompts(self) -> list[Prompt]:
        return self._prompts.list_all()

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        context: ToolContext | None = None,  # noqa: ARG002 - the SDK's
    ) -> GetPromptResult:
        return self._prompts.render(name, arguments)

    async def list_resource_templates(self) -> list[ResourceTemplate]:
        return self._resources.list_templates()

    async def read_resource(
        self,
        uri: AnyUrl | str,
        context: ToolContext | None = None,  # noqa: ARG002 - the SDK's
    ) -> Iterable[ReadResourceContents]:
        return [read_card(str(uri), self._language) or await self._resources.read(str(uri))]

    async def _handle_list_resources(
        self, ctx: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        at = params.cursor if params else None
        return self._cards.add_resources(ctx, at, await self._resources.list_recent(at))

    async def _complete_argument(
        self,
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        prompt = ref.name if isinstance(ref, PromptReference) else None
        kind = self._prompts.get_completion_source(prompt, argument.name) if prompt else argument.name
        known = (context.arguments if context else None) or {}
        return await self._resources.complete(kind, argument.value, known)

    async def _refuse_bad_state(self, failure: Failure, ctx: ServerRequestContext[Any]) -> dict[str, Any]:
        """Record a write with an altered request state; return the fields of the error."""
        params = ctx.params or {}
        tool = self._permissions.find_tool(str(params.get("name")))
        if tool:
            context = Context(request_context=ctx, mcp_server=self)
            await self._calls.refusals.record(tool, params.get("arguments") or {}, context, failure)
        return to_error_fields(failure, tool, self._language)
