"""Ranks operations by a search text: a naive Bayes classifier over requests that people make.

It learns from the examples of each operation (`requests.txt` beside it), its own texts, and vocabulary.txt.
An operation is scored three times: as itself, by what it does (update) and by what it does it to (tax_line),
so that it learns from all operations that do the same or do it to the same thing. What a
text is compared by is in features.py.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from conekta_mcp.catalog import Operation, Tool
from conekta_mcp.server.discovery.example_requests import read_example_requests
from conekta_mcp.server.discovery.features import Document, Features, list_features, list_tokens
from conekta_mcp.server.discovery.routes import find_by_route
from conekta_mcp.server.discovery.vocabulary import read_vocabulary

TEXT_WEIGHT, VOCABULARY_WEIGHT = 6.0, 12.0
"""Weights of an operation's texts and vocabulary, in numbers of examples."""
UNSEEN = 0.03
"""Added to each count, so that unseen features are unlikely and not impossible."""
SHARPNESS = 6.0
"""How much one request tells: its features, whose squares add up to 1, would alone hardly tell."""
FARTHEST = 150.0
"""How far behind the best one, in log-likelihood, an operation is still shown: the right one was less than 40
behind in 99 of 100 requests that were tried."""
DEPRECATED_HANDICAP = 200.0
"""Deprecated operations are found, but after the current ones that are as likely."""
SAME_ACTIONS = {"add": "create"}
OLDER_FORM = ("customer_subscription", "subscription")


class Finder:
    """Searches among `tools`; it is trained once, when it is created."""

    def __init__(
        self, tools: Iterable[Tool[Any]], examples: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self._tools = list(tools)
        examples = read_example_requests() if examples is None else examples
        documents = list(self._list_documents(examples))
        self._features = Features(documents)
        names = [tool.name for tool in self._tools]
        labels = (names, *zip(*map(split_name, names), strict=True)) if names else ()
        self._classifiers = [LabelClassifier(self._features, list(one)) for one in labels]

    def find(self, query: str, limit: int) -> list[Tool[Any]]:
        """Return the best `limit` tools, best first, without tools that are much less likely.

        Those whose route the query names, such as `PUT /plans/{id}`, go first.
        """
        tokens = list_tokens(query)
        share, rarity = self._features.find_share(tokens), self._features.rarity
        asked: defaultdict[str, float] = defaultdict(float)
        for token in tokens:
            for feature in list_features(token):
                if feature in rarity:
                    asked[feature] += SHARPNESS * share * rarity[feature]
        if not asked:
            return []
        likelihoods = [classifier.compute_likelihoods(asked) for classifier in self._classifiers]
        scores = [sum(of_one_tool) for of_one_tool in zip(*likelihoods, strict=True)]
        at_route = find_by_route(query, self._tools)
        farthest = max(scores) - FARTHEST
        ranked = sorted(
            (tool.name not in at_route, DEPRECATED_HANDICAP * tool.deprecated - score, place, tool)
            for place, (tool, score) in enumerate(zip(self._tools, scores, strict=True))
            if score >= farthest or tool.name in at_route
        )
        # Tools of equal score stay in the order of their declaration.
        return [tool for *_, tool in ranked[:limit]]

    def _list_documents(self, examples: Mapping[str, tuple[str, ...]]) -> Iterable[Document]:
        vocabulary = read_vocabulary()
        for place, tool in enumerate(self._tools):
            for example in examples.get(tool.name, ()):
                yield place, list_tokens(example), 1.0
            yield place, list_tokens(_describe(tool)), TEXT_WEIGHT
            words = vocabulary.find_words(split_name(tool.name))
            yield place, list_tokens(" ".join(words)), VOCABULARY_WEIGHT


class LabelClassifier:
    """Computes how likely a request is for each tool; several tools may share a label."""

    def __init__(self, features: Features, labels: list[str]) -> None:
        """Compare by `features`; `labels` are those of the tools, in order."""
        self._features, self._labels = features, labels
        summed: defaultdict[str, float] = defaultdict(float)
        for place, total in features.totals.items():
            summed[labels[place]] += total
        unseen_total = UNSEEN * len(features)
        self._log_totals = {label: math.log(total + unseen_total) for label, total in summed.items()}

    def compute_likelihoods(self, asked: Mapping[str, float]) -> list[float]:
        """Return the logarithm of the likelihood for each tool, in order."""
        asked_in_all = sum(asked.values())
        likely = {label: -asked_in_all * total for label, total in self._log_totals.items()}
        for feature, value in asked.items():
            seen: defaultdict[str, float] = defaultdict(float)
            for place, count in self._features.count_by_tool(feature).items():
                seen[self._labels[place]] += count
            for label, count in seen.items():
                likely[label] += value * math.log1p(count / UNSEEN)
        return [likely[label] for label in self._labels]


def split_name(name: str) -> tuple[str, str]:
    """Return the verb and the nouns, in the singular, of an operation's name."""
    action, _, thing = name.partition("_")
    action = SAME_ACTIONS.get(action, action)
    return action, "_".join(to_singular(part) for part in thing.split("_")).replace(*OLDER_FORM)


def to_singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _describe(tool: Tool[Any]) -> str:
    name = tool.name.replace("_", " ")
    route = f"{tool.endpoint.method} {tool.endpoint.template}" if isinstance(tool, Operation) else ""
    return f"{name} {name} {tool.title} {tool.title_es} {tool.description} {route}"
