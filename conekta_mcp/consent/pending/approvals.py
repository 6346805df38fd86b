"""Stores pending approvals: any process and replica can show, decide and use them, each once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import anyio

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.consent.pending.audit import record_decision
from conekta_mcp.consent.pending.record import (
    OPEN_STATES,
    Channel,
    PendingApproval,
    format_approval,
    parse_approval,
)
from conekta_mcp.errors import AnswerUnrecorded, StoreUnavailable
from conekta_mcp.storage.protocol import Store

APPROVALS, CALLS = "approvals", "approval-calls"
"""Folders of the store: each approval by its id, and the id of a call's current approval."""
KEPT_SECONDS = 7 * 86_400.0
"""How long an approval can be looked up; the audit log keeps its outcome."""
UNUSED_STATES = OPEN_STATES | {"approved"}
MAX_CARDS = 8
"""How many cards may show one question, since a client may repeat its call."""
POLL_SECONDS = 0.5
"""How often a waiting call looks for an answer of another process; one of this process wakes it."""


class PendingApprovals:
    """The approvals in a store; every change is compare-and-set, so the first answer wins."""

    def __init__(self, store: Store, audit: AuditLog | None = None) -> None:
        """`audit` is where answers are recorded; code that only reads approvals needs none."""
        self._store, self._audit = store, audit or AuditLog(None)
        # Weak: most questions are answered by another process or not at all, and their waiters just go.
        self._changes: WeakValueDictionary[str, anyio.Event] = WeakValueDictionary()

    async def read_time(self) -> float:
        """Return the store's time, by which approvals expire."""
        return await self._store.read_time()

    async def find_for_call(self, call: str) -> PendingApproval | None:
        """Return the approval of a call: open, or decided and not yet reported to its caller."""
        approval_id = await self._store.documents.find(CALLS, call)
        approval = await self.find(approval_id) if approval_id else None
        now = await self._store.read_time()
        if approval is None or approval.state in {"spent", "expired"} or now >= approval.expires_at:
            return None
        return approval

    async def create(self, draft: PendingApproval) -> PendingApproval:
        """Store a draft as the approval of its call; return the existing one if there is one."""
        text = format_approval(draft)
        # The approval is stored before its id, which would otherwise point to nothing.
        await self._store.documents.change(APPROVALS, draft.id, None, text, KEPT_SECONDS, durable=False)
        while True:
            standing = await self._store.documents.find(CALLS, draft.call)
            known = await self.find_for_call(draft.call)
            if known:
                await self._store.documents.change(APPROVALS, draft.id, text, None, KEPT_SECONDS)
                return known
            if await self._store.documents.change(CALLS, draft.call, standing, draft.id, KEPT_SECONDS):
                return draft

    async def find(self, approval_id: str) -> PendingApproval | None:
        text = await self._store.documents.find(APPROVALS, approval_id)
        return parse_approval(text) if text else None

    async def list_all(self) -> list[PendingApproval]:
        """Return all stored approvals, newest first."""
        texts = await self._store.documents.list_all(APPROVALS)
        now = await self._store.read_time()
        found = [
            one
            for one in map(parse_approval, texts.values())
            if not one.is_open(now) or await self._is_of_its_call(one)
        ]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    async def list_open(self) -> list[PendingApproval]:
        now = await self._store.read_time()
        return [one for one in await self.list_all() if one.is_open(now)]

    async def note_shown(self, approval_id: str) -> PendingApproval | None:
        """Store that the question is being shown; only the first time counts."""

        def show(one: PendingApproval, now: float) -> PendingApproval | None:
            return replace(one, state="shown", shown_at=now) if one.state == "created" else None

        return await self._change(approval_id, show)

    async def add_card_secret(self, approval: PendingApproval, digest: str) -> None:
        """Allow one more card to answer; beyond the maximum, the oldest card no longer can."""

        def add(one: PendingApproval, now: float) -> PendingApproval | None:
            if not one.is_open(now):
                return None
            return replace(one, card_secrets=(*one.card_secrets[-MAX_CARDS + 1 :], digest))

        await self._change(approval.id, add)

    async def decide(
        self, approval_id: str, *, approved: bool, by: str, channel: Channel, address: str | None = None
    ) -> PendingApproval | None:
        """Answer a question and record who did; return the approval as it stands now, None if there is none.

        An approval that is decided or expired stays as it is, and so does one that may not be decided on this
        channel: the caller compares. Only a no still counts after a yes, as long as the call was not
        carried out.

        Raises:
            AnswerUnrecorded: it is answered, which cannot be recorded.
        """

        def answer(one: PendingApproval, now: float) -> PendingApproval | None:
            if channel not in one.channels:
                return None
            if one.is_open(now) or (not approved and one.is_usable(now)):
                return one.decide(approved=approved, at=now, by=by, channel=channel)
            return None

        standing, has_changed = await self._try_change(approval_id, answer)
        # An answer by the client is part of its call, which goes on at once and records it.
        if standing and has_changed and channel != "client":
            try:
                await record_decision(self._audit, standing, await self._store.read_time(), address)
            except StoreUnavailable as cause:
                raise AnswerUnrecorded(type=cause.type, details=cause.details, hint=cause.hint) from cause
        return standing

    async def spend(self, approval: PendingApproval) -> bool:
        """Use an approval for its call; False if it was used, has expired or was withdrawn."""

        def use(one: PendingApproval, now: float) -> PendingApproval | None:
            return replace(one, state="spent") if one.is_usable(now) else None

        return await self._replace(approval, use) is not None

    async def note_result(self, approval_id: str, result: Mapping[str, Any]) -> None:
        """Store how the call of an approval ended, for the pages."""

        def note(one: PendingApproval, _: float) -> PendingApproval | None:
            return replace(one, result=result) if one.result is None else None

        await self._change(approval_id, note)

    async def withdraw(self, approval: PendingApproval) -> None:
        """Close an approval that cannot be used any more: its effect changed, or its refusal was reported."""

        def close(one: PendingApproval, _: float) -> PendingApproval | None:
            return replace(one, state="expired") if one.state in UNUSED_STATES else None

        await self._change(approval.id, close)
        await self._store.documents.change(CALLS, approval.call, approval.id, None, KEPT_SECONDS)

    async def expire(self, approval_id: str) -> PendingApproval | None:
        """Mark an open approval as expired."""

        def close(one: PendingApproval, now: float) -> PendingApproval | None:
            is_over = one.state in UNUSED_STATES and now >= one.expires_at
            return replace(one, state="expired") if is_over else None

        return await self._change(approval_id, close)

    async def wait(self, approval_id: str) -> PendingApproval | None:
        """Return the approval once it is no longer open; None if it is gone. Waits without a limit."""
        while True:
            change = self._changes.setdefault(approval_id, anyio.Event())
            approval = await self.find(approval_id)
            now = await self._store.read_time()
            if approval is None or not approval.is_open(now):
                return approval
            with anyio.move_on_after(POLL_SECONDS):
                await change.wait()

    async def _is_of_its_call(self, approval: PendingApproval) -> bool:
        """Tell whether its call has it: `create` stores a draft first, and a yes to that would do nothing."""
        return await self._store.documents.find(CALLS, approval.call) == approval.id

    async def _change(
        self, approval_id: str, compute: Callable[[PendingApproval, float], PendingApproval | None]
    ) -> PendingApproval | None:
        """Replace an approval by the result of `compute`, given approval and time; return the result."""
        return (await self._try_change(approval_id, compute))[0]

    async def _try_change(
        self, approval_id: str, compute: Callable[[PendingApproval, float], PendingApproval | None]
    ) -> tuple[PendingApproval | None, bool]:
        """Return the approval after the attempt, and whether this attempt replaced it."""
        while True:
            standing = await self.find(approval_id)
            if standing is None or compute(standing, await self._store.read_time()) is None:
                return standing, False
            if (changed := await self._replace(standing, compute)) is not None:
                return changed, True

    async def _replace(
        self,
        standing: PendingApproval,
        compute: Callable[[PendingApproval, float], PendingApproval | None],
    ) -> PendingApproval | None:
        changed = compute(standing, await self._store.read_time())
        if changed is None:
            return None
        texts = format_approval(standing), format_approval(changed)
        if not await self._store.documents.change(APPROVALS, standing.id, *texts, KEPT_SECONDS):
            return None
        if event := self._changes.pop(standing.id, None):
            event.set()
        return changed
