"""Decides which tools a request may use, and which data it may see in any answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

from conekta_mcp.accounts.active_account import ActiveAccount
from conekta_mcp.catalog import Operation, Quotation, Report, Tool
from conekta_mcp.errors import Detail, Failure, UnknownTool
from conekta_mcp.server.tools.absent_tools import (
    NARROWED,
    build_not_switched_on,
    build_unknown_tool,
    describe_switch,
    mark_closed_names,
)
from conekta_mcp.server.tools.selection import (
    DEFAULT_SELECTION,
    OPENING_SELECTION,
    OperatorTools,
    Surface,
    ToolSelection,
)

if TYPE_CHECKING:
    from conekta_mcp.policy.policy import Policy
    from conekta_mcp.server.rendering.results import Mask

WITHHELD = "[not shown: the tool that shows it is not open here]"

_selection: ContextVar[ToolSelection] = ContextVar("selection", default=DEFAULT_SELECTION)


async def set_request_selection(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Store how an HTTP request narrows the tools while it is answered; stdio has no request."""
    request = ctx.request
    selection = DEFAULT_SELECTION
    if request:
        query = request.query_params if request.scope.get("query_string") else {}
        selection = ToolSelection.from_request(request.headers, query)
        selection = selection.restrict(request.scope.get(OPENING_SELECTION, DEFAULT_SELECTION))
    token = _selection.set(selection)
    try:
        return await call_next(ctx)
    finally:
        _selection.reset(token)


