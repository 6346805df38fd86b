"""What time it is at Conekta, by the Date header of its latest answer (RFC 9110, 6.6.1)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_ACCOUNTS = 1024
MAX_DIFFERENCE_SECONDS = 5.0
"""How differently this machine's two clocks may have run since an answer."""


@dataclass(frozen=True)
class ShownTime:
    """What Conekta's clock showed, and both of this machine's then."""

    shown: float
    monotonic: float
    wall: float


class ServerTimes:
    """Keeps, for each account, the time of its latest answer, and carries it on by a monotonic clock."""

    def __init__(self, monotonic: Callable[[], float], wall: Callable[[], float] = time.time) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._seen: dict[str, ShownTime] = {}

    def observe(self, account: str, headers: Mapping[str, str]) -> None:
        """Note the time that an answer shows, if it shows one."""
        from email.utils import parsedate_to_datetime  # httpx has imported it by now

        try:
            shown = parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self._seen.pop(account, None)
        self._seen[account] = ShownTime(shown, self._monotonic(), self._wall())
        while len(self._seen) > MAX_ACCOUNTS:
            del self._seen[next(iter(self._seen))]

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
