"""The question before a write, on the tour's terminal; preparations are approved automatically."""

from collections.abc import Iterator
from contextlib import contextmanager

from conekta_mcp.app import App
from conekta_mcp.cli.approving.answers import Answerer, TerminalAnswers, read_login_name
from conekta_mcp.cli.tour.guide import Guide
from conekta_mcp.consent.pending.record import PendingApproval

ITSELF = "conekta-mcp tour, by itself"
"""The approver in the audit log if no person was asked."""


class TourPrompt:
    """The terminal of the person who takes the tour; implements `TerminalPrompt`."""

    def __init__(self, guide: Guide, app: App) -> None:
        self._guide, self._app = guide, app
        self._answers_itself = False

    @contextmanager
    def answer_by_itself(self) -> Iterator[None]:
        """Approve the calls that prepare the tour, in the tour's name."""
        before, self._answers_itself = self._answers_itself, True
        try:
            yield
        finally:
            self._answers_itself = before

    async def ask(self, approval: PendingApproval) -> None:
        pending = self._app.consent.pending
        if self._answers_itself:
            await pending.decide(approval.id, approved=True, by=ITSELF, channel="terminal")
            return
        answers = TerminalAnswers(self._guide.terminal, self._app.store, self._app.settings, pending)
        name = ITSELF if self._guide.is_unattended else read_login_name()
        await answers.answer(approval, Answerer(name=name))
