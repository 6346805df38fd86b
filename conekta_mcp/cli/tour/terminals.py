"""The terminal of the tour: a person's, or one that types the suggested answers."""

from typing import TextIO

from conekta_mcp.cli.terminal import Terminal


class TourTerminal(Terminal):
    """A person's terminal that remembers the last line, since approvals read only yes and no."""

    def __init__(self, screen: TextIO) -> None:
        super().__init__(screen)
        self.typed: str | None = ""

    async def ask_line(self, prompt: str) -> str | None:
        self.typed = await super().ask_line(prompt)
        return self.typed


class PlayedTerminal(TourTerminal):
    """Answers every prompt with its suggestion, and every approval with yes."""

    def __init__(self, screen: TextIO, yes: str) -> None:
        super().__init__(screen)
        self._yes = yes
        self.suggested: str | None = None

    async def ask_line(self, prompt: str) -> str | None:
        typed = self._yes if self.suggested is None else self.suggested
        self.suggested = None
        self.show(prompt + typed)
        self.typed = typed
        return typed
