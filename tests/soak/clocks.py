"""The clocks of the soak: one that runs on and can be moved, and wall clocks that step."""

import time
from dataclasses import dataclass, field

START = 1_768_564_855


@dataclass
class Clock:
    """Unix seconds that run, and can be moved forwards; all replicas of an account share them."""

    ahead: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        return START + self.ahead + time.monotonic() - self.began


@dataclass
class WallClock:
    """The wall clock of one replica, which may be set while time itself goes on."""

    steady: Clock
    step: float = 0.0

    def __call__(self) -> float:
        return self.steady() + self.step
