"""What texts are compared by: their words, pairs of words, sounds and pieces.

Words count whole and in pieces, which makes "regresarle", "regrésale" and "regresar" alike in either language
without a grammar.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from conekta_mcp.domains.folding import fold_text
from conekta_mcp.domains.sounds import spell_sound

PIECE_LENGTHS = (3, 4, 5)
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

Counts = dict[str, defaultdict[int, float]]
"""The weight of each word for the tool at each index."""


class Features:
    """What the words of documents, and their pieces, tell about the tools of the documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        by_token = Counter(token for _, tokens, _ in documents for token in set(tokens))
        self._tokens: defaultdict[str, list[str]] = defaultdict(list)
        """The words with each feature."""
        for token in by_token:
            for feature in list_features(token):
                self._tokens[feature].append(token)
        known = 1 + len(documents)
        seen = {name: sum(map(by_token.__getitem__, tokens)) for name, tokens in self._tokens.items()}
        self.rarity = {name: 1.0 + max(0.0, math.log(known / (1 + count))) for name, count in seen.items()}
        self._shares: Counts = {token: defaultdict(float) for token in by_token}
        """How much each word counts in the documents of the tool at each index."""
        sizes = {token: self._measure_size(token) for token in by_token}
        for place, tokens, weight in documents:
            share = weight * _invert_root(sum(map(sizes.__getitem__, tokens)))
            for token in tokens:
                self._shares[token][place] += share
        self.totals = self._sum_by_tool()
        """The counts of all features together, for the tool at each index."""
        self._counts: dict[str, Mapping[int, float]] = {}

    def __len__(self) -> int:
        return len(self._tokens)

    def find_share(self, tokens: Sequence[str]) -> float:
        """Return what one feature of a text counts, so that long texts do not tell more than short ones."""
        return _invert_root(sum(map(self._measure_size, tokens)))

    def count_by_tool(self, feature: str) -> Mapping[int, float]:
        """Return how much a feature speaks for the tool at each index.

        Counted when it is asked for: a request has a hundred of the tens of thousands of features.
        """
        if feature not in self._counts:
            counted: defaultdict[int, float] = defaultdict(float)
            rarity = self.rarity[feature]
            for token in self._tokens[feature]:
                for place, share in self._shares[token].items():
                    counted[place] += rarity * share
            self._counts[feature] = counted
        return self._counts[feature]

    def _sum_by_tool(self) -> Mapping[int, float]:
        totals: defaultdict[int, float] = defaultdict(float)
        for token, shares in self._shares.items():
            rarity = sum(map(self.rarity.__getitem__, list_features(token)))
            for place, share in shares.items():
                totals[place] += rarity * share
        return totals

    def _measure_size(self, token: str) -> float:
        return sum([self.rarity.get(feature, 0.0) ** 2 for feature in list_features(token)])


def _invert_root(size: float) -> float:
    return 1.0 / math.sqrt(size) if size else 0.0


def list_tokens(text: str) -> list[str]:
    """Return the words of `text`, in lower case without accents, and each pair of neighbours."""
    named = ID.sub(lambda one: f"{ID_PREFIXES.get(one[1], one[1])} id", fold_text(text))
    written = re.findall(r"[a-z0-9]+", NUMBER.sub("1000", named))
    words = [word for one in written for word in CHAT_SPELLINGS.get(one, one).split()]
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


@cache
def list_features(token: str) -> tuple[str, ...]:
    """Return a token and, of a word, its sound and its pieces; ends of words are told apart from middles."""
    if " " in token:
        return (token,)
    framed = f"_{token}_"
    starts = ((length, start) for length in PIECE_LENGTHS for start in range(len(framed) - length + 1))
    sound = spell_sound(token)
    sounds = (f"~{sound}",) if len(sound) >= PIECE_LENGTHS[0] else ()
    return (token, *sounds, *(framed[start : start + length] for length, start in starts))
