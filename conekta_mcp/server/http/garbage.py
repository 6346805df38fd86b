"""Collects garbage at regular times, since many calls at once make Python's own way expensive.

Python counts objects. With many calls under way it would search all of theirs again and again, in a tenth of
their time, and find next to nothing: the SDK leaves one small cycle for each call.
"""

import gc
import time
from collections.abc import Callable

MIN_SECONDS = 4.0
"""Between two collections; a thousand callers leave 2 MB in a second."""
MIN_WAIT = 50
"""Between two collections, as a multiple of the time that one takes: it searches all objects."""
MIN_OBJECTS = 10_000
"""New objects since the last collection; fewer are not worth its time."""
MAX_OBJECTS = 1_000_000
"""New objects after which Python still collects by itself."""


class TimedCollection:
    """Collects what an event loop's ticks find due."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, collect: Callable[[], object] = gc.collect
    ) -> None:
        self._monotonic, self._collect = monotonic, collect
        self._due_at = float("-inf")

    def collect_if_due(self) -> None:
        began = self._monotonic()
        if began < self._due_at or gc.get_count()[0] < MIN_OBJECTS:
            return
        self._collect()
        ended = self._monotonic()
        self._due_at = ended + max(MIN_SECONDS, MIN_WAIT * (ended - began))


def start_timed_collection() -> None:
    """Leave what exists uncollected for good, and let Python collect by itself only in an emergency."""
    gc.freeze()
    _, *older = gc.get_threshold()
    gc.set_threshold(MAX_OBJECTS, *older)
