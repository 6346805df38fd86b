"""The waiting time before the sandbox acts on a request: constant, or distributed like Conekta's."""

import re
from collections.abc import Callable
from random import Random

Latency = Callable[[], float]
"""Draws the seconds that one request waits."""

MEDIAN_SECONDS = 0.25
SIGMA = 0.6
"""Standard deviation of the logarithm of the seconds."""
LONGEST_SECONDS = 60.0

FIXED = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s)")
LOGNORMAL = re.compile(r"lognormal(?::([0-9]{1,9}))?")
EXPECTED = "expected a time up to 60s such as 200ms or 1.5s, lognormal, or lognormal:7 with a seed"


def draw_nothing() -> float:
    return 0.0


def make_fixed(seconds: float) -> Latency:
    return lambda: seconds


def make_lognormal(chance: Random) -> Latency:
    """Return a function that draws waits from `chance`; the same seed gives the same waits."""
    return lambda: min(LONGEST_SECONDS, MEDIAN_SECONDS * chance.lognormvariate(0, SIGMA))


def parse_latency(text: str) -> Latency:
    """Read 200ms, 1.5s, lognormal, or lognormal:7, whose waits are the same in each run."""
    fixed, drawn = FIXED.fullmatch(text.strip()), LOGNORMAL.fullmatch(text.strip())
    if drawn:
        seed = int(drawn[1]) if drawn[1] else None
        return make_lognormal(Random(seed))  # noqa: S311  it draws waits, no secrets
    seconds = float(fixed[1]) / (1000 if fixed[2] == "ms" else 1) if fixed else LONGEST_SECONDS + 1
    if seconds > LONGEST_SECONDS:
        raise ValueError(EXPECTED)
    return make_fixed(seconds)
