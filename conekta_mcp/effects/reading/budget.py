"""The reader of a report: it bounds requests and seconds, sends a few at a time, and refuses writes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio

from conekta_mcp.catalog import PaymentNews, Report, Request, Sender

MAX_CONCURRENT = 4


class NoNews:
    """Payment news for a server without webhooks: every wait lasts its full time."""

    async def wait(self, subject: str, seconds: float) -> None:  # noqa: ARG002 - the protocol's
        await anyio.sleep(seconds)


@dataclass(frozen=True)
class Surroundings:
    """What a report needs besides Conekta: the clock, and the source of payment news."""

    read_time: Callable[[str], float | None] = lambda _account: None
    """Returns Conekta's unix seconds for the fingerprint of an account; None before its first answer."""
    clock: Callable[[], float] = time.time
    """Unix seconds of this computer."""
    monotonic: Callable[[], float] = time.monotonic
    news: PaymentNews = field(default_factory=NoNews)
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    whole_values_only: bool = False


@dataclass
class BudgetedReader:
    """Sends and counts the reads of one report; implements `Reader`."""

    report: Report[Any]
    sender: Sender
    account: str
    """The fingerprint of the account."""
    surroundings: Surroundings
    check_open: Callable[[str], bool]
    report_progress: Callable[[int, int], Awaitable[None]]

    def __post_init__(self) -> None:
        self._sent = 0
        self._began = self.surroundings.monotonic()
        self._slots = anyio.Semaphore(MAX_CONCURRENT)

    @property
    def whole_values_only(self) -> bool:
        return self.surroundings.whole_values_only

    @property
    def now(self) -> float:
        shown = self.surroundings.read_time(self.account)
        return self.surroundings.clock() if shown is None else shown

    @property
    def is_time_known(self) -> bool:
        return self.surroundings.read_time(self.account) is not None

    @property
    def elapsed(self) -> float:
        return self.surroundings.monotonic() - self._began

    def has_budget(self, requests: int = 1) -> bool:
        return self._sent + requests <= self.report.max_requests and self.elapsed < self.report.max_seconds

    def is_open(self, tool: str) -> bool:
        return self.check_open(tool)

    async def tell(self, done: int, of: int) -> None:
        await self.report_progress(done, of)

    async def send(self, request: Request) -> dict[str, Any]:
        """Send a read. A write, or a request beyond the budget, is a bug in the report."""
        if request.writes:
            raise TypeError(f"{self.report.name} may not send {request.method} {request.path}")
        if self._sent >= self.report.max_requests:
            raise TypeError(f"{self.report.name} has sent all of its {self._sent} requests")
        self._sent += 1
        async with self._slots:
            return await self.sender.send(request)

    async def sleep(self, seconds: float) -> None:
        await self.surroundings.sleep(seconds)

    async def wait_for_news(self, subject: str, seconds: float) -> None:
        await self.surroundings.news.wait(subject, seconds)
