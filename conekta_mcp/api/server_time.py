"""Estimates the time at Conekta from the Date header of its latest answer (RFC 9110, 6.6.1)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_ACCOUNTS = 1024
MAX_DIFFERENCE_SECONDS = 5.0
"""How far this machine's two clocks may have diverged since an answer."""
STALE_SECONDS = 30.0
"""How far the Date of an answer may be behind an earlier one before it counts as cached."""
NEWEST_SECONDS = 3600.0
"""How long the latest time is trusted, in case it was wrong."""


@dataclass(frozen=True)
class ShownTime:
    """The time of Conekta's clock, and of both clocks of this machine at that moment."""

    shown: float
    monotonic: float
    wall: float


class ServerTimes:
    """Keeps, for each account, the time of its latest answer, and adds the monotonic time since."""

    def __init__(self, monotonic: Callable[[], float], wall: Callable[[], float] = time.time) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._seen: dict[str, ShownTime] = {}
        self._newest: dict[str, ShownTime] = {}
        self._older: dict[str, int] = {}

    def observe(self, account: str, headers: Mapping[str, str]) -> None:
        """Store the time that an answer shows, if it shows one."""
        from email.utils import parsedate_to_datetime  # httpx has imported it by now

        try:
            shown = parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        now = ShownTime(shown, self._monotonic(), self._wall())
        self._seen.pop(account, None)
        self._seen[account] = now
        self._compare_with_newest(account, now)
        while len(self._seen) > MAX_ACCOUNTS:
            oldest = next(iter(self._seen))
            for kept in (self._seen, self._newest, self._older):
                kept.pop(oldest, None)

    def _compare_with_newest(self, account: str, now: ShownTime) -> None:
        newest = self._newest.get(account, now)
        passed = now.monotonic - newest.monotonic
        if passed < NEWEST_SECONDS and now.shown < newest.shown + passed - STALE_SECONDS:
            self._older[account] = self.count_older_answers(account) + 1
        elif passed >= NEWEST_SECONDS or now.shown >= newest.shown + passed:
            self._newest[account] = now

    def count_older_answers(self, account: str) -> int:
        """Return how many answers had an earlier time than one before: something cached them."""
        return self._older.get(account, 0)

    def read(self, account: str) -> float | None:
        """Return unix seconds at Conekta; None where no answer has shown them.

        None too where the machine slept or its clock was set since: the monotonic clocks of Linux and macOS
        stand still while a machine sleeps (time.monotonic), and nothing tells which of the two is right.
        """
        seen = self._seen.get(account)
        if seen is None:
            return None
        passed = self._monotonic() - seen.monotonic
        if abs(self._wall() - seen.wall - passed) > MAX_DIFFERENCE_SECONDS:
            return None
        return seen.shown + passed
