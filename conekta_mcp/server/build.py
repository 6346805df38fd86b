"""The MCP server: the SDK's, with our tools, resources, prompts and rendering."""

import contextlib
import difflib
import logging
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import anyio
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import UnexpectedToolError
from mcp.server.stdio import stdio_server
from mcp.types import (
    INVALID_PARAMS,
    CallToolResult,
    Completion,
    CompletionArgument,
    CompletionContext,
    GetPromptResult,
    ListResourcesResult,
    PaginatedRequestParams,
    Prompt,
    PromptReference,
    ResourceTemplate,
    ResourceTemplateReference,
)
from pydantic import AnyUrl

from conekta_mcp import __version__
from conekta_mcp.catalog import Readable, Sender, Tool
from conekta_mcp.errors import Crashed, Detail, Failure, Outcome, UnknownTool
from conekta_mcp.redaction import brief
from conekta_mcp.server.accounts import Accounts
from conekta_mcp.server.guard import accept
from conekta_mcp.server.instructions import instructions
from conekta_mcp.server.prompts import PromptFile, load_prompts
from conekta_mcp.server.resources import Resources
from conekta_mcp.server.results import failed, success
from conekta_mcp.server.tools import sdk_tools

log = logging.getLogger(__name__)

Any3 = Context[Any, Any]


class ConektaServer(MCPServer[Any]):
    """Conekta for agents; every failure of a tool is an answer that can be acted on."""

    def __init__(
        self,
        *,
        tools: Sequence[Tool[Any]],
        readables: Sequence[Readable],
        account: Callable[[str], Sender],
        own_key: str | None,
        language: str = "es",
        sandbox: bool = False,
        key_per_request: bool = False,
        log_level: str = "WARNING",
    ) -> None:
        self._by_name = {tool.name: tool for tool in tools}
        self._language = language
        self._livemode = False if sandbox else None
        self._accounts = Accounts(account, own_key)
        self._resources = Resources(readables, self._accounts)
        self._prompts: Mapping[str, PromptFile] | None = None
        super().__init__(
            name="conekta-mcp",
            title="Conekta",
            description="Customers, recurring CLABEs, orders and payments of Conekta, for AI agents.",
            instructions=instructions(
                language=language, sandbox=sandbox, configured=bool(own_key or key_per_request)
            ),
            version=__version__,
            tools=sdk_tools(tools, self._call),
            log_level=log_level,  # type: ignore[arg-type]  # one of LOG_LEVELS, read by settings
        )
        self.completion()(self._complete)  # type: ignore[no-untyped-call]  # untyped in the SDK

    async def run_stdio_async(self) -> None:
        """Serve over stdin and stdout; what anything prints meanwhile goes to stderr, now and at exit."""
        async with stdio_server() as (read, write):
            with contextlib.redirect_stdout(sys.stderr):
                options = self._lowlevel_server.create_initialization_options()
                await self._lowlevel_server.run(read, write, options)

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any3 | None = None) -> Any:
        """Call a tool; an unknown name and a defect of ours are rendered like every other failure."""
        if name not in self._by_name:
            return self._render(self._unknown(name), None)
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            log.exception("%s failed by a defect", name)
            return self._render(_crashed(self._by_name[name]), self._by_name[name])

    async def list_prompts(self) -> list[Prompt]:
        """List the prompts of prompts/."""
        return [prompt.listing() for prompt in self._prompt_files().values()]

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        context: Any3 | None = None,  # noqa: ARG002 - the SDK's
    ) -> GetPromptResult:
        """Render a prompt; an unknown name and a wrong argument are invalid-params errors."""
        prompt = self._prompt_files().get(name)
        if prompt is None:
            raise MCPError(INVALID_PARAMS, f"Unknown prompt: {brief(name)}")
        return prompt.render(arguments)

    async def list_resource_templates(self) -> list[ResourceTemplate]:
        """List the addresses that resources have."""
        return self._resources.templates()

    async def read_resource(
        self,
        uri: AnyUrl | str,
        context: Any3 | None = None,  # noqa: ARG002 - the SDK's
    ) -> Iterable[ReadResourceContents]:
        """Read one resource."""
        return [await self._resources.read(str(uri))]

    async def _handle_list_resources(
        self,
        ctx: ServerRequestContext[Any],  # noqa: ARG002 - the SDK's
        params: PaginatedRequestParams | None,
    ) -> ListResourcesResult:
        return await self._resources.listing(params.cursor if params else None)

    async def _call(self, tool: Tool[Any], arguments: dict[str, Any], context: Any3) -> CallToolResult:
        try:
            accepted = accept(tool, arguments, self._language)
            api = self._accounts.sender(writes=not tool.risk.read_only)
            await _tell(context, 0, tool)
            raw = await tool.call(api, accepted)
            await _tell(context, 1, tool)
        except Failure as failure:
            return self._render(failure, tool)
        whole = getattr(accepted, "detail", "lean") == "full"
        return success(tool, raw, whole=whole, livemode=self._livemode)

    async def _complete(
        self,
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,  # noqa: ARG002 - the SDK's
    ) -> Completion:
        kind: str | tuple[str, ...] | None = argument.name
        if isinstance(ref, PromptReference):
            prompt = self._prompt_files().get(ref.name)
            kind = prompt.completes(argument.name) if prompt else None
        if isinstance(kind, tuple):
            return Completion(values=[value for value in kind if value.startswith(argument.value)])
        return await self._resources.complete(kind or "", argument.value)

    def _render(self, failure: Failure, tool: Tool[Any] | None) -> CallToolResult:
        return failed(failure, tool, self._language, livemode=self._livemode)

    def _unknown(self, name: str) -> UnknownTool:
        harmless = [one for one, tool in self._by_name.items() if not tool.risk.destructive]
        near = difflib.get_close_matches(name, harmless, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "The list of tools names all there are."
        detail = Detail(code="conekta_mcp.errors.unknown_tool", message=f"There is no tool {brief(name)}.")
        return UnknownTool(type="unknown_tool", details=(detail,), hint=hint)

    def _prompt_files(self) -> Mapping[str, PromptFile]:
        if self._prompts is None:
            self._prompts = load_prompts()
        return self._prompts


async def _tell(context: Any3, done: int, tool: Tool[Any]) -> None:
    """Report progress to a client that asked for it; one that left does not make a done thing fail."""
    with contextlib.suppress(ValueError, anyio.ClosedResourceError, anyio.BrokenResourceError):
        await context.report_progress(done, 1, tool.title)


def _crashed(tool: Tool[Any]) -> Failure:
    detail = Detail(
        code="conekta_mcp.errors.crashed", message="Something failed inside this server; its log says what."
    )
    outcome: Outcome | None = None if tool.risk.read_only else "unknown"
    return Crashed(type="internal_error", details=(detail,), outcome=outcome)
