"""Records writes that are refused before the write pipeline, which records its own refusals."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import Context

from conekta_mcp.accounts.active_account import Accounts, ActiveAccount
from conekta_mcp.catalog import Operation, Tool, Toolset
from conekta_mcp.errors import Detail, Failure, InternalError, Outcome
from conekta_mcp.server.elicitation import McpClient
from conekta_mcp.server.rendering.hints import find_hint

if TYPE_CHECKING:
    from conekta_mcp.writes.pipeline import WritePipeline

log = logging.getLogger(__name__)


def build_crash(tool: Tool[Any]) -> InternalError:
    """Return the failure of a call in which this server has a defect."""
    detail = Detail(
        code="conekta_mcp.errors.crashed",
        message="Something failed inside this server; its log says what.",
    )
    # The defect may have come after the request was sent.
    outcome: Outcome | None = None if tool.risk.read_only else "unknown"
    return InternalError(type="internal_error", details=(detail,), outcome=outcome)


class RefusalRecorder:
    """Writes the refusal of a writing tool to the audit log."""

    def __init__(
        self,
        get_pipeline: Callable[[], WritePipeline | None],
        accounts: Accounts,
        find_known_tool: Callable[[str], Tool[Any] | None],
    ) -> None:
        """`find_known_tool` finds a tool by its name, also a closed one."""
        self._get_pipeline, self._accounts, self._find_known_tool = get_pipeline, accounts, find_known_tool

    async def record(
        self, tool: Tool[Any], arguments: Mapping[str, Any], context: Context[Any, Any], failure: Failure
    ) -> None:
        """Record that `tool`, or the operation it was to call, was refused; reads are not recorded."""
        tool, arguments = self._unwrap_call(tool, arguments)
        if tool.risk.read_only or tool.toolset is Toolset.SANDBOX:
            return
        try:
            pipeline = self._get_pipeline()
            if pipeline is not None:
                acting, client = self._find_account(arguments), McpClient(context).name
                await pipeline.safeguards.record_early_refusal(tool.name, arguments, acting, client, failure)
        except Exception as cause:  # noqa: BLE001 - whatever fails here, the agent is told of the refusal
            log.error("the audit misses a refusal of %s: %s", tool.name, type(cause).__name__)

    def _unwrap_call(
        self, tool: Tool[Any], arguments: Mapping[str, Any]
    ) -> tuple[Tool[Any], Mapping[str, Any]]:
        """Return the operation that a call_ tool was to call, if its arguments name it."""
        name, given = arguments.get("name"), arguments.get("arguments")
        if tool.toolset is not Toolset.DISCOVERY or not isinstance(name, str) or not isinstance(given, dict):
            return tool, arguments
        target = self._find_known_tool(name)
        return (target, given) if target else (tool, arguments)

    def _find_account(self, arguments: Mapping[str, Any]) -> ActiveAccount | None:
        """Return the account that the call would have acted for; None if it is not known."""
        profile = arguments.get("profile")
        try:
            return self._accounts.resolve(profile if isinstance(profile, str) else None, writes=False)
        except Failure:
            return None


async def explain_refusal(
    failure: Failure, tool: Tool[Any], acting: ActiveAccount, is_open: Callable[[str, ActiveAccount], bool]
) -> None:
    """Add to the hint of a refusal what can be read about it, if this request may read it."""
    known = tool.refusal_explanation if isinstance(tool, Operation) else None
    if known is None or failure.outcome != "not_applied" or not is_open(known.reads, acting):
        return
    if any((detail.code or "").endswith(known.code) for detail in failure.details):
        with contextlib.suppress(Failure):  # the refusal is told all the same
            failure.hint = f"{find_hint(failure, tool)} {await known.describe(acting.sender)}"
