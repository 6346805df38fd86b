"""Titles of tools for people, in the language of the server."""

from typing import Any

from conekta_mcp.catalog import Tool


class Titles:
    """Titles in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_title(self, tool: Tool[Any]) -> str:
        return tool.title_es if self._language == "es" else tool.title
