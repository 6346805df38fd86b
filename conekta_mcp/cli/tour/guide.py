"""The dialogue of the tour: paragraphs, prompts, and the words that skip, go back or quit."""

import json
import textwrap
from typing import Any, Literal

from conekta_mcp.cli.tables import find_width, paint
from conekta_mcp.cli.tour.terminals import PlayedTerminal, TourTerminal
from conekta_mcp.cli.tour.texts import choose_words
from conekta_mcp.privacy.untrusted_text import clean_text
from conekta_mcp.results.text import format_pesos
from conekta_mcp.settings.parsing import parse_pesos

WIDTH = 80
MAX_PROMPTS = 40
"""After so many answers in one chapter, --unattended counts as stuck."""
Way = Literal["skip", "back", "quit", "stuck"]
WAYS: dict[str, Way] = {
    "saltar": "skip",
    "skip": "skip",
    "atrás": "back",
    "atras": "back",
    "back": "back",
    "salir": "quit",
    "quit": "quit",
    "q": "quit",
}
"""The words that leave a chapter, in both languages; single letters could be answers."""


class TourLeft(Exception):
    """The person leaves a chapter: to the next one, back, or out."""

    def __init__(self, way: Way) -> None:
        super().__init__(way)
        self.way = way


class Guide:
    """Talks to the person at the terminal."""

    def __init__(self, terminal: TourTerminal, language: str, *, chapter: int = 1) -> None:
        self.terminal, self.language, self.chapter = terminal, language, chapter
        self.tell = choose_words(language)
        self.prompts = 0
        self.width = min(find_width() or WIDTH, WIDTH)

    @property
    def is_unattended(self) -> bool:
        return isinstance(self.terminal, PlayedTerminal)

    def show(self, text: str = "", colour: str | None = None) -> None:
        """Print lines without control characters."""
        for line in clean_text(text).split("\n"):
            print(paint(line, colour), flush=True)

    def show_wrapped(self, text: str, indent: str = "", colour: str | None = None) -> None:
        for line in text.split("\n"):
            filled = textwrap.fill(
                line, self.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
            )
            self.show(filled, colour)

    def say(self, name: str, /, **facts: Any) -> None:
        self.show_wrapped(self.tell(name, **facts))

    def show_call(self, tool: str, arguments: dict[str, Any]) -> None:
        """Print the complete call of the model."""
        self.show()
        text = f"→ {tool} {json.dumps(arguments, ensure_ascii=False)}"
        filled = textwrap.fill(
            text, self.width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
        )
        self.show(filled, "bold")

    def note_answer(self, answer: dict[str, Any]) -> None:
        """Note what a call was answered; a person is shown its facts."""

    def show_title(self, number: int, count: int, name: str) -> None:
        self.chapter, self.prompts = number, 0
        self.show()
        self.show(self.tell("title", number=number, count=count, name=name), "bold")
        self.show("─" * self.width)

    async def ask(self, name: str, /, suggested: str = "", **facts: Any) -> str:
        """Return the typed text, or the suggestion for Enter alone; raise TourLeft for its words."""
        self._count_prompt()
        if isinstance(self.terminal, PlayedTerminal):
            self.terminal.suggested = suggested
        self.show()
        shown = f" [{suggested}]" if suggested else ""
        typed = await self.terminal.ask_line(f"{self.tell(name, **facts)}{shown} > ")
        self.follow(typed)
        word = (typed or "").strip()
        if word in {"?", "help", "ayuda"}:
            self.say("help")
            return await self.ask(name, suggested, **facts)
        return word or suggested

    def follow(self, typed: str | None) -> None:
        """Raise TourLeft if a line is one of its words; the end of input leaves the tour."""
        way = "quit" if typed is None else WAYS.get(typed.strip().lower())
        if way:
            if typed is None:
                self.show()
            raise TourLeft(way)

    async def pause(self) -> None:
        """Wait for Enter; words other than those of TourLeft count as Enter."""
        await self.ask("go_on")

    async def ask_pesos(self, name: str, suggested: int, /, **facts: Any) -> int:
        """Return an amount in centavos; ask again if the text is not an amount."""
        while True:
            pesos = f"{suggested / 100:.2f}".removesuffix(".00")
            typed = await self.ask(name, pesos, **facts)
            try:
                amount = parse_pesos(typed.replace("$", "").replace(",", "").strip())
            except ValueError:
                amount = 0
            if amount > 0:
                return amount
            self.say("no_amount", typed=typed)

    async def choose(self, name: str, count: int) -> int:
        """Return a number from 1 to `count`."""
        while True:
            typed = await self.ask(name, "1", count=count)
            if typed.isdecimal() and 1 <= int(typed) <= count:
                return int(typed)
            self.say("no_number", typed=typed, count=count)

    def tell_way_back(self) -> None:
        """Print how to continue a tour that was left."""
        self.show()
        self.show_wrapped(self.tell("way_back", number=self.chapter))

    def format_amount(self, amount: object) -> str:
        return (format_pesos(amount) if isinstance(amount, int) else None) or "-"

    def _count_prompt(self) -> None:
        self.prompts += 1
        if self.is_unattended and self.prompts > MAX_PROMPTS:
            raise TourLeft("stuck")
