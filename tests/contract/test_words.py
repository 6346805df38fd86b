"""Every table of texts for people has each text in Spanish and in English, with the same facts in both."""

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import conekta_mcp
from tests.contract.declarations import to_file

LANGUAGES = {"en", "es"}
FACT = re.compile(r"\{(\w*)")
KEY_IS_ENGLISH = {
    "conekta_mcp/cli/words/audit.py: HEADS",
    "conekta_mcp/cli/tour/showing.py: LABELS",
    "conekta_mcp/cli/tour/showing.py: VALUES",
    "conekta_mcp/results/times.py: PLACES",
}
"""Where English leaves out a text, the key is shown."""
ENTRY_POINTS = {"conekta_mcp.__main__"}
"""Importing them starts something."""


def list_tables() -> dict[str, Mapping[str, Any]]:
    """Return each table of texts, by the file and the name that it is defined with."""
    names = [found.name for found in walk_packages(conekta_mcp.__path__, f"{conekta_mcp.__name__}.")]
    found = {}
    for module in [import_module(name) for name in names if name not in ENTRY_POINTS]:
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            is_defined_here = re.search(rf"^{name}\b[^\n]* = ", source, re.MULTILINE)
            if is_defined_here and isinstance(value, Mapping) and is_table(value):
                found[f"{to_file(module.__name__)}: {name}"] = value
    return found


def is_table(value: Mapping[Any, Any]) -> bool:
    """Whether it is `{"en": {...}, "es": {...}}`, or has an entry of the shape `{"en": ..., "es": ...}`."""
    inner = [one for one in value.values() if isinstance(one, Mapping)]
    return bool(inner) and (value.keys() >= LANGUAGES or any(one.keys() == LANGUAGES for one in inner))


def find_faults(table: Mapping[str, Any], *, key_is_english: bool = False) -> Iterator[str]:
    """Name each text that one language lacks, and each whose facts differ."""
    if table.keys() >= LANGUAGES:
        by_key = {
            key: {language: table[language][key] for language in LANGUAGES if key in table[language]}
            for key in {**table["en"], **table["es"]}
        }
    else:
        by_key = {key: texts for key, texts in table.items() if isinstance(texts, Mapping)}
    for key, texts in by_key.items():
        for language in sorted(
            LANGUAGES - {one for one in texts if texts[one]} - ({"en"} if key_is_english else set())
        ):
            yield f"{key} lacks its text in {language!r}"
        facts = {frozenset(FACT.findall(text)) for text in texts.values() if isinstance(text, str)}
        if len(facts) > 1:
            yield f"{key} names other facts in one language than in the other"


def test_every_text_is_in_both_languages_with_the_same_facts() -> None:
    tables = list_tables()
    assert len(tables) > 20
    wrong = [
        f"{place}: {fault}"
        for place, table in tables.items()
        for fault in find_faults(table, key_is_english=place in KEY_IS_ENGLISH)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"en": {"a": "x {n}"}, "es": {"a": "y {n}"}}, []),
        ({"en": {"a": "x", "b": "x"}, "es": {"a": "y"}}, ["b lacks its text in 'es'"]),
        ({"a": {"en": "x", "es": "y"}, "b": {"en": "x"}}, ["b lacks its text in 'es'"]),
        (
            {"a": {"en": "x {n}", "es": "y {m}"}},
            ["a names other facts in one language than in the other"],
        ),
    ],
)
def test_what_a_language_lacks_is_named(table: Mapping[str, Any], told: list[str]) -> None:
    assert is_table(table)
    assert list(find_faults(table)) == told
