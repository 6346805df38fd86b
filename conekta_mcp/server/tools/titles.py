"""Titles of tools for people: the declared English one, or the Spanish one from titles.txt."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from conekta_mcp.catalog import Tool

TITLES_FILE = Path(__file__).with_name("titles.txt")


class Titles:
    """Titles in one language; the file is read when the first Spanish one is needed."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_title(self, tool: Tool[Any]) -> str:
        return self._spanish_titles.get(tool.name, tool.title) if self._language == "es" else tool.title

    @cached_property
    def _spanish_titles(self) -> Mapping[str, str]:
        return read_titles()


def read_titles() -> dict[str, str]:
    """Read titles.txt: `name = title` a line, comments begin with #."""
    lines = TITLES_FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" = ", 1) for line in lines if not line.startswith("#"))
    return dict(pairs)
