"""The protocols through which a tool sends requests as one account."""

from typing import Any, Protocol

from conekta_mcp.catalog.endpoint import Request


class Sender(Protocol):
    """Sends requests as one account; implemented in `conekta_mcp.api`."""

    async def send(self, request: Request) -> dict[str, Any]:
        """Send and return Conekta's JSON object.

        Raises:
            Failure: for anything but a success (see conekta_mcp.errors).
        """
        ...


class PaymentNews(Protocol):
    """Wakes a report that waits for a payment."""

    async def wait(self, subject: str, seconds: float) -> None:
        """Return once the order or link `subject` may have changed, or after `seconds`."""
        ...


class Reader(Sender, Protocol):
    """Reads as one account within the budget of one report; implemented in `effects.reading.budget`."""

    @property
    def whole_values_only(self) -> bool:
        """Whether answers are masked, so that searches must not use parts of values."""
        ...

    @property
    def now(self) -> float:
        """Unix seconds at Conekta, or on this machine before the first answer."""
        ...

    @property
    def is_time_known(self) -> bool:
        """Whether an answer of Conekta has shown its time."""
        ...

    @property
    def elapsed(self) -> float:
        """Seconds since the report began."""
        ...

    def has_budget(self, requests: int = 1) -> bool:
        """Tell whether the budget has this many requests, and time, left."""
        ...

    def is_open(self, tool: str) -> bool:
        """Tell whether this caller may use a tool."""
        ...

    async def tell(self, done: int, of: int) -> None:
        """Report progress."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait, ignoring news."""
        ...

    async def wait_for_news(self, subject: str, seconds: float) -> None:
        """Return once `subject` may have changed, or after `seconds`."""
        ...
