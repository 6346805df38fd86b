"""Compares two things on a noisy machine: they take turns, and each turn makes one ratio."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Comparison:
    """What was compared, in some unit, with the ratios of ours to the other of the same turn."""

    name: str
    unit: str
    ours: Sequence[float]
    other: Sequence[float]
    aim: float | None = None

    @property
    def ratio(self) -> float:
        """Return the median of the pairs' ratios."""
        return median(ours / other for ours, other in zip(self.ours, self.other, strict=True))

    @property
    def ratio_of_minima(self) -> float:
        """Return the ratio of the two best, where noise matters least."""
        return min(self.ours) / min(self.other)

    @property
    def verdict(self) -> str:
        return "" if self.aim is None else "met" if self.ratio <= self.aim else "NOT MET"


def measure_in_turns(measures: Sequence[Callable[[], T]], rounds: int) -> list[list[T]]:
    """Return what each of `measures` measured, round by round; another one begins every round."""
    found: list[list[T]] = [[] for _ in measures]
    order = list(range(len(measures)))
    for _ in range(rounds):
        for one in order:
            found[one].append(measures[one]())
        order = order[1:] + order[:1]
    return found
