"""Logs each refused webhook in a line, with a limit on lines per minute."""

import logging
import time
from collections.abc import Callable

LINES_PER_MINUTE = 60
"""The limit of log lines, since anybody can cause one with each request."""

log = logging.getLogger(__name__)


class RefusalLog:
    """The refusals of one server; those beyond the limit of a minute are only counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since, self._count = float("-inf"), 0

    def note(self, reason: str) -> None:
        now = self._clock()
        if now - self._since >= 60:
            if self._count > LINES_PER_MINUTE:
                log.warning("%d more webhooks were refused", self._count - LINES_PER_MINUTE)
            self._since, self._count = now, 0
        self._count += 1
        if self._count <= LINES_PER_MINUTE:
            log.warning("a webhook was refused: %s", reason)
