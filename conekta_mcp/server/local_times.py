"""Sets the merchant's time zone and language for each request."""

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext

from conekta_mcp.results.times import LocalTimes, reset_times, set_times


def create_times_middleware(timezone: str, language: str) -> ServerMiddleware[Any]:
    times = LocalTimes(timezone)

    async def show_local_times(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        token = set_times(times, language)
        try:
            return await call_next(ctx)
        finally:
            reset_times(token)

    return show_local_times
