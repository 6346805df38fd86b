"""The words that people use for terms of Conekta's API, from vocabulary.txt."""

from dataclasses import dataclass
from pathlib import Path

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.txt")
IGNORED_TERM = "-"


@dataclass(frozen=True)
class Vocabulary:
    """The API terms that a word may mean, and the words that mean nothing here."""

    terms: dict[str, list[str]]
    ignored: frozenset[str]


def read_vocabulary() -> Vocabulary:
    """Read vocabulary.txt: `term: word word ...` a line."""
    terms: dict[str, list[str]] = {}
    ignored: frozenset[str] = frozenset()
    for line in VOCABULARY_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        term, said = line.split(":")
        if term == IGNORED_TERM:
            ignored = frozenset(said.split())
            continue
        for word in said.split():
            terms.setdefault(word, []).append(term)
    return Vocabulary(terms, ignored)
