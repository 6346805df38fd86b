"""Fits conekta_mcp/server/discovery/learned_weights.txt to the example requests, in half a minute.

Nothing is done while the examples are those that it was fitted to; with --check that is only compared.
"""

import argparse
import hashlib
import math
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from conekta_mcp.server.discovery.example_requests import read_example_requests
from conekta_mcp.server.discovery.learned_weights import (
    STEPS,
    WEIGHTS_FILE,
    Label,
    list_telling_features,
    read_learned_weights,
)
from conekta_mcp.server.discovery.ranking import list_tokens, split_name

ROUNDS = 5
FIRST_STEP, SLOWER = 4.0, 0.7
"""How far one example moves the weights in the first round, and by how much less in each round after it."""
LEAST_SEEN = 2
LEAST_LIKELY = 0.02
"""A label that is less likely than this is not wrong enough to be moved."""
LEAST_WEIGHT = 1.0
"""Smaller weights are left out of the file: four fifths of them, which change almost no answer."""

Example = tuple[list[str], int]
"""The features of a request, and the place of its label."""
Weights = dict[str, dict[int, float]]


def list_examples(said: Mapping[str, Sequence[str]]) -> tuple[list[Label], list[Example]]:
    """Return the labels and the examples of `said`, with the features that are seen often enough."""
    labels = sorted({split_name(name) for name in said})
    places = {label: place for place, label in enumerate(labels)}
    read = [
        (list_telling_features(list_tokens(request)), places[split_name(name)])
        for name, requests in said.items()
        for request in requests
    ]
    seen = Counter(feature for features, _ in read for feature in features)
    return labels, [([one for one in features if seen[one] >= LEAST_SEEN], place) for features, place in read]


def digest_examples(labels: Sequence[Label], examples: Sequence[Example]) -> str:
    return hashlib.sha256(repr((labels, examples)).encode()).hexdigest()


def fit_weights(examples: Sequence[Example], labels: int) -> Weights:
    """Fit a multinomial logistic regression by stochastic gradient descent, always in the same order."""
    weights: Weights = {}
    order, step = list(examples), FIRST_STEP
    shuffler = random.Random(0)  # noqa: S311 - an order of examples is no secret
    for _ in range(ROUNDS):
        shuffler.shuffle(order)
        for features, right in order:
            _move_weights(weights, features, right, labels, step)
        step *= SLOWER
    return weights


def _move_weights(weights: Weights, features: Sequence[str], right: int, labels: int, step: float) -> None:
    share = 1.0 / math.sqrt(len(features) or 1)
    scores = [0.0] * labels
    for feature in features:
        for place, weight in weights.get(feature, {}).items():
            scores[place] += share * weight
    highest = max(scores)
    likely = [math.exp(score - highest) for score in scores]
    total = sum(likely)
    moves = {place: -one / total for place, one in enumerate(likely) if one / total > LEAST_LIKELY}
    moves[right] = moves.get(right, 0.0) + 1.0
    for feature in features:
        row = weights.setdefault(feature, {})
        for place, move in moves.items():
            row[place] = row.get(place, 0.0) + step * share * move


def format_weights(digest: str, labels: Sequence[Label], weights: Weights) -> str:
    rows = [digest, " ".join(".".join(label) for label in labels)]
    for feature, row in sorted(weights.items()):
        kept = {place: weight for place, weight in sorted(row.items()) if abs(weight) >= LEAST_WEIGHT}
        if kept:
            told = " ".join(f"{place}:{round(weight * STEPS)}" for place, weight in kept.items())
            rows.append(f"{feature}\t{told}")
    return "\n".join(rows) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    labels, examples = list_examples(read_example_requests())
    digest = digest_examples(labels, examples)
    if WEIGHTS_FILE.is_file() and read_learned_weights().digest == digest:
        return 0
    if check:
        print("The example requests have changed: run `make snapshot`", file=sys.stderr)
        return 1
    weights = fit_weights(examples, len(labels))
    WEIGHTS_FILE.write_text(format_weights(digest, labels, weights), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
