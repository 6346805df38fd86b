"""Ranks operations by a search text: BM25 over names, titles, descriptions and arguments."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.server.discovery.vocabulary import read_vocabulary

SATURATION, LENGTH = 1.2, 0.4
NAME_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT, ARGUMENT_WEIGHT = 6, 3, 1, 1
"""How often a word counts, by where it stands."""


class Finder:
    def __init__(self, tools: Iterable[Tool[Any]]) -> None:
        self._tools = list(tools)
        self._vocabulary = read_vocabulary()
        self._documents = [self._count_words(tool) for tool in self._tools]
        self._average = sum(map(Counter.total, self._documents)) / max(1, len(self._documents))
        seen = Counter(word for document in self._documents for word in document)
        count = len(self._documents)
        self._rarity = {word: math.log(1 + (count - n + 0.5) / (n + 0.5)) for word, n in seen.items()}

    def find(self, query: str, limit: int) -> list[Tool[Any]]:
        """Return the best `limit` tools, best first; none that shares no word with `query`."""
        wanted = self._weigh_query(query)
        # The negative place keeps tools of equal score in the order of their declaration.
        scored = [(self._score_tool(wanted, place), -place) for place in range(len(self._tools))]
        best = sorted((one for one in scored if one[0] > 0), reverse=True)[:limit]
        return [self._tools[-place] for _, place in best]

    def _score_tool(self, wanted: Counter[str], place: int) -> float:
        document = self._documents[place]
        norm = SATURATION * (1 - LENGTH + LENGTH * document.total() / self._average)
        score = sum(
            weight * self._rarity[word] * document[word] * (SATURATION + 1) / (document[word] + norm)
            for word, weight in wanted.items()
            if word in document
        )
        # Deprecated operations are found, but after the current ones.
        return score * (0.3 if self._tools[place].deprecated else 1.0)

    def _weigh_query(self, query: str) -> Counter[str]:
        """Return the weighted words of a query: as typed, and as the API terms that they may mean."""
        wanted: Counter[str] = Counter()
        for word in self._split_words(query):
            terms = self._vocabulary.terms
            for term in {word, to_singular(word), *terms.get(word, terms.get(to_singular(word), ()))}:
                wanted.update(_split_parts(term))
        return wanted

    def _count_words(self, tool: Tool[Any]) -> Counter[str]:
        counted: Counter[str] = Counter()
        for text, weight in (
            (tool.name, NAME_WEIGHT),
            (tool.title, TITLE_WEIGHT),
            (tool.toolset.value, TITLE_WEIGHT),
            (tool.description, TEXT_WEIGHT),
            (" ".join(tool.input.model_fields), ARGUMENT_WEIGHT),
        ):
            for word in self._split_words(text):
                for part in _split_parts(word):
                    counted[part] += weight
        return counted

    def _split_words(self, text: str) -> list[str]:
        """Split into plain lower-case words without accents, leaving out those that mean nothing here."""
        decomposed = unicodedata.normalize("NFKD", text.lower())
        plain = "".join(one for one in decomposed if not unicodedata.combining(one))
        return [word for word in re.findall(r"[a-z0-9_]+", plain) if word not in self._vocabulary.ignored]


def _split_parts(word: str) -> list[str]:
    """Return a word and its parts, in the singular."""
    parts = [to_singular(part) for part in word.split("_") if part]
    return [*parts, "_".join(parts)] if len(parts) > 1 else parts


def to_singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
