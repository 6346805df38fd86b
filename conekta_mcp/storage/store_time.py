"""The clock that all processes of a store share: it follows a monotonic clock and never jumps."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Linux's id of each boot; within one, monotonic clocks of processes agree."""


@dataclass(frozen=True)
class TimeAnchor:
    """The time of the store's clock at one moment of a monotonic clock."""

    wall: float
    """Unix seconds."""
    monotonic: float
    boot: str

    def read(self, monotonic: Callable[[], float]) -> float:
        """Return the current seconds of the store's clock."""
        return self.wall + (monotonic() - self.monotonic)


def read_both(
    anchor: TimeAnchor | None, clock: Callable[[], float], monotonic: Callable[[], float]
) -> tuple[float, float]:
    """Return wall time, and the store's time if it is known.

    Expiry uses both: a wall clock that is set forward and back expires nothing.
    """
    wall = clock()
    return wall, (anchor.read(monotonic) if anchor else wall)


def read_boot_id() -> str:
    """Return an id of this boot of the machine; "" if the system has none."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def advance_anchor(
    stored: TimeAnchor | None, seen: float, wall: float, monotonic: float, boot: str
) -> TimeAnchor:
    """Return the anchor to use: the stored one within the same boot, else a new one.

    `seen` is the latest time that the store has shown; a new anchor never starts before it.
    """
    if stored and stored.boot == boot and stored.wall + (monotonic - stored.monotonic) >= seen:
        return stored
    return TimeAnchor(max(wall, seen), monotonic, boot)
