"""The buttons of a card: each card has a secret that only its host knows, bound to one session."""

import hmac
from hashlib import sha256
from secrets import token_urlsafe

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval


def create_card_secret() -> str:
    return token_urlsafe(24)


def hash_card_secret(secret: str, session: str) -> str:
    """Return the hash to store: it is useless to a reader of the store, and to another session."""
    return sha256(f"card {session} {secret}".encode(errors="replace")).hexdigest()


class CardApprovals:
    """Shows and answers approvals for cards."""

    def __init__(self, pending: PendingApprovals) -> None:
        self._pending = pending

    async def read_state(self, approval_id: str, secret: str, session: str) -> PendingApproval | None:
        """Return the approval of a card and store that it is shown; None for a wrong secret."""
        if not await self._find(approval_id, secret, session):
            return None
        await self._pending.expire(approval_id)
        return await self._pending.note_shown(approval_id)

    async def decide(
        self, approval_id: str, secret: str, session: str, *, approved: bool
    ) -> PendingApproval | None:
        """Answer for the person who pressed a button of the card; None for a wrong secret."""
        if not await self._find(approval_id, secret, session):
            return None
        return await self._pending.decide(approval_id, approved=approved, by="card", channel="card")

    async def _find(self, approval_id: str, secret: str, session: str) -> bool:
        approval = await self._pending.find(approval_id)
        digest = hash_card_secret(secret, session)
        # All digests are compared in constant time.
        known = [hmac.compare_digest(digest, one) for one in (approval.card_secrets if approval else ())]
        return any(known)
