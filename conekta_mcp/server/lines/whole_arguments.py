"""Reads the arguments of a call that came as one text, or as an empty list, on every transport."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

WITH_ARGUMENTS = frozenset({"tools/call", "prompts/get"})
EMPTY: tuple[object, ...] = ("", [])
"""What clients write for an object in which nothing is."""


async def mend_call(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Pass a call on with an object of arguments; what is none even so is refused by the SDK."""
    given = (ctx.params or {}).get("arguments")
    if ctx.method not in WITH_ARGUMENTS or given is None or isinstance(given, dict):
        return await call_next(ctx)
    read = {} if given in EMPTY else _parse_text(given) if isinstance(given, str) else None
    if not isinstance(read, dict):
        return await call_next(ctx)
    return await call_next(replace(ctx, params={**(ctx.params or {}), "arguments": read}))


def _parse_text(text: str) -> Any:
    # Nearly no client writes so, and a list of tools needs none of it.
    from conekta_mcp.server.tools.client_habits import parse_text

    return parse_text(text)
