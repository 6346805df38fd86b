"""Notes when a client hangs up before its answer is complete, for calls that go on without it.

In protocols up to 2025-11-25 a call belongs to the session and not to the request: the SDK lets it go on when
the request's connection ends, since the client may come back for the answer.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEPARTED = "conekta_mcp.departed"
"""The key of an ASGI scope that is true once the client has hung up."""


class DepartureNoter:
    """ASGI middleware that writes `DEPARTED` into the scope of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_complete = False

        async def note_disconnect() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not is_complete:
                scope[DEPARTED] = True
            return message

        async def note_end(message: Message) -> None:
            nonlocal is_complete
            is_complete = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        await self._app(scope, note_disconnect, note_end)


def has_departed(request: Any) -> bool:
    """Return whether the client of a Starlette request has hung up; False over another transport."""
    scope = getattr(request, "scope", None)
    return isinstance(scope, MutableMapping) and scope.get(DEPARTED) is True
