"""The clocks of the soak: one that runs on and can be moved, and wall clocks that step."""

import time
from dataclasses import dataclass

START = 1_768_564_855
BEGAN = time.monotonic()


@dataclass
class Clock:
    """Unix seconds that run, and can be moved forwards; all replicas of an account share them.

    The sandbox has one too: servers notice a time at Conekta that stands still while theirs runs.
    """

    ahead: float = 0.0

    def __call__(self) -> float:
        return START + self.ahead + time.monotonic() - BEGAN


@dataclass
class WallClock:
    """The wall clock of one replica, which may be set while time itself goes on."""

    steady: Clock
    step: float = 0.0

    def __call__(self) -> float:
        return self.steady() + self.step
