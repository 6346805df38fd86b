"""Shows times of the merchant in what one server answers."""

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext

from conekta_mcp.results.times import use_times


def create_times_middleware(timezone: str, language: str) -> ServerMiddleware[Any]:
    async def show_local_times(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        with use_times(timezone, language):
            return await call_next(ctx)

    return show_local_times