class Permissions:
    """What the current request may use and see."""

    def __init__(self, choice: OperatorTools, policy: Policy | None, language: str) -> None:
        self._choice, self._policy, self._language = choice, policy, language

    @property
    def listing(self) -> Surface:
        """The tools for a list; if nothing is narrowed, unlisted tools are not loaded."""
        return self._choice.narrow(_selection.get())

    @property
    def surface(self) -> Surface:
        """All tools that this request may use."""
        return self._choice.full_surface.narrow(_selection.get())

    def find_tool(self, name: str) -> Tool[Any] | None:
        return self._choice.find_tool(name, _selection.get())

    def find_known_tool(self, name: str) -> Tool[Any] | None:
        """Return the tool of this name, whether it is allowed or not."""
        return self._choice.find_known_tool(name)

    def explain_absence(self, name: str, offered: Iterable[Tool[Any]]) -> UnknownTool:
        """Return why `name` cannot be called: it is switched off, or does not exist."""
        known = self.find_known_tool(name)
        if known is None:
            return build_unknown_tool(name, offered)
        return build_not_switched_on(known, self.describe_switch(known))

    def list_known_tools(self) -> tuple[Tool[Any], ...]:
        """Return all tools but the discovery tools, whether they are allowed or not."""
        return self._choice.list_known_tools()

    def describe_switch(self, tool: Tool[Any]) -> str:
        """Return who can switch a closed tool on, and how."""
        by_request = tool.name in self._choice.full_surface.allowed
        return NARROWED if by_request else describe_switch(tool, self._choice.selection)

    @property
    def closed_names(self) -> frozenset[str]:
        """The tools that this request may not use; empty if nothing is narrowed."""
        if self._choice.is_default(_selection.get()):
            return frozenset()
        surface = self.surface
        known = (*self._choice.list_known_tools(), *self._choice.finders)
        open_here = {*surface.allowed, *(tool.name for tool in surface.finders)}
        return frozenset(tool.name for tool in known) - open_here

    def mark_closed_hint(self, failure: Failure, show: Mask | None) -> Mask | None:
        """Return `show` for the error of `failure`, and mark in its hint what this request may not use."""
        # Who calls a closed tool is told how to switch it on, by its name.
        closed = frozenset() if isinstance(failure, UnknownTool) else self.closed_names
        if not closed:
            return show

        def show_marked(error: dict[str, Any]) -> dict[str, Any]:
            shown = show(error) if show else error
            hint = shown.get("hint")
            return {**shown, "hint": mark_closed_names(hint, closed)} if isinstance(hint, str) else shown

        return show_marked

    def find_refusal(self, names: Iterable[str], acting: ActiveAccount | None) -> Failure | None:
        """Return why this request may not see what the reading tools `names` show; None if it may."""
        if self._policy is None and self._choice.is_default(_selection.get()):
            return None
        for name in names:
            tool = self.surface.allowed.get(name)
            if tool is None:
                detail = Detail(code="conekta_mcp.errors.unknown_tool", message=f"{name} is not open here.")
                return UnknownTool(type="unknown_tool", details=(detail,))
            denial = acting and self._find_denial(tool, acting)
            if denial:
                return denial
        return None

    def refuse_denied_read(self, tool: Tool[Any], acting: ActiveAccount) -> None:
        """Raise Forbidden for a read that the policy denies; a write is decided once its effect is known."""
        if not tool.risk.read_only:
            return
        denial = self._find_denial(tool, acting)
        if isinstance(tool, Report):
            denial = denial or self._find_closed_source(tool, acting)
        if denial:
            raise denial

    def is_open(self, name: str, acting: ActiveAccount) -> bool:
        """Tell whether this request may use the tool of this name, by its name alone."""
        tool = self.surface.allowed.get(name)
        return tool is not None and not (tool.risk.read_only and self._find_denial(tool, acting))

    def _find_closed_source(self, report: Report[Any], acting: ActiveAccount) -> Failure | None:
        """Return why a report may not show an operation's data: it is excluded or denied."""
        for name in report.reads:
            source = self._choice.find_known_tool(name)
            if source is None or self._choice.excludes(source):
                return self.explain_absence(name, ())
            denial = self._find_denial(source, acting)
            if denial:
                return denial
        return None

    def withhold_closed(
        self, tool: Tool[Any], raw: Mapping[str, Any], acting: ActiveAccount, search: str | None
    ) -> dict[str, Any]:
        """Return Conekta's answer without the data of tools that are closed to this request.

        A row that `search` found by such data is left out completely, since its presence would reveal it.
        """
        if tool.quotes is None:
            return dict(raw)
        rows = raw.get("data")
        if not isinstance(rows, list):
            return dict(self._withhold_fields(tool, raw, acting))
        wanted = (search or "").casefold()
        pairs = [(row, self._withhold_fields(tool, row, acting)) for row in rows]
        kept = [left for row, left in pairs if left is row or wanted in str(left).casefold()]
        return {**raw, "data": kept}

    def _withhold_fields(self, tool: Tool[Any], row: Any, acting: ActiveAccount) -> Any:
        if tool.quotes is None or not isinstance(row, Mapping) or self._is_row_open(tool.quotes, row, acting):
            return row
        hidden = tool.quotes.fields
        return {name: _withhold(value) if name in hidden and value else value for name, value in row.items()}

    def _is_row_open(self, quotes: Quotation, row: Mapping[str, Any], acting: ActiveAccount) -> bool:
        names = self._find_readers(quotes.find_path(row))
        readers = [self.surface.allowed.get(name) for name in names]
        return bool(readers) and all(
            one is not None and not self._find_denial(one, acting) and self._is_shown_whole(one)
            for one in readers
        )

    def _is_shown_whole(self, reader: Tool[Any]) -> bool:
        """Tell whether a tool's answers are shown complete, such as the log of listing events."""
        return reader.quotes is None or (self._policy is None and self._choice.is_default(_selection.get()))

    def _find_denial(self, tool: Tool[Any], acting: ActiveAccount) -> Failure | None:
        if self._policy is None:
            return None
        livemode = {"test": False, "live": True}.get(acting.known_mode)
        denial = self._policy.find_denial(tool, acting.profile, livemode)
        return denial.to_failure(self._language, writes=False) if denial else None

    def _find_readers(self, path: str) -> list[str]:
        """Name the tools that read `path` or, where none does, the longest path above it."""
        steps = [step for step in path.partition("?")[0].split("/") if step]
        for count in range(len(steps), 0, -1):
            fitting = [one for one in self._readers if _fits_template(one[0], steps[:count])]
            if fitting:
                literal = max(_count_literal(template) for template, _ in fitting)
                return [name for template, name in fitting if _count_literal(template) == literal]
        return []

    @cached_property
    def _readers(self) -> list[tuple[list[str], str]]:
        """The paths that tools read, as segments, with the names of these tools."""
        loaded = (tool.loaded for tool in self._choice.list_known_tools())
        return [
            ([step for step in tool.endpoint.template.split("/") if step], tool.name)
            for tool in loaded
            if isinstance(tool, Operation) and tool.endpoint.method == "GET"
        ]


def _withhold(value: Any) -> Any:
    """Return only the kind and id of what an event is about."""
    subject = value.get("object") if isinstance(value, Mapping) else None
    if not isinstance(subject, Mapping):
        return WITHHELD
    return {"object": {name: subject[name] for name in ("object", "id") if name in subject}}


def _fits_template(template: list[str], steps: list[str]) -> bool:
    return len(template) == len(steps) and all(
        wanted.startswith("{") or wanted == step for wanted, step in zip(template, steps, strict=True)
    )


def _count_literal(template: list[str]) -> int:
    return sum(not step.startswith("{") for step in template)
