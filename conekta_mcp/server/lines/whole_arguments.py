"""Parses arguments that came as one text or as an empty list, on every transport."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conekta_mcp.server.lines.json_texts import mend_text, parse_json

if TYPE_CHECKING:
    from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

WITH_ARGUMENTS = frozenset({"tools/call", "prompts/get"})
META = "_meta"
MOST_EXACT = 2**53
"""Larger floats can stand for several integers."""
EMPTY: tuple[object, ...] = ("", [])
"""Values that clients send for an empty object."""


async def mend_call(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Pass a request on with arguments as an object; the SDK refuses what cannot be read as one."""
    ctx = _drop_null_meta(ctx)
    given = (ctx.params or {}).get("arguments")
    if ctx.method not in WITH_ARGUMENTS or given is None:
        return await call_next(ctx)
    read = _read_arguments(given)
    if isinstance(read, dict) and ctx.method == "prompts/get":
        read = {name: _read_text(value) for name, value in read.items() if value is not None}
    if not isinstance(read, dict) or read == given:
        return await call_next(ctx)
    return await call_next(replace(ctx, params={**(ctx.params or {}), "arguments": read}))


def _drop_null_meta(ctx: ServerRequestContext[Any, Any]) -> ServerRequestContext[Any, Any]:
    """Return the request without nulls in its `_meta`, which some clients send for what they do not have."""
    meta = (ctx.params or {}).get(META)
    if meta not in EMPTY and not (isinstance(meta, dict) and None in meta.values()):
        return ctx
    present = {name: value for name, value in meta.items() if value is not None} if meta else {}
    return replace(ctx, params={**(ctx.params or {}), META: present})


def _read_arguments(given: object) -> object:
    if isinstance(given, str) and given:
        return parse_json(mend_text(given))
    return {} if given in EMPTY else given


def _read_text(value: object) -> object:
    if isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT:
        value = int(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value
