"""The one path of every call: guard, account, request, rendering."""

import contextlib
import difflib
import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import anyio
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult

from conekta_mcp.catalog import Own, Request, Sender, Tool
from conekta_mcp.errors import Crashed, Detail, Failure, Outcome, UnknownTool
from conekta_mcp.redaction import brief
from conekta_mcp.server.accounts import Accounts
from conekta_mcp.server.guard import accept
from conekta_mcp.server.results import failed, success
from conekta_mcp.server.titles import Titles
from conekta_mcp.server.walking import walk

log = logging.getLogger(__name__)


class Calls:
    """Runs tools; every failure is an answer that can be acted on."""

    def __init__(self, accounts: Accounts, language: str, livemode: bool | None) -> None:
        self._accounts = accounts
        self._language = language
        self._titles = Titles(language)
        self.livemode = livemode

    async def run(
        self, tool: Tool[Any], arguments: dict[str, Any], context: Context[Any, Any]
    ) -> CallToolResult:
        """Run `tool` as the account of this request."""
        try:
            own, accepted = self.accept(tool, arguments)
            api = self._accounts.sender(writes=not tool.risk.read_only)
            raw = await self._raw(tool, Intended(api, own.idempotency_key), own, accepted, context)
            whole = "full" in {own.detail, getattr(accepted, "detail", None)}
            return success(tool, raw, whole=whole, fields=own.fields, livemode=self.livemode)
        except Failure as failure:
            return self.render(failure, tool)

    async def _raw(
        self, tool: Tool[Any], api: Sender, own: Own, accepted: Any, context: Context[Any, Any]
    ) -> dict[str, Any]:
        """Give Conekta's object, or so many rows of a list as are wanted."""
        tell = partial(_tell, context, self._titles.of(tool))
        if own.max_items:
            return await walk(tool, api, accepted, own.max_items, tell)
        await tell(0, 1)
        raw = await tool.call(api, accepted)
        await tell(1, 1)
        return raw

    def accept(self, tool: Tool[Any], arguments: dict[str, Any]) -> tuple[Own, Any]:
        """Read the arguments of a call of `tool`, or raise InvalidArguments."""
        return accept(tool, arguments, self._language)

    def render(self, failure: Failure, tool: Tool[Any] | None = None) -> CallToolResult:
        """Render a failure."""
        return failed(failure, tool, self._language, livemode=self.livemode)

    def unknown(self, name: str, tools: Iterable[Tool[Any]]) -> CallToolResult:
        """Say that there is no such tool, and which of `tools` have a name like it."""
        harmless = [tool.name for tool in tools if not tool.risk.destructive]
        near = difflib.get_close_matches(name, harmless, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "The list of tools names all there are."
        detail = Detail(code="conekta_mcp.errors.unknown_tool", message=f"There is no tool {brief(name)}.")
        return self.render(UnknownTool(type="unknown_tool", details=(detail,), hint=hint))

    def crashed(self, tool: Tool[Any]) -> CallToolResult:
        """Say that this server is at fault."""
        detail = Detail(
            code="conekta_mcp.errors.crashed",
            message="Something failed inside this server; its log says what.",
        )
        outcome: Outcome | None = None if tool.risk.read_only else "unknown"
        return self.render(Crashed(type="internal_error", details=(detail,), outcome=outcome), tool)


class Intended:
    """Sends with the Idempotency-Key of a call's intent where Conekta takes one."""

    def __init__(self, api: Sender, key: str | None) -> None:
        self._api, self._key = api, key

    async def send(self, request: Request) -> dict[str, Any]:
        """Send `request` as the account of the call."""
        keyed = replace(request, idempotency_key=self._key) if request.keyed else request
        return await self._api.send(keyed)


async def _tell(context: Context[Any, Any], title: str, done: int, of: int) -> None:
    """Report progress to a client that asked for it; one that left does not make a done thing fail."""
    with contextlib.suppress(ValueError, anyio.ClosedResourceError, anyio.BrokenResourceError):
        await context.report_progress(done, of, title)
