"""What a tool needs in order to act: somebody who sends requests as one account."""

from typing import Any, Protocol

from conekta_mcp.catalog.endpoint import Request


class Sender(Protocol):
    """Sends as one account; `conekta_mcp.api` has the real one."""

    async def send(self, request: Request) -> dict[str, Any]:
        """Send and return Conekta's JSON object.

        Raises:
            Failure: for anything but a success (see conekta_mcp.errors).
        """
        ...
