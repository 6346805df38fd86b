"""The words that people use for terms of Conekta's API, from vocabulary.txt."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.txt")


@dataclass(frozen=True)
class Vocabulary:
    """The words that people use for each term."""

    words: Mapping[str, tuple[str, ...]]

    def find_words(self, name: tuple[str, str]) -> list[str]:
        """Return the words for what an operation does, and for what it does it to."""
        parts = {*name, *(part for one in name for part in one.split("_"))}
        return [word for term, words in self.words.items() if set(term.split("_")) <= parts for word in words]


def read_vocabulary() -> Vocabulary:
    """Read vocabulary.txt: `term: word word ...` a line."""
    lines = VOCABULARY_FILE.read_text(encoding="utf-8").splitlines()
    split = [line.split(":") for line in lines if not line.startswith("#")]
    return Vocabulary({term: tuple(words.split()) for term, words in split})
