"""The tour as lines for programs: chapters, calls and their answers, and how it ended."""

import io
import json
from typing import Any

from conekta_mcp.cli.tour.guide import Guide, Way
from conekta_mcp.cli.tour.terminals import PlayedTerminal
from conekta_mcp.cli.tour.texts import choose_words


class RecordingGuide(Guide):
    """Prints JSON, one object a line, and nothing that is meant for a person."""

    def __init__(self, language: str, *, chapter: int) -> None:
        super().__init__(
            PlayedTerminal(io.StringIO(), choose_words(language)("yes")), language, chapter=chapter
        )

    def show(self, text: str = "", colour: str | None = None) -> None:
        """Show nothing: what a person reads is no record."""

    def show_title(self, number: int, count: int, name: str) -> None:
        self.chapter, self.prompts = number, 0
        _print_line({"chapter": number, "of": count, "title": name})

    def show_call(self, tool: str, arguments: dict[str, Any]) -> None:
        _print_line({"chapter": self.chapter, "call": tool, "arguments": arguments})

    def note_answer(self, answer: dict[str, Any]) -> None:
        _print_line({"chapter": self.chapter, "answer": answer})

    def end(self, way: Way) -> None:
        _print_line({"well": way == "skip", "chapter": self.chapter})


def _print_line(facts: dict[str, Any]) -> None:
    print(json.dumps(facts, ensure_ascii=False), flush=True)
