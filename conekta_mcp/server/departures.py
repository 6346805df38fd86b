"""Notes when a client hangs up before its answer is complete, for calls that go on without it.

In protocols up to 2025-11-25 a call belongs to the session and not to the request: the SDK lets it go on when
the request's connection ends, since the client may come back for the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEPARTURE = "conekta_mcp.departure"
"""The key of an ASGI scope that has the `Departure` of its client: one object in all copies of the scope."""


class Departure:
    """Whether a client has hung up before its answer was complete."""

    def __init__(self) -> None:
        self.is_noted = False


class DepartureNoter:
    """ASGI middleware that notes the departure of a client in the scope of its request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_complete, departure = False, Departure()
        scope[DEPARTURE] = departure

        async def note_disconnect() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not is_complete:
                departure.is_noted = True
            return message

        async def note_end(message: Message) -> None:
            nonlocal is_complete
            is_complete = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        await self._app(scope, note_disconnect, note_end)


def has_departed(request: Any) -> bool:
    """Return whether the client of a Starlette request has hung up; False over another transport."""
    scope = getattr(request, "scope", None)
    departure = scope.get(DEPARTURE) if isinstance(scope, Mapping) else None
    return isinstance(departure, Departure) and departure.is_noted
