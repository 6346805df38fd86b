"""Pauses the questions about an account after several refusals: a tired person approves by mistake."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import Channel, PendingApproval
from conekta_mcp.consent.refusals import build_paused_asking
from conekta_mcp.settings.terms import MAX_APPROVAL_SECONDS
from conekta_mcp.storage.protocol import Store

MAX_UNANSWERED = 5
"""After so many refused or unanswered questions, nobody is asked for a while."""
MAX_OPEN = 200
"""How many questions about one account may be open at once; more would be a flood."""
PAUSE_SECONDS = 600.0
"""Within how long refusals count together, and how long the pause lasts after the last one."""
PUSHED: frozenset[Channel] = frozenset({"client", "card", "browser", "preview"})
"""Channels that come to the person; to the others a person goes when they want to."""
FOLDER = "questions"
"""The folder of the store for the questions about each account."""
KEPT_SECONDS = MAX_APPROVAL_SECONDS + 2 * PAUSE_SECONDS
"""Longer than a question can be open and then count as unanswered."""


@dataclass
class AskedQuestions:
    """How the latest questions about one account ended; times in unix seconds by the store's clock."""

    refused: list[float] = field(default_factory=list)
    open: dict[str, float] = field(default_factory=dict)
    """Until when each question given to a client can be answered; later it counts as unanswered."""

    counted: dict[str, float] = field(default_factory=dict)
    """When each refusal was counted, so that none counts twice."""

    def count_silences(self, now: float) -> None:
        """Count expired questions as refused when they expired, and drop old entries."""
        over = {one: until for one, until in self.open.items() if until <= now}
        self.refused = sorted((*self.refused, *over.values()))
        self.refused = [one for one in self.refused if now - one < 2 * PAUSE_SECONDS]
        self.open = {one: until for one, until in self.open.items() if one not in over}
        self.counted = {one: at for one, at in self.counted.items() if now - at < KEPT_SECONDS}

    def count_pause_seconds(self, now: float) -> float:
        """Return how long nobody is asked; 0 if somebody may be asked."""
        groups = zip(self.refused, self.refused[MAX_UNANSWERED - 1 :], strict=False)
        last = [last for first, last in groups if last - first < PAUSE_SECONDS]
        return max(0.0, max(last) + PAUSE_SECONDS - now) if last else 0.0


class AskingPauses:
    """Stores the latest questions of each account, so that replicas and restarts share them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note_question(
        self, account: str, question_id: str, until: float, *, durable: bool = True
    ) -> None:
        """Store that a question is about to be asked, which can be answered until `until`.

        It need not be `durable` if a durable change follows before anybody is asked.

        Raises:
            NotApproved: too many were refused or not answered, so this one is not asked.
        """

        def note(asked: AskedQuestions, now: float) -> None:
            if seconds := asked.count_pause_seconds(now):
                raise build_paused_asking(round(seconds))
            if len(asked.open) >= MAX_OPEN:
                raise build_paused_asking(round(min(asked.open.values()) - now))
            asked.open[question_id] = until

        await self._change(account, note, durable=durable)

    async def note_answer(
        self, account: str, question_id: str, *, approved: bool, at: float | None = None
    ) -> None:
        """Store how a question ended; `at` is when it was answered, if that was before now."""

        def note(asked: AskedQuestions, now: float) -> None:
            was_open = asked.open.pop(question_id, None) is not None
            # A refusal is counted for when it was given, and may be reported to its call before or later.
            if not approved and (was_open or question_id not in asked.counted):
                asked.refused.append(now if at is None else at)
                asked.counted[question_id] = now

        # An approval lost in a crash counts as no answer, which only pauses sooner.
        await self._change(account, note, durable=not approved)

    async def note_outcome(self, approval: PendingApproval, *, approved: bool) -> None:
        await self.note_answer(approval.account, approval.id, approved=approved, at=approval.decided_at)

    async def count_untold_refusals(self, account: str, pending: PendingApprovals) -> None:
        """Count refusals whose call was not made again; else a caller could keep asking other things."""
        for question_id in _parse(await self._store.documents.find(FOLDER, account)).open:
            found = await pending.find(question_id)
            if found and found.state == "declined":
                await self.note_answer(account, question_id, approved=False, at=found.decided_at)

    async def find_pause(self, account: str, pending: PendingApprovals) -> float:
        """Return for how many seconds nobody is asked about an account; 0 if somebody may be asked."""
        await self.count_untold_refusals(account, pending)
        asked, now = _parse(await self._store.documents.find(FOLDER, account)), await self._store.read_time()
        asked.count_silences(now)
        return asked.count_pause_seconds(now)

    async def choose_unpaused_channels(
        self, standing: PendingApproval | None, offered: list[Channel], pending: PendingApprovals
    ) -> list[Channel]:
        """Return on which channels a question from before a pause is asked, if nobody was shown it yet.

        A new question, None, is asked in no pause at all: see `note_question`.

        Raises:
            NotApproved: there is a pause, and no inbox where the question is found without being asked again.
        """
        if standing is None or standing.state != "created" or PUSHED.isdisjoint(offered):
            return offered
        seconds = await self.find_pause(standing.account, pending)
        if not seconds:
            return offered
        if "inbox" not in offered:
            raise build_paused_asking(round(seconds))
        return [one for one in offered if one not in PUSHED]

    async def _change(
        self, account: str, note: Callable[[AskedQuestions, float], None], *, durable: bool
    ) -> None:
        """Change the entry by compare-and-set, so that concurrent replicas lose no refusal."""
        while True:
            kept, now = await self._store.documents.find(FOLDER, account), await self._store.read_time()
            asked = _parse(kept)
            asked.count_silences(now)
            note(asked, now)
            text = json.dumps(asdict(asked))
            if await self._store.documents.change(FOLDER, account, kept, text, KEPT_SECONDS, durable=durable):
                return


def _parse(kept: str | None) -> AskedQuestions:
    return AskedQuestions(**json.loads(kept)) if kept else AskedQuestions()
