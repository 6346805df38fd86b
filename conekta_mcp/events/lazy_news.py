"""News for reports that wait for a payment; what tells them is built at the first wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conekta_mcp.events.news import EventNews


@dataclass(frozen=True)
class LazyNews:
    """The news of a server, as a report asks for them: of one order or link."""

    open_news: Callable[[], EventNews]

    async def wait(self, subject: str, seconds: float) -> None:
        await self.open_news().wait((subject,), seconds)
