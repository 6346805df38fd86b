"""Detects that a client disconnected before its answer was complete, while its call goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEPARTURE = "conekta_mcp.departure"
"""The key of the `Departure` in an ASGI scope: one object in all copies of the scope."""


class Departure:
    """Whether a client disconnected before its answer was complete."""

    def __init__(self) -> None:
        self.is_noted = False


class DepartureNoter:
    """ASGI middleware that sets `Departure` in the scope of its request."""

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
    """Tell whether the client of a Starlette request disconnected; False over other transports."""
    scope = getattr(request, "scope", None)
    departure = scope.get(DEPARTURE) if isinstance(scope, Mapping) else None
    return isinstance(departure, Departure) and departure.is_noted
