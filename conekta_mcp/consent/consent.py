"""Obtains a person's approval; whatever is not a plain yes is a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes

import anyio

from conekta_mcp.consent.approvals import Approvals, Bound, How, Sealed
from conekta_mcp.consent.client import Answer, Client, PendingQuestion
from conekta_mcp.consent.question import (
    WORDS,
    Asked,
    answer_form,
    bound_to,
    shown,
)
from conekta_mcp.consent.refusals import (
    APPROVAL_SECONDS,
    changed,
    declined,
    expired,
    preview,
    unavailable,
    unclear,
    used,
)
from conekta_mcp.storage.protocol import Store

__all__ = ["Approved", "Asked", "Consent"]

REMEMBERED_SECONDS = 3600
"""How much longer than it lives a used approval is remembered: no clock of a replica is that wrong."""


@dataclass(frozen=True, kw_only=True)
class Approved:
    """A person's yes: asked through the client, or by the weaker preview."""

    how: How
    id: str


class Consent:
    """Asks, and lets an approval work once."""

    def __init__(
        self,
        *,
        language: str,
        allow_preview: bool,
        secrets: tuple[str, ...],
        store: Store,
        clock: Callable[[], float],
        random: Callable[[int], bytes] = token_bytes,
        patience: float = APPROVAL_SECONDS,
    ) -> None:
        self._language = language
        self._allow_preview = allow_preview
        self._store = store
        self._approvals = Approvals(secrets, clock, random)
        self._clock = clock
        self._patience = patience

    async def obtain(
        self, asked: Asked, client: Client, preview_token: str | None
    ) -> Approved | PendingQuestion:
        """Give the person's yes, or the question that the client has to put to them.

        Raises:
            NotApproved: there is no yes.
            StoreDown: that an approval is used cannot be noted.
        """
        question = shown(asked, self._language)
        bound = bound_to(asked, question)
        if not client.can_ask:
            return await self._previewed(question, bound, preview_token)
        if not client.asks_by_result:
            return await self._asked_within(question, bound, client)
        if client.returned_state is None:
            sealed = self._approvals.sealed("elicited", bound)
            return PendingQuestion(text=question, form=answer_form(self._language), state=sealed.token)
        sealed = self._approvals.opened(client.returned_state, "elicited", bound)
        # Spent before the answer is read: a declined approval cannot be sent again as an accepted one.
        await self._use(sealed)
        judge(client.read_answer())
        return Approved(how="elicited", id=sealed.id)

    def unchanged(self, before: Asked, now: Asked) -> None:
        """Raise NotApproved if what was asked `before` is not what would happen `now`."""
        if bound_to(before, shown(before, self._language)) != bound_to(now, shown(now, self._language)):
            raise changed()

    async def _asked_within(self, question: str, bound: Bound, client: Client) -> Approved:
        """Ask during the call, for as long as an approval lives."""
        sealed = self._approvals.sealed("elicited", bound)
        form = answer_form(self._language)
        try:
            with anyio.fail_after(self._patience):
                answer = await client.ask(question, form)
        except TimeoutError:
            raise expired() from None
        if self._clock() >= sealed.until:
            raise expired()
        judge(answer)
        return Approved(how="elicited", id=sealed.id)

    async def _previewed(self, question: str, bound: Bound, token: str | None) -> Approved:
        if not self._allow_preview:
            raise unavailable()
        if token is None:
            sealed = self._approvals.sealed("preview", bound)
            raise preview(question, sealed.token, sealed.until, WORDS[self._language]["weaker"])
        sealed = self._approvals.opened(token, "preview", bound)
        await self._use(sealed)
        return Approved(how="preview", id=sealed.id)

    async def _use(self, sealed: Sealed) -> None:
        if not await self._store.use_once(f"approval:{sealed.id}", sealed.until + REMEMBERED_SECONDS):
            raise used()


def judge(answer: Answer) -> None:
    """Raise NotApproved unless `answer` is a plain yes."""
    if answer == "unclear":
        raise unclear()
    if answer == "decline":
        raise declined()
