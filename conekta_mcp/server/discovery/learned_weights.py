"""Reads learned_weights.txt: how much each word tells one operation from the others.

The counts of ranking.py take each word as evidence by itself. These weights were fitted together to the
example requests (logistic regression, scripts/learn_weights.py), so that a word which many operations share,
such as "cobrar" or "tarjeta", leaves the decision to the words around it. That helps with whole sentences.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WEIGHTS_FILE = Path(__file__).with_name("learned_weights.txt")
START_LENGTH = 5
STEPS = 8
"""Weights are kept as whole numbers, so many to 1."""

Label = tuple[str, str]
"""What an operation does and what it does it to, as ranking.split_name gives them."""


@dataclass(frozen=True)
class LearnedWeights:
    digest: str
    """Of the examples that the weights were fitted to."""
    labels: Sequence[Label]
    weights: Mapping[str, str]
    """For each feature `place:weight place:weight ...`, read only for what is asked."""

    def score(self, tokens: Iterable[str]) -> Mapping[Label, float]:
        """Return for each label how much the tokens speak for it; none for a label that was not learned."""
        known = [one for one in list_telling_features(tokens) if one in self.weights]
        scores: defaultdict[int, float] = defaultdict(float)
        for feature in known:
            for entry in self.weights[feature].split():
                place, _, weight = entry.partition(":")
                scores[int(place)] += int(weight)
        share = STEPS * math.sqrt(len(known) or 1)
        return {label: scores[place] / share for place, label in enumerate(self.labels)}


def list_telling_features(tokens: Iterable[str]) -> list[str]:
    """Return words and pairs of words, each once, and the starts of long words, which inflection leaves."""
    told = list(tokens)
    starts = (f"_{one[:START_LENGTH]}" for one in told if " " not in one and len(one) > START_LENGTH)
    return sorted({*told, *starts})


def read_learned_weights() -> LearnedWeights:
    digest, labels, *rows = WEIGHTS_FILE.read_text(encoding="utf-8").splitlines()
    pairs = (label.partition(".") for label in labels.split())
    return LearnedWeights(
        digest=digest,
        labels=[(action, thing) for action, _, thing in pairs],
        weights=dict(row.split("\t") for row in rows),
    )
