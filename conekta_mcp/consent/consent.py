"""Obtains a person's approval on every available channel; anything but a plain yes is a refusal."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from secrets import token_bytes

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.consent.approvals import ID_BYTES, Approvals
from conekta_mcp.consent.asked_call import AskedCall, GrantedApproval
from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.asking.everywhere import AskedEverywhere, Asking
from conekta_mcp.consent.asking.resumption import Resume, Resumption
from conekta_mcp.consent.asking.waiting_words import HINT, PENDING, RETRY_SECONDS, describe_places
from conekta_mcp.consent.client import AwaitedAnswer, Client, PendingCard, PendingQuestion
from conekta_mcp.consent.detached_client import DetachedClient
from conekta_mcp.consent.pauses import AskingPauses
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.cards import create_card_secret, hash_card_secret
from conekta_mcp.consent.pending.record import Channel, PendingApproval
from conekta_mcp.consent.question import (
    ApprovalRequest,
    build_answer_form,
    build_scope,
    write_question,
)
from conekta_mcp.consent.refusals import (
    build_changed_effect,
    build_declined_approval,
    build_expired_approval,
    build_lost_yes,
    build_pending_approval,
    build_preview,
    build_unavailable_consent,
    build_unclear_answer,
    build_used_approval,
)
from conekta_mcp.consent.sealed_answers import SealedAnswers
from conekta_mcp.settings.approvals import CHANNELS
from conekta_mcp.settings.terms import APPROVAL_SECONDS
from conekta_mcp.storage.protocol import Store

__all__ = ["ApprovalRequest", "Consent", "GrantedApproval"]


class Consent:
    """Asks a person, and accepts each approval once."""

    def __init__(
        self,
        *,
        language: str,
        allow_preview: bool,
        secrets: tuple[str, ...],
        store: Store,
        random: Callable[[int], bytes] = token_bytes,
        approval_seconds: float = APPROVAL_SECONDS,
        channels: Channels | None = None,
        background: BackgroundTasks | None = None,
        executes: bool = False,
        audit: AuditLog | None = None,
    ) -> None:
        self._language = language
        self._channels = channels = replace(channels or Channels(), has_preview=allow_preview)
        self._store, self._random = store, random
        self._approval_seconds = approval_seconds
        self._pauses = AskingPauses(store)
        approvals = Approvals(secrets, random, approval_seconds)
        self._sealed = SealedAnswers(approvals, store, self._pauses, approval_seconds)
        self.pending = PendingApprovals(store, audit)
        background = background or BackgroundTasks()
        self._asking = Asking(self.pending, channels, background, language, approval_seconds)
        self._resumption = Resumption(self.pending, store, background) if executes else None

    async def obtain(
        self, asked: ApprovalRequest, client: Client, preview_token: str | None, resume: Resume | None = None
    ) -> GrantedApproval | AwaitedAnswer:
        """Return the person's approval, or what the client has to show first.

        `resume` makes the call again without its client, for an answer that comes after it stopped waiting.

        Raises:
            NotApproved: there is no yes, or not yet.
            StoreUnavailable: an approval cannot be recorded.
        """
        await self._channels.refresh()
        # Written again when the answer comes, and compared: a changed object gives another question.
        text = write_question(asked, self._language)
        one = AskedCall(asked, client, text, build_scope(asked, text))
        if self._resumption is None or resume is None or isinstance(client, DetachedClient):
            return await self._obtain(one, preview_token)
        return await self._resumption.keep_unanswered(one.call, resume, self._obtain(one, preview_token))

    async def _obtain(self, one: AskedCall, preview_token: str | None) -> GrantedApproval | AwaitedAnswer:
        client, text, asked = one.client, one.text, one.request
        if preview_token is not None and "preview" in self._channels.list_for(client):
            return await self._take_preview(one, preview_token)
        if client.returned_state is not None and "client" in self._channels.allowed:
            return await self._take_returned_answer(one, client.returned_state)
        standing = await self._find_standing(one)
        if standing and standing.state == "approved":
            return await self._spend(standing)
        if isinstance(client, DetachedClient):  # it has no question of its own
            raise build_used_approval()
        offered = self._asking.forms.list_channels(client, standing)
        if not offered:
            raise build_unavailable_consent()
        if offered == ["preview"]:
            name, shown = await self._sealed.seal_preview(text, one.bound, self._language)
            until = await self._store.read_time() + self._approval_seconds
            await self._pauses.note_question(asked.account, name, until)
            raise build_preview(shown)
        offered = await self._pauses.choose_unpaused_channels(standing, offered, self.pending)
        return await self._ask(one, standing or await self._create(one), offered)

    def refuse_changed_effect(self, before: ApprovalRequest, now: ApprovalRequest) -> None:
        """Raise NotApproved if what was asked `before` is not what would happen `now`."""
        seen = build_scope(before, write_question(before, self._language))
        if seen != build_scope(now, write_question(now, self._language)):
            raise build_changed_effect()

    async def _find_standing(self, one: AskedCall) -> PendingApproval | None:
        """Return the approval that the same call left; raise NotApproved for a no, or a changed effect."""
        standing = await self.pending.find_for_call(one.call)
        if standing is None:
            return None
        if standing.state == "declined":
            await self._close(standing, approved=False)
            raise build_declined_approval(standing.describe_decision())
        if not self._channels.may_act_on(standing):
            await self._close(standing, approved=True)
            return None
        if standing.effect != one.effect:
            await self._close(standing, approved=True)
            if standing.state == "approved":
                raise build_changed_effect()
            return None
        return standing

    async def _create(self, one: AskedCall) -> PendingApproval:
        asked, now = one.request, await self._store.read_time()
        approval_id, seconds = self._random(ID_BYTES).hex(), self._approval_seconds
        allowed = tuple(one for one in CHANNELS if one in self._channels.allowed)
        draft = one.draft_approval(approval_id, now, seconds, allowed, four_eyes=self._channels.four_eyes)
        await self._pauses.count_untold_refusals(asked.account, self.pending)
        # Durable together with what is kept next, so that a question waits for the disk once.
        await self._pauses.note_question(asked.account, draft.id, draft.expires_at, durable=False)
        kept = await self.pending.create(draft)
        if kept.id != draft.id:
            await self._pauses.note_answer(asked.account, draft.id, approved=True)
        elif self._channels.announcer:
            self._channels.announcer.announce(kept)
        return kept

    async def _ask(
        self, one: AskedCall, approval: PendingApproval, offered: list[Channel]
    ) -> GrantedApproval | AwaitedAnswer:
        form = build_answer_form(self._language)
        if "client" in offered and one.client.asks_by_result:
            # What was asked is in the sealed state, so that any replica can take the second call.
            state = await self._sealed.seal_question(approval, one.bound)
            self._asking.forms.note_form(one.client, approval)
            self._asking.open_browser_later(approval)
            return PendingQuestion(text=one.text, form=form, state=state)
        if "card" in offered and "client" not in offered:
            return await self._give_card(one, approval, offered)
        asked = AskedEverywhere(one.client, approval, one.text, form, offered)
        ended = await self._asking.ask_everywhere(asked)
        return await self._take_decision(one, ended, self._asking.forms.list_after_form(one.client, offered))

    async def _take_decision(
        self, one: AskedCall, ended: PendingApproval | None, offered: list[Channel]
    ) -> GrantedApproval | PendingCard:
        """Return the approval if it was given; raise NotApproved otherwise."""
        if ended and ended.state == "approved":
            return await self._spend(ended)
        if ended and ended.state == "spent":
            raise build_used_approval()
        if ended and ended.state == "declined":
            await self._close(ended, approved=False)
            hint = self._asking.forms.explain_unread_form(one.client, ended.id)
            raise build_declined_approval(ended.describe_decision(), hint)
        # Where nobody but the client can answer, the call waited as long as the question can be answered.
        is_over = ended is None or not ended.is_open(await self._store.read_time())
        if ended is None or is_over or offered == ["client"]:
            raise build_expired_approval(ended.describe_decision() if ended else None)
        if "card" in offered:  # a client whose own form reached nobody shows cards too
            return await self._give_card(one, ended, offered)
        offered = self._asking.list_reachable(offered, ended)
        if not offered:
            await self._close(ended, approved=True)
            raise build_unavailable_consent()
        shown: dict[str, object] = {}
        if "preview" in offered:
            _, shown = await self._sealed.seal_preview(one.text, one.bound, self._language)
        places = describe_places(offered, self._language, self._channels.root_path)
        raise build_pending_approval(PENDING["en"], places, HINT, RETRY_SECONDS, shown)

    async def _give_card(
        self, one: AskedCall, approval: PendingApproval, offered: Sequence[Channel]
    ) -> PendingCard:
        secret = create_card_secret()
        await self.pending.add_card_secret(approval, hash_card_secret(secret, one.client.session))
        self._asking.open_browser_later(approval)
        reachable = self._asking.list_reachable(offered, approval)
        found = describe_places(reachable, self._language, self._channels.root_path)
        places = " ".join(text for _, text in found)
        return PendingCard(
            approval=approval,
            secret=secret,
            asked_at=await self._store.read_time(),
            message=f"{PENDING[self._language]} {places}",
            hint=HINT,
            retry_after_s=RETRY_SECONDS,
        )

    async def _take_returned_answer(self, one: AskedCall, state: str) -> GrantedApproval | AwaitedAnswer:
        """Read the answer that a client brings back with the repeated call."""
        # Marked as used before the answer is read: a declined approval cannot be returned as accepted.
        approval_id = await self._sealed.use_question(state, one.bound)
        answer, standing = one.client.read_answer(), await self.pending.find(approval_id)
        if answer == "unclear":
            self._asking.forms.note_silence(one.client)
            if standing:
                await self._close(standing, approved=False)
            raise build_unclear_answer()
        others = self._asking.forms.take_returned_form(one.client, answer, approval_id)
        if others and standing:
            is_open = standing.is_open(await self._store.read_time())
            return await (self._ask if is_open else self._take_decision)(one, standing, others)
        by = one.client.name or "client"
        ended = await self.pending.decide(approval_id, approved=answer == "approve", by=by, channel="client")
        return await self._take_decision(one, ended, ["client"])

    async def _take_preview(self, one: AskedCall, token: str) -> GrantedApproval:
        name = await self._sealed.use_preview(token, one.bound, one.request.account)
        # The same question may be open on another channel: a refusal there counts; otherwise close it.
        if standing := await self._find_standing(one):
            await self._close(standing, approved=True)
        return GrantedApproval(how="preview", id=name)

    async def _spend(self, approval: PendingApproval) -> GrantedApproval:
        if not await self.pending.spend(approval):
            raise build_lost_yes(await self.pending.find(approval.id))
        await self._pauses.note_outcome(approval, approved=True)
        return GrantedApproval(how=approval.channel or "client", id=approval.id, by=approval.decided_by)

    async def _close(self, approval: PendingApproval, *, approved: bool) -> None:
        await self.pending.withdraw(approval)
        await self._pauses.note_outcome(approval, approved=approved)
