"""What time it is at Conekta, by the Date header of its latest answer (RFC 9110, 6.6.1)."""

from collections.abc import Callable, Mapping

MAX_ACCOUNTS = 1024


class ServerTimes:
    """Keeps, for each account, the time of its latest answer, and carries it on by a monotonic clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._seen: dict[str, tuple[float, float]] = {}

    def observe(self, account: str, headers: Mapping[str, str]) -> None:
        """Note the time that an answer shows, if it shows one."""
        from email.utils import parsedate_to_datetime  # httpx has imported it by now

        try:
            shown = parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self._seen.pop(account, None)
        self._seen[account] = (shown, self._monotonic())
        while len(self._seen) > MAX_ACCOUNTS:
            del self._seen[next(iter(self._seen))]

    def read(self, account: str) -> float | None:
        """Return unix seconds at Conekta; None where no answer has shown them."""
        if account not in self._seen:
            return None
        shown, at = self._seen[account]
        return shown + (self._monotonic() - at)
