"""Pauses asking where a person said no, or nothing, again and again: a tired person says yes by mistake."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from conekta_mcp.consent.refusals import build_paused_asking
from conekta_mcp.settings.terms import MAX_APPROVAL_SECONDS
from conekta_mcp.storage.protocol import Store

MAX_UNANSWERED = 5
"""Refusals and silences after which nobody is asked for a while."""
MAX_OPEN = 200
"""How many questions about one account may be open at once: more are a flood, not a person's work."""
PAUSE_SECONDS = 600.0
"""How long a refusal counts, and how long the pause lasts from the last one."""
KEPT_SECONDS = MAX_APPROVAL_SECONDS + 2 * PAUSE_SECONDS
"""Longer than any question can be answered and its silence counts afterwards."""


@dataclass
class AskedQuestions:
    """What became of the latest questions about one account; times in unix seconds."""

    refused: list[float] = field(default_factory=list)
    open: dict[str, float] = field(default_factory=dict)
    """Until when each question that was given to a client can be answered; then it was met with silence."""

    def count_silences(self, now: float) -> None:
        """Count open questions whose time is over as refused when it was over, and drop what is too old."""
        over = {one: until for one, until in self.open.items() if until <= now}
        self.refused = sorted((*self.refused, *over.values()))
        self.refused = [one for one in self.refused if now - one < PAUSE_SECONDS]
        self.open = {one: until for one, until in self.open.items() if one not in over}


class AskingPauses:
    """Remembers the questions of each account in the store, so that replicas and restarts share them."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock

    async def note_question(
        self, account: str, question_id: str, until: float, *, durable: bool = True
    ) -> None:
        """Note that a question is about to be asked, which can be answered until `until`.

        It need not be `durable` where a durable change follows before anybody is asked.

        Raises:
            NotApproved: too many were refused or not answered; it is not asked.
        """
        asked, now = await self._read(account), self._clock()
        if len(asked.refused) >= MAX_UNANSWERED:
            raise build_paused_asking(round(asked.refused[-1] + PAUSE_SECONDS - now))
        if len(asked.open) >= MAX_OPEN:
            raise build_paused_asking(round(min(asked.open.values()) - now))
        asked.open[question_id] = until
        await self._keep(account, asked, durable=durable)

    async def note_answer(self, account: str, question_id: str, *, approved: bool) -> None:
        asked = await self._read(account)
        asked.open.pop(question_id, None)
        if not approved:
            asked.refused.append(self._clock())
        # A yes that is lost with the machine counts as no answer, which pauses sooner.
        await self._keep(account, asked, durable=not approved)

    async def _read(self, account: str) -> AskedQuestions:
        kept = await self._store.recall(_name_value(account))
        asked = AskedQuestions(**json.loads(kept)) if kept else AskedQuestions()
        asked.count_silences(self._clock())
        return asked

    async def _keep(self, account: str, asked: AskedQuestions, *, durable: bool) -> None:
        text = json.dumps({"refused": asked.refused, "open": asked.open})
        await self._store.remember(_name_value(account), text, KEPT_SECONDS, durable=durable)


def _name_value(account: str) -> str:
    return f"questions:{account}"
