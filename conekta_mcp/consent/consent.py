"""Obtains a person's approval; whatever is not a plain yes is a refusal."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_bytes, token_hex

import anyio

from conekta_mcp.consent.approvals import ApprovalMethod, Approvals, ApprovalScope, SealedApproval
from conekta_mcp.consent.client import Answer, Client, PendingQuestion
from conekta_mcp.consent.pauses import AskingPauses
from conekta_mcp.consent.question import (
    WORDS,
    ApprovalRequest,
    build_answer_form,
    build_scope,
    write_question,
)
from conekta_mcp.consent.refusals import (
    build_changed_effect,
    build_declined_approval,
    build_expired_approval,
    build_preview,
    build_unavailable_consent,
    build_unclear_answer,
    build_used_approval,
)
from conekta_mcp.settings.terms import APPROVAL_SECONDS
from conekta_mcp.storage.protocol import Store

__all__ = ["ApprovalRequest", "Consent", "GrantedApproval"]

STORE_NAME = "approvals:store"
"""The name under which a store keeps a name of its own, drawn at its first approval."""
STORE_NAME_SECONDS = 3650 * 86_400.0
REMEMBERED_SECONDS = 3600
"""How long a used approval is remembered after it expired: no replica's clock is wrong by more."""


@dataclass(frozen=True, kw_only=True)
class GrantedApproval:
    """A person's yes, asked through the client or by the weaker preview."""

    how: ApprovalMethod
    id: str


class Consent:
    """Asks a person, and accepts each approval once."""

    def __init__(
        self,
        *,
        language: str,
        allow_preview: bool,
        secrets: tuple[str, ...],
        store: Store,
        clock: Callable[[], float],
        random: Callable[[int], bytes] = token_bytes,
        approval_seconds: float = APPROVAL_SECONDS,
    ) -> None:
        self._language = language
        self._allow_preview = allow_preview
        self._store = store
        self._approvals = Approvals(secrets, clock, random, approval_seconds)
        self._clock = clock
        self._approval_seconds = approval_seconds
        self._pauses = AskingPauses(store, clock)

    async def obtain(
        self, asked: ApprovalRequest, client: Client, preview_token: str | None
    ) -> GrantedApproval | PendingQuestion:
        """Return the person's approval, or the question that the client has to ask.

        Raises:
            NotApproved: there is no yes.
            StoreUnavailable: the use of an approval cannot be recorded.
        """
        # Written anew when the answer comes and compared with the seal: a changed object makes another
        # question.
        question = write_question(asked, self._language)
        bound = build_scope(asked, question)
        if not client.can_ask:
            return await self._approve_by_preview(asked.account, question, bound, preview_token)
        if not client.asks_by_result:
            return await self._ask_during_call(asked.account, question, bound, client)
        # What was asked is in the sealed state, so that any replica can take the second call.
        if client.returned_state is None:
            sealed = self._approvals.seal("elicited", await self._bind_to_store(bound))
            await self._pauses.note_question(asked.account, sealed.id, sealed.until)
            return PendingQuestion(text=question, form=build_answer_form(self._language), state=sealed.token)
        bound = await self._bind_to_store(bound)
        sealed = self._approvals.unseal(client.returned_state, "elicited", bound)
        # Used up before the answer is read: a declined approval cannot come again as an accepted one.
        await self._use_approval(sealed)
        await self._take_answer(asked.account, sealed.id, client.read_answer())
        return GrantedApproval(how="elicited", id=sealed.id)

    def refuse_changed_effect(self, before: ApprovalRequest, now: ApprovalRequest) -> None:
        """Raise NotApproved if what was asked `before` is not what would happen `now`."""
        seen = build_scope(before, write_question(before, self._language))
        if seen != build_scope(now, write_question(now, self._language)):
            raise build_changed_effect()

    async def _ask_during_call(
        self, account: str, question: str, bound: ApprovalScope, client: Client
    ) -> GrantedApproval:
        sealed = self._approvals.seal("elicited", bound)
        await self._pauses.note_question(account, sealed.id, sealed.until)
        form = build_answer_form(self._language)
        try:
            # The client has no time limit; a person who answers later would approve what may have changed.
            with anyio.fail_after(self._approval_seconds):
                answer = await client.ask(question, form)
        except TimeoutError:
            raise build_expired_approval() from None
        # fail_after does not count the time while the machine is suspended; the wall clock does.
        if self._clock() >= sealed.until:
            raise build_expired_approval()
        await self._take_answer(account, sealed.id, answer)
        return GrantedApproval(how="elicited", id=sealed.id)

    async def _take_answer(self, account: str, question_id: str, answer: Answer) -> None:
        """Note the answer and go on with a plain yes only; raise NotApproved for anything else."""
        await self._pauses.note_answer(account, question_id, approved=answer == "approve")
        require_yes(answer)

    async def _approve_by_preview(
        self, account: str, question: str, bound: ApprovalScope, token: str | None
    ) -> GrantedApproval:
        if not self._allow_preview:
            raise build_unavailable_consent()
        bound = await self._bind_to_store(bound)
        if token is None:
            sealed = self._approvals.seal("preview", bound)
            await self._pauses.note_question(account, sealed.id, sealed.until)
            raise build_preview(question, sealed.token, sealed.until, WORDS[self._language]["weaker"])
        sealed = self._approvals.unseal(token, "preview", bound)
        await self._use_approval(sealed)
        await self._pauses.note_answer(account, sealed.id, approved=True)
        return GrantedApproval(how="preview", id=sealed.id)

    async def _bind_to_store(self, bound: ApprovalScope) -> ApprovalScope:
        """Bind what leaves this process to the store that will note its use.

        A replica with the same secret and another store would accept the approval a second time.
        """
        name = await self._store.recall(STORE_NAME)
        if name is None:
            await self._store.remember(STORE_NAME, token_hex(16), STORE_NAME_SECONDS)
            name = await self._store.recall(STORE_NAME)
        return replace(bound, call=json.dumps([name, bound.call]))

    # The store is shared, so that an approval works once for all replicas together.
    async def _use_approval(self, sealed: SealedApproval) -> None:
        if not await self._store.use_token_once(f"approval:{sealed.id}", sealed.until + REMEMBERED_SECONDS):
            raise build_used_approval()


def require_yes(answer: Answer) -> None:
    if answer == "unclear":
        raise build_unclear_answer()
    if answer == "decline":
        raise build_declined_approval()
