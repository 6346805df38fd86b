"""Payment news for reports that wait; the feed is built at the first wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conekta_mcp.events.news import EventNews


class LazyNews:
    """The payment news of a server, for one order or link."""

    def __init__(self, open_news: Callable[[], EventNews]) -> None:
        self._open_news = open_news

    async def wait(self, subject: str, seconds: float) -> None:
        await self._open_news().wait((subject,), seconds)
