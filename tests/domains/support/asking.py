"""Asks reports of a sandbox in this process, and plays what happens in its shop."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import anyio

from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.app import App
from conekta_mcp.catalog import Report
from conekta_mcp.domains.support import tools
from conekta_mcp.effects.reading.budget import BudgetedReader, Surroundings
from conekta_mcp.redaction import fingerprint_account
from conekta_mcp.results.times import use_times
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.server.tools.client_habits import read_client_arguments
from conekta_mcp.settings.table import Settings
from conekta_mcp.settings.timezone import MEXICO_CITY
from tests.sandbox.shop import Shop

START = 1_768_564_855  # 2026-01-16 12:00:55 UTC, 06:00:55 in Mexico City
DAY = 86_400
KEY = "key_shop"
REPORTS = {tool.name: tool for tool in tools.TOOLS}
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}


@dataclass
class Desk:
    """A shop on a sandbox, and who answers its customers."""

    ledger: Ledger = field(default_factory=lambda: Ledger(clock=lambda: START, seed=1))
    language: str = "en"
    masked: bool = False
    closed: frozenset[str] = frozenset()
    meanwhile: Callable[[str], object] | None = None
    """What happens while a report waits for news of an order or link."""
    own_clock: float | None = None
    """What this computer's clock shows until an answer of Conekta does; None if one did already."""
    waits: list[float] = field(default_factory=list)
    told: list[tuple[int, int]] = field(default_factory=list)
    sent: int = 0
    elapsed: float = 0

    def __post_init__(self) -> None:
        self.shop = Shop(self.ledger, KEY)

    @property
    def now(self) -> int:
        return int(self.shop.get("/_sandbox/clock")["now"])

    def ask(self, report: str, /, *, budget: int | None = None, **arguments: Any) -> dict[str, Any]:
        """Return what the report answers, curated."""
        return anyio.run(self._ask, report, budget, arguments)

    async def _ask(self, name: str, budget: int | None, arguments: dict[str, Any]) -> dict[str, Any]:
        report: Report[Any] = REPORTS[name]
        app = App(
            Settings(sandbox=True, store="memory"), lambda: InProcessTransport(create_sandbox(self.ledger))
        )
        account, times = app.conekta.get_account(KEY), app.conekta.server_times
        surroundings = Surroundings(
            read_time=lambda fingerprint: times.read(fingerprint) or self._read_clock(),
            clock=lambda: self.own_clock or 0.0,
            monotonic=lambda: self.elapsed,
            news=self,
            sleep=self.sleep,
            whole_values_only=self.masked,
        )
        reader = BudgetedReader(
            report if budget is None else _limit(report, budget),
            account,
            fingerprint_account(KEY),
            surroundings,
            lambda tool: tool not in self.closed,
            self._note_progress,
        )
        given = read_client_arguments(report, arguments).arguments
        with use_times(MEXICO_CITY, self.language):
            raw = await report.run(reader, report.input.model_validate(given))
            answer = report.output.curate(raw)
        self.sent = reader._sent
        await app.close()
        return answer

    def _read_clock(self) -> float | None:
        return float(self.now) if self.own_clock is None else None

    async def _note_progress(self, done: int, of: int) -> None:
        self.told.append((done, of))

    async def sleep(self, seconds: float) -> None:
        self.elapsed += seconds

    async def wait(self, subject: str, seconds: float) -> None:
        """Be the news: time passes at once, and what `meanwhile` does happens in it."""
        self.waits.append(seconds)
        self.elapsed += seconds
        if self.meanwhile:
            self.meanwhile(subject)


def _limit(report: Report[Any], budget: int) -> Report[Any]:
    return replace(report, max_requests=budget)
