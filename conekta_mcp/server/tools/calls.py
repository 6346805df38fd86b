"""Runs a tool call: checks its arguments, chooses the account, sends, renders the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult

from conekta_mcp.accounts.active_account import Accounts, ActiveAccount
from conekta_mcp.catalog import Operation, Report, Sender, ServerArguments, Tool
from conekta_mcp.consent.client import AwaitedAnswer, PendingCard, PendingQuestion
from conekta_mcp.effects.reading.budget import BudgetedReader, Surroundings
from conekta_mcp.errors import Failure
from conekta_mcp.server.elicitation import McpClient, report_progress, to_input_required
from conekta_mcp.server.paging import call_operation
from conekta_mcp.server.rendering.approval_card import render_card
from conekta_mcp.server.rendering.results import Mask, render_failure, render_success
from conekta_mcp.server.rendering.titles import Titles
from conekta_mcp.server.tools.arguments import (
    find_personal_search,
    parse_arguments,
    refuse_masked_arguments,
    refuse_partial_search,
)
from conekta_mcp.server.tools.permissions import Permissions
from conekta_mcp.server.tools.published_schemas import add_approval_argument, add_profile_argument
from conekta_mcp.server.tools.refusals import RefusalRecorder, build_crash, explain_refusal
from conekta_mcp.writes.idempotency import IdempotentSender, WriteResult

if TYPE_CHECKING:
    from conekta_mcp.server.tools.client_habits import Reading
    from conekta_mcp.writes.assessment import WriteSafeguards
    from conekta_mcp.writes.pipeline import WritePipeline

log = logging.getLogger(__name__)

ToolContext = Context[Any, Any]
Answer = CallToolResult | InputRequiredResult


class Calls:
    """Runs tools; every failure becomes an answer with a hint."""

    def __init__(
        self,
        accounts: Accounts,
        language: str,
        livemode: bool | None,
        permissions: Permissions,
        *,
        safety: Callable[[], WriteSafeguards] | None = None,
        pii: str = "full",
        previews: bool = False,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._accounts = accounts
        self.language = language
        self._titles = Titles(language)
        self._safety = safety
        self._permissions = permissions
        self._pii = pii
        self._previews = previews
        self._surroundings = replace(surroundings or Surroundings(), whole_values_only=pii != "full")
        self.livemode = livemode
        self.refusals = RefusalRecorder(lambda: self._writes, accounts, permissions.find_known_tool)

    async def run(self, tool: Tool[Any], arguments: dict[str, Any], context: ToolContext) -> Answer:
        # A default tool is only a row of the listing until its first call, when its declaration is imported.
        tool = tool.loaded
        reading = self.read_arguments(tool, arguments)
        answer = await self._run_read(tool, reading, context)
        # Imported by the first call, like the declaration: a start reads no arguments.
        from conekta_mcp.server.tools.client_habits import add_reading_note

        return add_reading_note(answer, reading, self.language)

    async def _run_read(self, tool: Tool[Any], reading: Reading, context: ToolContext) -> Answer:
        try:
            # Arguments, account, policy: none of them needs a request, so that a wrong call is refused
            # without one.
            own, accepted = self.parse_arguments(tool, reading)
            acting = self._accounts.resolve(own.profile, writes=not tool.risk.read_only)
        except Failure as failure:
            await self.refusals.record(tool, reading.arguments, context, failure)
            return self.render_failure(failure, tool)
        try:
            self._permissions.refuse_denied_read(tool, acting)
            made = await self._run_tool(tool, own, accepted, acting, context)
            if isinstance(made, PendingQuestion):
                return to_input_required(made)
            if isinstance(made, PendingCard):
                return render_card(made, self._pii)
            return self._render_result(tool, own, accepted, acting, made)
        except Failure as failure:
            await explain_refusal(failure, tool, acting, self._permissions.is_open)
            return self.render_failure(failure, tool, acting)

    async def _run_tool(
        self,
        tool: Tool[Any],
        own: ServerArguments,
        accepted: Any,
        acting: ActiveAccount,
        context: ToolContext,
    ) -> WriteResult | AwaitedAnswer:
        """Return Conekta's answer, or the question that a person has to answer first."""
        tell = partial(report_progress, context, self._titles.get_title(tool))
        if isinstance(tool, Report):
            is_open = partial(self._permissions.is_open, acting=acting)
            reader = BudgetedReader(
                tool, acting.sender, acting.fingerprint, self._surroundings, is_open, tell
            )
            return WriteResult(await tool.run(reader, accepted))
        writes = None if tool.risk.read_only else self._writes
        # Ordinary reads and the sandbox's controls: no approval, claim or audit.
        if writes is None or tool.name not in writes.handlers:
            sender = (
                IdempotentSender(acting.sender, acting.fingerprint, tool.name, own.idempotency_key)
                if own.idempotency_key
                else acting.sender
            )
            return WriteResult(
                await call_operation(tool, self._select_searcher(sender, accepted), own, accepted, tell)
            )
        call = writes.create_call(tool, own, accepted, acting, McpClient(context))
        # Reading a secret needs approval like a write, but changes nothing: no claim, lock or verification.
        if isinstance(tool, Operation) and tool.endpoint.method == "GET":
            asking = await writes.permit(call)
            return asking or WriteResult(await call_operation(tool, acting.sender, own, accepted, tell))
        await tell(0, 1)
        made = await writes.run(call)
        await tell(1, 1)
        return made

    def _select_searcher(self, sender: Sender, accepted: Any) -> Sender:
        """Return the sender of a read; under masking, searches match whole values only."""
        search = None if self._pii == "full" else find_personal_search(accepted)
        if search is None:
            return sender
        from conekta_mcp.privacy.whole_values import WholeValueSender

        return WholeValueSender(sender, search)

    @cached_property
    def _writes(self) -> WritePipeline | None:
        # Built at the first write: opening the store and importing the pipeline would slow down each start.
        if self._safety is None:
            return None
        from conekta_mcp.writes.pipeline import WritePipeline

        return WritePipeline(self._safety(), self.language)

    def _render_result(
        self, tool: Tool[Any], own: ServerArguments, accepted: Any, acting: ActiveAccount, made: WriteResult
    ) -> CallToolResult:
        whole = "full" in {own.detail, getattr(accepted, "detail", None)}
        raw = {**tool.echo(accepted), **made.raw} if tool.echo and not whole else made.raw
        return render_success(
            tool,
            self._permissions.withhold_closed(tool, raw, acting, getattr(accepted, "search", None)),
            whole=whole,
            fields=own.fields,
            livemode=self.livemode,
            acting=acting,
            settled=made.settled,
            repeated=made.repeated,
            equal_call=made.equal_call,
            show=self._select_mask(tool),
        )

    def _select_mask(self, tool: Tool[Any] | None) -> Mask | None:
        """Return the function that masks an answer; None if nothing is masked."""
        if self._pii == "full":
            return None
        from conekta_mcp.privacy.masking import list_kept_fields, mask_answer

        return partial(mask_answer, level=self._pii, keeps=list_kept_fields(tool.name if tool else ""))

    def read_arguments(self, tool: Tool[Any], arguments: dict[str, Any]) -> Reading:
        from conekta_mcp.server.tools.client_habits import read_client_arguments

        return read_client_arguments(tool, arguments, self._list_enabled_arguments())

    def parse_arguments(self, tool: Tool[Any], reading: Reading) -> tuple[ServerArguments, Any]:
        own, accepted = parse_arguments(tool, reading, self.language, self._list_enabled_arguments())
        if self._pii != "full":
            if not tool.risk.read_only:
                refuse_masked_arguments(tool, accepted, self.language)
            refuse_partial_search(tool, accepted, self.language)
        return own, accepted

    def extend_schema(self, tool: Tool[Any], schema: dict[str, Any]) -> dict[str, Any]:
        schema = add_profile_argument(schema, tool, self._accounts.list_choices())
        return add_approval_argument(schema, tool) if self._previews else schema

    def _list_enabled_arguments(self) -> tuple[str, ...]:
        profile = ("profile",) if self._accounts.list_choices() else ()
        return (*profile, "approval") if self._previews else profile

    def render_failure(
        self, failure: Failure, tool: Tool[Any] | None = None, acting: ActiveAccount | None = None
    ) -> CallToolResult:
        """Render a failure; a read has no outcome."""
        if tool is not None and not tool.changes:
            failure.outcome = None
        show = self._permissions.mark_closed_hint(failure, self._select_mask(tool))
        return render_failure(failure, tool, self.language, livemode=self.livemode, acting=acting, show=show)

    async def refuse_unknown_tool(
        self,
        name: str,
        tools: Iterable[Tool[Any]],
        arguments: dict[str, Any],
        context: ToolContext,
        caller: Tool[Any] | None = None,
    ) -> CallToolResult:
        """Answer a call of an unknown tool; record it if the tool, or its `caller`, writes."""
        failure = self._permissions.explain_absence(name, tools)
        called = caller or self._permissions.find_known_tool(name)
        if called:
            given = {"name": name, "arguments": arguments} if caller else arguments
            await self.refusals.record(called, given, context, failure)
        return self.render_failure(failure)

    def render_unknown_tool(self, name: str, tools: Iterable[Tool[Any]]) -> CallToolResult:
        return self.render_failure(self._permissions.explain_absence(name, tools))

    def render_crash(self, tool: Tool[Any]) -> CallToolResult:
        return self.render_failure(build_crash(tool), tool)
