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


class PaymentNews(Protocol):
    """Wakes whoever waits for a payment."""

    async def wait(self, subject: str, seconds: float) -> None:
        """Return when something about the order or link `subject` may have changed, or after `seconds`."""
        ...


class Reader(Sender, Protocol):
    """Reads as one account within the budget of one report; the server has the real one."""

    @property
    def whole_values_only(self) -> bool:
        """Whether answers are masked here, so that nobody may be found by a part of what they hide."""
        ...

    @property
    def now(self) -> float:
        """Unix seconds at Conekta, or here where no answer has shown them yet."""
        ...

    @property
    def is_time_known(self) -> bool:
        """Whether an answer of Conekta has shown its time."""
        ...

    @property
    def elapsed(self) -> float:
        """Seconds since the report began."""
        ...

    def has_room(self, requests: int = 1) -> bool:
        """Return whether the budget has that many requests left, and time."""
        ...

    def is_open(self, tool: str) -> bool:
        """Return whether this caller may use a tool."""
        ...

    async def tell(self, done: int, of: int) -> None:
        """Report progress."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait whatever the news."""
        ...

    async def wait_for_news(self, subject: str, seconds: float) -> None:
        """Return when something about `subject` may have changed, or after `seconds`."""
        ...
