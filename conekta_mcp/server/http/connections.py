"""Limits connections, and closes those whose client keeps the server waiting."""

import time
from collections.abc import Callable
from typing import Protocol


class Connection(Protocol):
    """One client's connection."""

    def close_late(self) -> None:
        """Close at once: the client took too long, or another connection needs the slot."""


class Connections:
    """All open connections; `seconds` is how long a client may keep one waiting."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._seconds, self._clock = seconds, clock
        self._open: set[Connection] = set()
        # In the order in which they began to wait, so that only the first ones have to be looked at.
        self._waiting: dict[Connection, float] = {}
        # The values mean nothing: a dict is a set that keeps its order.
        self._idle: dict[Connection, None] = {}

    @property
    def count(self) -> int:
        return len(self._open)

    def add(self, connection: Connection) -> bool:
        """Count a connection, or return False if there are too many.

        The one that has been idle longest makes room, then the one that has kept the server waiting longest:
        a client that means it has sent its request within milliseconds.
        """
        if len(self._open) >= self.most:
            late = next(iter(self._idle or self._waiting), None)
            if late is None:
                return False
            self.remove(late)
            late.close_late()
        self._open.add(connection)
        return True

    def remove(self, connection: Connection) -> None:
        self._open.discard(connection)
        self.stop_waiting(connection)

    def start_waiting(self, connection: Connection) -> None:
        """Start the time limit: the client of `connection` has to act now."""
        self.stop_waiting(connection)
        if connection in self._open:
            self._waiting[connection] = self._clock()

    def start_idling(self, connection: Connection) -> None:
        """Note that the client of `connection` has its answer and may send another request, or not."""
        self.stop_waiting(connection)
        if connection in self._open:
            self._idle[connection] = None

    def end_idling(self, connection: Connection) -> None:
        """Note the first bytes of another request; the next ones do not give it more time."""
        if connection in self._idle:
            self.start_waiting(connection)

    def stop_waiting(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        self._idle.pop(connection, None)

    def close_late_ones(self) -> None:
        since = self._clock() - self._seconds
        for connection, began in list(self._waiting.items()):
            if began > since:
                return
            self.remove(connection)
            connection.close_late()
