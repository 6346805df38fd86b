"""Tokens that a client keeps and returns: sealed, bound to the store, accepted once."""

import json
from dataclasses import replace
from math import ceil
from secrets import token_hex

from conekta_mcp.consent.approvals import ApprovalMethod, Approvals, ApprovalScope, SealedApproval
from conekta_mcp.consent.pauses import AskingPauses
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.consent.question import WORDS
from conekta_mcp.consent.refusals import build_used_approval
from conekta_mcp.storage.protocol import Store

STORE_NAME = "approvals:store"
"""The name of the store's random id, which is drawn at its first approval."""
STORE_NAME_SECONDS = 3650 * 86_400.0
REMEMBERED_SECONDS = 3600
"""How long a used approval is remembered after it expired: more than clocks differ."""


class SealedAnswers:
    """Seals questions and previews, and accepts each returned token once across all replicas."""

    def __init__(self, approvals: Approvals, store: Store, pauses: AskingPauses, lifetime: float) -> None:
        self._approvals, self._store, self._pauses, self._lifetime = approvals, store, pauses, lifetime

    async def seal_question(self, approval: PendingApproval, bound: ApprovalScope) -> str:
        """Return the state that a client returns together with a person's answer."""
        name, until = bytes.fromhex(approval.id), ceil(approval.expires_at)
        return self._approvals.seal("elicited", await self._bind_to_store(bound), until, name).token

    async def use_question(self, state: str, bound: ApprovalScope) -> str:
        """Return the id of the approval that a returned state belongs to, once; else raise NotApproved."""
        sealed = await self._unseal(state, "elicited", bound)
        await self._use(sealed)
        return sealed.id

    async def seal_preview(
        self, text: str, bound: ApprovalScope, language: str
    ) -> tuple[str, dict[str, object]]:
        """Return the name of a preview, what a person has to see, and the token to return."""
        until = ceil(await self._store.read_time() + self._lifetime)
        sealed = self._approvals.seal("preview", await self._bind_to_store(bound), until)
        note = WORDS[language]["weaker"]
        shown = {"question": text, "token": sealed.token, "expires_at": sealed.until, "note": note}
        return sealed.id, shown

    async def use_preview(self, token: str, bound: ApprovalScope, account: str) -> str:
        sealed = await self._unseal(token, "preview", bound)
        await self._use(sealed)
        await self._pauses.note_answer(account, sealed.id, approved=True)
        return sealed.id

    async def _unseal(self, token: str, how: ApprovalMethod, bound: ApprovalScope) -> SealedApproval:
        now = await self._store.read_time()
        return self._approvals.unseal(token, how, await self._bind_to_store(bound), now)

    async def _bind_to_store(self, bound: ApprovalScope) -> ApprovalScope:
        """Add the id of the store to a token.

        A replica with the same secret and another store would otherwise accept the token a second time.
        """
        name = await self._store.recall(STORE_NAME)
        if name is None:
            await self._store.remember(STORE_NAME, token_hex(16), STORE_NAME_SECONDS)
            name = await self._store.recall(STORE_NAME)
        return replace(bound, call=json.dumps([name, bound.call]))

    # The store is shared, so that an approval works once for all replicas together.
    async def _use(self, sealed: SealedApproval) -> None:
        if not await self._store.use_token_once(f"approval:{sealed.id}", sealed.until + REMEMBERED_SECONDS):
            raise build_used_approval()
