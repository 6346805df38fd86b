"""Seals the SDK's request state, and answers calls with an altered one."""

from collections.abc import Awaitable, Callable
from secrets import token_bytes
from typing import Any

from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.server.request_state import RequestStateSecurity

from conekta_mcp.consent.approvals import derive_key
from conekta_mcp.consent.refusals import build_invalid_approval
from conekta_mcp.errors import Failure
from conekta_mcp.settings.terms import MAX_APPROVAL_SECONDS

STATE_SECONDS = 2.0 * MAX_APPROVAL_SECONDS
"""How long the SDK accepts a state: longer than approvals live, so that our error is shown."""


def create_request_state_security(secrets: tuple[str, ...]) -> RequestStateSecurity:
    """Return the security for states, sealed with `secrets` or a key of this process."""
    keys = [derive_key(secret, "request-state") for secret in dict.fromkeys(secrets)]
    return RequestStateSecurity(keys=keys or [token_bytes(32)], ttl=STATE_SECONDS)


def create_bad_state_middleware(
    refuse: Callable[[Failure, ServerRequestContext[Any, Any]], Awaitable[dict[str, Any]]],
) -> ServerMiddleware[Any]:
    """Return the middleware that completes the SDK's refusal of a request state.

    `refuse` records the refusal, and returns the fields of the error as a tool would show them.
    """

    async def answer_bad_state(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        try:
            return await call_next(ctx)
        except MCPError as error:
            reason = error.data.get("reason") if isinstance(error.data, dict) else None
            if ctx.method != "tools/call" or reason != "invalid_request_state":
                raise
            facts = await refuse(build_invalid_approval(), ctx)
            raise MCPError(error.code, facts["message"], {"reason": reason, **facts}) from None

    return answer_bad_state
