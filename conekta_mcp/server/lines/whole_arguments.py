"""Reads the arguments of a call that came as one text, or as an empty list, on every transport."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conekta_mcp.server.lines.json_texts import mend_text, parse_json

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
    read = {} if given in EMPTY else parse_json(mend_text(given)) if isinstance(given, str) else None
    if not isinstance(read, dict):
        return await call_next(ctx)
    return await call_next(replace(ctx, params={**(ctx.params or {}), "arguments": read}))
