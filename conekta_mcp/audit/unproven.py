"""Bounds what callers fill of the audit log whose key Conekta has not accepted: anybody can invent one."""

import logging
import time
from collections.abc import Callable, Container

MAX_RECORDS = 1000
"""How many refusals of such callers one process records in a period; what comes after is counted."""
PERIOD_SECONDS = 3600.0

log = logging.getLogger(__name__)


class UnprovenRecords:
    """Says which refusals are recorded; `proven` has the fingerprints of keys that Conekta accepted."""

    def __init__(self, proven: Container[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._proven, self._clock = proven, clock
        self._began, self._recorded, self._left_out = clock(), 0, 0

    def may_record(self, key: str) -> bool:
        """Return whether the refusal of a call with this key is recorded, and count it."""
        if key in self._proven:
            return True
        self._begin_period()
        if self._recorded < MAX_RECORDS:
            self._recorded += 1
            return True
        if not self._left_out:
            log.warning("the audit log leaves out refusals of unknown keys: %d this hour", MAX_RECORDS)
        self._left_out += 1
        return False

    def _begin_period(self) -> None:
        now = self._clock()
        if now - self._began < PERIOD_SECONDS:
            return
        if self._left_out:
            log.warning("the audit log left out %d refusals of unknown keys", self._left_out)
        self._began, self._recorded, self._left_out = now, 0, 0
