"""Ranks operations by a search text: a naive Bayes classifier over requests that people make.

It learns from the examples of each operation (`requests.txt` beside it), its own texts, and vocabulary.txt.
An operation is judged three times: as itself, by what it does (update) and by what it does it to (tax_line),
so that it learns from all operations that do the same or do it to the same thing. Words count whole and in
pieces, which makes "regresarle", "regrésale" and "regresar" alike in either language without a grammar.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.server.discovery.example_requests import read_example_requests
from conekta_mcp.server.discovery.vocabulary import read_vocabulary

PIECE_LENGTHS = (3, 4, 5)
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
CHAT_SPELLINGS = {
    **dict.fromkeys(("q", "k", "ke", "qe"), "que"),
    **dict.fromkeys(("xq", "pq", "porq", "porke", "xk"), "por que"),
    **{"x": "por", "d": "de", "pa": "para", "tmb": "tambien", "tb": "tambien"},
    **{"u": "you", "ur": "your", "pls": "please", "plz": "please", "thx": "thanks", "acct": "account"},
}
"""Short forms in chats, which share no letters with the word that they mean."""
NUMBER = re.compile(r"\b\d{1,3}(?:[,.]\d{3})+(?:\.\d+)?\b|\b\d+\.\d+\b|\b\d{3,}\b")
"""A number of three digits or more does not tell what to do; shorter ones can: 12 (months), 16 (VAT)."""
ID = re.compile(r"\b([a-z]+)_\w*\d\w*\b")
ID_PREFIXES = {
    "ord": "order",
    "cus": "customer",
    "sub": "subscription",
    "src": "payment source",
    "evt": "event",
    "tra": "transfer",
    "txn": "transaction",
}

Document = tuple[int, Sequence[str], float]
"""The index of a tool, its words and pairs of words, and their weight."""

Counts = defaultdict[str, defaultdict[int, float]]
"""The weight of each word or feature for the tool at each index."""


class Finder:
    """Searches among `tools`; it is trained once, when it is created."""

    def __init__(
        self, tools: Iterable[Tool[Any]], examples: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self._tools = list(tools)
        examples = read_example_requests() if examples is None else examples
        documents = list(self._list_documents(examples))
        self._rarity = _measure_rarity(documents)
        self._sizes: dict[str, float] = {}
        counts = self._count_by_tool(documents)
        names = [tool.name for tool in self._tools]
        labels = (names, *zip(*map(split_name, names), strict=True)) if names else ()
        totals: defaultdict[int, float] = defaultdict(float)
        for places in counts.values():
            for place, count in places.items():
                totals[place] += count
        self._judges = [Judge(counts, totals, list(one)) for one in labels]

    def find(self, query: str, limit: int) -> list[Tool[Any]]:
        """Return the best `limit` tools, best first, without tools that are much less likely."""
        tokens = list_tokens(query)
        share = self._find_share(tokens)
        asked: defaultdict[str, float] = defaultdict(float)
        for token in tokens:
            for feature in list_features(token):
                if feature in self._rarity:
                    asked[feature] += SHARPNESS * share * self._rarity[feature]
        if not asked:
            return []
        scores = [sum(judged) for judged in zip(*(judge.judge(asked) for judge in self._judges), strict=True)]
        farthest = max(scores) - FARTHEST
        ranked = sorted(
            (DEPRECATED_HANDICAP * tool.deprecated - score, place, tool)
            for place, (tool, score) in enumerate(zip(self._tools, scores, strict=True))
            if score >= farthest
        )
        # Tools of equal score stay in the order of their declaration.
        return [tool for _, _, tool in ranked[:limit]]

    def _list_documents(self, examples: Mapping[str, tuple[str, ...]]) -> Iterable[Document]:
        vocabulary = read_vocabulary()
        for place, tool in enumerate(self._tools):
            for example in examples.get(tool.name, ()):
                yield place, list_tokens(example), 1.0
            yield place, list_tokens(_describe(tool)), TEXT_WEIGHT
            words = vocabulary.find_words(split_name(tool.name))
            yield place, list_tokens(" ".join(words)), VOCABULARY_WEIGHT

    def _count_by_tool(self, documents: list[Document]) -> Counts:
        """Count how much each feature speaks for each tool: first by word, since words share their pieces."""
        by_token: Counts = defaultdict(lambda: defaultdict(float))
        for place, tokens, weight in documents:
            share = weight * self._find_share(tokens)
            for token in tokens:
                by_token[token][place] += share
        counts: Counts = defaultdict(lambda: defaultdict(float))
        for token, places in by_token.items():
            for feature in list_features(token):
                counted, rarity = counts[feature], self._rarity[feature]
                for place, share in places.items():
                    counted[place] += rarity * share
        return counts

    def _find_share(self, tokens: Sequence[str]) -> float:
        """Return what one feature of a text counts, so that long texts do not tell more than short ones."""
        size = sum(self._measure_size(token) for token in tokens)
        return 1.0 / math.sqrt(size) if size else 0.0

    def _measure_size(self, token: str) -> float:
        if token not in self._sizes:
            known = (self._rarity.get(feature, 0.0) for feature in list_features(token))
            self._sizes[token] = sum(rarity * rarity for rarity in known)
        return self._sizes[token]


class Judge:
    """Computes how likely a request is for each tool; several tools may share a label."""

    def __init__(self, counts: Counts, totals: Mapping[int, float], labels: list[str]) -> None:
        """Judge by `counts`; `totals` are their sums for each place, `labels` the label of each place."""
        self._counts, self._labels = counts, labels
        summed: defaultdict[str, float] = defaultdict(float)
        for place, total in totals.items():
            summed[labels[place]] += total
        room = UNSEEN * len(counts)
        self._log_totals = {label: math.log(total + room) for label, total in summed.items()}

    def judge(self, asked: Mapping[str, float]) -> list[float]:
        """Return the logarithm of the likelihood for each tool, in order."""
        asked_in_all = sum(asked.values())
        likely = {label: -asked_in_all * total for label, total in self._log_totals.items()}
        for feature, value in asked.items():
            seen: defaultdict[str, float] = defaultdict(float)
            for place, count in self._counts[feature].items():
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


def list_tokens(text: str) -> list[str]:
    """Return the words of `text`, in lower case without accents, and each pair of neighbours."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    named = ID.sub(lambda one: f"{ID_PREFIXES.get(one[1], one[1])} id", plain)
    written = re.findall(r"[a-z0-9]+", NUMBER.sub("1000", named))
    words = [word for one in written for word in CHAT_SPELLINGS.get(one, one).split()]
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


@cache
def list_features(token: str) -> tuple[str, ...]:
    """Return a token and, of a word, its pieces; ends of words are told apart from their middles."""
    if " " in token:
        return (token,)
    framed = f"_{token}_"
    starts = ((length, start) for length in PIECE_LENGTHS for start in range(len(framed) - length + 1))
    return (token, *(framed[start : start + length] for length, start in starts))


def _describe(tool: Tool[Any]) -> str:
    name = tool.name.replace("_", " ")
    return f"{name} {name} {tool.title} {tool.title_es} {tool.description}"


def _measure_rarity(documents: list[Document]) -> Mapping[str, float]:
    by_token = Counter(token for _, tokens, _ in documents for token in set(tokens))
    by_feature: Counter[str] = Counter()
    for token, count in by_token.items():
        for feature in list_features(token):
            by_feature[feature] += count
    count = len(documents)
    return {
        feature: 1.0 + max(0.0, math.log((1 + count) / (1 + seen))) for feature, seen in by_feature.items()
    }
